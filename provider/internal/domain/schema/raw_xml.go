package schema

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/rawxml"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// RawXML is the attribute `xml`.
var RawXML = rawxml.New(rawxml.Format{
	Root:       "domain",
	Change:     table.NextBoot,
	Parents:    "`devices`, `cpu`, `features`",
	Keyed:      "devices/disk[vda]",
	Numbered:   "devices/controller[2]",
	Attributes: `{ queue_size = "1024" }`,
	Path:       "devices or cpu/numa",
	Example:    `<hub type="usb"/>`,
	Prefix:     `<qemu:commandline xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">`,
	Reserved: map[string]string{
		"name": "name", "devices": "devices", "metadata": "metadata",
	},
	Repeats: repeats,
	Keep:    deviceKeys,
	Exempt:  isUndeclarableDevice,
}, rows)

// repeated lists the elements outside of <devices> that can occur several times, by the end of their paths.
var repeated = []string{
	"boot", "cell", "feature", "page", "seclabel", "sysinfo", "timer", "ip", "route", "portForward", "cachetune", "memorytune",
	"cputune/iothreadpin", "cputune/iothreadsched", "cputune/vcpupin", "cputune/vcpusched",
	"cachetune/cache", "cachetune/monitor", "memorytune/monitor", "memorytune/node", "blkiotune/device",
	"cell/cache", "distances/sibling", "interconnects/bandwidth", "interconnects/latency",
	"source/host", "cookies/cookie", "encryption/secret", "source/seclabel/label", "iothreads/iothread", "iothread/queue",
	"throttlefilters/throttlefilter",
	"channel/source", "console/source", "parallel/source", "redirdev/source", "serial/source", "smartcard/source", "rng/backend/source",
	"graphics/channel", "graphics/listen", "sound/codec", "redirfilter/usbdev", "idmap/uid", "idmap/gid",
	"filterref/parameter", "portForward/range", "vlan/tag", "iothreadids/iothread", "numatune/memnode", "perf/event", "keywrap/cipher",
	"acpi/table", "os/initarg", "os/initenv", "sysinfo/baseBoard", "entry", "throttlegroups/throttlegroup", "vcpus/vcpu",
}

// repeats reports whether an element can occur next to another of its name. Otherwise it replaces the other.
func repeats(path []string, declared *etree.Element) bool {
	if len(path) == 1 && path[0] == "devices" {
		return declared.Tag != "emulator"
	}
	at := "/" + strings.Join(append(path, declared.Tag), "/")
	return declared.NamespaceURI() != "" || slices.ContainsFunc(repeated, func(end string) bool { return strings.HasSuffix(at, "/"+end) })
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
