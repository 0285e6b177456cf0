package schema

import (
	"slices"

	"github.com/beevik/etree"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/rawxml"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// RawXML is the attribute `xml`.
var RawXML = rawxml.New(rawxml.Format{
	Root:    "domain",
	Change:  table.NextBoot,
	Parents: "`devices`, `cpu`, `features`",
	Path:    "devices or cpu/numa",
	Example: `<hub type="usb"/>`,
	Prefix:  `<qemu:commandline xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">`,
	Reserved: map[string]string{
		"name": "name", "devices": "devices", "metadata": "metadata",
	},
	Repeats: repeats,
	Exempt:  isUndeclarableDevice,
}, rows)

// repeated lists the elements outside of <devices> that can occur several times.
var repeated = []string{"boot", "cell", "feature", "page", "seclabel", "sysinfo", "timer"}

// repeats reports whether an element can occur next to another of its name. Otherwise it replaces the other.
func repeats(path []string, declared *etree.Element) bool {
	if len(path) == 1 && path[0] == "devices" {
		return declared.Tag != "emulator"
	}
	return declared.NamespaceURI() != "" || slices.Contains(repeated, declared.Tag)
}

func isUndeclarableDevice(el *etree.Element, change table.Change, read table.Model) bool {
	return el.Parent() != nil && el.Parent().Tag == "devices" && isUndeclarable(el, change, read)
}

// isUndeclarable reports whether the attribute that reads a device has no value for its kind: a floppy, or an interface without a network.
func isUndeclarable(device *etree.Element, change table.Change, read table.Model) bool {
	if device.Tag == "interface" && !slices.Contains([]string{"network", "bridge", "direct"}, device.SelectAttrValue("type", "")) {
		return true
	}
	for _, p := range table.Validate(rows, read, tftypes.NewAttributePath()) {
		least, steps := undeclarable(rows, read, p.Path.Steps()), change.Path.Steps()
		if len(least) == 0 || len(steps) < len(least) {
			continue
		}
		if tftypes.NewAttributePathWithSteps(steps[:len(least)]).Equal(tftypes.NewAttributePathWithSteps(least)) {
			return true
		}
	}
	return false
}
