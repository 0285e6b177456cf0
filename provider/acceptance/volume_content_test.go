//go:build acceptance

package acceptance

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestVolumeContent is about other content for a volume that exists: the old content goes only when the new content is complete.
func TestVolumeContent(t *testing.T) {
	t.Parallel()
	t.Run("a source that cannot be used is refused in the plan", testContentRefused)
	t.Run("a source that breaks off leaves the old content", testContentBreaksOff)
	t.Run("a pool that is full leaves the old content", testContentDiskFull)
	t.Run("a replacement that was interrupted is continued", testContentContinued)
	t.Run("the content of a volume in use is not replaced", testContentInUse)
}

// content is a volume with content of its own, and where this machine finds it.
type content struct {
	pool, dir, digest, file string
	a                       attrs
}

func newContent(t *testing.T) (*stack, content) {
	t.Helper()
	pool, dir := alpha().pool(t)
	s := newStack(t)
	source, digest := image(t, "raw", 3*mib)
	c := content{pool, dir, digest, alpha().path(dir + "/it"), attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": source}}
	s.apply(config{aVolume: c.a})
	return s, c
}

// intact asserts that the volume has its content, and that nothing is beside it.
func (c content) intact(t *testing.T, why string) {
	t.Helper()
	if got := sum(t, c.file); got != c.digest {
		t.Errorf("%s: the content was replaced", why)
	}
	if out := alpha().virsh(t, "vol-list", c.pool); strings.Count(out, c.dir) != 1 {
		t.Errorf("%s: there is more in the pool:\n%s", why, out)
	}
}

func testContentRefused(t *testing.T) {
	t.Parallel()
	s, c := newContent(t)
	qcow2, _ := image(t, "qcow2", 8*mib)
	larger, _ := image(t, "raw", 5*mib)
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	server := served(t, map[string]http.HandlerFunc{"/qcow2": whole(read(t, qcow2))})
	wrong := sum(t, os.Args[0])
	for name, bad := range map[string]struct {
		a    attrs
		says string
	}{
		"missing":        {attrs{"source": "/nonexistent/image"}, "'source': open /nonexistent/image: no such file or directory"},
		"a folder":       {attrs{"source": c.dir + "/.."}, "'source'"},
		"empty":          {attrs{"source": file("empty", "")}, "'source' must have content"},
		"another format": {attrs{"source": qcow2}, "'source' must be a raw image, and " + qcow2 + " is qcow2"},
		"damaged":        {attrs{"source": file("packed", "\xfd7zXZ\x00"+strings.Repeat("x", 512))}, "the xz archive is damaged or incomplete"},
		"too large":      {attrs{"source": larger, "capacity": 4 * mib}, "'capacity' must be at least the capacity of the image, 5242880 bytes, got 4194304"},
		"another digest": {attrs{"source": larger, "source_sha256": wrong}, "'source_sha256' is " + wrong + ", but " + larger + " has "},
		"404":            {attrs{"source": server.URL + "/nothing"}, "the server answers 404 Not Found; correct the URL"},
		"served qcow2":   {attrs{"source": server.URL + "/qcow2"}, "is qcow2; correct 'format', or have the host convert it: upload it to a pool of files"},
		"no original":    {attrs{"source": nil, "clone_from": c.dir + "/nothing"}, "alpha does not have a volume at " + c.dir + "/nothing (clone_from)"},
		"no base": {attrs{"source": nil, "format": "qcow2", "backing_store": attrs{"path": c.dir + "/nothing"}},
			"alpha does not have a volume at " + c.dir + "/nothing (backing_store.path)"},
	} {
		says := s.planFails(config{aVolume: c.a.with(bad.a)}, bad.says)
		if t.Failed() {
			t.Fatalf("%s: %s", name, says)
		}
	}
	c.intact(t, "after plans that were refused")
}

func testContentBreaksOff(t *testing.T) {
	t.Parallel()
	s, c := newContent(t)
	other, digest := image(t, "raw", 4*mib)
	qcow2, qcow2Digest := image(t, "qcow2", 8*mib)
	server := served(t, map[string]http.HandlerFunc{"/short": broken(read(t, other), 2*mib, false), "/whole": whole(read(t, other)), "/qcow2": whole(read(t, qcow2))})
	s.applyFails(config{aVolume: c.a.with(attrs{"source": server.URL + "/short"})}, "the connection broke after 2097152 of 4194304 bytes")
	c.intact(t, "a download that broke off")
	s.applyFails(config{aVolume: c.a.with(attrs{"source": server.URL + "/whole", "source_sha256": sum(t, os.Args[0])})}, "but the uploaded content has "+digest)
	c.intact(t, "a wrong digest")
	s.apply(config{aVolume: c.a})
	s.settled()
	c.intact(t, "the change was taken back")

	next := config{aVolume: c.a.with(attrs{"source": server.URL + "/whole", "source_sha256": digest})}
	s.says(s.plan(next).warnings(), []string{"Volume \"it\" gets new content\nAll data in it is lost: it takes "})
	s.apply(next)
	s.settled()
	c.digest = digest
	c.intact(t, "new content")
	s.apply(config{aVolume: c.a.with(attrs{"format": "qcow2", "source": server.URL + "/qcow2"})})
	s.settled()
	c.digest = qcow2Digest
	c.intact(t, "another format")
}

func testContentDiskFull(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	alpha().virsh(t, "pool-destroy", pool)
	alpha().inside(t, "mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", dir)
	t.Cleanup(func() { alpha().inside(t, "umount", "-l", dir) })
	alpha().virsh(t, "pool-create-as", pool, "dir", "--target", dir)
	s := newStack(t)
	source, digest := image(t, "raw", 3*mib)
	other, _ := image(t, "raw", 6*mib)
	small, smallDigest := image(t, "raw", 4*mib)
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": source}
	s.apply(config{aVolume: a})
	has := func() string { return strings.Fields(alpha().inside(t, "sha256sum", dir+"/it"))[0] }
	s.applyFails(config{aVolume: a.with(attrs{"source": other})}, "on alpha")
	expect(t, "what is left", has(), digest)
	s.apply(config{aVolume: a.with(attrs{"source": small})})
	expect(t, "content", has(), smallDigest)
	s.settled()
	s.destroy()
}

// volCreateFrom is the number of a call of libvirt.
const volCreateFrom = 125

// testContentContinued cuts the connection in every change of a replacement.
func testContentContinued(t *testing.T) {
	t.Parallel()
	other, digest := image(t, "raw", 4*mib)
	for name, cut := range map[string]struct {
		at  message
		nth int
	}{
		"before the new volume is created":  {message{volCreate, call}, 1},
		"when the new volume is created":    {message{volCreate, reply}, 1},
		"in the upload":                     {message{volUpload, data}, 3},
		"before the record is created":      {message{volCreate, call}, 2},
		"before the record is written":      {message{volUpload, call}, 4},
		"before the old content is deleted": {message{volDelete, call}, 1},
		"when the old content is deleted":   {message{volDelete, reply}, 1},
		"before the new content is copied":  {message{volCreateFrom, call}, 1},
		"when the new content is copied":    {message{volCreateFrom, reply}, 1},
		"when the second volume is deleted": {message{volDelete, reply}, 2},
		"when the record is deleted":        {message{volDelete, reply}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := newContent(t)
			seen := 0
			p := newProxy(t, alpha(), func(m message) verdict {
				if m == cut.at {
					seen++
				}
				if m == cut.at && seen == cut.nth {
					return cutBefore
				}
				return pass
			})
			s.hosts[alpha().Name] = p.uri
			next := config{aVolume: c.a.with(attrs{"source": other})}
			s.write(next, nil)
			o := s.run("apply", "-auto-approve", "-json")
			s.hosts[alpha().Name] = alpha().URI
			if o.code == 0 && sum(t, c.file) != digest {
				t.Fatal("the apply succeeded without the new content")
			}
			staged, _ := filepath.Glob(c.file + ".kvm-fleet-new-*")
			complete := len(staged) == 1 && sum(t, staged[0]) == digest
			if text, err := os.ReadFile(c.file); (err != nil || sum(t, c.file) != c.digest && sum(t, c.file) != digest) && !complete {
				t.Errorf("neither the old content nor the new one is there: %d bytes, %v, beside it %v", len(text), err, staged)
			}
			s.apply(next)
			s.settled()
			c.digest = digest
			c.intact(t, "after the next apply")
		})
	}
}

