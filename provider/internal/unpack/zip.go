package unpack

import (
	"bufio"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"strings"
)

// The headers of a zip archive. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
const (
	zipFile       = "PK\x03\x04"
	zipDescriptor = "PK\x07\x08"

	zipStored   = 0
	zipDeflated = 8

	zipEncrypted     = 1 << 0
	zipHasDescriptor = 1 << 3

	zip64ID     = 1
	zip64Absent = 0xffffffff
)

// zipHeader is what precedes a file.
type zipHeader struct {
	name   string
	flags  uint16
	method uint16
	crc    uint32
	size   int64
	is64   bool // sizes after the file have 64 bits
}

// zipReader reads the only file of a zip archive from the first byte to the last. archive/zip begins at the end, where the list of files is.
type zipReader struct {
	archive *bufio.Reader
	header  zipHeader
	content io.Reader
	sum     hash.Hash32
	read    int64
}

func openZip(r *bufio.Reader) (io.Reader, int64, error) {
	h, err := nextInZip(r)
	if err == nil && h == nil {
		err = refuse("the zip archive contains no file; use another source")
	}
	if err != nil {
		return nil, 0, err
	}
	z := &zipReader{archive: r, header: *h, sum: crc32.NewIEEE()}
	hasDescriptor := h.flags&zipHasDescriptor != 0
	switch {
	case h.flags&zipEncrypted != 0:
		return nil, 0, refuse("the zip archive is encrypted; unpack it first")
	case h.method == zipDeflated:
		z.content = flate.NewReader(r)
	case h.method == zipStored && !hasDescriptor:
		z.content = io.LimitReader(r, h.size)
	default:
		return nil, 0, refuse("the zip archive is compressed with a method (%d) that is not supported; unpack it first", h.method)
	}
	if hasDescriptor {
		return z, Unknown, nil
	}
	return z, h.size, nil
}

// nextInZip returns the header of the next file, without directories; nil if there is none.
func nextInZip(r *bufio.Reader) (*zipHeader, error) {
	for {
		if next, _ := r.Peek(len(zipFile)); string(next) != zipFile {
			if len(next) < len(zipFile) {
				return nil, io.ErrUnexpectedEOF // the list of files is missing
			}
			return nil, nil
		}
		h, err := readZipHeader(r)
		if err != nil || !strings.HasSuffix(h.name, "/") {
			return h, err
		}
	}
}

func readZipHeader(r *bufio.Reader) (*zipHeader, error) {
	var fixed [30]byte
	if _, err := io.ReadFull(r, fixed[:]); err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	rest := make([]byte, int(le.Uint16(fixed[26:]))+int(le.Uint16(fixed[28:])))
	if _, err := io.ReadFull(r, rest); err != nil {
		return nil, err
	}
	name, extra := rest[:le.Uint16(fixed[26:])], rest[le.Uint16(fixed[26:]):]
	h := &zipHeader{name: string(name), flags: le.Uint16(fixed[6:]), method: le.Uint16(fixed[8:]), crc: le.Uint32(fixed[14:]),
		size: int64(le.Uint32(fixed[22:]))}
	for len(extra) >= 4 {
		id, length := le.Uint16(extra), int(le.Uint16(extra[2:]))
		if len(extra) < 4+length {
			break
		}
		if field := extra[4 : 4+length]; id == zip64ID {
			h.is64 = true
			if len(field) >= 8 && h.size == zip64Absent {
				h.size = int64(le.Uint64(field))
			}
		}
		extra = extra[4+length:]
	}
	return h, nil
}

// Read reads the file. At its end, it checks the checksum, and fails if the archive contains another file.
func (z *zipReader) Read(p []byte) (int, error) {
	n, err := z.content.Read(p)
	z.sum.Write(p[:n])
	z.read += int64(n)
	if err != io.EOF {
		return n, err
	}
	if err := z.finish(); err != nil {
		return n, err
	}
	return n, io.EOF
}

func (z *zipReader) finish() error {
	if z.header.flags&zipHasDescriptor != 0 {
		if err := z.readDescriptor(); err != nil {
			return err
		}
	}
	switch {
	case z.read != z.header.size:
		return fmt.Errorf("it contains %d of %d bytes", z.read, z.header.size)
	case z.sum.Sum32() != z.header.crc:
		return errors.New("its checksum is wrong")
	}
	other, err := nextInZip(z.archive)
	if err == nil && other != nil {
		err = severalFiles("zip", z.header.name, other.name)
	}
	return err
}

// readDescriptor reads the checksum and the size that follow a file whose header does not have them.
func (z *zipReader) readDescriptor() error {
	if next, _ := z.archive.Peek(len(zipDescriptor)); string(next) == zipDescriptor {
		_, _ = z.archive.Discard(len(zipDescriptor))
	}
	field := make([]byte, 12)
	is64 := z.header.is64 || z.read >= zip64Absent
	if is64 {
		field = make([]byte, 20)
	}
	if _, err := io.ReadFull(z.archive, field); err != nil {
		return err
	}
	z.header.crc = binary.LittleEndian.Uint32(field)
	if z.header.size = int64(binary.LittleEndian.Uint32(field[8:])); is64 {
		z.header.size = int64(binary.LittleEndian.Uint64(field[12:]))
	}
	return nil
}
