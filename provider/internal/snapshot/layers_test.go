package snapshot

import (
	"maps"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// A domain whose first disk has two snapshots' overlays over it, as libvirt 9.0 writes it where the guest ran.
const running2 = `<domain type="kvm"><name>web</name><devices>
<disk type="file" device="disk"><driver name="qemu" type="qcow2" cache="none"/><source file="/i/vda.two.qcow2"/><backingStore type="file"><format type="qcow2"/><source file="/i/vda.one.qcow2"/><backingStore type="file"><format type="raw"/><source file="/i/vda.img"/></backingStore></backingStore><target dev="vda" bus="virtio"/></disk>
<disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="/i/vdb.qcow2"/><target dev="vdb" bus="virtio"/></disk>
</devices></domain>`

func record1(t *testing.T, name, parent, frozen, format, overlay string) *record {
	t.Helper()
	r, err := parse(`<domainsnapshot><name>` + name + `</name><parent><name>` + parent + `</name></parent><state>shutoff</state><creationTime>1795382519</creationTime>
		<memory snapshot="no"/><disks><disk name="vda" snapshot="external" type="file"><source file="` + overlay + `"/></disk><disk name="sda" snapshot="no"/></disks>
		<domain><devices><disk type="file"><driver type="` + format + `"/><source file="` + frozen + `"/><target dev="vda"/></disk></devices></domain></domainsnapshot>`)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func chain(t *testing.T) []*record {
	t.Helper()
	return []*record{record1(t, "two", "one", "/i/vda.one.qcow2", "qcow2", "/i/vda.two.qcow2"), record1(t, "one", "", "/i/vda.img", "raw", "/i/vda.one.qcow2")}
}

func TestTheFileBelowAllSnapshots(t *testing.T) {
	for name, c := range map[string]struct {
		target, active string
		backing        []string
		want           string
	}{
		"under both":              {"vda", "/i/vda.two.qcow2", nil, "/i/vda.img"},
		"under the first":         {"vda", "/i/vda.one.qcow2", nil, "/i/vda.img"},
		"under no snapshot":       {"vda", "/i/vda.img", nil, ""},
		"of another disk":         {"vdb", "/i/vda.two.qcow2", nil, ""},
		"of another file":         {"vda", "/i/other.qcow2", []string{"/i/base.qcow2"}, ""},
		"in the middle of a turn": {"vda", "/i/vda.two.revert-1.qcow2", []string{"/i/vda.one.qcow2", "/i/vda.img"}, "/i/vda.img"},
	} {
		got, ok := below(chain(t), c.target, c.active, c.backing)
		if want := c.want; ok != (want != "") || ok && (got != image{want, "raw"}) {
			t.Errorf("%s: got %v %v, want %q", name, got, ok, want)
		}
	}
}

func TestOverlaysAreTakenOffAndPutBack(t *testing.T) {
	root, err := xmlmodel.Parse(running2)
	if err != nil {
		t.Fatal(err)
	}
	covers := uncover(chain(t), disksOf(root))
	plain, err := xmlmodel.Text(root)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(plain, `<driver name="qemu" type="raw" cache="none"/><source file="/i/vda.img"/><target`) || strings.Contains(plain, "vda.two") {
		t.Errorf("plain:\n%s", plain)
	}
	back, err := coverAgain(covers, plain)
	if err != nil || back != running2 {
		t.Errorf("%v\n%s", err, back)
	}
	back, err = coverAgain(covers, strings.Replace(plain, `cache="none"`, `cache="writeback"`, 1))
	if err != nil || back != strings.Replace(running2, `cache="none"`, `cache="writeback"`, 1) {
		t.Errorf("%v\n%s", err, back)
	}
	const refusal = `disk "vda" has overlays of snapshots, so it cannot be removed and its file and format cannot change`
	for what, changed := range map[string]string{
		"another file":   strings.Replace(plain, "/i/vda.img", "/i/other.img", 1),
		"another format": strings.Replace(plain, `type="raw"`, `type="qcow2"`, 1),
		"taken out":      strings.Replace(plain, `dev="vda"`, `dev="vdc"`, 1),
	} {
		if _, err := coverAgain(covers, changed); err == nil || err.Error() != refusal {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

func TestAFreshOverlayNamesWhatIsUnderIt(t *testing.T) {
	const below = `<backingStore type="file"><format type="qcow2"/><source file="/i/base.qcow2"/><backingStore/></backingStore>`
	const fresh = `<disk><driver type="qcow2"/><source file="/i/fresh"/><backingStore type="file"><format type="raw"/><source file="/i/vda.img"/>`
	for name, c := range map[string]struct{ disk, want string }{
		"the snapshot's own disk, which is the end of its chain": {`<disk><driver type="raw"/><source file="/i/vda.img"/><backingStore/></disk>`, fresh + `<backingStore/></backingStore></disk>`},
		"the snapshot's own disk, with a base image":             {`<disk><driver type="raw"/><source file="/i/vda.img"/>` + below + `</disk>`, fresh + below + `</backingStore></disk>`},
		"an overlay": {`<disk><driver type="qcow2"/><source file="/i/old"/><backingStore type="file"><format type="raw"/><source file="/i/vda.img"/>` + below + `</backingStore></disk>`,
			fresh + below + `</backingStore></disk>`},
		"an overlay that says nothing": {`<disk><driver type="qcow2"/><source file="/i/old"/></disk>`, fresh + `</backingStore></disk>`},
	} {
		disk, err := xmlmodel.Parse(c.disk)
		if err != nil {
			t.Fatal(err)
		}
		over(disk, "/i/fresh", image{"/i/vda.img", "raw"})
		if got, err := xmlmodel.Text(disk); err != nil || got != c.want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", name, err, got, c.want)
		}
	}
}

func TestNamesOfFiles(t *testing.T) {
	disk, overlay := image{"/i/vda.qcow2", "qcow2"}, image{"/i/vda.one.qcow2", "qcow2"}
	for got, want := range map[string]string{
		overlayName("", "web", "vda", "one", disk, disk):                         "/i/vda.one.qcow2",
		overlayName("", "web", "vda", "two", overlay, disk):                      "/i/vda.two.qcow2",
		overlayName("/s", "web", "vda", "two", overlay, disk):                    "/s/web-vda.two.qcow2",
		overlayName("", "web", "vda", "v1.2", disk, disk):                        "/i/vda.v1.2.qcow2",
		memoryName("/i", "web", "one"):                                           "/i/web.one.memory",
		numbered("vda.one.qcow2", 1):                                             "vda.one.revert-1.qcow2",
		numbered("vda.one.revert-1.qcow2", 2):                                    "vda.one.revert-2.qcow2",
		overlayName("", "web", "vda", "x", image{"/i/d", ""}, image{"/i/d", ""}): "/i/d.x.qcow2",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestARecordInTheTablesWords(t *testing.T) {
	m := record1(t, "one", "", "/i/vda.img", "raw", "/s/web-vda.one.qcow2").model()
	for name, want := range map[string]any{"state": stopped, "parent": "", "memory": false, "memory_file": "", "directory": "/s", "created": "2026-11-22T21:21:59Z", "description": nil} {
		if m[name] != want {
			t.Errorf("%s: got %v, want %v", name, m[name], want)
		}
	}
	if m := record1(t, "one", "", "/i/vda.img", "raw", "/i/vda.one.qcow2").model(); m["directory"] != nil {
		t.Errorf("beside the disk, and the directory is %v", m["directory"])
	}
}

func TestADestructionThatWasBegunIsNoted(t *testing.T) {
	for _, description := range []any{nil, "Before the change.", "Two\nlines."} {
		r := record1(t, "one", "", "/i/vda.img", "raw", "/i/vda.one.qcow2")
		r.describeAs(description)
		r.begun = destruction{"vda": "1764476000.5", "vdb": "1764476001.25"}
		r.describeAs(description)
		xml, err := xmlmodel.Text(r.root)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parse(xml)
		if err != nil || !maps.Equal(again.begun, r.begun) || again.model()["description"] != description {
			t.Errorf("%v: %v, read as %v of %s", description, err, again.model()["description"], xml)
		}
		again.describeAs("Another text.")
		if got := xmlmodel.At("description").Text(again.root); got != "Another text.\n"+r.begun.note() {
			t.Errorf("got %q", got)
		}
	}
}

func TestADestructionThatAnEarlierVersionBegan(t *testing.T) {
	text, begun := cutNote("Before the change.\n(Its destruction was begun: it can't be gone back to.)")
	if text != "Before the change." || begun == nil || len(begun) != 0 {
		t.Errorf("got %q, %v", text, begun)
	}
}
