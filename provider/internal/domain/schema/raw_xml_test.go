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
		if !strings.Contains(after, c.want) {
			t.Errorf("%s: it did not come: %s", what, after)
		}
		if seen := model(t, after)["xml"]; !table.Equal(seen, entries) {
			t.Errorf("%s: read as %v", what, seen)
		}
		if again := became(t, after, entries, entries); again != after {
			t.Errorf("%s: put in twice: %s", what, again)
		}
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
	{"xml", escaped, nil, []string{`- metadata/kept:xml`, `- on_crash`, `- devices/hub`}},
	{"xml.more", escaped, table.Model{"under": "", "element": "<iothreads>2</iothreads>"}, []string{`+ metadata/kept:xml/kept:element@key=more`, `+ metadata/kept:xml/kept:element=<iothreads>2</iothreads>`, `+ iothreads`, `+ iothreads=2`}},
	{"xml.hub.element", escaped, `<hub type="pci"/>`, []string{`- metadata/kept:xml/kept:element=<hub type="usb"/>`, `- devices/hub@type=usb`, `- devices/hub/address`, `+ metadata/kept:xml/kept:element=<hub type="pci"/>`, `+ devices/hub@type=pci`}},
	{"xml.crash.under", escaped, "cpu", []string{`- on_crash`, `+ metadata/kept:xml/kept:element@under=cpu`, `+ cpu/on_crash`, `+ cpu/on_crash=preserve`}},
}
