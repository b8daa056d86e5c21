package wrapper

import (
	"strings"

	"github.com/go-buildout/go-buildout/recipes/internal/shellscript"
)

// before are the lines of the script that do more than prepare the environment.
func (r *recipe) before() []string {
	o := &r.options
	var lines []string
	if o.PIDFile != "" {
		lines = append(lines, "pidfile="+shellscript.Quote(o.PIDFile),
			"command="+shellscript.Quote(strings.Join(r.command, " ")), claim)
	}
	if o.ReserveCPU {
		lines = append(lines, reserve)
	}
	if len(o.WaitForFiles) > 0 {
		var files []string
		for _, file := range o.WaitForFiles {
			files = append(files, shellscript.Quote(file))
		}
		lines = append(lines, ready, shellscript.Join("until ready", files...)+"; do", "\tsleep 0.1 2>/dev/null || sleep 1", "done")
	}
	return lines
}

// claim ends the script if the process of the pidfile runs the command, which an
// interpreter may stand before and arguments behind.
const claim = `pid=$(cat "$pidfile" 2>/dev/null) || pid=
case $pid in
'' | *[!0-9]*) ;;
*)
	if running=$({ tr '\000' ' ' < "/proc/$pid/cmdline" || ps -o args= -p "$pid"; } 2>/dev/null); then
		case " $running " in
		*" $command "*)
			echo "Already running with pid $pid." >&2
			exit 1
			;;
		esac
	fi
	;;
esac
trap 'rm -f "$pidfile"' EXIT
printf %s $$ > "$pidfile"`

const reserve = `echo $$ >> "${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}/.slapos-cpu-exclusive"`

const ready = `ready() {
	for file; do
		[ -e "$file" ] || [ -L "$file" ] || return 1
	done
}`
