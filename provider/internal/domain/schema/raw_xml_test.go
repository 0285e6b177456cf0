package schema

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/rawxml"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

const bare = `<domain xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"><name>it</name><os/><on_crash>restart</on_crash><cpu><topology sockets="1"/></cpu>` +
	`<devices><emulator>/usr/bin/qemu</emulator><hub type="usb"><address type="usb"/></hub><controller type="usb" index="0" model="qemu-xhci"/></devices></domain>`

func entryOf(under, element string) table.Model {
	return table.Model{"under": under, "element": element}
}

// isPutIn asserts that a definition has entries of `xml`: it contains what they write, they are read as they are, and another apply changes nothing.
func isPutIn(t *testing.T, what, after string, entries table.Model, want string) {
	t.Helper()
	if !strings.Contains(after, want) {
		t.Errorf("%s: it did not come: %s", what, after)
	}
	if seen := model(t, after)["xml"]; !table.Equal(seen, entries) {
		t.Errorf("%s: read as %v", what, seen)
	}
	if again := became(t, after, entries, entries); again != after {
		t.Errorf("%s: put in twice: %s", what, again)
	}
}

// became patches a definition from one set of entries to another.
func became(t *testing.T, xml string, prior, plan table.Model) string {
	t.Helper()
	after, err := PatchXML(xml, table.Model{"xml": prior}, table.Model{"xml": plan})
	if err != nil {
		t.Fatal(err)
	}
	return after
}

func TestElementsComeAndGo(t *testing.T) {
	const commandline = `<qemu:commandline xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"><qemu:arg value="-s"/></qemu:commandline>`
	for what, c := range map[string]struct {
		entry table.Model
		want  string // what is in the definition then
		goes  bool   // and is in it no more when the entry goes
	}{
		"a device":               {entryOf("devices", `<redirdev bus="usb" type="tcp"/>`), `<redirdev bus="usb" type="tcp"/>`, true},
		"one beside its like":    {entryOf("devices", `<hub type="pci"/>`), `<hub type="pci"/>`, true},
		"in an element of ours":  {entryOf("cpu", `<cache mode="passthrough"/>`), `<cpu><topology sockets="1"/><cache mode="passthrough"/></cpu>`, true},
		"in one that is not yet": {entryOf("sysinfo/system", `<entry name="serial">42</entry>`), `<sysinfo><system><entry name="serial">42</entry></system></sysinfo>`, true},
		"in the place of one":    {entryOf("", "<on_crash>preserve</on_crash>"), "<on_crash>preserve</on_crash>", true},
		"with a prefix":          {entryOf("", commandline), `<qemu:arg value="-s"/>`, true},
		"a number's text":        {entryOf("", "<iothreads>2</iothreads>"), "<iothreads>2</iothreads>", true},
	} {
		entries := table.Model{"it": c.entry}
		after := became(t, bare, nil, entries)
		isPutIn(t, what, after, entries, c.want)
		gone := became(t, after, entries, nil)
		if strings.Contains(gone, c.want) || model(t, gone)["xml"] != nil || strings.Contains(gone, rawxml.Namespace) {
			t.Errorf("%s: it did not go: %s", what, gone)
		}
	}
}

func TestAnAttributeTakesOverFromAnElement(t *testing.T) {
	entries := table.Model{"cores": entryOf("cpu", `<topology sockets="1" cores="4" threads="1"/>`), "hub": entryOf("devices", `<hub type="pci"/>`)}
	before := became(t, bare, nil, entries)
	stays := table.Model{"hub": entries["hub"]}
	after, err := PatchXML(before, table.Model{"xml": entries}, table.Model{"xml": stays, "cpu": table.Model{"topology": table.Model{"cores": int64(4)}}})
	if err != nil || !strings.Contains(after, `cores="4"`) || !table.Equal(model(t, after)["xml"], stays) {
		t.Errorf("got %s, %v", after, err)
	}
}

func TestWhatIsThereAlreadyIsTakenOver(t *testing.T) {
	entries := table.Model{"hub": entryOf("devices", `<hub type='usb'/>`)}
	after := became(t, bare, nil, entries)
	if strings.Count(after, "<hub") != 1 || !table.Equal(model(t, after)["xml"], entries) {
		t.Errorf("got %s", after)
	}
}

