//go:build acceptance

package acceptance

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
)

// whose maps the name of each run of the fault suite, which its objects have too, to a description.
var whose sync.Map

// sweepFaults removes what this process's faults left on the hosts, and names it. Each object is a loss, unless libvirtd died by itself
// during its run. A run that was broken off leaves objects, and so does a call that libvirtd handled only after the run had looked.
func sweepFaults() error {
	prefix := fmt.Sprintf("fault-%d-", os.Getpid())
	var failed error
	for _, h := range theSite.Hosts {
		for _, of := range []struct {
			what     string
			list     []string
			commands []string
		}{
			{"domain", []string{"list", "--all", "--name"}, []string{"destroy", "undefine"}},
			{"network", []string{"net-list", "--all", "--name"}, []string{"net-destroy", "net-undefine"}},
			{"network filter", []string{"nwfilter-list"}, []string{"nwfilter-info", "nwfilter-undefine"}},
			{"pool", []string{"pool-list", "--all", "--name"}, []string{"pool-destroy", "pool-undefine"}},
		} {
			names, err := h.try(of.list...)
			failed = errors.Join(failed, err)
			for _, name := range strings.Fields(names) {
				if !strings.HasPrefix(name, prefix) {
					continue
				}
				if run, _ := whose.Load(name); run != brokenOff {
					failed = errors.Join(failed, fmt.Errorf("loss: %s %q was left on %s by %v", of.what, name, h.Name, run))
					theTally.add(row{"left behind", of.what, "lost"}, 1, 0, 0)
				}
				_, _ = h.try(of.commands[0], name) // it may not be running
				if out, err := h.try(of.commands[1], name); err != nil {
					failed = errors.Join(failed, fmt.Errorf("%s %s on %s: %w: %s", of.commands[1], name, h.Name, err, out))
				}
			}
		}
	}
	return failed
}
