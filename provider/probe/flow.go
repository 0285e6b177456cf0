//go:build linux

package main

import (
	"io"
	"os"
	"syscall"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

// try makes one attempt at a flow.
func (p *probe) try(t wire.Flow, number uint32, patience time.Duration) error {
	f, err := p.open(t, time.Now().Add(patience))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if !t.Echo {
		return nil // the connection alone is enough
	}
	asked := frame.Token{Run: p.service.Run, ID: t.ID, Role: frame.Flow}
	if t.Protocol == "icmp" {
		return echo(f, t, asked, number)
	}
	if _, err := f.Write(asked.Message(number)); err != nil {
		return err
	}
	asked.Role = frame.Answer
	b := make([]byte, frame.MessageSize)
	if _, err := io.ReadFull(f, b); err != nil {
		return err
	}
	if string(b) != string(asked.Message(number)) {
		return failed("something answered that is no probe")
	}
	return nil
}

// open returns a socket that is bound to the flow's source and connected to its target.
func (p *probe) open(t wire.Flow, until time.Time) (*os.File, error) {
	kind, proto := syscall.SOCK_STREAM, 0
	switch t.Protocol {
	case "udp":
		kind = syscall.SOCK_DGRAM
	case "icmp":
		kind, proto = syscall.SOCK_RAW, syscall.IPPROTO_ICMP
		if len(t.Source) == 16 {
			proto = syscall.IPPROTO_ICMPV6
		}
	}
	on, _ := p.links.of(t.Interface)
	fd, err := socket(t.Source, kind, proto)
	if err != nil {
		return nil, err
	}
	if err := syscall.Bind(fd, sockaddr(t.Source, 0, on)); err != nil {
		_ = syscall.Close(fd)
		return nil, failed("the guest can't use this source address: " + err.Error())
	}
	port := int(t.Port)
	if kind == syscall.SOCK_RAW {
		port = 0
	}
	if err := syscall.Connect(fd, sockaddr(t.Target, port, on)); err != nil && err != syscall.EINPROGRESS {
		_ = syscall.Close(fd)
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "flow")
	if err := f.SetDeadline(until); err != nil {
		_ = f.Close()
		return nil, err
	}
	if kind == syscall.SOCK_STREAM {
		if err := connected(f); err != nil {
			_ = f.Close()
			return nil, err
		}
	}
	return f, nil
}

// connected waits until the connection is established.
func connected(f *os.File) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var refused error
	err = conn.Write(func(fd uintptr) bool {
		code, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ERROR)
		if err != nil {
			refused = err
			return true
		}
		if code != 0 {
			refused = syscall.Errno(code)
			return true
		}
		_, err = syscall.Getpeername(int(fd))
		return err == nil
	})
	if refused != nil {
		return refused
	}
	return err
}

func echo(f *os.File, t wire.Flow, asked frame.Token, number uint32) error {
	const largest = 1 << 11
	message := string(asked.Message(number))
	if _, err := f.Write(frame.Echo(t.Source, t.Target, asked.ID, []byte(message))); err != nil {
		return err
	}
	b := make([]byte, largest)
	for {
		n, err := f.Read(b)
		if err != nil {
			return err
		}
		if frame.IsEchoReply(b[:n], len(t.Source) == 4, message) {
			return nil
		}
	}
}
