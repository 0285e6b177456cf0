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
	qcow2FeaturesAt  = 72 // the incompatible features, from version 3 on
	qcow2HeaderSize  = 80
	qcow2VersionAt   = 4
	qcow2ExternalBit = 1 << 2
)

var qcow2Magic = []byte{'Q', 'F', 'I', 0xfb}

// packed are common compression formats of images, by their first bytes.
var compressed = map[string]string{"\x1f\x8b": "gzip", "\xfd7zXZ\x00": "xz", "\x28\xb5\x2f\xfd": "zstd", "BZh": "bzip2", "PK\x03\x04": "zip"}

// checkContent checks that the beginning of an image matches its format, and returns the size that a guest sees.
func checkContent(head []byte, size int64, source, format string) (capacity int64, err error) {
	isQcow2 := bytes.HasPrefix(head, qcow2Magic)
	switch {
	case isQcow2 && format != "qcow2":
		return 0, fmt.Errorf("'source' must be a %s image, and %s is qcow2; correct 'format', or convert it with qemu-img",
			format, displayName(source))
	case !isQcow2 && format == "qcow2":
		return 0, notQcow2(head, source)
	case !isQcow2:
		return size, nil
	case len(head) < qcow2HeaderSize:
		return 0, fmt.Errorf("'source' must be a complete image, and %s ends within its header; download it again", displayName(source))
	case binary.BigEndian.Uint64(head[qcow2BackingAt:]) != 0:
		return 0, fmt.Errorf("'source' must not have a backing file, and %s is a clone of another image; flatten it with qemu-img convert",
			displayName(source))
	case binary.BigEndian.Uint32(head[qcow2VersionAt:]) > 2 && binary.BigEndian.Uint64(head[qcow2FeaturesAt:])&qcow2ExternalBit != 0:
		return 0, fmt.Errorf("'source' must not have an external data file, and %s keeps its data in another file; flatten it with qemu-img convert",
			displayName(source))
	}
	return int64(binary.BigEndian.Uint64(head[qcow2CapacityAt:])), nil
}

func notQcow2(head []byte, source string) error {
	for magic, method := range compressed {
		if bytes.HasPrefix(head, []byte(magic)) {
			return fmt.Errorf("'source' must be a qcow2 image, and %s is compressed with %s; decompress it first", displayName(source), method)
		}
	}
	return fmt.Errorf("'source' must be a qcow2 image, and %s is not qcow2; correct 'format', or convert it with qemu-img", displayName(source))
}

// displayName returns a source for messages: a URL without its password.
func displayName(source string) string {
	if download.IsURL(source) {
		return download.Redacted(source)
	}
	return source
}
