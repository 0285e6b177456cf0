package download

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// finalError is one that another try would not help against.
type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }

func final(format string, args ...any) error { return finalError{fmt.Errorf(format, args...)} }

// retry does what may fail for a moment, with longer and longer pauses.
func (f *File) retry(do func() error) error {
	pause := f.limits.pause
	for try := 1; ; try++ {
		err := do()
		var never finalError
		switch {
		case err == nil:
			return nil
		case f.ctx.Err() != nil:
			return fmt.Errorf("%s: %w", f.url.Redacted(), context.Cause(f.ctx))
		case errors.As(err, &never):
			return fmt.Errorf("%s: %w", f.url.Redacted(), never.error)
		case try == f.limits.tries:
			return fmt.Errorf("%s: %w; tried %d times: check that the server is up, then run this again", f.url.Redacted(), f.because(err), try)
		}
		select {
		case <-time.After(pause):
		case <-f.ctx.Done():
		}
		pause *= 2
	}
}

// because is an error without what the caller says already: the method and the URL, which may hold a password.
func (*File) because(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// begin asks for the file from its beginning.
func (f *File) begin() error {
	resp, err := f.get(nil)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return f.refused(resp)
	}
	if resp.ContentLength < 0 {
		_ = resp.Body.Close()
		return final("the server does not say how large it is (Content-Length); download it, and give its path")
	}
	f.Size, f.body = resp.ContentLength, resp.Body
	f.resumable = strings.EqualFold(resp.Header.Get("Accept-Ranges"), "bytes")
	f.version = resp.Header.Get("Last-Modified")
	if tag := resp.Header.Get("ETag"); strings.HasPrefix(tag, `"`) { // a weak one is not for ranges
		f.version = tag
	}
	return nil
}

// resume asks for the rest of the file, if it is still the same.
func (f *File) resume() error {
	header := http.Header{"Range": {fmt.Sprintf("bytes=%d-", f.read)}}
	if f.version != "" {
		header.Set("If-Range", f.version)
	}
	resp, err := f.get(header)
	if err != nil {
		return err
	}
	rest := fmt.Sprintf("bytes %d-%d/%d", f.read, f.Size-1, f.Size)
	switch {
	case resp.StatusCode == http.StatusOK, resp.StatusCode == http.StatusRequestedRangeNotSatisfiable,
		resp.StatusCode == http.StatusPartialContent && resp.Header.Get("Content-Range") != rest:
		_ = resp.Body.Close()
		return final("it was changed on the server while it was read; run this again")
	case resp.StatusCode != http.StatusPartialContent:
		return f.refused(resp)
	}
	f.body = resp.Body
	return nil
}

// get has the request under way in f.cut. It is ended with the file.
func (f *File) get(header http.Header) (*http.Response, error) {
	if f.cut != nil {
		f.cut(nil)
	}
	f.request, f.cut = context.WithCancelCause(f.ctx)
	req, err := http.NewRequestWithContext(f.request, http.MethodGet, f.url.String(), nil)
	if err != nil {
		return nil, finalError{f.because(err)}
	}
	if header != nil {
		req.Header = header
	}
	resp, err := f.client.Do(req)
	var untrusted *tls.CertificateVerificationError
	var unknown *net.DNSError
	switch {
	case errors.As(err, &untrusted):
		return nil, final("%w; correct the URL, or have this machine trust the server's authority (SSL_CERT_FILE names a file of them)", f.because(err))
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return nil, final("%w; correct the URL", f.because(err))
	}
	return resp, err
}

// refused is an answer that brings no file. Only some may be another one a moment later.
func (f *File) refused(resp *http.Response) error {
	_ = resp.Body.Close()
	where := ""
	if asked := resp.Request.URL.Redacted(); asked != f.url.Redacted() {
		where = " by " + asked
	}
	err := fmt.Errorf("the server answers %s%s", resp.Status, where)
	switch code := resp.StatusCode; {
	case code >= 500, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		return err
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return finalError{fmt.Errorf("%w; see that it can be read without logging in, or put user and password into the URL", err)}
	default:
		return finalError{fmt.Errorf("%w; correct the URL", err)}
	}
}
