package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/download"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/unpack"
)

// source is an open source of an image: a local file or a file on a server, which is unpacked while it is read.
type source struct {
	*unpack.Content
	location   string
	stored     io.Reader // the bytes as they are stored, from where the content has been read up to
	storedSize int64
	sums       [2]hash.Hash           // of the stored bytes, and of the content if it is packed; nil if nothing is compared with them
	tail       func() ([]byte, error) // reads the last stored bytes
	close      func() error
}

// CheckSource returns what is wrong with a path or a URL.
func CheckSource(v any) error {
	location := v.(string)
	switch {
	case location == "":
		return errors.New("must not be empty; set the path of a file, or a URL")
	case download.IsURL(location):
		return download.Check(location)
	}
	return nil
}

// downloader opens a file on a server.
type downloader func(ctx context.Context, url string, verified bool) (*download.File, error)

// openSource opens a source. verified says that its digest is known, and will be compared.
func openSource(ctx context.Context, location string, verified bool, get downloader) (*source, error) {
	s := &source{location: location}
	var err error
	if s.storedSize, err = s.open(ctx, verified, get); err != nil {
		return nil, err
	}
	if verified {
		s.sums[0] = sha256.New()
		s.stored = io.TeeReader(s.stored, s.sums[0])
	}
	if s.Content, err = unpack.Open(s.stored, s.storedSize); err != nil {
		_ = s.close()
		return nil, s.explain(err)
	}
	if verified && len(s.Packing) > 0 {
		s.sums[1] = sha256.New()
		s.Content.Reader = io.TeeReader(s.Content.Reader, s.sums[1])
	}
	return s, nil
}

func (s *source) open(ctx context.Context, verified bool, get downloader) (size int64, err error) {
	if download.IsURL(s.location) {
		f, err := get(ctx, s.location, verified)
		if err != nil {
			return 0, fmt.Errorf("'source': %w", err)
		}
		s.stored, s.close, s.tail = f, f.Close, func() ([]byte, error) { return f.Tail(tailSize) }
		return f.Size, nil
	}
	f, err := os.Open(s.location)
	if err != nil {
		return 0, fmt.Errorf("'source': %w; set the path of a file on the machine that runs Terraform", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("'source' must be a file, got %s", s.location)
	}
	if err != nil {
		_ = f.Close()
		return 0, err
	}
	s.stored, s.close = f, f.Close
	s.tail = func() ([]byte, error) {
		tail := make([]byte, min(tailSize, info.Size()))
		_, err := f.ReadAt(tail, info.Size()-int64(len(tail)))
		return tail, err
	}
	return info.Size(), nil
}

// name is what messages call the content.
func (s *source) name() string {
	if len(s.Packing) > 0 {
		return "the content of " + displayName(s.location)
	}
	return displayName(s.location)
}

// explain says in an error which source it is about.
func (s *source) explain(err error) error {
	if download.IsURL(s.location) { // a download's error has the URL
		return fmt.Errorf("'source': %w", err)
	}
	return fmt.Errorf("'source': %s: %w", s.location, err)
}

// digests are the SHA-256 of a source that was read to its end, empty if it was not verified.
type digests struct{ stored, unpacked string }

// finish reads what follows the content, such as the list of files of an archive, and returns the digests.
func (s *source) finish() (digests, error) {
	if _, err := io.Copy(io.Discard, s.stored); err != nil {
		return digests{}, s.explain(err)
	}
	var is digests
	if s.sums[0] != nil {
		is.stored = hex.EncodeToString(s.sums[0].Sum(nil))
		is.unpacked = is.stored
	}
	if s.sums[1] != nil {
		is.unpacked = hex.EncodeToString(s.sums[1].Sum(nil))
	}
	return is, nil
}

// mismatch returns what is wrong with an expected digest, which may be that of the source as it is stored, or of its content; "" if it is right.
func (d digests) mismatch(want, name string) string {
	switch {
	case want == d.stored, want == d.unpacked:
		return ""
	case d.stored == d.unpacked:
		return fmt.Sprintf("'source_sha256' is %s, but %s has %s; correct it, or use the right file", want, name, d.stored)
	default:
		return fmt.Sprintf("'source_sha256' is %s, but %s has %s, and its unpacked content %s; correct it, or use the right file",
			want, name, d.stored, d.unpacked)
	}
}

// displayName returns a source for messages: a URL without its password.
func displayName(location string) string {
	if download.IsURL(location) {
		return download.Redacted(location)
	}
	return location
}
