package storage

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/download"
)

// The header of a qcow2 image. https://www.qemu.org/docs/master/interop/qcow2.html#header
const (
	qcow2BackingAt   = 8
	qcow2CapacityAt  = 24
	qcow2FeaturesAt  = 72 // of what can't be read by those who don't know it, from version 3 on
	qcow2HeaderSize  = 80
	qcow2VersionAt   = 4
	qcow2ExternalBit = 1 << 2
)

var qcow2Magic = []byte{'Q', 'F', 'I', 0xfb}

// packed are the formats that images are often offered in, by their first bytes.
var packed = map[string]string{"\x1f\x8b": "gzip", "\xfd7zXZ\x00": "xz", "\x28\xb5\x2f\xfd": "zstd", "BZh": "bzip2", "PK\x03\x04": "zip"}

// checkContent holds the beginning of an image against its format, and gives the size that a guest sees.
func checkContent(head []byte, size int64, source, format string) (capacity int64, err error) {
	is := bytes.HasPrefix(head, qcow2Magic)
	switch {
	case is && format != "qcow2":
		return 0, fmt.Errorf("'source' must be a %s image, and %s is qcow2; correct 'format', or convert it with qemu-img", format, name(source))
	case !is && format == "qcow2":
		return 0, notQcow2(head, source)
	case !is:
		return size, nil
	case len(head) < qcow2HeaderSize:
		return 0, fmt.Errorf("'source' must be a whole image, and %s ends within its header; get it again", name(source))
	case binary.BigEndian.Uint64(head[qcow2BackingAt:]) != 0:
		return 0, fmt.Errorf("'source' must be complete in itself, and %s is a clone of another image; flatten it with qemu-img convert", name(source))
	case binary.BigEndian.Uint32(head[qcow2VersionAt:]) > 2 && binary.BigEndian.Uint64(head[qcow2FeaturesAt:])&qcow2ExternalBit != 0:
		return 0, fmt.Errorf("'source' must be complete in itself, and %s keeps its data in another file; flatten it with qemu-img convert", name(source))
	}
	return int64(binary.BigEndian.Uint64(head[qcow2CapacityAt:])), nil
}

func notQcow2(head []byte, source string) error {
	for magic, how := range packed {
		if bytes.HasPrefix(head, []byte(magic)) {
			return fmt.Errorf("'source' must be a qcow2 image, and %s is packed with %s; unpack it first", name(source), how)
		}
	}
	return fmt.Errorf("'source' must be a qcow2 image, and %s is not qcow2; correct 'format', or convert it with qemu-img", name(source))
}

// name is a source as it may be shown: a URL may have a password in it.
func name(source string) string {
	if download.IsURL(source) {
		return download.Redacted(source)
	}
	return source
}
