package network

import (
	"path"
	"strings"
	"syscall"
)

// change is one interface that came or went.
type change struct {
	name    string
	removed bool
}

// kernelEvents is the multicast group on which the kernel announces devices.
const kernelEvents = 1

// listen reports interfaces as the kernel announces them.
//
// See https://docs.kernel.org/core-api/kobject.html (uevents)
func listen() (<-chan change, error) {
	socket, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, syscall.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		return nil, err
	}
	if err := syscall.Bind(socket, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK, Groups: kernelEvents}); err != nil {
		return nil, err
	}
	changes := make(chan change)
	go func() {
		defer close(changes)
		buffer := make([]byte, 16*1024)
		for {
			count, _, err := syscall.Recvfrom(socket, buffer, 0)
			if err == syscall.EINTR || err == syscall.ENOBUFS {
				continue
			}
			if err != nil {
				return
			}
			if event, ok := parse(string(buffer[:count])); ok {
				changes <- event
			}
		}
	}()
	return changes, nil
}

// parse reads `add@/devices/.../net/eth1`, followed by the event's variables.
func parse(message string) (change, bool) {
	header, _, _ := strings.Cut(message, "\x00")
	action, device, ok := strings.Cut(header, "@")
	if !ok || path.Base(path.Dir(device)) != "net" {
		return change{}, false
	}
	switch action {
	case "add":
		return change{name: path.Base(device)}, true
	case "remove":
		return change{name: path.Base(device), removed: true}, true
	}
	return change{}, false
}