func testContentInUse(t *testing.T) {
	t.Parallel()
	s, c := newContent(t)
	other, digest := image(t, "raw", 4*mib)
	next := c.a.with(attrs{"source": other})
	guest := withDisk(t, alpha(), "${"+aVolume+".path}", "raw")
	s.apply(config{aVolume: c.a, aDomain: guest})
	c.digest = sum(t, c.file)
	s.planFails(config{aVolume: next, aDomain: guest}, "'source' cannot change the content of a volume that is in use: alpha/"+c.pool+"/it is used by \""+guest["name"].(string)+`" on alpha`)
	c.intact(t, "a plan that was refused")
	off := guest.with(attrs{"state": "stopped"})
	s.apply(config{aVolume: c.a, aDomain: off})
	s.apply(config{aVolume: next, aDomain: off})
	s.settled()
	c.digest = digest
	c.intact(t, "new content")
	alpha().virsh(t, "vol-create-as", c.pool, "clone", "4M", "--format", "qcow2", "--backing-vol", "it", "--backing-vol-format", "raw")
	s.planFails(config{aVolume: c.a, aDomain: off}, "alpha/"+c.pool+"/it is the backing image of "+c.dir+"/clone")
	alpha().virsh(t, "vol-delete", "clone", "--pool", c.pool)
	s.apply(config{aVolume: c.a, aDomain: guest})
}
