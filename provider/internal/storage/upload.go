package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

const (
	// stallLimit ends an upload that the host no longer takes; the last of it may wait for the host's disk.
	stallLimit  = 2 * time.Minute
	uploadLimit = 7 * 24 * time.Hour
)

// Upload streams the image into the volume, holding it against the digest where one is given. The head of an image that was opened comes last, and
// only when all else is there and right: until then there is nothing in the volume that anybody could take for it.
func (i *Image) Upload(ctx context.Context, host *conn.Host, vol libvirt.StorageVol, digest string) error {
	var sum hash.Hash
	if digest != "" {
		sum = sha256.New()
		sum.Write(i.head)
		i.content = io.TeeReader(i.content, sum)
	}
	rest, head := i.parts()
	if i.marks() { // by itself, so that it is known to be there
		if err := send(ctx, host, vol, bytes.NewReader(i.placeholder()), markSize); err != nil {
			return err
		}
		i.marked = true
	}
	if err := send(ctx, host, vol, rest, i.Size); err != nil {
		return err
	}
	if sum != nil {
		if got := hex.EncodeToString(sum.Sum(nil)); got != digest {
			return fmt.Errorf("'source_sha256' is %s, but what was uploaded has %s; correct it, or get the right file", digest, got)
		}
	}
	if head == nil {
		return nil
	}
	if err := i.stillOurs(ctx, host, vol); err != nil {
		return err
	}
	i.headed = true
	return send(ctx, host, vol, head, int64(len(i.head)))
}

// send streams bytes into a volume, from its beginning.
func send(ctx context.Context, host *conn.Host, vol libvirt.StorageVol, content io.Reader, size int64) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stall := time.AfterFunc(stallLimit, func() { cancel(fmt.Errorf("nothing was taken for %s", stallLimit)) })
	defer stall.Stop()
	parcels := &parcels{from: content, left: size, stall: stall, failed: make(chan error, 1)}
	err := host.Stream(ctx, uploadLimit, func(l *libvirt.Libvirt) error {
		err := l.StorageVolUpload(vol, parcels, 0, uint64(size), 0)
		select {
		case failed := <-parcels.failed: // of which libvirt only says that the stream was ended
			return failed
		default:
			return err
		}
	})
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = fmt.Errorf("%w (%w)", err, cause)
	}
	return err
}

// parcel is how much goes into one packet, as much as virsh puts into one. go-libvirt would send 4 MiB at a time, for which it and libvirtd
// allocate memory anew each time: that takes three times as long (libvirt 9.0).
const parcel = 256<<10 - 24

// parcels is what is sent, in parcels. The host's clock stands while it waits for more.
type parcels struct {
	from   io.Reader
	left   int64
	stall  *time.Timer
	failed chan error
}

func (p *parcels) Read(b []byte) (int, error) {
	if p.left == 0 {
		return 0, io.EOF
	}
	p.stall.Stop()
	n, err := p.from.Read(b[:min(len(b), parcel, int(min(p.left, parcel)))])
	p.stall.Reset(stallLimit)
	p.left -= int64(n)
	switch {
	case errors.Is(err, io.EOF) && p.left > 0:
		err = fmt.Errorf("'source' ended %d bytes too early; get the whole of it", p.left)
	case errors.Is(err, io.EOF), err == nil:
		return n, err
	default:
		err = fmt.Errorf("'source': %w", err)
	}
	p.failed <- err
	return 0, err
}
