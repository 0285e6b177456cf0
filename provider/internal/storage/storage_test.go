package storage

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpen(t *testing.T) {
	qcow2, raw, tiny, empty := file(t, "a", "QFI\xfb and more"), file(t, "b", "a disk"), file(t, "c", "QF"), file(t, "d", "")
	folder := t.TempDir()
	for name, c := range map[string]struct{ path, format, want string }{
		"qcow2":          {qcow2, "qcow2", ""},
		"raw":            {raw, "raw", ""},
		"tiny":           {tiny, "raw", ""},
		"empty":          {empty, "raw", ""},
		"qcow2 as raw":   {qcow2, "raw", "'source' must be a raw image, and " + qcow2 + " is qcow2; correct 'format', or convert it with qemu-img"},
		"raw as qcow2":   {raw, "qcow2", "'source' must be a qcow2 image, and " + raw + " is not qcow2; correct 'format', or convert it with qemu-img"},
		"empty as qcow2": {empty, "qcow2", "'source' must be a qcow2 image, and " + empty + " is not qcow2; correct 'format', or convert it with qemu-img"},
		"missing":        {"/nonexistent", "raw", "'source': open /nonexistent: no such file or directory; give the path of a file on the machine that runs this"},
		"a folder":       {folder, "raw", "'source' must be a file, got " + folder},
	} {
		image, err := Open(c.path, c.format)
		switch {
		case c.want != "" && (err == nil || err.Error() != c.want):
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want == "":
			content, err := io.ReadAll(image.content)
			if err != nil || int64(len(content)) != image.Size {
				t.Errorf("%s: read %d of %d bytes: %v", name, len(content), image.Size, err)
			}
			image.Close()
		}
	}
}

func TestAnImageInMemory(t *testing.T) {
	image := FromBytes(3, strings.NewReader("abc"))
	defer image.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(image.content); err != nil || out.String() != "abc" || image.Size != 3 {
		t.Errorf("got %q of %d bytes: %v", out.String(), image.Size, err)
	}
}

func TestImportIDs(t *testing.T) {
	var kind InPool
	m, err := kind.Locate([]string{"vms", "web.qcow2"})
	if err != nil {
		t.Fatal(err)
	}
	m["host"] = "alpha"
	if want := (table.Model{"host": "alpha", "pool": "vms", "name": "web.qcow2"}); !table.Equal(m, want) {
		t.Errorf("got %v", m)
	}
	if id := kind.ImportID(m); id != "alpha/vms/web.qcow2" {
		t.Errorf("got %s", id)
	}
}

func TestReadingAnUploadIsNoticed(t *testing.T) {
	moved := 0
	if _, err := io.ReadAll(&watched{strings.NewReader("abc"), func() { moved++ }}); err != nil || moved == 0 {
		t.Errorf("moved %d times: %v", moved, err)
	}
}

func TestWhereAVolumeCameFrom(t *testing.T) {
	const metadata = `<volumes xmlns="https://kvm-fleet.dev/xmlns/volumes/1"><volume from="alpha/vms/web" pool="fast" name="web-1"/><volume from="alpha/vms/data" pool="vms" name="data"/></volumes>`
	for from, want := range map[string][2]string{
		"alpha/vms/web":  {"fast", "web-1"},
		"alpha/vms/data": {"vms", "data"},
		"beta/vms/web":   {},
		"":               {},
	} {
		if pool, name := origin(taken(metadata), from); pool != want[0] || name != want[1] {
			t.Errorf("%s: got %s/%s", from, pool, name)
		}
	}
	if _, name := origin(taken("<volumes>not closed"), "alpha/vms/web"); name != "" {
		t.Errorf("found %q in what is no XML", name)
	}
}

func TestTheSameImageElsewhereIsNoOtherImage(t *testing.T) {
	type m = table.Model
	on := func(path, format string) m { return m{"backing_store": m{"path": path, "format": format}} }
	for name, c := range map[string]struct {
		prior, plan m
		want        bool
	}{
		"the same":       {on("/a/base", "qcow2"), on("/a/base", "qcow2"), false},
		"elsewhere":      {on("/a/base", "qcow2"), on("/b/base", "qcow2"), true},
		"another":        {on("/a/base", "qcow2"), on("/a/other", "qcow2"), false},
		"another format": {on("/a/base", "qcow2"), on("/b/base", "raw"), false},
		"none any more":  {on("/a/base", "qcow2"), m{}, false},
		"a new one":      {m{}, on("/a/base", "qcow2"), false},
		"not known yet":  {on("/a/base", "qcow2"), m{"backing_store": m{"path": table.Unknown, "format": "qcow2"}}, false},
	} {
		if got := rebased(c.prior, c.plan); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestUsersAreNamedWithTheirHosts(t *testing.T) {
	alpha, beta := &conn.Host{Name: "alpha"}, &conn.Host{Name: "beta"}
	of := func(h *conn.Host, u usage.User) user { return user{u, h} }
	users := []user{
		of(alpha, usage.User{Name: "a", Target: "vda"}), of(alpha, usage.User{Name: "b", Target: "vda", Backing: true, Running: true}),
		of(alpha, usage.User{Name: "rests", Target: "vda", Backing: true}), of(alpha, usage.User{Name: "kernel"}),
		of(beta, usage.User{Name: "c", Target: "vdb"}),
	}
	if got := names(needing(users)); got != `"a" and "b" on alpha, "c" on beta` {
		t.Error(got)
	}
}

func TestOnlyStorageThatHostsMountIsShared(t *testing.T) {
	for xml, want := range map[string]string{
		`<pool type="dir"><target><path>/vms</path></target></pool>`:                               "",
		`<pool type="netfs"><source><host name="198.18.0.1"/><dir path="shared"/></source></pool>`: "198.18.0.1:shared",
		`<pool type="logical"><source><device path="/dev/sdb"/></source></pool>`:                   "",
	} {
		root, err := xmlmodel.Parse(xml)
		if err != nil {
			t.Fatal(err)
		}
		if got := Origin(root); got != want {
			t.Errorf("%s: got %q", xml, got)
		}
	}
}