func TestElementsOfOneNameAreToldApart(t *testing.T) {
	two := table.Model{"a": entryOf("devices", `<redirdev bus="usb" type="tcp"/>`), "b": entryOf("devices", `<redirdev bus="usb" type="tcp"/>`)}
	after := became(t, bare, nil, two)
	if strings.Count(after, "<redirdev") != 2 {
		t.Errorf("got %s", after)
	}
	one := became(t, after, two, table.Model{"b": two["b"]})
	if strings.Count(one, "<redirdev") != 1 || !table.Equal(model(t, one)["xml"], table.Model{"b": two["b"]}) {
		t.Errorf("got %s", one)
	}
}

func TestAListIsSharedWithOthers(t *testing.T) {
	const space = ` xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"`
	arg := func(v string) table.Model {
		return entryOf("", "<qemu:commandline"+space+`><qemu:arg value="`+v+`"/></qemu:commandline>`)
	}
	// As libvirt gives it back: one list for all, with what a person put into it.
	list := func(args ...string) string {
		return "<qemu:commandline><qemu:arg value=\"" + strings.Join(args, `"/><qemu:arg value="`) + "\"/></qemu:commandline>"
	}
	two := table.Model{"a": arg("-a"), "b": arg("-b")}
	made := became(t, bare, nil, two)
	start := strings.Index(made, "<qemu:commandline")
	merged := made[:start] + list("-mine", "-a", "-b") + "</domain>"
	merged = strings.Replace(merged, "</domain></domain>", "</domain>", 1)
	if !table.Equal(model(t, merged)["xml"], two) {
		t.Fatalf("read as %v of %s", model(t, merged)["xml"], merged)
	}
	if after := became(t, merged, two, table.Model{"b": two["b"]}); !strings.Contains(after, list("-mine", "-b")) {
		t.Errorf("one went: got %s", after)
	}
	if after := became(t, merged, two, nil); !strings.Contains(after, list("-mine")) {
		t.Errorf("both went: got %s", after)
	}
}

func TestWhatSomebodyChangedShows(t *testing.T) {
	entries := table.Model{"hub": entryOf("devices", `<hub type='usb'/>`), "crash": entryOf("", "<on_crash>preserve</on_crash>")}
	after := became(t, bare, nil, entries)
	other := strings.Replace(strings.Replace(after, `<hub type="usb">`, `<hub type="other">`, 1), ">preserve<", ">destroy<", 1)
	want := table.Model{"hub": entryOf("devices", `<hub type="other"><address type="usb"/></hub>`), "crash": entryOf("", "<on_crash>destroy</on_crash>")}
	if seen := model(t, other)["xml"]; !table.Equal(seen, want) {
		t.Errorf("got %v", seen)
	}
	if back := became(t, other, want, entries); strings.Contains(back, "other") || !strings.Contains(back, ">preserve<") || strings.Count(back, "<hub") != 1 {
		t.Errorf("put right: %s", back)
	}
	gone := strings.Replace(after, "<on_crash>preserve</on_crash>", "", 1)
	if seen := model(t, gone).Group("xml"); seen["crash"] != nil || seen["hub"] == nil {
		t.Errorf("of what is gone: %v", seen)
	}
	if back := became(t, gone, table.Model{"hub": entries["hub"]}, entries); !table.Equal(model(t, back)["xml"], entries) || strings.Count(back, "kept:element ") != 2 {
		t.Errorf("put back: %s", back)
	}
}

func TestADeviceOfAnAttributeIsNoElement(t *testing.T) {
	const (
		disk   = `<disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="/a"/><target dev="vda" bus="virtio"/></disk>`
		floppy = `<disk type="file" device="floppy"><target dev="fda" bus="fdc"/></disk>`
	)
	entries := table.Model{"floppy": entryOf("devices", floppy)}
	with := became(t, strings.Replace(bare, "</devices>", disk+"</devices>", 1), nil, entries)
	gone := strings.Replace(with, floppy, "", 1)
	seen := model(t, gone).Group("xml")
	if seen["floppy"] != nil {
		t.Errorf("a floppy that is gone is read as %v", seen)
	}
	if back := became(t, gone, seen, entries); !strings.Contains(back, disk) || strings.Count(back, floppy) != 1 {
		t.Errorf("put back: %s", back)
	}
	other := strings.Replace(with, `dev="fda"`, `dev="fdb"`, 1)
	want := table.Model{"floppy": entryOf("devices", strings.Replace(floppy, "fda", "fdb", 1))}
	if seen := model(t, other)["xml"]; !table.Equal(seen, want) {
		t.Errorf("a floppy that was changed is read as %v", seen)
	}
}

