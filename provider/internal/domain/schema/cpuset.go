package schema

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
)

// CPUSet is a set of CPUs of a host in libvirt's form: "0-3,^2".
type CPUSet map[int]bool

// cpuLimit is the highest CPU number that libvirt accepts.
const cpuLimit = 1 << 14

func ParseCPUs(s string) (CPUSet, error) {
	set := CPUSet{}
	for part := range strings.SplitSeq(s, ",") {
		one, without := strings.CutPrefix(strings.TrimSpace(part), "^")
		first, last, isRange := strings.Cut(one, "-")
		if !isRange {
			last = first
		}
		from, err1 := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if err1 != nil || err2 != nil || from > to || to >= cpuLimit || (without && isRange) {
			return nil, fmt.Errorf("must be CPUs of the host like \"0-3,^2\", got %q", s)
		}
		for n := from; n <= to; n++ {
			if without {
				delete(set, n)
			} else {
				set[n] = true
			}
		}
	}
	if len(set) == 0 {
		return nil, fmt.Errorf("must be CPUs of the host like \"0-3,^2\", got %q, which is none", s)
	}
	return set, nil
}

func cpusetForm(v any) error {
	_, err := ParseCPUs(v.(string))
	return err
}

// sameCPUs reports whether two texts describe the same set of CPUs. libvirt changes the text of a set.
func sameCPUs(config, host string) bool {
	a, err1 := ParseCPUs(config)
	b, err2 := ParseCPUs(host)
	return err1 == nil && err2 == nil && maps.Equal(a, b)
}

// Bitmap is a set as libvirt's calls take it, for a host with so many CPUs. A CPU that the host does not have is an error: libvirt's own
// command would leave it out in silence.
func (s CPUSet) Bitmap(host int) ([]byte, error) {
	bits := make([]byte, (host+7)/8)
	for n := range s {
		if n >= host {
			return nil, fmt.Errorf("the host has no CPU %d, only 0 to %d", n, host-1)
		}
		bits[n/8] |= 1 << (n % 8)
	}
	return bits, nil
}
