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

// finalError is an error that another attempt would not solve.
type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }

func final(format string, args ...any) error { return finalError{fmt.Errorf(format, args...)} }

// retry repeats an operation that may fail temporarily, with increasing pauses.
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
			return finalError{fmt.Errorf("%s: %w", f.url.Redacted(), never.error)}
		case try == f.limits.tries:
			return fmt.Errorf("%s: %w; tried %d times: check that the server is up, then run the command again",
				f.url.Redacted(), f.because(err), try)
		}
		select {
		case <-time.After(pause):
		case <-f.ctx.Done():
		}
		pause *= 2
	}
}

// because returns an error without the method and the URL, which the caller adds and which may contain a password.
func (*File) because(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// begin requests the file from its beginning.
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
		return final("the server does not report the size (Content-Length); download the file, and set its path")
	}
	f.Size, f.body = resp.ContentLength, resp.Body
	f.resumable = strings.EqualFold(resp.Header.Get("Accept-Ranges"), "bytes")
	f.version = resp.Header.Get("Last-Modified")
	if tag := resp.Header.Get("ETag"); strings.HasPrefix(tag, `"`) { // a weak ETag is not valid for ranges
		f.version = tag
	}
	return nil
}

// resume requests the rest of the file, if it has not changed.
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
		return final("it changed on the server during the download; run the command again")
	case resp.StatusCode != http.StatusPartialContent:
		return f.refused(resp)
	}
	f.body = resp.Body
	return nil
}

// get sends a request, which f.cut cancels. It ends with the file.
func (f *File) get(header http.Header) (*http.Response, error) {
	if f.cut != nil {
		f.cut(nil)
	}
	f.request, f.cut = context.WithCancelCause(f.ctx)
	return f.send(f.request, header)
}

// send sends a request.
func (f *File) send(ctx context.Context, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.url.String(), nil)
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
		return nil, final("%w; correct the URL, or add the server's authority to this machine (SSL_CERT_FILE names a file of authorities)",
			f.because(err))
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return nil, final("%w; correct the URL", f.because(err))
	}
	return resp, err
}

// refused returns the error for a response without the file. Only some of them are temporary.
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
		return finalError{fmt.Errorf("%w; make it readable without a login, or put the user and password into the URL", err)}
	default:
		return finalError{fmt.Errorf("%w; correct the URL", err)}
	}
}
