package storage

import (
	"bytes"
	"context"
	"io"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// chunkSize is how much of a volume is read in one call. go-libvirt buffers everything that arrives before it is consumed, so a whole volume
// in one call could fill the memory.
const chunkSize = 16 << 20

// volumeReader reads a volume in chunks.
type volumeReader struct {
	ctx   context.Context // for the whole volume: Read has no context
	host  *conn.Host
	vol   libvirt.StorageVol
	at    int64
	left  int64
	chunk bytes.Buffer
}

// Read implements io.Reader.
func (r *volumeReader) Read(b []byte) (int, error) {
	if r.chunk.Len() == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		n := min(r.left, chunkSize)
		err := r.host.DoWithin(r.ctx, stallLimit, func(l *libvirt.Libvirt) error {
			r.chunk.Reset()
			return l.StorageVolDownload(r.vol, &r.chunk, uint64(r.at), uint64(n), 0)
		})
		if err == nil && int64(r.chunk.Len()) != n {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return 0, err
		}
		r.at, r.left = r.at+n, r.left-n
	}
	return r.chunk.Read(b)
}
