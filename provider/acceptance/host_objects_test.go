//go:build acceptance

package acceptance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var serialNumber atomic.Int64

// unique returns a name that no other test of this run uses.
func unique(t *testing.T) string {
	t.Helper()
	name := notInNames.ReplaceAllString(strings.ToLower(strings.TrimPrefix(t.Name(), "Test")), "-")
	return fmt.Sprintf("%.24s-%d", name, serialNumber.Add(1)) // short: sockets in directories of this name have paths of at most 107 bytes
}

// notInNames matches characters that libvirt, its tools or file names may not accept in a name.
var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// subnet returns the first three bytes of a network that no other test of this run uses.
func subnet() string {
	n := serialNumber.Add(1)
	return fmt.Sprintf("10.%d.%d", 100+n/250, n%250)
}

var (
	directoriesMu sync.Mutex
	directories   []string
)

// directory returns the name of a directory for a host. It is removed with its content when all tests have ended; by then nothing may use
// it.
func directory(t *testing.T) string {
	t.Helper()
	directoriesMu.Lock()
	defer directoriesMu.Unlock()
	directories = append(directories, images+"/"+unique(t))
	return directories[len(directories)-1]
}

// removeDirectories removes these directories, and the files and directories whose names begin with theirs.
func removeDirectories() error {
	var err error
	for _, h := range append(slices.Clone(theLab.Hosts), theSite.Hosts...) {
		for _, dir := range directories {
			beside, globErr := filepath.Glob(h.path(dir) + "*")
			err = errors.Join(err, globErr)
			for _, found := range beside {
				err = errors.Join(err, os.RemoveAll(found))
			}
		}
	}
	return err
}

// pool creates a pool with virsh, for resources that need one.
func (h *labHost) pool(t *testing.T) (name, dir string) {
	t.Helper()
	name, dir = unique(t), directory(t)
	if err := os.MkdirAll(h.path(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	h.virsh(t, "pool-create-as", name, "dir", "--target", dir)
	t.Cleanup(func() { h.virsh(t, "pool-destroy", name) })
	return name, dir
}

func hostOf(a attrs) *labHost {
	for _, h := range theLab.Hosts {
		if h.Name == a["host"] {
			return h
		}
	}
	return nil
}

// dump returns a function that reads a place in the XML that a dump command of virsh gives for a resource.
func dump(command, where string, options ...string) func(*testing.T, attrs) string {
	return func(t *testing.T, a attrs) string {
		t.Helper()
		return at(hostOf(a).xml(t, append([]string{command, a["name"].(string)}, options...)...), where)
	}
}

// info returns a function that reads a line that an info command of virsh prints for a resource.
func info(command, line string) func(*testing.T, attrs) string {
	return func(t *testing.T, a attrs) string {
		t.Helper()
		for l := range strings.Lines(hostOf(a).virsh(t, command, a["name"].(string))) {
			if name, value, ok := strings.Cut(l, ":"); ok && name == line {
				return strings.TrimSpace(value)
			}
		}
		return ""
	}
}

// eventually waits until is returns true, where there is no event to wait for.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	if !within(hangLimit, is) {
		t.Fatalf("waited %s for %s", hangLimit, what)
	}
}

// within polls until is returns true or the limit has passed, and reports whether is returned true.
func within(limit time.Duration, is func() bool) bool {
	for deadline := time.Now().Add(limit); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}
