// Package download reads a file from an HTTP server once, from the first byte to the last, and resumes after a lost connection.
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

// limits bound how long the client waits for a server.
type limits struct {
	dial     time.Duration // until the connection and TLS are established
	answer   time.Duration // until the first line of the response
	idle     time.Duration // without a byte
	redirect int           // the number of redirects
	tries    int           // attempts without progress
	pause    time.Duration // after the first failed attempt; doubled after each further one
}

var defaultLimits = limits{dial: 30 * time.Second, answer: time.Minute, idle: time.Minute, redirect: 10, tries: 5, pause: time.Second}

// File is a file on a server, open for reading.
type File struct {
	Size int64

	url       *url.URL
	limits    limits
	client    *http.Client
	ctx       context.Context // for the whole file: Read has no context
	end       context.CancelFunc
	request   context.Context // the context of the current request
	cut       context.CancelCauseFunc
	body      io.ReadCloser
	read      int64
	resumable bool
	version   string // identifies the content: an ETag or a date
}

// IsURL distinguishes a URL from a path.
func IsURL(source string) bool {
	scheme, _, found := strings.Cut(source, "://")
	return found && !strings.Contains(scheme, "/")
}

// Check returns what is wrong with a URL.
func Check(source string) error {
	u, err := url.Parse(source)
	switch {
	case err != nil:
		return errors.New("must be a valid URL; correct it") // without the URL, which may contain a password
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("must be a path, or an http or https URL, got %q; download it first", u.Redacted())
	case u.Host == "":
		return fmt.Errorf("must name a server, got %q; correct it", u.Redacted())
	}
	return nil
}

// Open requests a file. The content is not stored: it is read as it arrives. If the caller verifies the content with a digest, a server may
// redirect from https to http.
func Open(ctx context.Context, source string, verified bool) (*File, error) {
	return open(ctx, source, verified, defaultLimits)
}

func open(ctx context.Context, source string, verified bool, limits limits) (*File, error) {
	if err := Check(source); err != nil {
		return nil, err
	}
	u, err := url.Parse(source)
	if err != nil {
		return nil, err
	}
	f := &File{url: u, limits: limits, client: newClient(limits, verified)}
	f.ctx, f.end = context.WithCancel(ctx)
	if err := f.retry(f.begin); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// newClient returns a client without a limit for the whole transfer, since an image may be large. Compression is off,
// because it would hide the file's size.
func newClient(limits limits, verified bool) *http.Client {
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
				return final("it was redirected more than %d times, finally to %s; correct the URL", limits.redirect, to.URL.Redacted())
			case via[len(via)-1].URL.Scheme == "https" && to.URL.Scheme != "https" && !verified:
				return final("it was redirected from https to %s, where the content could be changed in transit; give the SHA-256 of the content, "+
					"or use a server that stays with https", to.URL.Redacted())
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

// Read reads the file over as many connections as necessary.
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
		idle := time.AfterFunc(f.limits.idle, func() { f.cut(fmt.Errorf("no data for %s", f.limits.idle)) })
		defer idle.Stop()
		n, err = f.body.Read(p[:min(int64(len(p)), f.Size-f.read)])
		f.read += int64(n)
		if n > 0 || err == nil {
			return nil // the error occurs again with the next read
		}
		return f.broken(err)
	})
	return n, err
}

// broken closes the connection. The error is final if the server does not support ranges.
func (f *File) broken(err error) error {
	if cause := context.Cause(f.request); cause != nil {
		err = cause
	}
	_ = f.body.Close()
	f.body = nil
	if !f.resumable {
		return final("the connection broke after %d of %d bytes, and the server cannot resume from there: %w; run the command again",
			f.read, f.Size, f.because(err))
	}
	return err
}

// Redacted returns a URL without its password.
func Redacted(source string) string {
	if u, err := url.Parse(source); err == nil {
		return u.Redacted()
	}
	return "the URL"
}
