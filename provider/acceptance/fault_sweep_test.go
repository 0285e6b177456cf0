//go:build acceptance

package acceptance

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// sweepFaults removes what faults of this process have left on the hosts. What is lost by a fault has been counted by then; what a connection
// that was cut did last may still have come to its end after that.
func sweepFaults() error {
	prefix := fmt.Sprintf("fault-%d-", os.Getpid())
	var failed error
	for _, h := range theLab.Hosts {
		for _, of := range []struct {
			list     []string
			commands []string
		}{
			{[]string{"list", "--all", "--name"}, []string{"destroy", "undefine"}},
			{[]string{"net-list", "--all", "--name"}, []string{"net-destroy", "net-undefine"}},
			{[]string{"pool-list", "--all", "--name"}, []string{"pool-destroy", "pool-undefine"}},
		} {
			names, err := h.try(of.list...)
			failed = errors.Join(failed, err)
			for _, name := range strings.Fields(names) {
				if !strings.HasPrefix(name, prefix) {
					continue
				}
				_, _ = h.try(of.commands[0], name) // it may not run
				out, err := h.try(of.commands[1], name)
				if err != nil {
					failed = errors.Join(failed, fmt.Errorf("%s %s on %s: %w: %s", of.commands[1], name, h.Name, err, out))
				}
			}
		}
	}
	return failed
}
