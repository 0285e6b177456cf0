package storage

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

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

// header is the beginning of a qcow2 image.
func header(version uint32, backing, features uint64) string {
	b := make([]byte, 104)
	copy(b, "QFI\xfb")
	binary.BigEndian.PutUint32(b[4:], version)
	binary.BigEndian.PutUint64(b[8:], backing)
	binary.BigEndian.PutUint64(b[24:], 1<<30)
	binary.BigEndian.PutUint64(b[72:], features)
	return string(b)
}

func TestOpen(t *testing.T) {
	qcow2, raw, tiny, empty := file(t, "a", header(3, 0, 0)), file(t, "b", "a disk"), file(t, "c", "QF"), file(t, "d", "")
	clone, apart, cut := file(t, "e", header(3, 104, 0)), file(t, "f", header(3, 0, 4)), file(t, "g", header(2, 0, 0)[:79])
	gz, xz := file(t, "h", "\x1f\x8b\x08"), file(t, "i", "\xfd7zXZ\x00\x00")
	folder := t.TempDir()
	for name, c := range map[string]struct {
		path, format string
		capacity     int64
		want         string
	}{
		"qcow2":          {qcow2, "qcow2", 1 << 30, ""},
		"raw":            {raw, "raw", 6, ""},
		"tiny":           {tiny, "raw", 2, ""},
		"empty":          {empty, "raw", 0, ""},
		"packed, as raw": {gz, "raw", 3, ""},
		"qcow2 as raw":   {qcow2, "raw", 0, "'source' must be a raw image, and " + qcow2 + " is qcow2; correct 'format', or convert it with qemu-img"},
		"raw as qcow2":   {raw, "qcow2", 0, "'source' must be a qcow2 image, and " + raw + " is not qcow2; correct 'format', or convert it with qemu-img"},
		"empty as qcow2": {empty, "qcow2", 0, "'source' must be a qcow2 image, and " + empty + " is not qcow2; correct 'format', or convert it with qemu-img"},
		"gzip":           {gz, "qcow2", 0, "'source' must be a qcow2 image, and " + gz + " is compressed with gzip; decompress it first"},
		"xz":             {xz, "qcow2", 0, "'source' must be a qcow2 image, and " + xz + " is compressed with xz; decompress it first"},
		"a clone":        {clone, "qcow2", 0, "'source' must not have a backing file, and " + clone + " is a clone of another image; flatten it with qemu-img convert"},
		"of two files":   {apart, "qcow2", 0, "'source' must not have an external data file, and " + apart + " keeps its data in another file; flatten it with qemu-img convert"},
		"cut off":        {cut, "qcow2", 0, "'source' must be a complete image, and " + cut + " ends within its header; download it again"},
		"missing":        {"/nonexistent", "raw", 0, "'source': open /nonexistent: no such file or directory; set the path of a file on the machine that runs Terraform"},
		"a folder":       {folder, "raw", 0, "'source' must be a file, got " + folder},
		"no http":        {"ftp://a/b", "raw", 0, `'source': must be a path, or an http or https URL, got "ftp://a/b"; download it first`},
	} {
		image, err := Open(t.Context(), c.path, c.format)
		switch {
		case c.want != "" && (err == nil || err.Error() != c.want):
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want == "":
			rest, head := image.parts()
			content, err := io.ReadAll(rest)
			if err != nil || int64(len(content)) != image.Size || head != nil || image.Capacity != c.capacity {
				t.Errorf("%s: read %d of %d bytes, of a capacity of %d: %v", name, len(content), image.Size, image.Capacity, err)
			}
			image.Close()
		}
	}
}

func TestTheHeadOfAnImageComesLast(t *testing.T) {
	for _, size := range []int{markSize, headSize, headSize + 1, 3 * headSize} {
		whole := strings.Repeat("disk", size/4+1)[:size]
		image, err := Open(t.Context(), file(t, "disk", whole), "raw")
		if err != nil {
			t.Fatal(err)
		}
		defer image.Close()
		parts, last := image.parts()
		first, err1 := io.ReadAll(parts)
		head, err2 := io.ReadAll(last)
		if err1 != nil || err2 != nil || len(first) != size || len(head) != min(size, headSize) {
			t.Fatalf("%d bytes: %d and %d, %v, %v", size, len(first), len(head), err1, err2)
		}
		if !strings.HasPrefix(string(first), mark(image.token)) || strings.Contains(string(first[:len(head)]), "disk") {
			t.Errorf("%d bytes: begins with %q", size, first[:100])
		}
		copy(first, head)
		if string(first) != whole {
			t.Errorf("%d bytes: another content", size)
		}
	}
}

func TestAnImageInMemory(t *testing.T) {
	image := FromBytes(3, strings.NewReader("abc"))
	defer image.Close()
	var out bytes.Buffer
	content, _ := image.parts()
	if _, err := out.ReadFrom(content); err != nil || out.String() != "abc" || image.Size != 3 {
		t.Errorf("got %q of %d bytes: %v", out.String(), image.Size, err)
	}
}

func TestImportIDs(t *testing.T) {
	var kind InPool
	m, err := kind.ParseImportID([]string{"vms", "web.qcow2"})
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

func TestParcels(t *testing.T) {
	long := strings.Repeat("x", 2*packetSize+1)
	broken := io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(errors.New("the cable")))
	for name, c := range map[string]struct {
		from io.Reader
		size int
		want string
	}{
		"whole":     {strings.NewReader(long), len(long), ""},
		"longer":    {strings.NewReader(long), 7, ""},
		"too short": {strings.NewReader("abc"), 5, "'source' ended 2 bytes too early; download it again"},
		"broken":    {broken, 5, "'source': the cable"},
	} {
		stall := time.NewTimer(stallLimit)
		p := &packets{from: c.from, left: int64(c.size), stall: stall, failed: make(chan error, 1)}
		n, most := 0, 0
		var err error
		for b := make([]byte, 4<<20); err == nil; {
			var read int
			read, err = p.Read(b)
			n, most = n+read, max(most, read)
		}
		if !stall.Stop() {
			t.Errorf("%s: the clock stands", name)
		}
		if c.want == "" && (!errors.Is(err, io.EOF) || n != c.size || most > packetSize) {
			t.Errorf("%s: %d bytes in packets of %d, %v", name, n, most, err)
		}
		if c.want != "" && (err.Error() != c.want || (<-p.failed).Error() != c.want) {
			t.Errorf("%s: got %v", name, err)
		}
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
		if pool, name := findMoved(parseMoved(metadata), from); pool != want[0] || name != want[1] {
			t.Errorf("%s: got %s/%s", from, pool, name)
		}
	}
	if _, name := findMoved(parseMoved("<volumes>not closed"), "alpha/vms/web"); name != "" {
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
		`<pool type="dir"><target><path>/vms</path></target></pool>`:                                            "",
		`<pool type="netfs"><source><host name="198.18.0.1"/><dir path="shared"/></source></pool>`:              "198.18.0.1:shared",
		`<pool type="logical"><source><device path="/dev/sdb"/></source></pool>`:                                "",
		`<pool type="rbd"><source><host name="b" port="6789"/><host name="a"/><name>vms</name></source></pool>`: "rbd:a,b:6789:vms",
		`<pool type="iscsi-direct"><source><host name="san"/><device path="iqn.a:b"/></source></pool>`:          "iscsi-direct:san:iqn.a:b",
		`<pool type="gluster"><source><host name="a"/><dir path="/"/><name>vms</name></source></pool>`:          "gluster:a:/:vms",
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
