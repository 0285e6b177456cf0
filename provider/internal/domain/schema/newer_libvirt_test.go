package schema

import (
	"strings"
	"testing"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Definitions as libvirt 11.3 writes them.
const (
	chosenFirmware = `<os firmware='efi'><type arch='x86_64' machine='pc-q35-10.0'>hvm</type>` +
		`<firmware><feature enabled='no' name='enrolled-keys'/><feature enabled='no' name='secure-boot'/></firmware>` +
		`<loader readonly='yes' type='pflash' format='raw'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>` +
		`<nvram template='/usr/share/OVMF/OVMF_VARS_4M.fd' templateFormat='raw' format='raw'>/var/lib/libvirt/qemu/nvram/web_VARS.fd</nvram></os>`
	ownFirmware = `<os firmware='efi'><type arch='x86_64' machine='pc-q35-10.0'>hvm</type>` +
		`<firmware><feature enabled='no' name='enrolled-keys'/><feature enabled='no' name='secure-boot'/></firmware>` +
		`<loader readonly='yes' secure='no' type='pflash' stateless='no' format='raw'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>` +
		`<nvram template='/usr/share/OVMF/OVMF_VARS_4M.fd' templateFormat='raw' format='raw'>/var/lib/libvirt/qemu/nvram/web_VARS.fd</nvram></os>`
)

func domainWith(t *testing.T, inside string) *etree.Element {
	t.Helper()
	return domaintest.Parse(t, "<domain type='qemu'><name>web</name>"+inside+"</domain>")
}

func TestNewerLibvirtFirmware(t *testing.T) {
	if got := loader.Read(domainWith(t, chosenFirmware)); got != nil {
		t.Errorf("the loader that libvirt has chosen is read as %v", got)
	}
	const code = "/usr/share/OVMF/OVMF_CODE_4M.fd"
	own := domainWith(t, ownFirmware)
	if got := loader.Read(own); got != code {
		t.Errorf("the loader of the configuration is read as %v, want %s", got, code)
	}
	loader.Write(own, "/srv/other.fd")
	if got := xmlmodel.At("os/nvram@template").Text(own); got != "" {
		t.Errorf("another loader has the template %s", got)
	}
	for what, c := range map[string]struct{ was, has, lacks string }{
		"a choice of libvirt":           {chosenFirmware, `firmware="efi"`, "<loader"},
		"a loader of the configuration": {ownFirmware, code + "</loader>", `firmware="efi"`},
	} {
		moved := domainWith(t, c.was)
		LeaveFirmware(moved)
		text, err := xmlmodel.Text(moved)
		if err != nil || !strings.Contains(text, c.has) || strings.Contains(text, c.lacks) {
			t.Errorf("%s becomes %s (%v)", what, text, err)
		}
	}
}

func TestNewerLibvirtWatchdog(t *testing.T) {
	const both = "<devices><watchdog model='i6300esb' action='pause'/><watchdog model='itco' action='pause'/></devices>"
	models := func(el *etree.Element) (found string) {
		for _, dog := range el.FindElements("devices/watchdog") {
			found += dog.SelectAttrValue("model", "") + " "
		}
		return strings.TrimSpace(found)
	}
	rows := []table.Attr{watchdogRow}
	pause, reset := table.Model{"model": "i6300esb", "action": "pause"}, table.Model{"model": "i6300esb", "action": "reset"}
	for what, c := range map[string]struct {
		was    string
		change func(el *etree.Element)
		want   string
	}{
		"unchanged": {both, func(el *etree.Element) {
			xmlmodel.Patch(rows, el.SelectElement("devices"), table.Model{"watchdog": pause}, table.Model{"watchdog": pause})
		}, "i6300esb itco"},
		"another action": {both, func(el *etree.Element) {
			xmlmodel.Patch(rows, el.SelectElement("devices"), table.Model{"watchdog": pause}, table.Model{"watchdog": reset})
		}, "i6300esb"},
		"removed": {both, func(el *etree.Element) {
			xmlmodel.Patch(rows, el.SelectElement("devices"), table.Model{"watchdog": pause}, table.Model{})
		}, ""},
		"moved":                  {both, DropOwnWatchdog, "i6300esb"},
		"moved with its own":     {"<devices><watchdog model='itco' action='reset'/></devices>", DropOwnWatchdog, ""},
		"moved with one of ours": {"<devices><watchdog model='itco' action='pause'/></devices>", DropOwnWatchdog, "itco"},
		"without devices":        {"", DropOwnWatchdog, ""},
	} {
		el := domainWith(t, c.was)
		c.change(el)
		if got := models(el); got != c.want {
			t.Errorf("%s: got %q, want %q", what, got, c.want)
		}
	}
}

func TestLeaveSecurityLabels(t *testing.T) {
	const chosen = "<seclabel type='dynamic' model='apparmor' relabel='yes'><label>libvirt-1</label><imagelabel>libvirt-1</imagelabel></seclabel>" +
		"<seclabel type='dynamic' model='dac' relabel='yes'><label>+64055:+64055</label></seclabel>"
	for own, want := range map[string]int{
		"": 0,
		"<seclabel type='static' model='dac'><label>1000:1000</label></seclabel>":                                              1,
		"<seclabel type='dynamic' model='selinux' relabel='yes'><baselabel>system_u:system_r:mine_t:s0</baselabel></seclabel>": 1,
		"<seclabel type='dynamic' model='selinux' relabel='no'/>":                                                              1,
		"<seclabel type='none'/>": 1,
	} {
		moved := domainWith(t, chosen+own)
		LeaveSecurityLabels(moved)
		if got := len(moved.SelectElements("seclabel")); got != want {
			t.Errorf("%s: %d labels stay, want %d", own, got, want)
		}
	}
}

func TestDefaultFirmware(t *testing.T) {
	row := Row("firmware")
	for arch, want := range map[any]any{nil: "bios", "x86_64": "bios", "aarch64": "efi", table.Unknown: table.Unknown} {
		if got := row.DefaultFor(table.Model{"arch": arch}); got != want {
			t.Errorf("firmware of %v: got %v, want %v", arch, got, want)
		}
	}
}