func TestAnElementChangesItsPlaceAndItsWords(t *testing.T) {
	was := table.Model{"it": entryOf("devices", `<redirdev bus="usb" type="tcp"/>`)}
	after := became(t, bare, nil, was)
	is := table.Model{"it": entryOf("", "<iothreads>2</iothreads>")}
	if got := became(t, after, was, is); strings.Contains(got, "redirdev") || !table.Equal(model(t, got)["xml"], is) {
		t.Errorf("got %s", got)
	}
	same := table.Model{"it": entryOf("devices", `<redirdev type='tcp'   bus='usb'></redirdev>`)}
	if got := became(t, after, was, same); got != after {
		t.Errorf("another spelling of the same: %s", got)
	}
}

// furnished has entries of every kind that has keys: a disk by its target, an interface by its name, and one by its place.
const furnished = `<domain><name>it</name><os/><devices>` +
	`<disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="/a"/><target dev="vda" bus="virtio"/></disk>` +
	`<disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="/b"/><target dev="vdb" bus="virtio"/></disk>` +
	`<interface type="network"><source network="lan"/><model type="virtio"/></interface>` +
	`<interface type="network"><source network="lan"/><model type="virtio"/></interface>` +
	`<interface type="network"><source network="lan"/><model type="virtio"/><alias name="ua-front"/></interface></devices></domain>`

func attributesOf(under string, attributes map[string]string) table.Model {
	return table.Model{"under": under, "attributes": table.TextsOf(attributes)}
}

func alsoWith(m table.Model, name string, value any) table.Model {
	m[name] = value
	return m
}

func TestEntriesInsideOfOthersComeAndGo(t *testing.T) {
	for what, c := range map[string]struct {
		entry table.Model
		want  string
	}{
		"an element of a disk":           {entryOf("devices/disk[vdb]", `<wwn>0011223344556677</wwn>`), `<target dev="vdb" bus="virtio"/><wwn>0011223344556677</wwn></disk>`},
		"an attribute of a disk":         {attributesOf("devices/disk[vdb]", map[string]string{"rawio": "yes"}), `<disk type="file" device="disk" rawio="yes"><driver name="qemu" type="qcow2"/><source file="/b"/>`},
		"attributes inside of a disk":    {attributesOf("devices/disk[vdb]/driver", map[string]string{"queue_size": "1024", "copy_on_read": "on"}), `<driver name="qemu" type="qcow2" copy_on_read="on" queue_size="1024"/><source file="/b"/>`},
		"an element of an interface":     {entryOf("devices/interface[front]", `<guest dev="eth7"/>`), `<alias name="ua-front"/><guest dev="eth7"/></interface>`},
		"of one that has only a place":   {entryOf("devices/interface[net1]", `<guest dev="eth7"/>`), `</interface><interface type="network"><source network="lan"/><model type="virtio"/><guest dev="eth7"/></interface><interface`},
		"attributes that make their own": {attributesOf("devices/interface[front]/driver", map[string]string{"rss": "on"}), `<alias name="ua-front"/><driver rss="on"/></interface>`},
		"the second of its name":         {attributesOf("devices/interface[2]/model", map[string]string{"x": "y"}), ""},
	} {
		entries := table.Model{"it": c.entry}
		after := became(t, furnished, nil, entries)
		if c.want == "" { // a number does not name what has a key
			if strings.Contains(after, `x="y"`) {
				t.Errorf("%s: got %s", what, after)
			}
			continue
		}
		isPutIn(t, what, after, entries, c.want)
		gone := became(t, after, entries, nil)
		if want := strings.Replace(furnished, "</devices>", "</devices><metadata/>", 1); gone != want && gone != furnished {
			t.Errorf("%s: it did not go: %s", what, gone)
		}
	}
}

