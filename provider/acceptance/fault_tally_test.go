//go:build acceptance

package acceptance

import (
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// row is a line of the table of faults and changes by others: a fault, an operation and the outcome.
type row struct{ fault, operation, outcome string }

// faultTally counts what was tried, and what must not happen: losses, changes that cannot be taken back, and changes by others that no plan shows.
type faultTally struct {
	mu                  sync.Mutex
	rows                map[row]int
	lost, stuck, unseen int
}

var theTally = faultTally{rows: map[row]int{}}

func (c *faultTally) add(r row, lost, stuck, unseen int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows[r]++
	c.lost += lost
	c.stuck += stuck
	c.unseen += unseen
}

// notReached is the outcome of a fault that did not happen: now and then a question is asked more or less often.
const notReached = "not reached"

// injected records a fault and its losses.
func injected(t *testing.T, fault, operation, point, outcome string, losses []string) {
	t.Helper()
	if outcome == notReached && len(losses) == 0 {
		t.Logf("no fault: %s; %s; %s; the calls came in another order this time", fault, operation, point)
		return
	}
	theTally.add(row{fault, operation, outcome}, len(losses), 0, 0)
	t.Logf("fault: %s; %s; %s; %s", fault, operation, point, outcome)
	for _, l := range losses {
		t.Errorf("loss: %s; %s; %s; %s: %s", fault, operation, point, outcome, l)
	}
}

// changedByOther records a change that was made to an object without Terraform, and whether the next plan or refresh showed it.
func changedByOther(t *testing.T, change, object string, seen bool) {
	t.Helper()
	outcome, unseen := "seen", 0
	if !seen {
		outcome, unseen = "unseen", 1
		t.Errorf("unseen: %s; %s", change, object)
	}
	theTally.add(row{change, object, outcome}, 0, 0, unseen)
	t.Logf("change by others: %s; %s; %s", change, object, outcome)
}

// stuck records what stays of a change that was taken out of the configuration: the differences from the object before the change that the next
// apply left. There are none if the change was taken back.
func stuck(t *testing.T, change, operation string, stays []string) {
	t.Helper()
	theTally.mu.Lock()
	theTally.stuck += len(stays)
	theTally.mu.Unlock()
	for _, s := range stays {
		t.Errorf("stuck: %s; %s: %s", change, operation, s)
	}
}

// suffers records a fault in a test of its own. The fault is a loss if the test fails.
func suffers(t *testing.T, fault, point string) {
	t.Helper()
	t.Cleanup(func() {
		var losses []string
		if t.Failed() {
			losses = []string{"the test failed"}
		}
		injected(t, fault, strings.ReplaceAll(t.Name(), "/", " "), point, "as expected", losses)
	})
}

// sumUp prints the table of all faults and changes by others, and the line that 'npm test' reads.
func sumUp(to io.Writer) {
	c := &theTally
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	rows := slices.SortedFunc(maps.Keys(c.rows), func(a, b row) int {
		return strings.Compare(a.fault+a.operation+a.outcome, b.fault+b.operation+b.outcome)
	})
	for _, r := range rows {
		fmt.Fprintf(to, "faults: %-24s %-60s %-28s %d\n", r.fault, r.operation, r.outcome, c.rows[r])
		n += c.rows[r]
	}
	if theCrashes.count > 0 {
		fmt.Fprintf(to, "faults: libvirtd died by itself, and what was tried then was tried again: %d\n", theCrashes.count)
	}
	fmt.Fprintf(to, "faults and changes by others: %d, losses: %d, changes that stick: %d, unseen: %d\n", n, c.lost, c.stuck, c.unseen)
}

var procedureForm = regexp.MustCompile(`(?m)^\s*Proc(\w+)\s*=\s*([0-9]+)$`)

// procedures returns the names of libvirt's calls by number, as go-libvirt has them from libvirt's own protocol.
var procedures = sync.OnceValue(func() map[uint32]string {
	names := map[uint32]string{}
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/digitalocean/go-libvirt").Output()
	if err != nil {
		return names
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "internal", "constants", "remote_protocol.gen.go"))
	if err != nil {
		return names
	}
	for _, found := range procedureForm.FindAllStringSubmatch(string(text), -1) {
		if n, err := strconv.ParseUint(found[2], 10, 32); err == nil {
			names[uint32(n)] = found[1]
		}
	}
	return names
})
