package schema

import (
	"fmt"
	"regexp"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// diskCodec reads and writes the disks, which are keyed by target.
type diskCodec struct{}

func (diskCodec) Elements(el *etree.Element) (keys []string, elements []*etree.Element) {
	for _, d := range xmlmodel.Ensure(el, "devices").SelectElements("disk") {
		if dev, ok := xmlmodel.At("target@dev").Read(d).(string); ok {
			keys, elements = append(keys, dev), append(elements, d)
		}
	}
	return keys, elements
}

func (diskCodec) Make(el *etree.Element, dev string, v table.Model) *etree.Element {
	d := xmlmodel.Ensure(el, "devices").CreateElement("disk")
	d.CreateAttr("type", "file")
	d.CreateAttr("device", v.Str("device"))
	d.CreateElement("driver").CreateAttr("name", "qemu")
	d.CreateElement("target").CreateAttr("dev", dev)
	if v.Str("device") == "cdrom" {
		d.CreateElement("readonly")
	}
	return d
}

var targetForm = regexp.MustCompile(`^(vd|sd|hd|xvd|ubd|fd)[a-z]{1,3}$`)

func diskTarget(v any) error {
	if s := v.(string); !targetForm.MatchString(s) {
		return fmt.Errorf("must be a device name like vda, sda or hda, got %q", s)
	}
	return nil
}

// bus removes the address with the bus that it is on; libvirt assigns a new one.
var bus = xmlmodel.Func{
	R: xmlmodel.At("target@bus").Read,
	W: func(disk *etree.Element, v any) {
		xmlmodel.At("target@bus").Write(disk, v)
		xmlmodel.Drop(disk.SelectElement("address"))
		if v == "scsi" && disk.Parent() != nil {
			ensureSCSI(disk.Parent())
		}
	},
}

// device removes <readonly/> with the device type cdrom. libvirt writes it into every cdrom, and refuses a disk that kept it.
var device = xmlmodel.Func{
	R: xmlmodel.At("@device").Read,
	W: func(disk *etree.Element, v any) {
		if disk.SelectAttrValue("device", "") == "cdrom" {
			xmlmodel.Drop(disk.SelectElement("readonly"))
		}
		xmlmodel.At("@device").Write(disk, v)
	},
}

// ensureSCSI adds a virtio-scsi controller if there is no SCSI controller. By default libvirt (9.0) adds a model for which a kernel made
// for virtual machines has no driver, and for which a q35 machine has no slot while it runs.
func ensureSCSI(devices *etree.Element) {
	for _, c := range devices.SelectElements("controller") {
		if c.SelectAttrValue("type", "") == "scsi" {
			return
		}
	}
	c := devices.CreateElement("controller")
	c.CreateAttr("type", "scsi")
	c.CreateAttr("model", "virtio-scsi")
}
