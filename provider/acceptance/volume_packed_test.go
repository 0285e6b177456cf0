//go:build acceptance

package acceptance

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// archives pack a file in each way that the provider unpacks.
var archives = map[string]func(w io.Writer, content []byte) error{
	"gzip": func(w io.Writer, content []byte) error { return packInto(gzip.NewWriter(w), content) },
	"xz": func(w io.Writer, content []byte) error {
		x, err := xz.NewWriter(w)
		if err != nil {
			return err
		}
		return packInto(x, content)
	},
	"zstd": func(w io.Writer, content []byte) error {
		z, err := zstd.NewWriter(w)
		if err != nil {
			return err
		}
		return packInto(z, content)
	},
	"zip": func(w io.Writer, content []byte) error {
		z := zip.NewWriter(w)
		f, err := z.Create("disk.img")
		if err != nil {
			return err
		}
		if _, err := f.Write(content); err != nil {
			return err
		}
		return z.Close()
	},
	"tar": tarInto,
	"tar in gzip": func(w io.Writer, content []byte) error {
		g := gzip.NewWriter(w)
		if err := tarInto(g, content); err != nil {
			return err
		}
		return g.Close()
	},
}

func packInto(w io.WriteCloser, content []byte) error {
	if _, err := w.Write(content); err != nil {
		return err
	}
	return w.Close()
}

func tarInto(w io.Writer, content []byte) error {
	archive := tar.NewWriter(w)
	if err := archive.WriteHeader(&tar.Header{Name: "disk.img", Size: int64(len(content)), Mode: 0o600}); err != nil {
		return err
	}
	return packInto(archive, content)
}

// packed returns the content as each archive, by the name of the way, with '-' in place of spaces.
func packed(t *testing.T, content []byte) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for name, pack := range archives {
		var out bytes.Buffer
		if err := pack(&out, content); err != nil {
			t.Fatal(err)
		}
		all[strings.ReplaceAll(name, " ", "-")] = out.Bytes()
	}
	return all
}

func TestVolumePacked(t *testing.T) {
	t.Parallel()
	t.Run("the volume has the unpacked content", testVolumeUnpacked)
	t.Run("a damaged archive leaves no volume", testVolumeDamagedArchive)
	t.Run("the plan refuses what is no image, also in an archive", testVolumeForeign)
	t.Run("a redirection to http requires a digest", testVolumeRedirectedToHTTP)
}

func testVolumeUnpacked(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	raw, rawSum := image(t, "raw", 5*mib)
	qcow2, qcow2Sum := image(t, "qcow2", 8*mib)
	c := config{}
	files := t.TempDir()
	for name, content := range packed(t, read(t, raw)) {
		// The names say nothing of what is in the files.
		local := filepath.Join(files, name)
		if err := os.WriteFile(local, content, 0o600); err != nil {
			t.Fatal(err)
		}
		server := served(t, map[string]http.HandlerFunc{"/image.qcow2": whole(content)})
		a := attrs{"host": alpha().Name, "pool": pool, "format": "raw"}
		c["libvirt_volume."+name] = a.with(attrs{"name": name, "source": server.URL + "/image.qcow2", "source_sha256": rawSum})
		c["libvirt_volume.local-"+name] = a.with(attrs{"name": "local-" + name, "source": local, "source_sha256": sum(t, local)})
		c["libvirt_volume.larger-"+name] = a.with(attrs{"name": "larger-" + name, "source": local, "capacity": 6 * mib})
	}
	for name, content := range packed(t, read(t, qcow2)) {
		server := served(t, map[string]http.HandlerFunc{"/": whole(content)})
		c["libvirt_volume.qcow2-"+name] = attrs{"host": alpha().Name, "pool": pool, "name": "qcow2-" + name, "source": server.URL, "source_sha256": qcow2Sum}
	}
	s := newStack(t)
	s.apply(c)
	s.settled()
	for resource, a := range c {
		name := a["name"].(string)
		content := alpha().path(dir + "/" + name)
		switch {
		case strings.HasPrefix(name, "qcow2-"):
			expect(t, "content of "+name, sum(t, content), qcow2Sum)
			expect(t, "volume "+name, volXML("capacity", "target/format@type")(t, a), "8388608 qcow2")
		case strings.HasPrefix(name, "larger-"):
			got := read(t, content)
			if len(got) != 6*mib || !bytes.Equal(got[:5*mib], read(t, raw)) {
				t.Errorf("%s: %d bytes of another content", name, len(got))
			}
		default:
			expect(t, "content of "+name, sum(t, content), rawSum)
			expect(t, "capacity of "+name, fmt.Sprint(int(s.state(resource)["capacity"].(float64))), fmt.Sprint(5*mib))
		}
	}

	// Another archive with the same content is the same content.
	changed := c["libvirt_volume.gzip"]
	changed["source"] = c["libvirt_volume.local-xz"]["source"]
	s.shows(c, "0 to add, 1 to change, 0 to destroy")
	s.destroy()
}

