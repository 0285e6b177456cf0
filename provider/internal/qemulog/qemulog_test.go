package qemulog

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
)

// TestLogsExchange decodes a file that the command line's tests read too, with every field and no other.
func TestLogsExchange(t *testing.T) {
	goldentest.Exchange(t, "testdata/request.json", &Request{})
}

func TestLastLines(t *testing.T) {
	for _, c := range []struct {
		text  string
		lines int
		want  string
	}{
		{"one\ntwo\nthree\n", 2, "two\nthree\n"},
		{"one\ntwo\nthree", 2, "two\nthree"},
		{"one\ntwo\n", 2, "one\ntwo\n"},
		{"one\n", 5, "one\n"},
		{"one\n\n", 1, "\n"},
		{"one\ntwo", 0, ""},
		{"", 3, ""},
	} {
		if got := string(last([]byte(c.text), c.lines)); got != c.want {
			t.Errorf("the last %d lines of %q: got %q, want %q", c.lines, c.text, got, c.want)
		}
	}
}

// text is a file in memory.
type text string

func (s text) size() (int64, error) { return int64(len(s)), nil }

func (s text) read(to io.Writer, from int64) error {
	_, err := io.Copy(to, strings.NewReader(string(s[from:])))
	return err
}

func TestALogIsShownOnce(t *testing.T) {
	var out bytes.Buffer
	log := &log{lines: 1, out: &out}
	for _, f := range []text{"old\nstarted\n", "old\nstarted\n", "old\nstarted\nstopped\n", "new file\n"} {
		if err := log.show(f); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := out.String(), "started\nstopped\nnew file\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestALongLogBeginsAtItsEnd(t *testing.T) {
	var out bytes.Buffer
	log := &log{lines: 2, out: &out}
	if err := log.show(text(strings.Repeat("a line of the log\n", tailSize/9) + "the last line\n")); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "a line of the log\nthe last line\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
