package schema

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// hostdevRow are the devices of the host that are assigned to the guest.
var hostdevRow = table.Attr{
	Name: "hostdevs", Type: table.Map, Mode: table.Optional, Running: table.Running{Operation: ChangeHostdevs},
	CostOf:  giving,
	CostDoc: "An entry is attached and detached live; one with `boot` or `address` at the guest's next start.",
	Check:   table.EntryKey, Entries: hostdevCodec{},
	Doc: "Devices of the host that only this guest uses, by a name of your choice. Each entry sets one of `pci`, `usb`, " +
		"`usb_address` and `mdev`. A guest with such a device cannot move while it runs.",
	Attrs: []table.Attr{
		{
			Name: "pci", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.PCIDeviceOnHost},
			Change: table.NextBoot, Check: pciForm,
			XML: hostdevSource{"pci", pciAddress},
			Doc: "The address of a PCI device, as in `lspci -D`: `0000:05:00.0`.",
		},
		{
			Name: "usb", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.USBDeviceOnHost},
			Change: table.NextBoot, Check: usbForm,
			XML: hostdevSource{"usb", usbProduct},
			Doc: "The vendor and product of a USB device, as in `lsusb`: `1d6b:0002`.",
		},
		{
			Name: "usb_address", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.USBDeviceOnHost},
			Change: table.NextBoot, Check: usbAddressForm, XML: hostdevSource{"usb", usbAddress},
			Doc: "The bus and number of a USB device, if there are several of one product: `1:4`. The host assigns another " +
				"number each time the device is plugged in.",
		},
		{
			Name: "mdev", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.MediatedDeviceOnHost},
			Change: table.NextBoot, Check: table.UUID,
			XML: hostdevSource{"mdev", xmlmodel.At("source/address@uuid")},
			Doc: "The UUID of a mediated device, for example a part of a graphics card.",
		},
		{
			Name: "managed", Type: table.Bool, Mode: table.Optional, Default: true, Change: table.NextBoot,
			XML: xmlmodel.At("@managed"),
			Doc: "Whether libvirt detaches a PCI device from the host's driver before it is used, and reattaches it afterwards.",
		},
		{
			Name: "rom_bar", Type: table.Bool, Mode: table.Optional, Change: table.NextBoot,
			XML: nested{"rom", switched("@bar")},
			Doc: "Whether the guest sees the ROM of a PCI device. Unset: QEMU's choice.",
		},
		{
			Name: "boot", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.AtLeast(1, ""),
			XML: bootOrder,
			Doc: "The position in the boot order of the firmware, see `boot` of `disks`.",
		},
		{
			Name: "rom_file", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.FileOnHost},
			Change: table.NextBoot, Check: table.AbsolutePath, XML: nested{"rom", xmlmodel.At("@file")},
			Doc: "A file on the host that replaces the ROM of a PCI device.",
		},
		addressRow(guestPCIForm, "The PCI address that the guest sees, of a `pci` or `mdev` device: `0000:05:00.0`."),
	},
}

// giving is the cost of attaching or detaching a device. The boot order of a running guest cannot change.
func giving(c table.ValueChange) table.Cost {
	for _, entry := range []any{c.Was, c.Is} {
		if device, there := entry.(table.Model); there && (device["boot"] != nil || device["address"] != nil) {
			return table.NextBoot
		}
	}
	return table.Live
}

var (
	pciName = regexp.MustCompile(`^([0-9a-f]{4}):([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$`)
	usbName = regexp.MustCompile(`^([0-9a-f]{4}):([0-9a-f]{4})$`)
	usbSpot = regexp.MustCompile(`^([1-9][0-9]{0,2}):([1-9][0-9]{0,2})$`)
)

func pciForm(v any) error {
	if s := v.(string); !pciName.MatchString(s) {
		return fmt.Errorf("must be a PCI address in lower case like 0000:05:00.0, got %q; see 'lspci -D'", s)
	}
	return nil
}

func usbForm(v any) error {
	if s := v.(string); !usbName.MatchString(s) {
		return fmt.Errorf("must be a vendor and a product in lower case like 1d6b:0002, got %q; see 'lsusb'", s)
	}
	return nil
}

func usbAddressForm(v any) error {
	if s := v.(string); !usbSpot.MatchString(s) {
		return fmt.Errorf("must be a bus and a device like 1:4, got %q; see 'lsusb'", s)
	}
	return nil
}