func TestAnEntryGoesWithWhatItIsInsideOf(t *testing.T) {
	entries := table.Model{"wwn": entryOf("devices/disk[vda]", `<wwn>0011223344556677</wwn>`), "queue": attributesOf("devices/disk[vda]/driver", map[string]string{"queue_size": "512"})}
	disk := func(file string) table.Model {
		return table.Model{"file": file, "format": "qcow2", "device": "disk", "bus": "virtio"}
	}
	both := table.Model{"disks": table.Model{"vda": disk("/a"), "vdb": disk("/b")}, "xml": entries}
	with, err := PatchXML(furnished, table.Model{"disks": both["disks"]}, both)
	if err != nil {
		t.Fatal(err)
	}
	other := table.Model{"disks": table.Model{"vda": alsoWith(disk("/other"), "bus", "sata"), "vdb": disk("/b")}, "xml": entries}
	moved, err := PatchXML(with, both, other)
	if err != nil || !strings.Contains(moved, "<wwn>") || !strings.Contains(moved, `queue_size="512"`) || !table.Equal(model(t, moved)["xml"], entries) {
		t.Errorf("after a change of the disk: %s, %v", moved, err)
	}
	gone, err := PatchXML(with, both, table.Model{"disks": table.Model{"vdb": disk("/b")}})
	if err != nil || strings.Contains(gone, "<wwn>") || strings.Contains(gone, "queue_size") || model(t, gone)["xml"] != nil {
		t.Errorf("without the disk: %s, %v", gone, err)
	}
}

// An interface that is known by its place moves up when another goes, and keeps its name and what is in it.
func TestAnEntryStaysWithADeviceThatMovesUp(t *testing.T) {
	nic := table.Model{"network": "lan", "model": "virtio"}
	entries := table.Model{"guest": entryOf("devices/interface[net1]", `<guest dev="eth7"/>`)}
	all := table.Model{"interfaces": table.Model{"net0": nic, "net1": nic, "front": nic}, "xml": entries}
	with, err := PatchXML(furnished, table.Model{"interfaces": all["interfaces"]}, all)
	if err != nil {
		t.Fatal(err)
	}
	after, err := PatchXML(with, all, table.Model{"interfaces": table.Model{"net1": nic, "front": nic}, "xml": entries})
	if err != nil || strings.Count(after, "<interface") != 2 || strings.Count(after, "<guest") != 1 || !table.Equal(model(t, after)["xml"], entries) {
		t.Errorf("got %s, %v", after, err)
	}
}

func TestAttributesThatSomebodyChangedShow(t *testing.T) {
	entries := table.Model{"queue": attributesOf("devices/disk[vda]/driver", map[string]string{"queue_size": "512", "copy_on_read": "on"})}
	after := became(t, furnished, nil, entries)
	other := strings.Replace(after, `queue_size="512"`, `queue_size="256"`, 1)
	want := table.Model{"queue": attributesOf("devices/disk[vda]/driver", map[string]string{"queue_size": "256", "copy_on_read": "on"})}
	if seen := model(t, other)["xml"]; !table.Equal(seen, want) {
		t.Errorf("changed: read as %v", seen)
	}
	if back := became(t, other, want, entries); back != after {
		t.Errorf("put right: %s", back)
	}
	less := strings.Replace(after, ` queue_size="512"`, "", 1)
	want = table.Model{"queue": attributesOf("devices/disk[vda]/driver", map[string]string{"copy_on_read": "on"})}
	if seen := model(t, less)["xml"]; !table.Equal(seen, want) {
		t.Errorf("one is gone: read as %v", seen)
	}
	none := strings.Replace(less, ` copy_on_read="on"`, "", 1)
	if seen := model(t, none)["xml"]; seen != nil {
		t.Errorf("all are gone: read as %v", seen)
	}
	if back := became(t, none, nil, entries); !table.Equal(model(t, back)["xml"], entries) || strings.Count(back, "kept:attributes") != 2 {
		t.Errorf("put back: %s", back)
	}
}

func TestAnElementBecomesAttributesAndBack(t *testing.T) {
	element, attributes := table.Model{"it": entryOf("devices/disk[vda]", `<wwn>0011223344556677</wwn>`)}, table.Model{"it": attributesOf("devices/disk[vda]/driver", map[string]string{"queue_size": "512"})}
	first := became(t, furnished, nil, element)
	second := became(t, first, element, attributes)
	if strings.Contains(second, "<wwn>") || !table.Equal(model(t, second)["xml"], attributes) {
		t.Errorf("got %s", second)
	}
	if third := became(t, second, attributes, element); strings.Contains(third, "queue_size") || !table.Equal(model(t, third)["xml"], element) {
		t.Errorf("got %s", third)
	}
}

