package storage

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// The header of a qcow2 image. https://www.qemu.org/docs/master/interop/qcow2.html#header
const (
	qcow2BackingAt   = 8
	qcow2CapacityAt  = 24
	qcow2FeaturesAt  = 72 // the incompatible features, from version 3 on
	qcow2HeaderSize  = 80
	qcow2VersionAt   = 4
	qcow2ExternalBit = 1 << 2
)

var qcow2Magic = []byte{'Q', 'F', 'I', 0xfb}

// sample is what of an image says which format it has.
type sample struct {
	head, tail []byte // the tail is empty if it is not known
	size       int64  // or unpack.Unknown
}

// check checks that an image has a format, and returns the size that a guest sees; unpack.Unknown if that is not known.
func (s sample) check(name, format string) (capacity int64, err error) {
	isQcow2 := bytes.HasPrefix(s.head, qcow2Magic) && len(s.head) > qcow2VersionAt+3 && binary.BigEndian.Uint32(s.head[qcow2VersionAt:]) > 1
	switch {
	case isQcow2 && format != "qcow2":
		return 0, fmt.Errorf("'source' must be a %s image, and %s is qcow2; correct 'format', or have the host convert it: upload it to a "+
			"pool of files, and name that volume in 'clone_from' of this one", format, name)
	case !isQcow2:
		return s.size, s.checkOther(name, format)
	case len(s.head) < qcow2HeaderSize:
		return 0, fmt.Errorf("'source' must be a complete image, and %s ends within its header; download it again", name)
	case binary.BigEndian.Uint64(s.head[qcow2BackingAt:]) != 0:
		return 0, fmt.Errorf("'source' must not have a backing file, and %s is a clone of another image; flatten it with qemu-img convert", name)
	case binary.BigEndian.Uint32(s.head[qcow2VersionAt:]) > 2 && binary.BigEndian.Uint64(s.head[qcow2FeaturesAt:])&qcow2ExternalBit != 0:
		return 0, fmt.Errorf("'source' must not have an external data file, and %s keeps its data in another file; flatten it with qemu-img convert",
			name)
	}
	return int64(binary.BigEndian.Uint64(s.head[qcow2CapacityAt:])), nil
}

// checkOther checks content that is not qcow2.
func (s sample) checkOther(name, format string) error {
	for _, f := range foreignFormats {
		if f.is(s.head) {
			return f.refuse(name, format)
		}
	}
	if err := checkTail(s.tail, name, format); err != nil {
		return err
	}
	if format == "qcow2" {
		return fmt.Errorf("'source' must be a qcow2 image, and %s is not qcow2; correct 'format', or convert it with "+
			"'qemu-img convert -O qcow2'", name)
	}
	return nil
}
