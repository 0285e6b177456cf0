//go:build linux

package main

import (
	"sync"
	"syscall"
	"time"
	"unsafe"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

// From <linux/if_packet.h> and <asm-generic/socket.h>, where syscall has no name for the value.
const (
	solPacket         = 263
	packetMembership  = 1
	packetStatistics  = 6
	packetPromiscuous = 1
	packetIgnoreOwn   = 23
	receiveForce      = 33

	toAnother, outgoing = 3, 4
)

// capture reads what comes in on every link, including packets for others: a guest that eavesdrops would read them, too.
type capture struct {
	run   uint32
	fd    int
	links map[int]frame.MAC

	mu         sync.Mutex
	counts     map[arrival]*wire.Arrived
	last       time.Time
	lost       int
	neighbours map[neighbour]frame.MAC
	learned    chan struct{} // closed when neighbours has changed
}

type arrival struct {
	id   uint32
	link int
}

type neighbour struct {
	link    int
	address string
}

// hostOrder swaps the bytes of a number, as the packet sockets expect it.
func hostOrder(v uint16) uint16 { return v<<8 | v>>8 }

func newCapture(run uint32, all links) (*capture, error) {
	const (
		everything = 0x0003
		room       = 8 << 20 // for a moment in which the guest does something else
	)
	fd, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, int(hostOrder(everything)))
	if err != nil {
		return nil, err
	}
	_ = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, receiveForce, room)
	_ = syscall.SetsockoptInt(fd, solPacket, packetIgnoreOwn, 1) // since Linux 4.20; outgoing packets are also recognized by their type
	c := &capture{run: run, fd: fd, links: map[int]frame.MAC{}, counts: map[arrival]*wire.Arrived{}, neighbours: map[neighbour]frame.MAC{},
		learned: make(chan struct{})}
	for _, l := range all {
		c.links[l.index] = l.mac
		// The membership ends with the socket.
		request := struct {
			index         int32
			kind, length  uint16
			notConsidered [8]byte
		}{index: int32(l.index), kind: packetPromiscuous}
		err := syscall.SetsockoptString(fd, solPacket, packetMembership, string((*[16]byte)(unsafe.Pointer(&request))[:]))
		if err != nil && err != syscall.ENODEV { // or the link has been unplugged
			return nil, err
		}
	}
	return c, nil
}

// keep reads packets until the probe ends.
func (c *capture) keep() {
	const (
		largest  = 1 << 16
		lookedAt = 512 // every frame has its token within these bytes
	)
	b := make([]byte, largest)
	for {
		n, from, err := syscall.Recvfrom(c.fd, b, 0)
		if err != nil {
			if err != syscall.EINTR && err != syscall.ENETDOWN {
				c.note(func() { c.lost++ })
			}
			continue
		}
		link, ok := from.(*syscall.SockaddrLinklayer)
		if !ok || link.Pkttype == outgoing || c.links[link.Ifindex] == (frame.MAC{}) {
			continue
		}
		c.see(b[:min(n, lookedAt)], link.Ifindex, link.Pkttype == toAnother)
	}
}

func (c *capture) see(b []byte, link int, overheard bool) {
	if t, ok := frame.Seen(b, c.run); ok {
		c.note(func() {
			seen := c.counts[arrival{t.ID, link}]
			if seen == nil {
				seen = &wire.Arrived{ID: t.ID, Interface: c.links[link]}
				c.counts[arrival{t.ID, link}] = seen
			}
			if seen.Count++; overheard {
				seen.Overheard++
			}
			c.last = time.Now()
		})
		return // what a probe claims about an address is false
	}
	if _, ours := frame.Find(b, c.run); ours {
		return
	}
	if address, mac, ok := frame.Neighbour(b); ok {
		c.note(func() {
			c.neighbours[neighbour{link, string(address)}] = mac
			close(c.learned)
			c.learned = make(chan struct{})
		})
	}
}

func (c *capture) note(what func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	what()
}

// settle waits until nothing has arrived for a moment: the last frame that was sent may still be on its way.
func (c *capture) settle() {
	const (
		moment  = 300 * time.Millisecond
		longest = 3 * time.Second // others may still be sending
	)
	began := time.Now()
	for {
		var quiet time.Duration
		c.note(func() { quiet = min(time.Since(c.last), time.Since(began)) })
		if quiet >= moment || time.Since(began) > longest {
			return
		}
		time.Sleep(moment - quiet)
	}
}

func (c *capture) results() (r wire.Results) {
	c.note(func() {
		for _, a := range c.counts {
			r.Arrived = append(r.Arrived, *a)
		}
		var counted struct{ packets, drops uint32 }
		length := uint32(unsafe.Sizeof(counted))
		// Reading resets the kernel's numbers to zero.
		if _, _, failed := syscall.Syscall6(syscall.SYS_GETSOCKOPT, uintptr(c.fd), solPacket, packetStatistics, uintptr(unsafe.Pointer(&counted)),
			uintptr(unsafe.Pointer(&length)), 0); failed == 0 {
			c.lost += int(counted.drops)
		}
		r.Lost = c.lost
	})
	return r
}

// resolve finds the hardware address of an address on the link.
func (c *capture) resolve(l link, own, address []byte, send func([]byte) error) (mac frame.MAC, ok bool) {
	const (
		tries    = 3
		patience = 400 * time.Millisecond
	)
	if own == nil && len(address) == 4 {
		own = make([]byte, 4) // as a host asks that has no address yet (RFC 5227)
	}
	if own == nil {
		return mac, false
	}
	for range tries {
		timeout := time.NewTimer(patience)
		asked := false
		for waiting := true; waiting; {
			var learned chan struct{}
			c.note(func() { mac, ok = c.neighbours[neighbour{l.index, string(address)}]; learned = c.learned })
			if ok {
				timeout.Stop()
				return mac, true
			}
			if !asked {
				asked = true
				if err := send(frame.WhoHas(l.mac, own, address)); err != nil {
					return mac, false
				}
			}
			select {
			case <-learned:
			case <-timeout.C:
				waiting = false
			}
		}
	}
	return mac, false
}
