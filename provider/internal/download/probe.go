package download

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// probeLimits are those of a plan, which does not wait for a server as long as an apply does.
var probeLimits = limits{dial: 10 * time.Second, answer: 20 * time.Second, idle: 20 * time.Second, redirect: 10, tries: 2,
	pause: 500 * time.Millisecond}

// Probe is Open for a caller that reads only the beginning, and does not wait long.
func Probe(ctx context.Context, source string, verified bool) (*File, error) {
	return open(ctx, source, verified, probeLimits)
}

// Tail requests the last bytes of a file. It is an error if the server does not support ranges.
func (f *File) Tail(size int64) ([]byte, error) {
	size = min(size, f.Size)
	if !f.resumable || size == 0 {
		return nil, errors.ErrUnsupported
	}
	ctx, cancel := context.WithTimeout(f.ctx, f.limits.answer+f.limits.idle)
	defer cancel()
	resp, err := f.send(ctx, http.Header{"Range": {fmt.Sprintf("bytes=%d-%d", f.Size-size, f.Size-1)}})
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusPartialContent {
		return nil, errors.ErrUnsupported
	}
	tail := make([]byte, size)
	_, err = io.ReadFull(resp.Body, tail)
	return tail, err
}

// IsFinal reports whether another attempt would fail like this one: the server answered that it does not have the file, for example.
func IsFinal(err error) bool {
	var final finalError
	return errors.As(err, &final)
}
