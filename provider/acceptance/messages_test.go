//go:build acceptance

package acceptance

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// messages checks the text of every diagnostic that the tests of this run receive.
type messages struct {
	mu   sync.Mutex
	seen map[string]bool
	bad  error
}

var theMessages = messages{seen: map[string]bool{}}

// see checks one diagnostic.
func (m *messages) see(summary, detail string) {
	text := summary + "\n" + detail
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen[text] {
		return
	}
	m.seen[text] = true
	for _, why := range malformed(summary, detail) {
		m.bad = errors.Join(m.bad, fmt.Errorf("a message %s:\n%s", why, text))
	}
}

// found returns what is wrong with the messages so far.
func (m *messages) found() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.bad
}

// printed matches what fmt prints for a wrong verb or argument, and values of Go that are not for people.
var printed = regexp.MustCompile(`%!|<nil>|\bmap\[|&\{|\(nil\)|\b0xc000`)

// remote matches the beginning of an error of a host.
var remote = regexp.MustCompile(`^on \S+ \(qemu[^)]*\): `)

// malformed returns what is wrong with a diagnostic.
func malformed(summary, detail string) (why []string) {
	if found := printed.FindString(summary + "\n" + detail); found != "" {
		why = append(why, fmt.Sprintf("contains %q", found))
	}
	if strings.TrimSpace(summary) == "" || strings.TrimSpace(detail) == "" && strings.HasPrefix(summary, "Unable to") {
		why = append(why, "is empty")
	}
	if remote.MatchString(detail) && !strings.Contains(detail, "\n\n") && !strings.Contains(detail, "; ") {
		why = append(why, "has libvirt's error, and not what to do")
	}
	return why
}