// hostdevCodec reads and writes the assigned devices, which are keyed as interfaces are. It skips kinds of devices that no row describes.
type hostdevCodec struct{}

func (hostdevCodec) Elements(devices *etree.Element) (keys []string, elements []*etree.Element) {
	for _, d := range devices.SelectElements("hostdev") {
		switch d.SelectAttrValue("type", "") {
		case "pci", "usb", "mdev":
			keys, elements = append(keys, keyOf(d, fmt.Sprintf("hostdev%d", len(keys)))), append(elements, d)
		}
	}
	return keys, elements
}

func (hostdevCodec) Make(devices *etree.Element, key string, _ table.Model) *etree.Element {
	d := devices.CreateElement("hostdev")
	d.CreateAttr("mode", "subsystem")
	d.CreateElement("alias").CreateAttr("name", aliasPrefix+key)
	return d
}

// hostdevSource locates a device of one kind on the host. Setting it sets the kind of the device.
type hostdevSource struct {
	kind  string
	value table.Codec
}

func (o hostdevSource) Read(device *etree.Element) any {
	if device.SelectAttrValue("type", "") != o.kind {
		return nil
	}
	return o.value.Read(device)
}

func (o hostdevSource) Write(device *etree.Element, v any) {
	if v == nil {
		if o.Read(device) != nil {
			xmlmodel.Drop(device.SelectElement("source"))
		}
		return
	}
	if device.SelectAttrValue("type", "") != o.kind {
		device.CreateAttr("type", o.kind)
		for _, name := range []string{"source", "driver", "address"} {
			xmlmodel.Drop(device.SelectElement(name))
		}
		for _, name := range []string{"model", "display", "ramfb"} {
			device.RemoveAttr(name)
		}
		if o.kind == "mdev" {
			device.CreateAttr("model", "vfio-pci")
		}
	}
	o.value.Write(device, v)
}

// sourceParts reads what a device's source says in several attributes, in the form that people know. All are numbers, in libvirt's hexadecimal
// or in decimal.
func sourceParts(device *etree.Element, base int, form string, places ...xmlmodel.At) any {
	numbers := make([]any, len(places))
	for i, place := range places {
		text := place.Text(device)
		n, err := strconv.ParseInt(strings.TrimPrefix(text, "0x"), base, 64)
		if err != nil {
			return nil
		}
		numbers[i] = n
	}
	return fmt.Sprintf(form, numbers...)
}

// setSourceParts writes the parts of a value that matched. Nothing is written for a value that did not match: the row's check refuses it.
func setSourceParts(device *etree.Element, prefix string, parts []string, places ...xmlmodel.At) {
	if parts == nil {
		return
	}
	for i, place := range places {
		place.Write(device, prefix+parts[i+1])
	}
}

var pciPlaces = []xmlmodel.At{"source/address@domain", "source/address@bus", "source/address@slot", "source/address@function"}

var pciAddress = xmlmodel.Func{
	R: func(d *etree.Element) any { return sourceParts(d, 16, "%04x:%02x:%02x.%x", pciPlaces...) },
	W: func(d *etree.Element, v any) {
		setSourceParts(d, "0x", pciName.FindStringSubmatch(fmt.Sprint(v)), pciPlaces...)
	},
}

var usbProductPlaces = []xmlmodel.At{"source/vendor@id", "source/product@id"}

var usbProduct = xmlmodel.Func{
	R: func(d *etree.Element) any { return sourceParts(d, 16, "%04x:%04x", usbProductPlaces...) },
	W: func(d *etree.Element, v any) {
		xmlmodel.Drop(xmlmodel.Find(d, "source", "address"))
		setSourceParts(d, "0x", usbName.FindStringSubmatch(fmt.Sprint(v)), usbProductPlaces...)
	},
}

var usbAddressPlaces = []xmlmodel.At{"source/address@bus", "source/address@device"}

// usbAddress is the bus and number. If vendor and product are set too, for which this row has no value, libvirt goes by those.
var usbAddress = xmlmodel.Func{
	R: func(d *etree.Element) any {
		if xmlmodel.Find(d, "source", "vendor") != nil {
			return nil
		}
		return sourceParts(d, 10, "%d:%d", usbAddressPlaces...)
	},
	W: func(d *etree.Element, v any) {
		for _, name := range []string{"vendor", "product"} {
			xmlmodel.Drop(xmlmodel.Find(d, "source", name))
		}
		setSourceParts(d, "", usbSpot.FindStringSubmatch(fmt.Sprint(v)), usbAddressPlaces...)
	},
}
