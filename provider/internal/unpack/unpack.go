// Package unpack unpacks a file while it is read. What the file is packed in is found by its content, never by its name.
package unpack

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Unknown is the size of content whose end nothing says in advance.
const Unknown = -1

// Content is the content of a file, unpacked.
type Content struct {
	io.Reader
	Packing []string // what the file is packed in, the outermost first; empty if it is not packed
	Size    int64    // in bytes, or Unknown
}

// format is a way to pack one file.
type format struct {
	name  string
	magic string
	at    int // where the magic is
	open  func(r *bufio.Reader) (content io.Reader, size int64, err error)
}

var formats = []format{
	{name: "gzip", magic: "\x1f\x8b\x08", open: openGzip},
	{name: "xz", magic: "\xfd7zXZ\x00", open: openXz},
	{name: "zstd", magic: "\x28\xb5\x2f\xfd", open: openZstd},
	{name: "bzip2", magic: "BZh", open: openBzip2},
	{name: "zip", magic: "PK\x03\x04", open: openZip},
	{name: "tar", magic: "ustar", at: 257, open: openTar},
}

const (
	headSize = 512
	// maxDepth is how often a file can be packed: a compressed tar archive in a zip archive.
	maxDepth = 3
)

// Open finds out what a file of a size is packed in, and returns what it contains. It reads as little as possible.
func Open(file io.Reader, size int64) (*Content, error) {
	source := &source{Reader: file}
	c := &Content{Reader: source, Size: size}
	for {
		r := bufio.NewReaderSize(c.Reader, 64<<10)
		c.Reader = r
		head, err := r.Peek(headSize)
		if err != nil && err != io.EOF { // EOF: the content is shorter
			return nil, err
		}
		i := slices.IndexFunc(formats, func(f format) bool { return len(head) > f.at && strings.HasPrefix(string(head[f.at:]), f.magic) })
		if i < 0 || len(c.Packing) == maxDepth {
			return c, nil
		}
		inner, size, err := formats[i].open(r)
		if err != nil {
			return nil, source.explain(formats[i], err)
		}
		c = &Content{Reader: &layer{inner, source, formats[i]}, Packing: append(c.Packing, formats[i].name), Size: size}
	}
}

// source is the file itself. Its errors are not those of an archive.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

func (s *source) explain(f format, err error) error {
	var said Error
	switch {
	case s.err != nil:
		return s.err
	case errors.As(err, &said):
		return said
	default:
		return refuse("the %s archive is damaged or incomplete (%w); download it again", f.name, err)
	}
}

// layer is the content of one archive. It says in its errors which archive is damaged.
type layer struct {
	io.Reader
	source *source
	format format
}

func (l *layer) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = l.source.explain(l.format, err)
	}
	return n, err
}

// Error says what is wrong with an archive. Errors in reading the file are not of this type.
type Error struct{ error }

// Unwrap returns the error of the decoder.
func (e Error) Unwrap() error { return errors.Unwrap(e.error) }

func refuse(format string, args ...any) error { return Error{fmt.Errorf(format, args...)} }
