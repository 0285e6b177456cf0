//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"sync"
	"testing"
)

// theSite is the lab in which faults happen. It is a lab of its own if KVM_FLEET_FAULT_LAB names one: libvirt 9.0 itself crashes now and
// then when hundreds of connections are cut, and would take the other tests' host with it.
var theSite *lab

func loadSite() (*lab, error) {
	if path := os.Getenv("KVM_FLEET_FAULT_LAB"); path != "" {
		return loadLab(path)
	}
	return theLab, nil
}

func site() *labHost { return theSite.Hosts[0] }

// contents lists the objects on the hosts of both labs.
func contents() (string, error) {
	all, err := theLab.contents()
	if err != nil || theSite == theLab {
		return all, err
	}
	more, err := theSite.contents()
	return all + more, err
}

// crashes counts how often the site's libvirtd died by itself.
type crashes struct {
	mu    sync.Mutex
	count int
	open  map[string]bool // the runs in progress
}

var theCrashes = crashes{open: map[string]bool{}}

// crashLimit is the number of crashes above which something is wrong with libvirtd.
const crashLimit = 5

// brokenOff is the value in whose for a run whose host's libvirtd died by itself.
const brokenOff = "a run whose libvirtd died by itself"

func (c *crashes) begins(run string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[run] = true
}

func (c *crashes) ends(run string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, run)
}

// soFar returns the number of crashes. If libvirtd has just died, it brings the host up again.
func (c *crashes) soFar() (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if pid, err := site().libvirtd(); err == nil && alive(pid) {
		return c.count, nil
	}
	c.count++
	for run := range c.open {
		whose.Store(run, brokenOff)
	}
	if c.count > crashLimit {
		return c.count, fmt.Errorf("libvirtd on %s of lab %q died by itself %d times", site().Name, theSite.Name, c.count)
	}
	return c.count, theSite.repair()
}

// inUse is held while a run uses the site, and held alone by a run that breaks the site for all.
var inUse sync.RWMutex

// use holds the site until the returned function is called.
func use(alone bool) (end func()) {
	if alone {
		inUse.Lock()
		return inUse.Unlock
	}
	inUse.RLock()
	return inUse.RUnlock
}

// steadily repeats do until libvirtd does not die by itself meanwhile: other results do not count.
func steadily[R any](t *testing.T, alone bool, do func() (R, error)) (R, error) {
	t.Helper()
	defer use(alone)()
	for {
		before, err := theCrashes.soFar()
		if err != nil {
			return *new(R), err
		}
		result, failure := do()
		after, err := theCrashes.soFar()
		if err != nil {
			return *new(R), err
		}
		if after == before {
			return result, failure
		}
		t.Logf("libvirtd on %s died by itself; once more", site().Name)
	}
}
