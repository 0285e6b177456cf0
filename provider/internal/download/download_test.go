package download

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// hasty are limits for servers of this machine.
var hasty = limits{dial: time.Minute, answer: time.Minute, idle: time.Minute, redirect: 3, tries: 3, pause: time.Millisecond}

func content(t *testing.T, size int) []byte {
	t.Helper()
	b := make([]byte, size)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

// serve answers with what a handler says; {url} in the wanted error is the server's.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// file serves a file as it ought to be served.
func file(b []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	}
}

// cutting serves a file of which each answer brings only so much.
func cutting(b []byte, each int, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { h(&short{w, each}, r) }
}

type short struct {
	http.ResponseWriter
	left int
}

func (s *short) Write(p []byte) (int, error) {
	n, err := s.ResponseWriter.Write(p[:min(s.left, len(p))])
	if s.left -= n; s.left == 0 {
		s.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, err
}

func fetch(t *testing.T, url string, l limits) ([]byte, error) {
	t.Helper()
	f, err := open(t.Context(), url, false, l)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(f)
	if err == nil && f.Size != int64(len(b)) {
		t.Errorf("read %d bytes of %d", len(b), f.Size)
	}
	return b, err
}

func TestAFileComesWhole(t *testing.T) {
	b := content(t, 3<<20)
	flaky := new(atomic.Int32)
	for name, h := range map[string]http.HandlerFunc{
		"at once":                file(b),
		"in parts":               cutting(b, 1<<20, file(b)),
		"after a busy moment":    func(w http.ResponseWriter, r *http.Request) { busyOnce(flaky, w, r, file(b)) },
		"after some redirection": redirecting(2, file(b)),
	} {
		got, err := fetch(t, serve(t, h), hasty)
		if err != nil || !bytes.Equal(got, b) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if got, err := fetch(t, serve(t, file(nil)), hasty); err != nil || len(got) != 0 {
		t.Errorf("an empty one: %d bytes, %v", len(got), err)
	}
}

func busyOnce(asked *atomic.Int32, w http.ResponseWriter, r *http.Request, h http.HandlerFunc) {
	if asked.Add(1) == 1 {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	h(w, r)
}

func redirecting(times int, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if n := strings.Count(r.URL.Path, "x"); n < times {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
			return
		}
		h(w, r)
	}
}

func TestWhatDoesNotComeWholeSaysWhy(t *testing.T) {
	b := content(t, 1<<20)
	without := func(name string, h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { h(&dropping{w, name}, r) }
	}
	asked := new(atomic.Int32)
	for name, c := range map[string]struct {
		h    http.HandlerFunc
		want string
	}{
		"not there":           {http.NotFound, "{url}/image: the server answers 404 Not Found; correct the URL"},
		"not for everybody":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, "{url}/image: the server answers 403 Forbidden; make it readable without a login, or put the user and password into the URL"},
		"always busy":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "{url}/image: the server answers 502 Bad Gateway; tried 3 times: check that the server is up, then run the command again"},
		"round and round":     {redirecting(99, nil), "{url}/image: it was redirected more than 3 times, finally to {url}/imagexxxx; correct the URL"},
		"missing elsewhere":   {redirecting(1, http.NotFound), "{url}/image: the server answers 404 Not Found by {url}/imagex; correct the URL"},
		"of no size":          {func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush() }, "{url}/image: the server does not report the size (Content-Length); download the file, and set its path"},
		"cut, and not ranged": {cutting(b, 1<<19, without("Accept-Ranges", file(b))), "{url}/image: the connection broke after 524288 of 1048576 bytes, and the server cannot resume from there: unexpected EOF; run the command again"},
		"always cut at the same place": {func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				panic(http.ErrAbortHandler)
			}
			cutting(b, 1<<19, file(b))(w, r)
		}, "{url}/image: EOF; tried 3 times: check that the server is up, then run the command again"},
		"changed meanwhile": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", fmt.Sprintf("%q", fmt.Sprint(asked.Add(1))))
			http.ServeContent(&short{w, 1 << 19}, r, "", time.Time{}, bytes.NewReader(b))
		}, "{url}/image: it changed on the server during the download; run the command again"},
		"shorter meanwhile": {func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b[:1<<19+1]))
				return
			}
			cutting(b, 1<<19, file(b))(w, r)
		}, "{url}/image: it changed on the server during the download; run the command again"},
	} {
		url := serve(t, c.h)
		_, err := fetch(t, url+"/image", hasty)
		if want := strings.ReplaceAll(c.want, "{url}", url); err == nil || err.Error() != want {
			t.Errorf("%s: got\n%v\nwant\n%s", name, err, want)
		}
	}
}

// dropping leaves a header out.
type dropping struct {
	http.ResponseWriter
	name string
}

func (d *dropping) WriteHeader(code int) {
	d.Header().Del(d.name)
	d.ResponseWriter.WriteHeader(code)
}

func (d *dropping) Flush() { d.ResponseWriter.(http.Flusher).Flush() }

