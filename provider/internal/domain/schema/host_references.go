package schema

import (
	"cmp"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// HostReference is an object of the host that a definition names.
type HostReference struct {
	Object table.HostObject
	Name   string
}

// HostReferences lists the objects that a definition names, whether an attribute or an element of `xml` does.
func HostReferences(domain *etree.Element) []HostReference {
	var found []HostReference
	add := func(object table.HostObject, name string) {
		if name != "" {
			found = append(found, HostReference{object, name})
		}
	}
	for _, nic := range domain.FindElements("devices/interface") {
		for at, object := range map[xmlmodel.At]table.HostObject{
			"source@network": table.NetworkOnHost, "source@bridge": table.BridgeOnHost, "filterref@filter": table.FilterOnHost,
		} {
			add(object, at.Text(nic))
		}
		if nic.SelectAttrValue("type", "") == "direct" {
			add(table.DeviceOnHost, xmlmodel.At("source@dev").Text(nic))
		}
	}
	for _, source := range domain.FindElements("devices/disk/source[@pool]") {
		pool, volume := source.SelectAttrValue("pool", ""), source.SelectAttrValue("volume", "")
		add(table.PoolOnHost, pool)
		if volume != "" {
			add(table.VolumeOnHost, pool+"/"+volume)
		}
	}
	for _, secret := range domain.FindElements("devices//secret") {
		add(table.SecretOnHost, cmp.Or(secret.SelectAttrValue("uuid", ""), secret.SelectAttrValue("usage", "")))
	}
	for _, device := range append(domain.FindElements("devices/hostdev"), domain.FindElements("devices/interface[@type='hostdev']")...) {
		switch cmp.Or(xmlmodel.At("source/address@type").Text(device), device.SelectAttrValue("type", "")) {
		case "pci":
			add(table.PCIDeviceOnHost, text(pciAddress.Read(device)))
		case "usb":
			add(table.USBDeviceOnHost, cmp.Or(text(usbProduct.Read(device)), text(usbAddress.Read(device))))
		case "mdev":
			add(table.MediatedDeviceOnHost, xmlmodel.At("source/address@uuid").Text(device))
		}
	}
	return found
}

func text(v any) string {
	s, _ := v.(string)
	return s
}
