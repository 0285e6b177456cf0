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

// addressRow is the row of the place of a device on the guest's bus. libvirt gives every device one, so an import leaves it out. A device whose
// address is no longer set stays where it is.
func addressRow(form func(any) error, doc string) table.Attr {
	return table.Attr{
		Name: "address", Type: table.String, Mode: table.Optional, CostOf: placeCost, Check: form, XML: busAddress,
		Assigned: true,
		CostDoc:  "A change is in effect after the guest's next start.",
		Doc:      doc + " Unset: libvirt chooses a free one when the device is added. Removing it leaves the device where it is.",
	}
}

// pciAddressRow is the row of the address of a PCI device.
func pciAddressRow() table.Attr {
	return addressRow(guestPCIForm, "The PCI address that the guest sees, as in `lspci -D`: `0000:05:00.0`. A PCI Express port has a bus of "+
		"its own, with slot 0.")
}

// placeCost is the cost of another place of a device: its address, or its position among others. Removing it changes nothing.
func placeCost(c table.ValueChange) table.Cost {
	if c.Is == nil {
		return table.Live
	}
	return table.NextBoot
}

// placedCost is the cost of adding a device that needs a place which a running guest may not have: in the boot order, or on a bus.
func placedCost(c table.ValueChange) table.Cost {
	if d, _ := c.Is.(table.Model); d["boot"] != nil || d["address"] != nil {
		return table.NextBoot
	}
	return table.Live
}

var (
	guestPCI   = regexp.MustCompile(`^[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$`)
	guestDrive = regexp.MustCompile(`^(0|[1-9][0-9]{0,4})(:(0|[1-9][0-9]{0,4})){3}$`)
)

func guestPCIForm(v any) error {
	if s := v.(string); !guestPCI.MatchString(s) {
		return fmt.Errorf("must be a PCI address in lower case like 0000:05:00.0, got %q", s)
	}
	return nil
}

func diskAddressForm(v any) error {
	if s := v.(string); !guestPCI.MatchString(s) && !guestDrive.MatchString(s) {
		return fmt.Errorf("must be a PCI address like 0000:05:00.0, or the controller, bus, target and unit of a drive like 0:0:0:1, got %q", s)
	}
	return nil
}

// busAddress is a device's own address, of a PCI device or of a drive.
var busAddress = xmlmodel.Func{
	R: func(device *etree.Element) any {
		address := device.SelectElement("address")
		if address == nil {
			return nil
		}
		if address.SelectAttrValue("type", "") == "drive" {
			part := func(name string) string { return address.SelectAttrValue(name, "0") }
			return strings.Join([]string{part("controller"), part("bus"), part("target"), part("unit")}, ":")
		}
		if p, is := pciPartsOf(address); is {
			return p.String()
		}
		return nil
	},
	W: func(device *etree.Element, v any) {
		text, set := v.(string)
		if !set {
			return
		}
		xmlmodel.Drop(device.SelectElement("address"))
		address := device.CreateElement("address")
		if guestDrive.MatchString(text) {
			address.CreateAttr("type", "drive")
			for i, part := range strings.Split(text, ":") {
				address.CreateAttr([]string{"controller", "bus", "target", "unit"}[i], part)
			}
			return
		}
		var p pciParts
		if _, err := fmt.Sscanf(text, "%x:%x:%x.%x", &p.domain, &p.bus, &p.slot, &p.function); err == nil {
			p.write(address)
		}
	},
}

// pciParts are the parts of a PCI address.
type pciParts struct{ domain, bus, slot, function int }

func (p pciParts) String() string {
	return fmt.Sprintf("%04x:%02x:%02x.%x", p.domain, p.bus, p.slot, p.function)
}

func (p pciParts) write(address *etree.Element) {
	address.CreateAttr("type", "pci")
	address.CreateAttr("domain", fmt.Sprintf("0x%04x", p.domain))
	address.CreateAttr("bus", fmt.Sprintf("0x%02x", p.bus))
	address.CreateAttr("slot", fmt.Sprintf("0x%02x", p.slot))
	address.CreateAttr("function", fmt.Sprintf("0x%x", p.function))
}

// pciPartsOf reads an <address>. It reports whether this is one of a PCI device.
func pciPartsOf(address *etree.Element) (p pciParts, is bool) {
	if address == nil || address.SelectAttrValue("type", "") != "pci" {
		return p, false
	}
	for name, into := range map[string]*int{"domain": &p.domain, "bus": &p.bus, "slot": &p.slot, "function": &p.function} {
		n, err := strconv.ParseInt(address.SelectAttrValue(name, "0"), 0, 32)
		if err != nil {
			return p, false
		}
		*into = int(n)
	}
	return p, true
}

// AddressClash returns what is wrong where two devices of a definition have one PCI address or one place on a controller for drives; "" if
// nothing is. libvirt does not name the other device.
func AddressClash(domain *etree.Element) string {
	taken := map[string]*etree.Element{}
	for _, device := range domain.FindElements("devices/*") {
		text, _ := busAddress.Read(device).(string)
		if text == "" {
			continue
		}
		key := text
		if bus := xmlmodel.At("target@bus").Text(device); guestDrive.MatchString(text) {
			key = bus + " " + text
		}
		if other := taken[key]; other != nil {
			return fmt.Sprintf("%s and %s would both have the address %s; choose another address, or state one for each",
				called(other), called(device), text)
		}
		taken[key] = device
	}
	return ""
}

// called returns a name of a device for messages.
func called(device *etree.Element) string {
	for _, at := range []xmlmodel.At{"target@dev", "mac@address", "alias@name", "@index", "model@type", "@model", "@type"} {
		if text := at.Text(device); text != "" {
			if device.Tag == "controller" {
				return "controller " + strings.TrimSpace(xmlmodel.At("@model").Text(device)+" "+text)
			}
			return device.Tag + " " + text
		}
	}
	return device.Tag
}

// ForgetAssigned removes the values that libvirt assigned and this provider did not write.
func ForgetAssigned(seen table.Model, written Written) {
	forgetAssigned(Table.Attrs, seen, written, "")
}

func forgetAssigned(attrs []table.Attr, seen table.Model, written Written, at string) {
	for i := range attrs {
		a := &attrs[i]
		group, path := seen.Group(a.Name), at+a.Name
		switch {
		case a.IsAssigned(seen[a.Name]) && !written[path]:
			delete(seen, a.Name)
		case a.Type == table.Object && group != nil:
			forgetAssigned(a.Attrs, group, written, path+".")
		case a.Type == table.Map:
			for key := range group {
				forgetAssigned(a.Attrs, group.Group(key), written, path+"["+strconv.Quote(key)+"].")
			}
		}
	}
}

// CompareStatedPlaces corrects a comparison of a running guest with its definition: libvirt assigns addresses to the two independently, so those that
// no one has stated are not compared.
func CompareStatedPlaces(now, next table.Model, defined *etree.Element) {
	written := WrittenIn(defined)
	ForgetAssigned(now, written)
	ForgetAssigned(next, written)
	comparePositions(now, next, written)
}
