package storage

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/download"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/unpack"
)

// Image is the content for a volume: a local file or a file on an HTTP server, unpacked, or bytes.
type Image struct {
	Size     int64 // in bytes, as uploaded; unpack.Unknown if only its end says it
	Capacity int64 // in bytes, as a guest sees it; unpack.Unknown for a raw image of unknown size

	head    []byte // the part that is written last; nil: everything is written in order
	content io.Reader
	close   func() error
	format  string
	source  *source // nil if the content is not that of a source
	digest  string  // "" if the content is not verified
	token   string  // in the mark of the volume until the upload is complete
	marked  bool
	headed  bool // the head may have replaced the mark
}

// headSize is how much of an image is written last. It covers everything that identifies the content of a disk: GPT, LVM and every file
// system.
const headSize = 1 << 20

// Open opens the source of a volume and checks its format.
func Open(ctx context.Context, plan table.Model) (*Image, error) {
	from, err := openSource(ctx, plan.Str("source"), plan["source_sha256"] != nil, download.Open)
	if err != nil {
		return nil, err
	}
	image := &Image{Size: from.Size, content: from, close: from.close, source: from, digest: plan.Str("source_sha256")}
	return image.identify(from.name(), plan.Str("format"))
}

// FromVolume opens the content of a volume, which is complete.
func FromVolume(ctx context.Context, host *conn.Host, vol libvirt.StorageVol, format string) (*Image, error) {
	r := &volumeReader{ctx: ctx, host: host, vol: vol}
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, _, size, err := l.StorageVolGetInfoFlags(vol, uint32(libvirt.StorageVolGetPhysical))
		r.left = int64(size)
		return err
	})
	if err != nil {
		return nil, err
	}
	return FromBytes(r.left, r).identify(vol.Name, format)
}

// identify reads the head of an image, and checks its format.
func (i *Image) identify(name, format string) (*Image, error) {
	var err error
	i.format = format
	if i.head, err = io.ReadAll(io.LimitReader(i.content, headSize)); err != nil {
		err = i.explain(err)
	} else {
		if i.Size == unpack.Unknown && len(i.head) < headSize {
			i.Size = int64(len(i.head))
		}
		i.Capacity, err = sample{head: i.head, size: i.Size}.check(name, format)
	}
	if err != nil {
		i.Close()
		return nil, err
	}
	i.token = uuid.NewString()
	return i, nil
}

// explain says in an error what it is about.
func (i *Image) explain(err error) error {
	if i.source != nil {
		return i.source.explain(err)
	}
	return fmt.Errorf("'source': %w", err)
}

// Limit fails the upload of an image whose size is not known when it turns out to be larger than the volume.
func (i *Image) Limit(capacity int64) {
	i.Capacity = capacity
	i.content = &limited{i.content, capacity - int64(len(i.head)), capacity}
}

type limitError struct{ error }

type limited struct {
	io.Reader
	left, capacity int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, limitError{fmt.Errorf("'capacity' must be at least the size of the unpacked image, which is more than %d bytes; raise it, "+
			"or remove it", l.capacity)}
	}
	return n, err
}

// Measure reads the source of a volume to its end, and returns the size of its content.
func Measure(ctx context.Context, plan table.Model) (int64, error) {
	from, err := openSource(ctx, plan.Str("source"), plan["source_sha256"] != nil, download.Open)
	if err != nil {
		return 0, err
	}
	defer func() { _ = from.close() }()
	size, err := io.Copy(io.Discard, from)
	if err != nil {
		err = from.explain(err)
	}
	return size, err
}

// FromBytes returns an image with content from memory.
func FromBytes(size int64, content io.Reader) *Image {
	return &Image{Size: size, content: content, close: func() error { return nil }}
}

// Close closes the source.
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