func TestRulesInsideOfEntries(t *testing.T) {
	disk := table.Model{"file": "/a", "format": "qcow2", "device": "disk", "bus": "virtio", "options": table.Model{"queues": int64(4)}}
	config := table.Model{"disks": table.Model{"vda": disk}, "interfaces": table.Model{"front": table.Model{"network": "lan", "model": "virtio"}}}
	for what, c := range map[string]struct {
		entry table.Model
		want  string
	}{
		"free":                       {entryOf("devices/disk[vda]", `<wwn>0011223344556677</wwn>`), ""},
		"free attributes":            {attributesOf("devices/disk[vda]/driver", map[string]string{"queue_size": "512"}), ""},
		"an attribute of ours":       {attributesOf("devices/disk[vda]/driver", map[string]string{"queues": "4"}), `'attributes' must not have "queues", which 'disks.options.queues' sets; use that attribute`},
		"one that is unset":          {attributesOf("devices/disk[vda]/driver", map[string]string{"io": "native"}), `'attributes' must not have "io", which 'disks.options.io' sets; use that attribute`},
		"a value that ours has not":  {attributesOf("devices/disk[vda]", map[string]string{"device": "lun"}), `'attributes' must not have "device", which 'disks.device' sets to disk, cdrom only; write the whole <disk> as an 'element' instead of an entry of 'disks'`},
		"a key":                      {attributesOf("devices/disk[vda]/target", map[string]string{"dev": "vdz"}), `'attributes' must not have "dev", which 'disks' sets; use that attribute`},
		"an element of ours":         {entryOf("devices/disk[vda]", `<serial>1</serial>`), "'element' must not be <serial>, which 'disks.options.serial' sets; use that attribute"},
		"one of ours that is set":    {entryOf("devices/interface[front]", `<model type="virtio"/>`), "'element' must not be <model>, which 'interfaces.model' sets; use that attribute"},
		"a disk that is not":         {entryOf("devices/disk[vdb]", `<wwn>0011223344556677</wwn>`), `'under' must be of an element that the configuration has: devices/disk[vda], got "devices/disk[vdb]"`},
		"a disk without a key":       {entryOf("devices/disk", `<wwn>0011223344556677</wwn>`), "'under' must say which <disk> it means, by its key: devices/disk[vda]"},
		"a kind that is not":         {entryOf("devices/filesystem[x]", `<idmap/>`), `'under' must be of an element that the configuration has, and none of its attributes has <filesystem> with the key "x"; add the entry, or remove this one, got "devices/filesystem[x]"`},
		"one of libvirt's own":       {attributesOf("devices/controller[2]", map[string]string{"x": "y"}), ""},
		"an attribute of the domain": {attributesOf("", map[string]string{"type": "qemu"}), `'attributes' must not have "type", which 'type' sets; use that attribute`},
		"neither":                    {table.Model{"under": "devices"}, "'element' is required; set it, or 'attributes'"},
		"both":                       {alsoWith(entryOf("devices", "<hub/>"), "attributes", table.TextsOf(map[string]string{"a": "b"})), "'attributes' cannot be combined with 'element': an entry is one or the other; remove one of them"},
	} {
		config := config.Clone()
		config["xml"] = table.Model{"it": c.entry}
		got := ""
		for _, p := range problemsOf(RawXML.Rules, config) {
			got += p.Text
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", what, got, c.want)
		}
	}
	// Of disks that are not known yet, neither are their keys.
	unknown := table.Model{"disks": table.Unknown, "xml": table.Model{"it": entryOf("devices/disk[vdb]", `<wwn>0011223344556677</wwn>`)}}
	if problems := problemsOf(RawXML.Rules, unknown); len(problems) > 0 {
		t.Errorf("got %v", problems)
	}
}

