//go:build acceptance

package acceptance

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// served starts a server with images by path, each with its own handler.
func served(t *testing.T, paths map[string]http.HandlerFunc) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for path, h := range paths {
		mux.HandleFunc(path, h)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// whole serves a file correctly.
func whole(content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}
}

// broken serves a limited number of bytes in each response, and then cuts the connection.
func broken(content []byte, each int, ranges bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !ranges {
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			_, _ = w.Write(content[:each])
			panic(http.ErrAbortHandler)
		}
		whole(content)(&limited{w, each}, r)
	}
}

type limited struct {
	http.ResponseWriter
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	n, err := l.ResponseWriter.Write(p[:min(l.left, len(p))])
	if l.left -= n; l.left == 0 {
		l.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, err
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
func TestVolumeUpload(t *testing.T) {
	t.Parallel()
	t.Run("from a server", testVolumeFromServer)
	t.Run("an incomplete download leaves no volume", testVolumeIncomplete)
	t.Run("a volume whose upload was killed is created again", testVolumeUploadKilled)
	t.Run("two uploads to one volume do not mix", testConcurrentUploads)
	t.Run("the volume has the content of the file", testVolumeUpload)
	t.Run("the same content at another path is not uploaded again", testVolumeSameContent)
	t.Run("a volume with the wrong checksum is removed", testVolumeWrongContent)
}

func testVolumeFromServer(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	raw, rawSum := image(t, "raw", 5*mib)
	qcow2, _ := image(t, "qcow2", 8*mib)
	content := read(t, raw)
	moved := new(atomic.Int32)
	server := served(t, map[string]http.HandlerFunc{
		"/raw":   whole(content),
		"/cut":   broken(content, mib, true),
		"/qcow2": whole(read(t, qcow2)),
		"/latest": func(w http.ResponseWriter, r *http.Request) {
			moved.Add(1)
			http.Redirect(w, r, "/raw", http.StatusFound)
		},
	})
	on := func(name, path string, a attrs) attrs {
		return attrs{"host": alpha().Name, "pool": pool, "name": name, "format": "raw", "source": server.URL + path}.with(a)
	}
	c := config{
		"libvirt_volume.raw":    on("raw", "/raw", attrs{"source_sha256": rawSum}),
		"libvirt_volume.cut":    on("cut", "/cut", attrs{"source_sha256": rawSum}),
		"libvirt_volume.latest": on("latest", "/latest", attrs{"capacity": 6 * mib}),
		"libvirt_volume.qcow2":  on("qcow2", "/qcow2", attrs{"format": "qcow2", "capacity": 16 * mib}),
	}
	s := newStack(t)
	s.apply(c)
	s.settled()
	for _, name := range []string{"raw", "cut"} {
		expect(t, "content of "+name, sum(t, alpha().path(dir+"/"+name)), rawSum)
	}
	if got := read(t, alpha().path(dir+"/latest")); len(got) != 6*mib || !bytes.Equal(got[:5*mib], content) {
		t.Errorf("latest: %d bytes of another content", len(got))
	}
	expect(t, "capacity of qcow2", volXML("capacity", "target/format@type")(t, c["libvirt_volume.qcow2"]), fmt.Sprint(16*mib)+" qcow2")

	// The server is not asked again, not even by a plan.
	before := moved.Load()
	s.settled()
	expect(t, "requests", fmt.Sprint(moved.Load()), fmt.Sprint(before))
	c["libvirt_volume.raw"]["source"] = server.URL + "/mirror"
	s.shows(config{"libvirt_volume.raw": c["libvirt_volume.raw"], "libvirt_volume.cut": c["libvirt_volume.cut"], "libvirt_volume.latest": c["libvirt_volume.latest"], "libvirt_volume.qcow2": c["libvirt_volume.qcow2"]},
		"0 to add, 1 to change, 0 to destroy")
	s.destroy()
}

func testVolumeIncomplete(t *testing.T) {
	t.Parallel()
	pool, _ := alpha().pool(t)
	raw, rawSum := image(t, "raw", 3*mib)
	wrong := sum(t, os.Args[0])
	content := read(t, raw)
	server := served(t, map[string]http.HandlerFunc{
		"/raw":   whole(content),
		"/short": broken(content, 2*mib, false),
		"/loop":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) },
		"/xz":    whole([]byte("\xfd7zXZ\x00" + strings.Repeat("x", 512))),
	})
	secure := httptest.NewTLSServer(whole(content))
	t.Cleanup(secure.Close)
	s := newStack(t)
	for name, c := range map[string]struct {
		a    attrs
		says string
	}{
		"404":       {attrs{"source": server.URL + "/nothing"}, server.URL + "/nothing: the server answers 404 Not Found; correct the URL"},
		"short":     {attrs{"source": server.URL + "/short"}, "'source': " + server.URL + "/short: the connection broke after 2097152 of 3145728 bytes, and the server cannot resume from there: unexpected EOF; run the command again"},
		"loop":      {attrs{"source": server.URL + "/loop"}, "/loop: it was redirected more than 10 times"},
		"digest":    {attrs{"source": server.URL + "/raw", "source_sha256": wrong}, "'source_sha256' is " + wrong + ", but the uploaded content has " + rawSum + "; correct it, or use the right file"},
		"format":    {attrs{"source": server.URL + "/raw", "format": "qcow2"}, "'source' must be a qcow2 image, and " + server.URL + "/raw is not qcow2; correct 'format', or convert it with 'qemu-img convert -O qcow2'"},
		"packed":    {attrs{"source": server.URL + "/xz", "format": "qcow2"}, "the xz archive is damaged or incomplete"},
		"untrusted": {attrs{"source": secure.URL}, secure.URL + ": tls: failed to verify certificate: x509: certificate signed by unknown authority; correct the URL, or add the server's authority to this machine"},
		"too small": {attrs{"source": server.URL + "/raw", "capacity": mib}, "'capacity' must be at least the capacity of the image, 3145728 bytes, got 1048576; raise it, or remove it"},
	} {
		a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": "raw"}.with(c.a)
		s.applyFails(config{aVolume: a}, c.says)
		if len(s.resources()) != 0 {
			t.Errorf("%s: it is in the state", name)
		}
		expect(t, "what is in the pool after "+name, alpha().virsh(t, "vol-list", pool), "")
	}

	s.env = append(s.env, "SSL_CERT_FILE="+certificateOf(t, secure))
	s.apply(config{aVolume: {"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": secure.URL, "source_sha256": rawSum}})
	s.settled()
}

