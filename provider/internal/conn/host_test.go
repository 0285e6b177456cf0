package conn

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/digitalocean/go-libvirt"
)

// hypervisor answers on a socket as libvirtd does, as far as a connection needs it.
type hypervisor struct {
	uri    string
	opened atomic.Int32

	mu     sync.Mutex
	conns  []net.Conn
	silent func(procedure uint32) bool
}

// procVersion is ConnectGetVersion.
const procVersion = 4

func newHypervisor(t *testing.T, silent func(procedure uint32) bool) *hypervisor {
	t.Helper()
	dir, err := os.MkdirTemp("", "kfc") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	h := &hypervisor{uri: "qemu:///system?socket=" + socket, silent: silent}
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			h.opened.Add(1)
			h.mu.Lock()
			h.conns = append(h.conns, c)
			h.mu.Unlock()
			wait.Go(func() { h.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		h.drop()
		wait.Wait()
		_ = os.RemoveAll(dir)
	})
	return h
}

func (h *hypervisor) serve(c net.Conn) {
	defer c.Close()
	for {
		head := make([]byte, headerSize)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		if _, err := io.CopyN(io.Discard, c, int64(binary.BigEndian.Uint32(head))-headerSize); err != nil {
			return
		}
		procedure, serial := binary.BigEndian.Uint32(head[12:]), binary.BigEndian.Uint32(head[20:])
		if h.silent(procedure) {
			continue
		}
		// No authentication is needed, and the version is 1: both are a number.
		if _, err := c.Write(packet(procedure, typeReply, serial, statusOK, "\x00\x00\x00\x00\x00\x00\x00\x01")); err != nil {
			return
		}
	}
}

// drop ends all connections.
func (h *hypervisor) drop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.conns {
		_ = c.Close()
	}
	h.conns = nil
}

func (h *hypervisor) host(t *testing.T) *Host {
	t.Helper()
	uri, err := ParseURI(h.uri)
	if err != nil {
		t.Fatal(err)
	}
	host := NewHost("alpha", uri)
	t.Cleanup(host.Close)
	return host
}

func talks(uint32) bool { return false }

func version(l *libvirt.Libvirt) error {
	_, err := l.ConnectGetVersion()
	return err
}

func TestOneConnectionIsOpenedForAll(t *testing.T) {
	h := newHypervisor(t, talks)
	host := h.host(t)
	if h.opened.Load() != 0 {
		t.Error("a connection was opened before it was needed")
	}
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if err := host.Do(t.Context(), version); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := h.opened.Load(); n != 1 {
		t.Errorf("%d connections were opened", n)
	}
	if err := host.Stream(t.Context(), time.Minute, version); err != nil || h.opened.Load() != 2 {
		t.Errorf("a stream has no connection of its own: %v", err)
	}
}

func TestAConnectionThatDroppedIsOpenedAgain(t *testing.T) {
	h := newHypervisor(t, talks)
	host := h.host(t)
	if err := host.Do(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	gone := host.client.Disconnected()
	h.drop()
	<-gone
	if err := host.Do(t.Context(), version); err != nil {
		t.Error(err)
	}
	if n := h.opened.Load(); n != 2 {
		t.Errorf("%d connections were opened", n)
	}
}

func TestACallWhoseConnectionDropsIsLost(t *testing.T) {
	var h *hypervisor
	h = newHypervisor(t, func(procedure uint32) bool {
		if procedure == procVersion {
			h.drop()
		}
		return procedure == procVersion
	})
	err := h.host(t).Do(t.Context(), version)
	want := "on alpha (" + h.uri + "): the connection was lost during the call: "
	if !errors.Is(err, ErrLost) || !errors.Is(err, ErrUnreachable) || errors.Is(err, ErrNotFound) || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

func TestARequestThatCannotBeSentIsLost(t *testing.T) {
	host := newHypervisor(t, func(uint32) bool { return false }).host(t)
	closed := &net.OpError{Op: "write", Net: "unix", Err: os.NewSyscallError("write", syscall.EPIPE)}
	for _, c := range []struct {
		err  error
		lost bool
	}{
		{closed, true},
		{&fs.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}, true}, // the pipe to ssh
		{&url.Error{Op: "Get", URL: "https://example.org", Err: closed}, false},
		{&net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}, false}, // of a download
	} {
		err := host.Do(t.Context(), func(*libvirt.Libvirt) error { return fmt.Errorf("unable to read: %w", c.err) })
		if got := errors.Is(err, ErrLost); got != c.lost {
			t.Errorf("%v: lost is %v, want %v", c.err, got, c.lost)
		}
	}
}

