package schema

import (
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

var hostdevKinds = []string{"pci", "usb", "usb_address", "mdev"}

// hostdevRules checks that each device of the host is named in one way.
func hostdevRules(p table.Problems, config table.Model) {
	hostdevs := config.Group("devices").Group("hostdevs")
	for _, key := range table.Keys(hostdevs) {
		device, p := hostdevs.Group(key), p.Entry("devices.hostdevs", key)
		if device == nil {
			continue
		}
		set := slices.DeleteFunc(slices.Clone(hostdevKinds), func(kind string) bool { return device[kind] == nil })
		switch {
		case len(set) == 0:
			p.Add("", "one of 'pci', 'usb', 'usb_address' and 'mdev' is required; set the one that names the device")
		case len(set) > 1:
			p.Conflicts(set[1], set[0], "an entry is one device")
		case set[0] != "pci":
			if device["address"] != nil && set[0] != "mdev" {
				p.Requires("address", "pci")
			}
			for _, name := range []string{"rom_bar", "rom_file"} {
				if device[name] != nil {
					p.Requires(name, "pci")
				}
			}
		}
	}
}

// savedStateRules refuses to save a guest that uses a device or a directory of its host: libvirt (9.0) cannot save its memory.
func savedStateRules(p table.Problems, config table.Model) {
	if config["state"] != Saved {
		return
	}
	devices := config.Group("devices")
	refuse := func(what, key string) {
		p.Must("state", "not be \"saved\" for a guest that uses %s %q of its host: libvirt cannot save its memory; stop the "+
			"guest, or remove that", what, key)
	}
	for _, key := range table.Keys(devices.Group("hostdevs")) {
		if device := devices.Group("hostdevs").Group(key); device["pci"] != nil || device["mdev"] != nil {
			refuse("the device", key)
			return
		}
	}
	for _, tag := range table.Keys(devices.Group("filesystems")) {
		if fs := devices.Group("filesystems").Group(tag); fs != nil && isVirtiofs(fs) {
			refuse("the directory", tag)
			return
		}
	}
}
