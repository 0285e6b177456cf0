//go:build acceptance

package acceptance

import (
	"bytes"
	"encoding/binary"
	"sync/atomic"
	"testing"
)

// smallHost is a host of the lab that says that it has less memory than it has, so that guests of a few MiB fill it.
type smallHost struct {
	*proxy
	free atomic.Int64 // KiB
}

// newSmallHost returns a host with this much memory, all of it free. The host cannot read more about its memory than libvirt says.
func newSmallHost(t *testing.T, h *labHost, kib int64) *smallHost {
	t.Helper()
	s := &smallHost{proxy: newProxy(t, h, func(message) verdict { return pass })}
	s.free.Store(kib)
	s.edit = func(m message, body []byte) {
		nodes := []byte("/sys/devices/system/node/")
		copy(after(body, nodes), bytes.Repeat([]byte("_"), 4))
		if m == (message{nodeMemoryStats, reply}) {
			for field, value := range map[string]int64{"total": kib, "free": s.free.Load(), "buffers": 0, "cached": 0} {
				set(body, field, value)
			}
		}
	}
	return s
}

// after returns what follows a text in a message, nil if the message does not have it.
func after(body, text []byte) []byte {
	if at := bytes.Index(body, text); at >= 0 {
		return body[at+len(text):]
	}
	return nil
}

// set changes the number of a field in a list of parameters. https://libvirt.org/kbase/internals/rpc.html
func set(body []byte, field string, value int64) {
	name := binary.BigEndian.AppendUint32(nil, uint32(len(field)))
	name = append(name, field...)
	for len(name)%4 != 0 {
		name = append(name, 0)
	}
	if number := after(body, name); number != nil {
		binary.BigEndian.PutUint64(number, uint64(value))
	}
}
