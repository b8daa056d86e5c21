package wrapper

import (
	"strings"

	"github.com/go-buildout/go-buildout/recipes/internal/shellscript"
)

// privateTmpfs gives the words that mount file systems which only the command
// sees: as root of a user namespace of its own, in which the command then runs
// as the user who it was.
func (r *recipe) privateTmpfs() ([]string, error) {
	const option = "private-tmpfs"
	if len(r.options.PrivateTmpfs) == 0 {
		return nil, nil
	}
	var mounts []string
	for _, line := range r.options.PrivateTmpfs {
		i := strings.IndexAny(line, " \t")
		if i < 0 {
			return nil, r.part.Errorf(option, "failed to split '%s' into size and path", line)
		}
		mounts = append(mounts, shellscript.Quote(line[:i]), shellscript.Quote(strings.TrimSpace(line[i:])))
	}
	unshare, err := r.program(option, "unshare")
	if err != nil {
		return nil, err
	}
	mount, err := r.program(option, "mount")
	if err != nil {
		return nil, err
	}
	words := []string{unshare, "--user", "--map-root-user", "--mount", "--",
		"/bin/sh", "-ec", shellscript.Quote(mountAll), unshare, mount, `"$(id -u)"`, `"$(id -g)"`}
	return append(append(words, mounts...), "--"), nil
}

// mountAll gets unshare as its name, then mount, the user and the group to run
// as, sizes and paths, "--", and the command.
const mountAll = `mount=$1 user=$2 group=$3
shift 3
while [ "$1" != -- ]; do
	[ -d "$2" ] || mkdir "$2"
	"$mount" -t tmpfs -o "size=$1" tmpfs "$2"
	shift 2
done
shift
exec "$0" --user --map-user="$user" --map-group="$group" -- "$@"`

// program finds what an option needs, as a word of shell text.
func (r *recipe) program(option, name string) (string, error) {
	path := r.part.LookPath(name)
	if path == "" {
		return "", r.part.Errorf(option, "%s needs the program %s, which is not on PATH", option, name)
	}
	return shellscript.Quote(path), nil
}
