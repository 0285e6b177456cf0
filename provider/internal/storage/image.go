package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/download"
)

// Image is the content for a volume: a local file, a file on an HTTP server, or bytes.
type Image struct {
	Size     int64 // in bytes, as stored
	Capacity int64 // in bytes, as a guest sees it

	head    []byte // the part that is written last; nil: everything is written in order
	content io.Reader
	close   func() error
	token   string // in the mark of the volume until the upload is complete
	marked  bool
	headed  bool // the head may have replaced the mark
}

// headSize is how much of an image is written last. It covers everything that identifies the content of a disk: GPT, LVM and every file
// system.
const headSize = 1 << 20

// CheckSource returns what is wrong with a path or a URL.
func CheckSource(v any) error {
	source := v.(string)
	switch {
	case source == "":
		return errors.New("must not be empty; set the path of a file, or a URL")
	case download.IsURL(source):
		return download.Check(source)
	}
	return nil
}

// Open opens an image and checks its format.
func Open(ctx context.Context, source, format string) (*Image, error) {
	image, err := open(ctx, source)
	if err != nil {
		return nil, err
	}
	image.head = make([]byte, min(headSize, image.Size))
	if _, err = io.ReadFull(image.content, image.head); err != nil {
		err = fmt.Errorf("'source': %w", err)
	} else {
		image.Capacity, err = checkContent(image.head, image.Size, source, format)
	}
	if err != nil {
		image.Close()
		return nil, err
	}
	image.token = uuid.NewString()
	return image, nil
}

func open(ctx context.Context, source string) (*Image, error) {
	if download.IsURL(source) {
		f, err := download.Open(ctx, source)
		if err != nil {
			return nil, fmt.Errorf("'source': %w", err)
		}
		return &Image{Size: f.Size, content: f, close: f.Close}, nil
	}
	f, err := os.Open(source)
	if err != nil {
		return nil, fmt.Errorf("'source': %w; set the path of a file on the machine that runs Terraform", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("'source' must be a file, got %s", source)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &Image{Size: info.Size(), content: f, close: f.Close}, nil
}

// FromBytes returns an image with content from memory.
func FromBytes(size int64, content io.Reader) *Image {
	return &Image{Size: size, content: content, close: func() error { return nil }}
}

// Close closes the file.
func (i *Image) Close() { _ = i.close() }

// placeholder returns what is written in place of the head until everything else is written: the mark, followed by
// zeros.
func (i *Image) placeholder() []byte {
	b := make([]byte, len(i.head))
	copy(b, mark(i.token))
	return b
}

// marks reports whether the image is large enough for a mark.
func (i *Image) marks() bool { return len(i.head) >= markSize }

// parts returns the image in the order in which it is written.
func (i *Image) parts() (rest, head io.Reader) {
	if !i.marks() {
		return io.MultiReader(bytes.NewReader(i.head), i.content), nil
	}
	return io.MultiReader(bytes.NewReader(i.placeholder()), i.content), bytes.NewReader(i.head)
}
