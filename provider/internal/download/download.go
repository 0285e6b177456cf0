// Package download reads a file from an http server once, from its first byte to its last, and goes on where a connection broke.
package download

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// limits bound what a server may make us wait for.
type limits struct {
	dial     time.Duration // to be connected, and to agree on TLS
	answer   time.Duration // until the first line of an answer
	idle     time.Duration // without a byte
	redirect int           // from server to server
	tries    int           // without a byte more than the one before
	pause    time.Duration // after the first try in vain; doubled with each
}

var usual = limits{dial: 30 * time.Second, answer: time.Minute, idle: time.Minute, redirect: 10, tries: 5, pause: time.Second}

// File is a file of a server, open for reading.
type File struct {
	Size int64

	url       *url.URL
	limits    limits
	client    *http.Client
	ctx       context.Context // of the whole file: Read has none of its own
	end       context.CancelFunc
	request   context.Context // the one under way
	cut       context.CancelCauseFunc
	body      io.ReadCloser
	read      int64
	resumable bool
	version   string // what says that it is still the same file: an ETag or a date
}

// IsURL tells what is to be downloaded from a path.
func IsURL(source string) bool {
	scheme, _, found := strings.Cut(source, "://")
	return found && !strings.Contains(scheme, "/")
}

// Check says what is wrong with a URL.
func Check(source string) error {
	u, err := url.Parse(source)
	switch {
	case err != nil:
		return errors.New("must be a URL that can be read; correct it") // not what it says: there may be a password in it
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("must be a path, or a URL with http or https, got %q; download it first", u.Redacted())
	case u.Host == "":
		return fmt.Errorf("must name a server, got %q; correct it", u.Redacted())
	}
	return nil
}

// Open asks for a file. Nothing of it is kept on the way: it is read as it comes.
func Open(ctx context.Context, source string) (*File, error) { return open(ctx, source, usual) }

func open(ctx context.Context, source string, limits limits) (*File, error) {
	if err := Check(source); err != nil {
		return nil, err
	}
	u, err := url.Parse(source)
	if err != nil {
		return nil, err
	}
	f := &File{url: u, limits: limits, client: newClient(limits)}
	f.ctx, f.end = context.WithCancel(ctx)
	if err := f.retry(f.begin); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// newClient has no limit for the whole of a transfer: an image is as large as it is. Compression would hide the file's own size.
func newClient(limits limits) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: limits.dial}).DialContext,
			TLSHandshakeTimeout:   limits.dial,
			ResponseHeaderTimeout: limits.answer,
			DisableCompression:    true,
		},
		CheckRedirect: func(to *http.Request, via []*http.Request) error {
			switch {
			case len(via) > limits.redirect:
				return final("it was redirected more than %d times, at last to %s; correct the URL", limits.redirect, to.URL.Redacted())
			case via[len(via)-1].URL.Scheme == "https" && to.URL.Scheme != "https":
				return final("it was redirected from https to %s, where anybody on the way could change it; name a server that stays with https", to.URL.Redacted())
			}
			return nil
		},
	}
}

// Close ends the download.
func (f *File) Close() error {
	f.end()
	if f.body != nil {
		_ = f.body.Close()
	}
	f.client.CloseIdleConnections()
	return nil
}

// Read reads on, over as many connections as it takes.
func (f *File) Read(p []byte) (n int, err error) {
	if f.read == f.Size {
		return 0, io.EOF
	}
	err = f.retry(func() error {
		if f.body == nil {
			if err := f.resume(); err != nil {
				return err
			}
		}
		idle := time.AfterFunc(f.limits.idle, func() { f.cut(fmt.Errorf("nothing came for %s", f.limits.idle)) })
		defer idle.Stop()
		n, err = f.body.Read(p[:min(int64(len(p)), f.Size-f.read)])
		f.read += int64(n)
		if n > 0 || err == nil {
			return nil // what went wrong comes again with the next byte
		}
		return f.broken(err)
	})
	return n, err
}

// broken gives up the connection, and the whole where there is no going on.
func (f *File) broken(err error) error {
	if cause := context.Cause(f.request); cause != nil {
		err = cause
	}
	_ = f.body.Close()
	f.body = nil
	if !f.resumable {
		return final("the connection broke after %d of %d bytes, and the server can't go on from there: %w; run this again", f.read, f.Size, f.because(err))
	}
	return err
}

// Redacted is a URL without the password in it.
func Redacted(source string) string {
	if u, err := url.Parse(source); err == nil {
		return u.Redacted()
	}
	return "the URL"
}
