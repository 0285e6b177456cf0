package storage

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/unpack"
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

// packed compresses content.
func packed(t *testing.T, content string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, content)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestADigestMayBeThatOfTheArchiveOrOfItsContent(t *testing.T) {
	content := strings.Repeat("disk", headSize)
	name := file(t, "disk.gz", packed(t, content))
	archive := digestOf(packed(t, content))
	for want, wrong := range map[string]string{
		archive:           "",
		digestOf(content): "",
		digestOf("other"): "'source_sha256' is " + digestOf("other") + ", but " + name + " has " + archive + ", and its unpacked content " + digestOf(content) +
			"; correct it, or use the right file",
	} {
		plan := table.Model{"name": "it", "source": name, "format": "raw", "source_sha256": want}
		problems, _ := Examine(t.Context(), plan)
		if said := strings.Join(texts(problems), "\n"); said != wrong {
			t.Errorf("the plan says %q", said)
		}
		image, err := Open(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		defer image.Close()
		rest, _ := image.parts()
		if _, err = io.Copy(io.Discard, rest); err == nil {
			err = image.verify(nil)
		}
		if (err == nil) != (wrong == "") {
			t.Errorf("the apply says %v", err)
		}
	}
}

func digestOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

func texts(problems []table.Problem) (all []string) {
	for _, p := range problems {
		all = append(all, p.Text)
	}
	return all
}

func TestAPlanFindsOutHowLargeASmallPackedImageIs(t *testing.T) {
	name := file(t, "disk.gz", packed(t, strings.Repeat("disk", headSize)))
	problems, _ := Examine(t.Context(), table.Model{"name": "it", "source": name, "format": "raw", "source_sha256": table.Unknown, "capacity": int64(1 << 20)})
	if len(problems) != 0 {
		t.Errorf("without a digest: %v", texts(problems))
	}
	problems, _ = Examine(t.Context(), table.Model{"name": "it", "source": name, "format": "raw", "source_sha256": digestOf(strings.Repeat("disk", headSize)),
		"capacity": int64(1 << 20)})
	want := "'capacity' must be at least the capacity of the image, 4194304 bytes, got 1048576; raise it, or remove it"
	if got := strings.Join(texts(problems), "\n"); got != want {
		t.Errorf("got %q", got)
	}
}

func TestTheTailOfWhatIsWritten(t *testing.T) {
	whole := strings.Repeat("abcdefg", 1000)
	for _, each := range []int{1, 100, tailSize, 5000} {
		end := &tail{}
		if _, err := io.CopyBuffer(struct{ io.Writer }{end}, struct{ io.Reader }{strings.NewReader(whole)}, make([]byte, each)); err != nil {
			t.Fatal(err)
		}
		if string(end.last) != whole[len(whole)-tailSize:] {
			t.Errorf("in parts of %d bytes: %d bytes of another content", each, len(end.last))
		}
	}
}

func TestOpen(t *testing.T) {
	qcow2, raw, tiny, empty := file(t, "a", header(3, 0, 0)), file(t, "b", "a disk"), file(t, "c", "QF"), file(t, "d", "")
	clone, apart, cut := file(t, "e", header(3, 104, 0)), file(t, "f", header(3, 0, 4)), file(t, "g", header(2, 0, 0)[:79])
	gz, xz := file(t, "h", packed(t, "a disk")), file(t, "i", "\xfd7zXZ\x00\x00")
	vmdk, inside := file(t, "j", "KDMV\x01"), file(t, "k", packed(t, "KDMV\x01"))
	iso, page := file(t, "l", strings.Repeat("\x00", 0x8001)+"CD001"), file(t, "m", "<!DOCTYPE html><title>Log in</title>")
	vhd := file(t, "n", strings.Repeat("\x00", 1024)+"conectix"+strings.Repeat("\x00", 504))
	folder := t.TempDir()
	for name, c := range map[string]struct {
		path, format string
		capacity     int64
		want         string
	}{
		"qcow2":        {qcow2, "qcow2", 1 << 30, ""},
		"raw":          {raw, "raw", 6, ""},
		"tiny":         {tiny, "raw", 2, ""},
		"empty":        {empty, "raw", 0, ""},
		"packed":       {gz, "raw", 6, ""},
		"vmdk, as raw": {vmdk, "raw", 0, "'source' must be a raw image, and " + vmdk + " is vmdk; convert it with 'qemu-img convert -O raw'"},
		"vmdk, packed": {inside, "qcow2", 0, "'source' must be a qcow2 image, and the content of " + inside + " is vmdk; " +
			"convert it with 'qemu-img convert -O qcow2'"},
		"iso, as raw": {iso, "raw", 0x8006, ""},
		"iso": {iso, "qcow2", 0, "'source' must be a qcow2 image, and " + iso + " is an ISO image of a CD; a disk needs an installed system; " +
			`to attach it as a CD-ROM, set 'format' to "raw"`},
		"web page": {page, "raw", 0, "'source' must be a raw image, and " + page + " is a web page; download the image itself, and check the URL"},
		"vhd":      {vhd, "raw", 0, "'source' must be a raw image, and " + vhd + " is vhd; convert it with 'qemu-img convert -O raw'"},
		"qcow2 as raw": {qcow2, "raw", 0, "'source' must be a raw image, and " + qcow2 + " is qcow2; correct 'format', or have the host convert it: " +
			"upload it to a pool of files, and name that volume in 'clone_from' of this one"},
		"raw as qcow2":   {raw, "qcow2", 0, "'source' must be a qcow2 image, and " + raw + " is not qcow2; correct 'format', or convert it with 'qemu-img convert -O qcow2'"},
		"empty as qcow2": {empty, "qcow2", 0, "'source' must be a qcow2 image, and " + empty + " is not qcow2; correct 'format', or convert it with 'qemu-img convert -O qcow2'"},
		"packed, as qcow2": {gz, "qcow2", 0, "'source' must be a qcow2 image, and the content of " + gz + " is not qcow2; " +
			"correct 'format', or convert it with 'qemu-img convert -O qcow2'"},
		"damaged":      {xz, "raw", 0, "'source': " + xz + ": the xz archive is damaged or incomplete (unexpected EOF); download it again"},
		"a clone":      {clone, "qcow2", 0, "'source' must not have a backing file, and " + clone + " is a clone of another image; flatten it with qemu-img convert"},
		"of two files": {apart, "qcow2", 0, "'source' must not have an external data file, and " + apart + " keeps its data in another file; flatten it with qemu-img convert"},
		"cut off":      {cut, "qcow2", 0, "'source' must be a complete image, and " + cut + " ends within its header; download it again"},
		"missing":      {"/nonexistent", "raw", 0, "'source': open /nonexistent: no such file or directory; set the path of a file on the machine that runs Terraform"},
		"a folder":     {folder, "raw", 0, "'source' must be a file, got " + folder},
		"no http":      {"ftp://a/b", "raw", 0, `'source': must be a path, or an http or https URL, got "ftp://a/b"; download it first`},
	} {
		image, err := Open(t.Context(), table.Model{"source": c.path, "format": c.format})
		if err == nil && c.want != "" { // what only the end says
			_, _ = io.Copy(io.Discard, image.content)
			tail, _ := image.source.tail()
			err = image.verify(tail)
		}
		switch {
		case c.want != "" && (err == nil || err.Error() != c.want):
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want == "":
			rest, head := image.parts()
			content, err := io.ReadAll(rest)
			if err != nil || int64(len(content)) != image.Size || (head != nil) != image.marks() || image.Capacity != c.capacity {
				t.Errorf("%s: read %d of %d bytes, of a capacity of %d: %v", name, len(content), image.Size, image.Capacity, err)
			}
			image.Close()
		}
	}
}

func TestTheHeadOfAnImageComesLast(t *testing.T) {
	for _, size := range []int{markSize, headSize, headSize + 1, 3 * headSize} {
		whole := strings.Repeat("disk", size/4+1)[:size]
		image, err := Open(t.Context(), table.Model{"source": file(t, "disk", whole), "format": "raw"})
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
		"unknown":   {strings.NewReader(long), unpack.Unknown, ""},
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
		if c.want == "" && (!errors.Is(err, io.EOF) || n != c.size && c.size != unpack.Unknown || most > packetSize) {
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

func TestTheEndOfWhatIsSent(t *testing.T) {
	data, zeros := strings.Repeat("abcdefg", 1000), strings.Repeat("\x00", 3000)
	for _, c := range []struct{ content, data string }{{data, ""}, {data + zeros, data}, {data + zeros + "x", ""}, {"a" + zeros, "a"}, {zeros, ""}, {"", ""}} {
		for _, each := range []int{1, 100, tailSize, 5000} {
			var s sent
			if _, err := io.CopyBuffer(struct{ io.Writer }{&s}, struct{ io.Reader }{strings.NewReader(c.content)}, make([]byte, each)); err != nil {
				t.Fatal(err)
			}
			var want []window
			for _, part := range []string{c.data, c.content} {
				if part != "" {
					want = append(want, window{[]byte(part[max(0, len(part)-tailSize):]), int64(len(part))})
				}
			}
			if got := s.windows(); !slices.EqualFunc(got, want, func(a, b window) bool {
				return a.end == b.end && strings.HasSuffix(string(b.content), string(a.content)) && len(a.content) > 0
			}) {
				t.Errorf("%d bytes in parts of %d: got %v", len(c.content), each, got)
			}
		}
	}
}
