package conn

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
)

// ordered is a connection that delivers no packet of a stream before the reply to the call that opened the stream.
// libvirtd (9.0) sends the two from different threads and sometimes in the wrong order. go-libvirt takes the first
// packet for the reply: it loses the data, and the next packet blocks the connection forever. The packets:
// https://libvirt.org/kbase/internals/rpc.html#message-format
type ordered struct {
	net.Conn
	in    *bufio.Reader
	out   []byte              // the bytes to read next
	open  map[uint32]bool     // streams, by the serial of their call, whose reply was read
	early map[uint32][][]byte // packets of streams whose reply was not read yet
}

func orderStreams(c net.Conn) *ordered {
	return &ordered{Conn: c, in: bufio.NewReader(c), open: map[uint32]bool{}, early: map[uint32][][]byte{}}
}

const (
	lengthSize = 4
	headerSize = lengthSize + 6*4 // length, program, version, procedure, type, serial, status
	packetMax  = 32<<20 + lengthSize

	typeReply, typeStream    = 1, 3
	statusOK, statusContinue = 0, 2

	procOpenConsole, procUpload, procDownload = 201, 208, 209
)

// opens has the procedures that open a stream.
var opens = map[uint32]bool{procOpenConsole: true, procUpload: true, procDownload: true}

// Read reads the reordered bytes. Only go-libvirt's reader goroutine calls it.
func (o *ordered) Read(p []byte) (int, error) {
	for len(o.out) == 0 {
		packet, err := o.next()
		if err != nil {
			return 0, err
		}
		o.sort(packet)
	}
	n := copy(p, o.out)
	o.out = o.out[n:]
	return n, nil
}

func (o *ordered) next() ([]byte, error) {
	var length [lengthSize]byte
	if _, err := io.ReadFull(o.in, length[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(length[:])
	if n < headerSize || n > packetMax {
		return nil, fmt.Errorf("not libvirt's protocol: a packet of %d bytes", n)
	}
	packet := make([]byte, n)
	copy(packet, length[:])
	_, err := io.ReadFull(o.in, packet[lengthSize:])
	return packet, err
}

// sort passes a packet on, or keeps it until the reply that belongs before it has arrived.
func (o *ordered) sort(packet []byte) {
	field := func(i int) uint32 { return binary.BigEndian.Uint32(packet[lengthSize+4*i:]) }
	procedure, kind, serial, status := field(2), field(3), field(4), field(5)
	if kind == typeStream && !o.open[serial] {
		o.early[serial] = append(o.early[serial], packet)
		return
	}
	o.out = append(o.out, packet...)
	switch {
	case kind == typeStream && (status != statusContinue || len(packet) == headerSize):
		delete(o.open, serial) // the stream ends
	case kind == typeReply && opens[procedure]:
		early := o.early[serial]
		delete(o.early, serial)
		o.open[serial] = status == statusOK
		for _, packet := range early {
			o.sort(packet)
		}
	}
}