// halting serves part of a file, closes reached, and waits. It serves the rest once goOn is closed.
type halting struct {
	content []byte
	after   int
	reached chan struct{}
	goOn    chan struct{}
	once    sync.Once
}

func (h *halting) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", fmt.Sprint(len(h.content)))
	_, _ = w.Write(h.content[:h.after])
	w.(http.Flusher).Flush()
	h.once.Do(func() { close(h.reached) })
	select {
	case <-h.goOn:
		_, _ = w.Write(h.content[h.after:])
	case <-r.Context().Done():
	}
}

func testVolumeUploadKilled(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	file, digest := image(t, "raw", 4*mib)
	onHost := alpha().path(dir + "/it")
	for name, end := range map[string]func(s *stack){"killed": (*stack).kill, "interrupted": (*stack).interrupt} {
		h := &halting{content: read(t, file), after: 3 * mib, reached: make(chan struct{}), goOn: make(chan struct{})}
		server := served(t, map[string]http.HandlerFunc{"/it": h.serve})
		c := config{aVolume: {"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": server.URL + "/it"}}
		s := newStack(t)
		s.write(c, nil)
		done := make(chan outcome)
		go func() { done <- s.run("apply", "-auto-approve", "-json") }()
		<-h.reached
		eventually(t, "most of the upload to be there", func() bool {
			info, err := os.Stat(onHost)
			return err == nil && info.Size() == 4*mib && strings.HasPrefix(string(read(t, onHost)[:64]), "kvm-fleet: ")
		})
		end(s)
		if o := <-done; o.code == 0 {
			t.Fatalf("%s: the apply succeeded", name)
		}
		if name == "interrupted" {
			expect(t, "what is in the pool after "+name, alpha().virsh(t, "vol-list", pool), "")
		} else if head := string(read(t, onHost)[:mib]); strings.Contains(head, file) {
			t.Errorf("%s: what is there looks like the image", name)
		}
		close(h.goOn)
		s.apply(c)
		s.settled()
		expect(t, "content after one was "+name, sum(t, onHost), digest)
		s.destroy()
	}
}

func testConcurrentUploads(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	one, oneSum := image(t, "raw", 4*mib)
	two, _ := image(t, "raw", 4*mib)
	h := &halting{content: read(t, one), after: 3 * mib, reached: make(chan struct{}), goOn: make(chan struct{})}
	server := served(t, map[string]http.HandlerFunc{"/one": h.serve})
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": "raw"}
	first, second := newStack(t), newStack(t)
	first.write(config{aVolume: a.with(attrs{"source": server.URL + "/one"})}, nil)
	done := make(chan outcome)
	go func() { done <- first.run("apply", "-auto-approve", "-json") }()
	<-h.reached
	onHost := alpha().path(dir + "/it")
	eventually(t, "the first to have begun", func() bool {
		content, err := os.ReadFile(onHost)
		return err == nil && strings.HasPrefix(string(content), "kvm-fleet: ")
	})
	second.applyFails(config{aVolume: a.with(attrs{"source": two})}, `alpha already has a volume "it" in pool "`+pool+`" whose upload is not finished`,
		"Another apply is uploading it, or an apply on another machine was interrupted: if none is running, delete it (virsh vol-delete it --pool "+pool+"), then run the command again.")
	if len(second.resources()) != 0 {
		t.Error("the second has it in its state")
	}
	close(h.goOn)
	if o := <-done; o.code != 0 {
		t.Errorf("the first: exit code %d\n%s", o.code, o.errors())
	}
	expect(t, "content", sum(t, onHost), oneSum)
	first.settled()
}
