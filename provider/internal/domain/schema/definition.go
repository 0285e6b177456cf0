package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// NewXML is the definition of a new domain: what everyone wants of a virtual machine today, and the plan.
func NewXML(plan table.Model) (string, error) {
	el := etree.NewElement("domain")
	el.CreateElement("name").SetText(plan.Str("name"))
	os := el.CreateElement("os")
	typ := os.CreateElement("type")
	typ.SetText("hvm")
	pc := plan.Str("arch") == "" || plan.Str("arch") == "x86_64"
	if pc {
		typ.CreateAttr("machine", "q35")
	}
	os.CreateElement("boot").CreateAttr("dev", "hd")
	features := el.CreateElement("features")
	features.CreateElement("acpi") // or the guest hears no shutdown
	if pc {
		features.CreateElement("apic")
	}
	rng := xmlmodel.Ensure(el, "devices", "rng")
	rng.CreateAttr("model", "virtio")
	backend := rng.CreateElement("backend")
	backend.CreateAttr("model", "random")
	backend.SetText("/dev/urandom")
	xmlmodel.Patch(Table.Attrs, el, nil, plan)
	reconcileBootOrder(el, false)
	addSparePorts(el)
	return xmlmodel.Text(el)
}

// sparePorts are how many devices can be added to a new guest while it runs.
const sparePorts = 8

// addSparePorts gives a guest the slots into which devices can be plugged: on q35 each needs a port of its own, and libvirt makes only those for
// which there is a device at the start, and gives them the first that are there.
func addSparePorts(el *etree.Element) {
	if machine := xmlmodel.At("os/type@machine").Text(el); family(machine) != "q35" {
		return
	}
	const always = 3 // the controllers of USB and of channels, and the balloon, which libvirt adds
	devices := el.SelectElement("devices")
	ports := sparePorts + always
	for _, kind := range []string{"disk", "interface", "rng", "filesystem", "hostdev", "vsock", "watchdog", "sound", "input"} {
		ports += len(devices.SelectElements(kind))
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

// PatchXML is a definition with the plan in it. All else in it stays as it is.
func PatchXML(xml string, prior, plan table.Model) (string, error) {
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return "", err
	}
	before, err := xmlmodel.Text(root)
	if err != nil {
		return "", err
	}
	keep, wasOrdered := deviceKeys(root), hasBootOrder(root)
	xmlmodel.Patch(Table.Attrs, root, prior, plan)
	keep()
	reconcileBootOrder(root, wasOrdered)
	after, err := xmlmodel.Text(root)
	if err != nil || after == before {
		return xml, err
	}
	return after, nil
}
