package wrapper

import (
	"slices"
	"strconv"
	"strings"
)

// signals are the names that Linux has, without SIG, in alphabetical order. Some
// have two, of which shells know the second here.
var signals = []string{
	"ABRT", "ALRM", "BUS", "CHLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "PIPE", "PROF", "PWR", "QUIT", "RTMAX", "RTMIN",
	"SEGV", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
}

var signalAliases = map[string]string{"IOT": "ABRT", "CLD": "CHLD", "POLL": "IO"}

// realtimeSignals is how many there are from RTMIN to RTMAX.
const realtimeSignals = 30

// signal gives the name of a signal as shells and Python know it; "" stays so.
func (r *recipe) signal(option, value string) (string, error) {
	value = strings.TrimSpace(value)
	if value == "" {
		return "", nil
	}
	if value == "KILL" || value == "STOP" {
		return "", r.part.Errorf(option, "invalid signal value: %s\nno process can ignore it", value)
	}
	name, offset, counted := strings.Cut(value, "+")
	if alias := signalAliases[name]; alias != "" {
		name = alias
	}
	n := 0
	if counted {
		var err error
		if n, err = strconv.Atoi(offset); err != nil || name != "RTMIN" || n < 0 || n > realtimeSignals {
			name = ""
		}
	}
	if _, known := slices.BinarySearch(signals, name); !known {
		return "", r.part.Errorf(option, "invalid signal value: %s\nexpected a name without SIG, such as USR1 or RTMIN+3", value)
	}
	switch {
	case n == 0:
		return name, nil
	case n == realtimeSignals:
		return "RTMAX", nil
	case n > realtimeSignals/2: // shells count these from the other end
		return "RTMAX-" + strconv.Itoa(realtimeSignals-n), nil
	}
	return "RTMIN+" + strconv.Itoa(n), nil
}
