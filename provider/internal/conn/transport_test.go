package conn

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTheFirstSocketThatAnswersIsTaken(t *testing.T) {
	dir, err := os.MkdirTemp("", "kfs") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	missing, stale, alive := filepath.Join(dir, "missing"), filepath.Join(dir, "stale"), filepath.Join(dir, "alive")
	for _, path := range []string{stale, alive} {
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		if path == alive {
			t.Cleanup(func() { _ = l.Close() })
			continue
		}
		l.SetUnlinkOnClose(false)
		_ = l.Close()
	}
	for _, test := range []struct {
		sockets []string
		want    string
	}{
		{[]string{alive}, ""},
		{[]string{missing, alive}, ""},
		{[]string{stale, alive}, ""},
		{[]string{stale, missing}, "dial unix " + stale + ": connect: connection refused"},
		{[]string{missing, stale}, "dial unix " + stale + ": connect: connection refused"},
		{[]string{missing}, "dial unix " + missing + ": connect: no such file or directory"},
		{[]string{missing, missing}, "libvirt does not run here: no socket at " + missing + " or " + missing + "; start libvirtd, or name its socket with ?socket="},
	} {
		c, err := unixTransport{sockets: test.sockets}.dial(t.Context())
		got := ""
		if err != nil {
			got = err.Error()
		} else if c.RemoteAddr().String() != alive {
			got = c.RemoteAddr().String()
		}
		if got != test.want {
			t.Errorf("%v: got %q, want %q", test.sockets, got, test.want)
		}
		if c != nil {
			_ = c.Close()
		}
	}
}

func TestWhatTakesTooLongIsEndedByClosing(t *testing.T) {
	here, there := net.Pipe()
	defer there.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	err := within(ctx, here, "a greeting", func() error {
		_, err := here.Read(make([]byte, 1))
		return err
	})
	if want := "a greeting: no answer within 15s"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	ctx, cancel = context.WithCancel(t.Context())
	here, there = net.Pipe()
	defer there.Close()
	time.AfterFunc(10*time.Millisecond, cancel)
	err = within(ctx, here, "a greeting", func() error {
		_, err := here.Read(make([]byte, 1))
		return err
	})
	if want := "a greeting: context canceled"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
