package storage

import (
	"bytes"
	"io"

	"github.com/digitalocean/go-libvirt"
)

// errNotWritten is what libvirt should have answered to an upload that it reported as complete.
var errNotWritten = libvirt.Error{
	Code:    uint32(libvirt.ErrWriteFailed),
	Message: "the host did not write the last bytes: no space left on its disk, or the disk is faulty",
}

// Write writes content to the beginning of a volume, and reads the end of it back. size is its length, or 0 if only its end tells.
//
// libvirt writes behind the stream, in order, and stops at the first error. It loses that error if it had received all bytes by then
// (virFDStreamCloseInt in src/util/virfdstream.c, libvirt 9.0): on a full disk, an upload succeeds without its last bytes.
func Write(l *libvirt.Libvirt, vol libvirt.StorageVol, content io.Reader, size uint64) error {
	defer beginTransfer()()
	var sent sent
	if err := l.StorageVolUpload(vol, io.TeeReader(content, &sent), 0, size, 0); err != nil {
		return err
	}
	for _, w := range sent.windows() {
		var stored bytes.Buffer
		if err := l.StorageVolDownload(vol, &stored, uint64(w.end)-uint64(len(w.content)), uint64(len(w.content)), 0); err != nil {
			return err
		}
		if !bytes.Equal(stored.Bytes(), w.content) {
			return errNotWritten
		}
	}
	return nil
}

// window is a part of some content: the bytes before the offset end.
type window struct {
	content []byte
	end     int64
}

// sent keeps the last bytes that are written to it, and the last ones that are not all zero. A new volume reads as zeros: without the latter,
// an image that ends with zeros could lose what is before them.
type sent struct {
	last, data window
}

func (s *sent) Write(p []byte) (int, error) {
	start := s.last.end
	if data := bytes.TrimRight(p, "\x00"); len(data) > 0 {
		s.data = window{lastBytes(s.last.content, data), start + int64(len(data))}
	}
	s.last = window{lastBytes(s.last.content, p), start + int64(len(p))}
	return len(p), nil
}

func (s *sent) windows() []window {
	var found []window
	if s.data.end > 0 && s.data.end < s.last.end {
		found = append(found, s.data)
	}
	if s.last.end > 0 {
		found = append(found, s.last)
	}
	return found
}

// lastBytes returns the last bytes of two parts of some content that follow each other, up to tailSize.
func lastBytes(first, second []byte) []byte {
	if len(second) >= tailSize {
		return bytes.Clone(second[len(second)-tailSize:])
	}
	all := append(bytes.Clone(first), second...)
	return all[max(0, len(all)-tailSize):]
}
