package schema

import (
	"slices"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// NewXML returns the definition of a new domain: the plan, and defaults that suit a current guest.
func NewXML(plan table.Model) (string, error) {
	el := etree.NewElement("domain")
	el.CreateElement("name").SetText(plan.Str("name"))
	os := el.CreateElement("os")
	typ := os.CreateElement("type")
	typ.SetText("hvm")
	if machine := DefaultMachine(plan.Str("arch")); machine != "" {
		typ.CreateAttr("machine", machine)
	}
	os.CreateElement("boot").CreateAttr("dev", "hd")
	features := el.CreateElement("features")
	if supportsACPI(plan) {
		features.CreateElement("acpi") // without ACPI the guest does not notice a shutdown request
	}
	if isPC(plan.Str("arch")) {
		features.CreateElement("apic")
	}
	rng := xmlmodel.Ensure(el, "devices", "rng")
	rng.CreateAttr("model", "virtio")
	backend := rng.CreateElement("backend")
	backend.CreateAttr("model", "random")
	backend.SetText("/dev/urandom")
	xmlmodel.Patch(Table.Attrs, el, nil, plan)
	orderInterfaces(el, plan)
	addTopology(el)
	addCPU(el)
	reconcileBootOrder(el, false)
	addSparePorts(el)
	return xmlmodel.Text(el)
}

func isPC(arch string) bool { return arch == "" || arch == "x86_64" || arch == "i686" }

// DefaultMachine returns the machine type of a new domain; "" if libvirt chooses.
func DefaultMachine(arch string) string {
	switch {
	case arch == "i686":
		return ""
	case isPC(arch):
		return "q35"
	case slices.Contains([]string{"aarch64", "armv7l", "riscv64"}, arch):
		return "virt"
	default:
		return ""
	}
}

// defaultFirmware returns the firmware of a domain whose configuration does not choose one: a 64-bit ARM guest boots a disk only with UEFI.
func defaultFirmware(config table.Model) any {
	switch config["arch"] {
	case "aarch64":
		return "efi"
	case table.Unknown:
		return table.Unknown
	default:
		return "bios"
	}
}

// supportsACPI reports whether libvirt (9.0) accepts ACPI: on ARM with UEFI only, and not on machines that have none.
func supportsACPI(plan table.Model) bool {
	switch arch := plan.Str("arch"); {
	case isPC(arch):
		return true
	case arch == "aarch64":
		return plan.Str("firmware") == "efi"
	default:
		return false
	}
}

// sparePorts is the number of devices that can be added to a new guest while it runs.
const sparePorts = 8

// addSparePorts gives a guest the slots into which devices can be plugged: with PCI Express each needs a port of its own, and libvirt makes only
// those for which there is a device at the start, and gives them the first that are there.
func addSparePorts(el *etree.Element) {
	if machine := xmlmodel.At("os/type@machine").Text(el); family(machine) != "q35" && family(machine) != "virt" {
		return
	}
	const always = 3                          // the controllers of USB and of channels, and the balloon, which libvirt adds
	devices := xmlmodel.Ensure(el, "devices") // a domain without devices has none
	ports := sparePorts + always
	for _, kind := range []string{"disk", "interface", "rng", "filesystem", "hostdev", "vsock", "watchdog", "sound", "input"} {
		ports += len(devices.SelectElements(kind))
	}
	for _, model := range []string{virtioMem, virtioPMem} {
		ports += len(devices.FindElements("memory[@model='" + model + "']"))
	}
	controller := func(model string) {
		c := devices.CreateElement("controller")
		c.CreateAttr("type", "pci")
		c.CreateAttr("model", model)
	}
	controller("pcie-root")
	for range ports {
		controller("pcie-root-port")
	}
}

// PatchXML returns a definition with the values of the plan. Everything else in it is unchanged.
func PatchXML(xml string, prior, plan table.Model) (string, error) {
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return "", err
	}
	before, err := xmlmodel.Text(root)
	if err != nil {
		return "", err
	}
	wasOrdered := hasBootOrder(root)
	RawXML.Patch(root, prior, plan)
	keep := deviceKeys(root)
	orderInterfaces(root, plan)
	keep()
	reconcileBootOrder(root, wasOrdered)
	after, err := xmlmodel.Text(root)
	if err != nil || after == before {
		return xml, err
	}
	return after, nil
}
