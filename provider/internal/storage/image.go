package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

const (
	// stallLimit ends an upload that no longer moves; the last of it may wait for the host's disk.
	stallLimit  = 2 * time.Minute
	uploadLimit = 7 * 24 * time.Hour
)

// Image is a local file, or bytes, on the way to a volume.
type Image struct {
	Size    int64 // in bytes, as stored
	content io.Reader
	close   func() error
}

// qcow2 images begin with these bytes. https://www.qemu.org/docs/master/interop/qcow2.html
var qcow2Magic = [4]byte{'Q', 'F', 'I', 0xfb}

// Open opens a local image and checks that it is what it is said to be.
func Open(path, format string) (*Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("'source': %w; give the path of a file on the machine that runs this", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("'source' must be a file, got %s", path)
	}
	if err == nil {
		err = checkFormat(f, path, format)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &Image{Size: info.Size(), content: f, close: f.Close}, nil
}

func checkFormat(f io.ReaderAt, path, format string) error {
	var magic [4]byte
	if _, err := f.ReadAt(magic[:], 0); err != nil && err != io.EOF {
		return fmt.Errorf("'source': %w", err)
	}
	if is := magic == qcow2Magic; is != (format == "qcow2") {
		found := map[bool]string{true: "qcow2", false: "not qcow2"}[is]
		return fmt.Errorf("'source' must be a %s image, and %s is %s; correct 'format', or convert it with qemu-img", format, path, found)
	}
	return nil
}

// FromBytes is an image made in memory.
func FromBytes(size int64, content io.Reader) *Image {
	return &Image{Size: size, content: content, close: func() error { return nil }}
}

// Close closes the file.
func (i *Image) Close() { _ = i.close() }

// Upload streams the image into the volume, holding it against the digest where one is given.
func (i *Image) Upload(ctx context.Context, host *conn.Host, vol libvirt.StorageVol, digest string) error {
	content := i.content
	var sum hash.Hash
	if digest != "" {
		sum = sha256.New()
		content = io.TeeReader(content, sum)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	stall := time.AfterFunc(stallLimit, func() { cancel(fmt.Errorf("nothing was taken for %s", stallLimit)) })
	defer stall.Stop()
	content = &watched{content, func() { stall.Reset(stallLimit) }}
	err := host.Stream(ctx, uploadLimit, func(l *libvirt.Libvirt) error {
		return l.StorageVolUpload(vol, content, 0, uint64(i.Size), 0)
	})
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = fmt.Errorf("%w (%w)", err, cause)
	}
	if err != nil || sum == nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != digest {
		return fmt.Errorf("'source_sha256' is %s, but what was uploaded has %s; correct it, or get the right file", digest, got)
	}
	return nil
}

// parcel is how much goes into one packet, as much as virsh puts into one. go-libvirt would send 4 MiB at a time, for which it and libvirtd
// allocate memory anew each time: that takes three times as long (libvirt 9.0).
const parcel = 256<<10 - 24

// watched is read in parcels, and tells when.
type watched struct {
	io.Reader
	moved func()
}

func (w *watched) Read(p []byte) (int, error) {
	w.moved()
	return w.Reader.Read(p[:min(len(p), parcel)])
}
