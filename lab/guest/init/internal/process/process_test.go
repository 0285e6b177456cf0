package process

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// One table for all tests: it reaps every child of this process.
var table *Table

func TestMain(m *testing.M) {
	var err error
	if table, err = NewTable(os.Stderr); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func TestRunSaysHowAProgramEnded(t *testing.T) {
	if err := table.Run("/bin/sh", "-c", "exit 0"); err != nil {
		t.Error(err)
	}
	for command, expected := range map[string]string{"exit 3": "exit code 3", "kill -KILL $$": "killed by killed"} {
		if err := table.Run("/bin/sh", "-c", command); err == nil || !strings.HasSuffix(err.Error(), expected) {
			t.Errorf("%s: got %v", command, err)
		}
	}
	if err := table.Run(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("no error")
	}
}

func TestOutputReturnsWhatAProgramWrote(t *testing.T) {
	text, err := table.Output("/bin/sh", "-c", "echo one; echo two >&2")
	if err != nil || text != "one\ntwo\n" {
		t.Errorf("got %q, %v", text, err)
	}
	if _, err := table.Output("/bin/sh", "-c", "echo why; exit 1"); err == nil || !strings.HasSuffix(err.Error(), "exit code 1: why") {
		t.Errorf("got %v", err)
	}
}

func TestServeGivesTheConnectionToTheProgram(t *testing.T) {
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
	defer ours.Close()
	if err := table.Serve(theirs, "/bin/sh", "-c", "read line; echo got $line"); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	if _, err := ours.WriteString("hello\n"); err != nil {
		t.Fatal(err)
	}
	if answer, err := io.ReadAll(ours); err != nil || string(answer) != "got hello\n" {
		t.Errorf("got %q, %v", answer, err)
	}
}
