package hostinfo

import (
	"fmt"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// PCIDevices lists the host's PCI devices by address, like 0000:05:00.0.
func PCIDevices(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return nodeDevices(l, libvirt.ConnectListNodeDevicesCapPciDev, satisfied, func(_ *libvirt.Libvirt, device string, names Names) error {
		if parts := strings.Split(strings.TrimPrefix(device, "pci_"), "_"); len(parts) == 4 {
			names[fmt.Sprintf("%s:%s:%s.%s", parts[0], parts[1], parts[2], parts[3])] = ""
		}
		return nil
	})
}

// MediatedDevices lists the host's active mediated devices by UUID.
func MediatedDevices(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	const uuidLength = 36
	return nodeDevices(l, libvirt.ConnectListNodeDevicesCapMdev, satisfied, func(_ *libvirt.Libvirt, device string, names Names) error {
		if id := strings.TrimPrefix(device, "mdev_"); len(id) >= uuidLength { // newer libvirt adds the parent device
			names[strings.ReplaceAll(id[:uuidLength], "_", "-")] = ""
		}
		return nil
	})
}

// USBDevices lists the host's USB devices, by vendor and product like 1d6b:0002, and by bus and number like 1:4.
func USBDevices(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return nodeDevices(l, libvirt.ConnectListNodeDevicesCapUsbDev, satisfied, func(l *libvirt.Libvirt, device string, names Names) error {
		text, err := l.NodeDeviceGetXMLDesc(device, 0)
		if err != nil {
			return err
		}
		root, err := xmlmodel.Parse(text)
		if err != nil {
			return err
		}
		capability := root.SelectElement("capability")
		if capability == nil {
			return nil
		}
		id := func(at xmlmodel.At) string { return strings.TrimPrefix(at.Text(capability), "0x") }
		names[id("vendor@id")+":"+id("product@id")] = device
		names[textAt(capability, "bus")+":"+textAt(capability, "device")] = device
		return nil
	})
}

// nodeDevices lists the host's devices of a kind.
func nodeDevices(l *libvirt.Libvirt, kind libvirt.ConnectListAllNodeDeviceFlags, satisfied func(Names) bool,
	add func(l *libvirt.Libvirt, device string, names Names) error) (Names, error) {
	return Cached(l, fmt.Sprintf("node devices %d", kind), satisfied, func() (Names, error) {
		devices, _, err := l.ConnectListAllNodeDevices(1, uint32(kind))
		if err != nil {
			return nil, err
		}
		names := Names{}
		for _, d := range devices {
			if err := add(l, d.Name, names); err != nil {
				return nil, err
			}
		}
		return names, nil
	})
}