func TestWhatHasAnAttributeIsRefused(t *testing.T) {
	for _, c := range []struct{ under, element, want string }{
		{"devices", `<disk type="file"><target dev="vda"/></disk>`, "'element' must not be <disk>, which 'disks' sets; use that attribute"},
		{"devices", `<interface type="network"><source network="a"/></interface>`, "'element' must not be <interface>, which 'interfaces' sets; use that attribute"},
		{"devices", `<rng model="virtio"><backend model="random"/></rng>`, "'element' must not be <rng>, which 'devices.rng' sets; use that attribute"},
		{"devices", `<tpm><backend type="emulator"/></tpm>`, "'element' must not be <tpm>, which 'devices.tpm' sets; use that attribute"},
		{"devices", `<hostdev type="pci"><source/></hostdev>`, "'element' must not be <hostdev>, which 'devices.hostdevs' sets; use that attribute"},
		{"features", "<acpi/>", "'element' must not be <acpi>, which 'features.acpi' sets; use that attribute"},
		{"", `<clock offset="localtime"/>`, "'element' must not be <clock>, which 'clock' sets; use that attribute"},
		{"", "<vcpu>2</vcpu>", "'element' must not be <vcpu>, which 'vcpu' sets; use that attribute"},
		{"", "<name>x</name>", "'element' must not be <name>, which 'name' sets; use that attribute"},
		{"metadata", `<a:b xmlns:a="urn:a"/>`, "'element' must not be <a:b>, which 'metadata' sets; use that attribute"},
		{"", "<devices/>", "'element' must not be <devices>, which 'devices' sets; use that attribute"},
		{"devices", `<hub type="usb"/>`, ""},
		{"devices", `<disk type="file" device="floppy"><target dev="fda" bus="fdc"/></disk>`, ""},
		{"devices", `<interface type="user"><model type="virtio"/></interface>`, ""},
		{"devices", `<graphics type="egl-headless"/>`, ""},
		{"devices", `<controller type="usb" model="none"/>`, ""},
		{"devices", `<hostdev type="scsi"><source/></hostdev>`, ""},
		{"cpu", `<feature policy="disable" name="x"/>`, "'element' must not be <feature>, which 'cpu.features' sets; use that attribute"},
		{"cpu", `<topology sockets="1" cores="4" threads="1"/>`, "'element' must not be <topology>, which 'cpu.topology' sets; use that attribute"},
		{"", "<on_crash>preserve</on_crash>", ""},
	} {
		problems := problemsOf(RawXML.Rules, table.Model{"xml": table.Model{"it": entryOf(c.under, c.element)}})
		switch {
		case c.want == "" && len(problems) > 0:
			t.Errorf("%s: %s", c.element, problems[0].Text)
		case c.want != "" && (len(problems) != 1 || problems[0].Text != c.want):
			t.Errorf("%s: got %v, want %s", c.element, problems, c.want)
		}
	}
	for bad, want := range map[string]string{"devices/": `'under' must be a path of elements below <domain> like devices or cpu/numa, got "devices/"`, "/devices": `'under' must be a path of elements below <domain> like devices or cpu/numa, got "/devices"`} {
		problems := table.Validate(Table.Attrs, table.Model{"xml": table.Model{"it": entryOf(bad, "<a/>")}}, tftypes.NewAttributePath())
		if len(problems) != 1 || problems[0].Text != want {
			t.Errorf("%s: %v", bad, problems)
		}
	}
}

var escapePatchCases = []patchCase{
	{"xml", escaped, nil, []string{`- metadata/kept:xml`, `- features/apic@eoi=on`, `- on_crash`, `- devices/hub`}},
	{"xml.more", escaped, table.Model{"under": "", "element": "<iothreads>2</iothreads>"}, []string{`+ metadata/kept:xml/kept:element@key=more`, `+ metadata/kept:xml/kept:element=<iothreads>2</iothreads>`, `+ iothreads`, `+ iothreads=2`}},
	{"xml.hub.element", escaped, `<hub type="pci"/>`, []string{`- metadata/kept:xml/kept:element=<hub type="usb"/>`, `- devices/hub@type=usb`, `- devices/hub/address`, `+ metadata/kept:xml/kept:element=<hub type="pci"/>`, `+ devices/hub@type=pci`}},
	{"xml.eoi.attributes", escaped, table.TextsOf(map[string]string{"eoi": "off"}), []string{`- metadata/kept:xml/kept:attributes=<apic eoi="on"/>`, `- features/apic@eoi=on`, `+ metadata/kept:xml/kept:attributes=<apic eoi="off"/>`, `+ features/apic@eoi=off`}},
	{"xml.crash.under", escaped, "cpu", []string{`- on_crash`, `+ metadata/kept:xml/kept:element@under=cpu`, `+ cpu/on_crash`, `+ cpu/on_crash=preserve`}},
}