func testVolumeDamagedArchive(t *testing.T) {
	t.Parallel()
	pool, _ := alpha().pool(t)
	raw, rawSum := image(t, "raw", 5*mib)
	s := newStack(t)
	for name, content := range packed(t, read(t, raw)) {
		server := served(t, map[string]http.HandlerFunc{"/cut": whole(content[:len(content)*3/4])})
		a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": server.URL + "/cut"}
		archive := name[strings.LastIndex(name, "-")+1:]
		s.applyFails(config{aVolume: a}, " archive is damaged or incomplete (")
		s.applyFails(config{aVolume: a.with(attrs{"source_sha256": rawSum, "capacity": 6 * mib})}, " archive is damaged or incomplete (")
		if len(s.resources()) != 0 {
			t.Errorf("%s: it is in the state", archive)
		}
		expect(t, "what is in the pool after "+name, alpha().virsh(t, "vol-list", pool), "")
	}
	gz := packed(t, read(t, raw))["gzip"]
	server := served(t, map[string]http.HandlerFunc{"/gz": whole(gz)})
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": server.URL + "/gz"}
	s.applyFails(config{aVolume: a.with(attrs{"capacity": 4 * mib})},
		"'capacity' must be at least the size of the unpacked image, which is more than 4194304 bytes; raise it, or remove it")
	s.applyFails(config{aVolume: a.with(attrs{"source_sha256": sum(t, os.Args[0])})}, ", and its unpacked content "+rawSum+"; correct it, or use the right file")
	expect(t, "what is in the pool", alpha().virsh(t, "vol-list", pool), "")
}

func testVolumeForeign(t *testing.T) {
	t.Parallel()
	pool, _ := alpha().pool(t)
	s := newStack(t)
	for _, format := range []string{"vmdk", "vhdx", "vpc", "vdi", "qed"} {
		file, _ := image(t, format, 4*mib)
		name := map[string]string{"vpc": "vhd"}[format]
		if name == "" {
			name = format
		}
		content := read(t, file)
		server := served(t, map[string]http.HandlerFunc{"/image": whole(content), "/packed": whole(packed(t, content)["gzip"])})
		for _, source := range []string{file, server.URL + "/image", server.URL + "/packed"} {
			a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": source}
			s.planFails(config{aVolume: a}, source+" is "+name+"; convert it with 'qemu-img convert -O raw'")
		}
	}
	fixed := filepath.Join(t.TempDir(), "fixed")
	if out, err := exec.Command("qemu-img", "create", "-q", "-f", "vpc", "-o", "subformat=fixed", fixed, "4M").CombinedOutput(); err != nil {
		t.Fatalf("qemu-img: %v\n%s", err, out)
	}
	server := served(t, map[string]http.HandlerFunc{"/image": whole(read(t, fixed))})
	for _, source := range []string{fixed, server.URL + "/image"} {
		s.planFails(config{aVolume: {"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": source}},
			source+" is vhd; convert it with 'qemu-img convert -O raw'")
	}
}

func testVolumeRedirectedToHTTP(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	raw, rawSum := image(t, "raw", mib)
	plain := served(t, map[string]http.HandlerFunc{"/raw": whole(read(t, raw))})
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL+"/raw", http.StatusFound))
	t.Cleanup(secure.Close)
	s := newStack(t)
	s.env = append(s.env, "SSL_CERT_FILE="+certificateOf(t, secure))
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": secure.URL}
	s.planFails(config{aVolume: a}, "it was redirected from https to "+plain.URL+"/raw, where the content could be changed in transit; "+
		"give the SHA-256 of the content, or use a server that stays with https")
	s.apply(config{aVolume: a.with(attrs{"source_sha256": rawSum})})
	s.settled()
	expect(t, "content", sum(t, alpha().path(dir+"/it")), rawSum)
}

// certificateOf writes a server's certificate to a file of authorities.
func certificateOf(t *testing.T, server *httptest.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "authority.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