func TestASilentServerIsNotWaitedForForEver(t *testing.T) {
	over := make(chan struct{})
	impatient := hasty
	impatient.idle, impatient.answer, impatient.tries = 50*time.Millisecond, 50*time.Millisecond, 2
	halting := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Accept-Ranges", "bytes")
		w.Header().Set("Content-Length", "1048576")
		if r.Header.Get("Range") == "" {
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
		}
		<-over
	}
	stopped := httptest.NewServer(http.HandlerFunc(halting))
	t.Cleanup(stopped.Close)
	t.Cleanup(func() { close(over) })
	_, err := fetch(t, stopped.URL, impatient)
	if err == nil || !strings.HasPrefix(err.Error(), stopped.URL+": ") || !strings.HasSuffix(err.Error(), "timeout awaiting response headers; tried 2 times: check that the server is up, then run the command again") {
		t.Errorf("got %v", err)
	}
	once := impatient
	once.answer, once.tries = hasty.answer, 1 // a busy machine sends the headers late
	if _, err := fetch(t, stopped.URL, once); err == nil || err.Error() != stopped.URL+": no data for 50ms; tried 1 times: check that the server is up, then run the command again" {
		t.Errorf("got %v", err)
	}
}

func TestAnInterruptEndsADownload(t *testing.T) {
	over := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1048576")
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		<-over
	}))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(over) })
	ctx, cancel := context.WithCancel(t.Context())
	f, err := open(ctx, s.URL, false, hasty)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	cancel()
	if _, err := f.Read(make([]byte, 1)); err == nil || err.Error() != s.URL+": context canceled" {
		t.Errorf("got %v", err)
	}
}

func TestAServerWithABadCertificateIsNotRead(t *testing.T) {
	s := httptest.NewTLSServer(file(content(t, 1)))
	t.Cleanup(s.Close)
	_, err := fetch(t, s.URL, hasty)
	want := s.URL + ": tls: failed to verify certificate: x509: certificate signed by unknown authority; " +
		"correct the URL, or add the server's authority to this machine (SSL_CERT_FILE names a file of authorities)"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestASecureServerDoesNotSendElsewhereInTheClear(t *testing.T) {
	plain := serve(t, file(content(t, 1)))
	s := httptest.NewTLSServer(http.RedirectHandler(plain, http.StatusFound))
	t.Cleanup(s.Close)
	f, err := http.NewRequest(http.MethodGet, plain, nil)
	if err != nil {
		t.Fatal(err)
	}
	from, err := http.NewRequest(http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := newClient(hasty, false).CheckRedirect(f, []*http.Request{from})
	want := "it was redirected from https to " + plain + ", where the content could be changed in transit; give the SHA-256 of the content, or use a server that stays with https"
	if got == nil || got.Error() != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if err := newClient(hasty, true).CheckRedirect(f, []*http.Request{from}); err != nil {
		t.Errorf("content that is verified: %v", err)
	}
}

func TestTheTailIsReadBesideTheBeginning(t *testing.T) {
	b := content(t, 1<<20)
	f, err := open(t.Context(), serve(t, file(b)), false, hasty)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	half := make([]byte, 1<<19)
	if _, err := io.ReadFull(f, half); err != nil {
		t.Fatal(err)
	}
	tail, err := f.Tail(512)
	if err != nil || !bytes.Equal(tail, b[len(b)-512:]) {
		t.Errorf("read a tail of %d bytes: %v", len(tail), err)
	}
	if rest, err := io.ReadAll(f); err != nil || !bytes.Equal(append(half, rest...), b) {
		t.Errorf("read %d bytes after the tail: %v", len(rest), err)
	}
	whole := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b[:1000]) })
	if f, err = open(t.Context(), whole, false, hasty); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if tail, err := f.Tail(512); err == nil {
		t.Errorf("a server without ranges sent a tail of %d bytes", len(tail))
	}
}

func TestURLs(t *testing.T) {
	for source, want := range map[string]string{
		"https://example.org/a":         "",
		"http://u:p@example.org:81/a?b": "",
		"ftp://u:p@example.org/a":       `must be a path, or an http or https URL, got "ftp://u:xxxxx@example.org/a"; download it first`,
		"https:///a":                    `must name a server, got "https:///a"; correct it`,
		"https://u:p@exa mple/":         "must be a valid URL; correct it",
	} {
		got := ""
		if err := Check(source); err != nil {
			got = err.Error()
		}
		if got != want || !IsURL(source) {
			t.Errorf("%s: got %q", source, got)
		}
	}
	for _, path := range []string{"/images/a.qcow2", "a.qcow2", "./a://b", ""} {
		if IsURL(path) {
			t.Errorf("%q is taken for a URL", path)
		}
	}
}

func TestPasswordsAreNotInErrors(t *testing.T) {
	url := strings.Replace(serve(t, http.NotFound), "http://", "http://u:geheim@", 1)
	if _, err := fetch(t, url, hasty); err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("got %v", err)
	}
	if _, err := fetch(t, "http://u:geheim@127.0.0.1:1/", hasty); err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("got %v", err)
	}
}