func TestACallThatIsNotAnsweredIsEnded(t *testing.T) {
	h := newHypervisor(t, func(procedure uint32) bool { return procedure == procVersion })
	host := h.host(t)
	const limit = 50 * time.Millisecond
	want := "on alpha (" + h.uri + "): the connection was lost during the call: the call was cut off: no answer within 50ms"
	if err := host.DoWithin(t.Context(), limit, version); !errors.Is(err, ErrLost) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := host.Stream(t.Context(), limit, version); !errors.Is(err, ErrLost) || err.Error() != want {
		t.Errorf("of a stream: got %v, want %s", err, want)
	}
}

// A busy host answers each call in time, and all of them together take longer than the limit of one.
func TestManyAnswersMayTakeLongerThanOne(t *testing.T) {
	t.Parallel()
	const limit, answer, calls = 3 * time.Second, 800 * time.Millisecond, 4
	h := newHypervisor(t, func(procedure uint32) bool {
		if procedure == procVersion {
			time.Sleep(answer) // that is how slow the host is
		}
		return talks(procedure)
	})
	began := time.Now()
	err := h.host(t).DoWithin(t.Context(), limit, func(l *libvirt.Libvirt) error {
		for range calls {
			if err := version(l); err != nil {
				return err
			}
		}
		return nil
	})
	if took := time.Since(began); err != nil || took < limit {
		t.Errorf("after %s: %v", took, err)
	}
}

func TestAnInterruptEndsWhatHasNotBegun(t *testing.T) {
	h := newHypervisor(t, talks)
	ctx, cancel := context.WithCancel(t.Context())
	host := h.host(t)
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		cancel() // a call that has begun is not interrupted
		return version(l)
	})
	if err != nil {
		t.Errorf("a call that had begun: %v", err)
	}
	called := false
	err = host.Do(ctx, func(*libvirt.Libvirt) error { called = true; return nil })
	want := "on alpha (" + h.uri + "): interrupted before the operation began: context canceled"
	if called || err == nil || err.Error() != want || errors.Is(err, ErrLost) {
		t.Errorf("got %v (called: %v), want %s", err, called, want)
	}
}

func TestAHostThatIsNotThereIsUnreachable(t *testing.T) {
	for text, want := range map[string]string{
		"qemu:///system?socket=/nonexistent/sock": "dial unix /nonexistent/sock: connect: no such file or directory",
		"qemu+tcp://127.0.0.1:1/system":           "dial tcp 127.0.0.1:1: connect: connection refused",
	} {
		uri, err := ParseURI(text)
		if err != nil {
			t.Fatal(err)
		}
		err = NewHost("alpha", uri).Do(t.Context(), version)
		if want := "on alpha (" + text + "): " + want; !errors.Is(err, ErrUnreachable) || errors.Is(err, ErrLost) || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestWhatLibvirtsErrorsMean(t *testing.T) {
	uri, err := ParseURI("qemu:///system")
	if err != nil {
		t.Fatal(err)
	}
	host := NewHost("alpha", uri)
	for code, want := range map[libvirt.ErrorNumber]error{
		libvirt.ErrNoDomain: ErrNotFound, libvirt.ErrNoNetwork: ErrNotFound, libvirt.ErrNoStoragePool: ErrNotFound, libvirt.ErrNoStorageVol: ErrNotFound,
		libvirt.ErrNoSecret: ErrNotFound, libvirt.ErrNoNwfilter: ErrNotFound,
		libvirt.ErrDomExist: ErrExists, libvirt.ErrNetworkExist: ErrExists, libvirt.ErrStorageVolExist: ErrExists,
		libvirt.ErrOperationInvalid: ErrInactive,
		libvirt.ErrInternalError:    nil, libvirt.ErrAuthFailed: nil, libvirt.ErrRPC: nil, libvirt.ErrAccessDenied: nil, libvirt.ErrNoSupport: nil,
	} {
		remote := libvirt.Error{Code: uint32(code), Message: "libvirt's words"}
		got := host.wrap(remote)
		for _, meaning := range []error{ErrNotFound, ErrExists, ErrInactive, ErrUnreachable, ErrLost} {
			if is := errors.Is(got, meaning); is != (meaning == want) {
				t.Errorf("code %d is %v: %v", code, meaning, is)
			}
		}
		if got.Error() != "on alpha (qemu:///system): libvirt's words" {
			t.Errorf("got %v", got)
		}
		if host.wrap(got) != got {
			t.Error("the host is named twice")
		}
		if IsNotFound(remote) != (want == ErrNotFound) || IsExists(remote) != (want == ErrExists) || IsInactive(remote) != (want == ErrInactive) {
			t.Errorf("code %d is told otherwise inside a call", code)
		}
	}
	if host.wrap(nil) != nil {
		t.Error("no error was made into one")
	}
}
