package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

const (
	// stallLimit ends an upload that makes no progress; the last bytes may wait for the host's disk.
	stallLimit  = 2 * time.Minute
	uploadLimit = 7 * 24 * time.Hour
)

// Upload streams the image into the volume, and compares its SHA-256 if a digest is given. The head of an image that
// was opened is written last, after everything else was uploaded and checked: until then, the volume cannot be
// mistaken for the image.
func (i *Image) Upload(ctx context.Context, host *conn.Host, vol libvirt.StorageVol) error {
	end := &tail{lastBytes(nil, i.head)}
	i.content = io.TeeReader(i.content, end)
	rest, head := i.parts()
	if i.marks() { // separately, so that the mark is known to be written
		if err := send(ctx, host, vol, bytes.NewReader(i.placeholder()), markSize); err != nil {
			return err
		}
		i.marked = true
	}
	if err := send(ctx, host, vol, rest, i.Size); err != nil {
		return err
	}
	if err := i.verify(end.last); err != nil {
		return err
	}
	if head == nil {
		return nil
	}
	if err := i.checkMark(ctx, host, vol); err != nil {
		return err
	}
	i.headed = true
	return send(ctx, host, vol, head, int64(len(i.head)))
}

// verify checks what can only be known of a source after it was read.
func (i *Image) verify(end []byte) error {
	if i.source == nil {
		return nil
	}
	sums, err := i.source.finish()
	if err != nil {
		return err
	}
	if wrong := sums.mismatch(i.digest, "the uploaded content"); i.digest != "" && wrong != "" {
		return errors.New(wrong)
	}
	return checkTail(end, i.source.name(), i.format)
}

// tail keeps the last bytes that are written to it.
type tail struct{ last []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.last = lastBytes(t.last, p)
	return len(p), nil
}

// send streams a number of bytes to the beginning of a volume; all that there are if it is unpack.Unknown.
func send(ctx context.Context, host *conn.Host, vol libvirt.StorageVol, content io.Reader, size int64) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stall := time.AfterFunc(stallLimit, func() { cancel(fmt.Errorf("no progress for %s", stallLimit)) })
	defer stall.Stop()
	packets := &packets{from: content, left: size, stall: stall, failed: make(chan error, 1)}
	err := host.Stream(ctx, uploadLimit, func(l *libvirt.Libvirt) error {
		err := Write(l, vol, packets, uint64(max(0, size)))
		select {
		case failed := <-packets.failed: // libvirt only reports that the stream ended
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

// packetSize is the size of one packet, the same as in virsh. go-libvirt would send 4 MiB at a time, for which it and libvirtd allocate
// memory each time: that takes three times as long (libvirt 9.0).
const packetSize = 256<<10 - 24

// packets reads the content in packets. The stall timer stops while the content is read.
type packets struct {
	from   io.Reader
	left   int64 // unpack.Unknown: until the end
	stall  *time.Timer
	failed chan error
}

func (p *packets) Read(b []byte) (int, error) {
	if p.left == 0 {
		return 0, io.EOF
	}
	b = b[:min(len(b), packetSize)]
	if p.left > 0 {
		b = b[:min(int64(len(b)), p.left)]
	}
	p.stall.Stop()
	n, err := p.from.Read(b)
	p.stall.Reset(stallLimit)
	if p.left > 0 {
		p.left -= int64(n)
	}
	var limit limitError
	switch {
	case errors.Is(err, io.EOF) && p.left > 0:
		err = fmt.Errorf("'source' ended %d bytes too early; download it again", p.left)
	case errors.Is(err, io.EOF), err == nil, errors.As(err, &limit):
	default:
		err = fmt.Errorf("'source': %w", err)
	}
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	p.failed <- err
	return 0, err
}
