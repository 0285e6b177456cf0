//go:build linux

package main

import (
	"errors"
	"os"
	"syscall"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
)

const backlog = 128

// socket creates a non-blocking socket, which Go's runtime can wait for.
func socket(address []byte, kind, proto int) (int, error) {
	family := syscall.AF_INET
	if len(address) == 16 {
		family = syscall.AF_INET6
	}
	return syscall.Socket(family, kind|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, proto)
}

// sockaddr returns the socket address for an address and a port; a link-local address also names its link.
func sockaddr(address []byte, port int, on link) syscall.Sockaddr {
	if len(address) == 4 {
		return &syscall.SockaddrInet4{Port: port, Addr: [4]byte(address)}
	}
	sa := &syscall.SockaddrInet6{Port: port, Addr: [16]byte(address)}
	if address[0] == 0xfe && address[1]&0xc0 == 0x80 {
		sa.ZoneId = uint32(on.index)
	}
	return sa
}

// reason returns the text of an error without what Go adds to it.
func reason(err error) string {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return "no answer"
	}
	if p, ok := err.(*os.PathError); ok {
		err = p.Err
	}
	if s, ok := err.(*os.SyscallError); ok {
		err = s.Err
	}
	return err.Error()
}

// rawSocket sends frames unchanged.
type rawSocket struct{ fd int }

func newRawSocket() (*rawSocket, error) {
	fd, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, 0)
	return &rawSocket{fd}, err
}

func (r *rawSocket) send(on link, b []byte) error {
	to := &syscall.SockaddrLinklayer{Ifindex: on.index, Halen: uint8(len(frame.MAC{}))}
	copy(to.Addr[:], b[:len(frame.MAC{})])
	for {
		err := syscall.Sendto(r.fd, b, 0, to)
		if err != syscall.EINTR {
			return err
		}
	}
}
