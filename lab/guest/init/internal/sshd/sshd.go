// Package sshd accepts connections for dropbear, from the guest's first moment on: who connects before the host key is
// there waits for it, and is not refused.
package sshd

import (
	"os"
	"syscall"
	"time"
)

const (
	port    = 22
	backlog = 16
	// acceptPause keeps a listener that fails (no memory, no file descriptors) from taking the whole processor.
	acceptPause = time.Second
)

// Listen opens the port for IPv4 and IPv6.
func Listen() (int, error) {
	listener, err := syscall.Socket(syscall.AF_INET6, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, os.NewSyscallError("socket", err)
	}
	if err := syscall.SetsockoptInt(listener, syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 0); err != nil {
		return 0, os.NewSyscallError("setsockopt", err)
	}
	if err := syscall.Bind(listener, &syscall.SockaddrInet6{Port: port}); err != nil {
		return 0, os.NewSyscallError("bind", err)
	}
	return listener, os.NewSyscallError("listen", syscall.Listen(listener, backlog))
}

// Serve hands each connection over, and never returns.
func Serve(listener int, handle func(connection *os.File)) {
	for {
		socket, _, err := syscall.Accept4(listener, syscall.SOCK_CLOEXEC)
		if err != nil {
			time.Sleep(acceptPause)
			continue
		}
		connection := os.NewFile(uintptr(socket), "ssh")
		handle(connection)
		connection.Close()
	}
}
