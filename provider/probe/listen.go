//go:build linux

package main

import (
	"io"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

// listen serves the ports on each of the guest's addresses separately: an answer has to come from the address that was asked, and one of
// the guest's own services may use a port on some of the addresses.
func (p *probe) listen() (taken []wire.Port, err error) {
	for _, nic := range p.service.Interfaces {
		on, _ := p.links.of(nic.MAC) // only a link-local address needs it
		for _, address := range nic.Addresses {
			for _, port := range p.service.TCP {
				if taken, err = occupied(taken, "tcp", address, port, p.listenTCP(address, port, on)); err != nil {
					return nil, err
				}
			}
			for _, port := range p.service.UDP {
				if taken, err = occupied(taken, "udp", address, port, p.listenUDP(address, port, on)); err != nil {
					return nil, err
				}
			}
		}
	}
	return taken, nil
}

func occupied(taken []wire.Port, protocol string, address []byte, port uint16, err error) ([]wire.Port, error) {
	switch err {
	case syscall.EADDRINUSE:
		return append(taken, wire.Port{Protocol: protocol, Address: address, Port: port}), nil
	case nil, syscall.EAFNOSUPPORT: // a guest without IPv6; a flow to it over IPv6 gets no answer
		return taken, nil
	}
	return taken, failed("it can't listen on " + protocol + " " + strconv.Itoa(int(port)) + ": " + err.Error())
}

// bound returns a socket on an address that the guest may not have yet: IPv6 takes a second to find out that no other host has the
// address.
func bound(address []byte, port uint16, on link, kind int) (syscall.RawConn, error) {
	const freeBind4, freeBind6 = 15, 78
	fd, err := socket(address, kind, 0)
	if err != nil {
		return nil, err
	}
	if len(address) == 4 {
		err = syscall.SetsockoptInt(fd, syscall.IPPROTO_IP, freeBind4, 1)
	} else {
		err = syscall.SetsockoptInt(fd, syscall.IPPROTO_IPV6, freeBind6, 1)
	}
	if kind == syscall.SOCK_STREAM && err == nil {
		// Connections of an earlier run in TIME_WAIT must not block the port; a second listener is still refused.
		err = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	}
	if err == nil {
		err = syscall.Bind(fd, sockaddr(address, int(port), on))
	}
	if err == nil && kind == syscall.SOCK_STREAM {
		err = syscall.Listen(fd, backlog)
	}
	if err != nil {
		_ = syscall.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), "listener").SyscallConn()
}

func (p *probe) listenTCP(address []byte, port uint16, on link) error {
	conn, err := bound(address, port, on, syscall.SOCK_STREAM)
	if err != nil {
		return err
	}
	go func() {
		for {
			accepted := -1
			err := conn.Read(func(fd uintptr) bool {
				var err error
				accepted, _, err = syscall.Accept4(int(fd), syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
				return err != syscall.EAGAIN
			})
			if err != nil {
				return
			}
			if accepted >= 0 {
				go p.repeat(os.NewFile(uintptr(accepted), "connection"))
			}
		}
	}()
	return nil
}

// repeat answers each message of a connection.
func (p *probe) repeat(f *os.File) {
	const patience = time.Minute // a guest that is moving to another host may be silent
	defer func() { _ = f.Close() }()
	b := make([]byte, frame.MessageSize)
	for f.SetDeadline(time.Now().Add(patience)) == nil {
		if _, err := io.ReadFull(f, b); err != nil {
			return
		}
		if answer := p.answerTo(b); answer == nil {
			return
		} else if _, err := f.Write(answer); err != nil {
			return
		}
	}
}

// answerTo returns the answer to a message, nil if the message expects none: the answer to a forged frame would go to the sender that the
// frame claims.
func (p *probe) answerTo(b []byte) []byte {
	if len(b) != frame.MessageSize {
		return nil
	}
	t, ok := frame.Find(b[:frame.TokenSize], p.service.Run)
	if !ok || t.Role != frame.Flow {
		return nil
	}
	t.Role = frame.Answer
	return append(t.Append(nil), b[frame.TokenSize:]...)
}

func (p *probe) listenUDP(address []byte, port uint16, on link) error {
	conn, err := bound(address, port, on, syscall.SOCK_DGRAM)
	if err != nil {
		return err
	}
	go func() {
		b := make([]byte, frame.MessageSize+1)
		for {
			err := conn.Read(func(fd uintptr) bool {
				n, from, err := syscall.Recvfrom(int(fd), b, 0)
				if answer := p.answerTo(b[:max(n, 0)]); err == nil && answer != nil {
					_ = syscall.Sendto(int(fd), answer, 0, from)
				}
				return err != syscall.EAGAIN
			})
			if err != nil {
				return
			}
		}
	}()
	return nil
}
