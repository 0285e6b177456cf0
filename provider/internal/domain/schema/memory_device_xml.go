package schema

import (
	"fmt"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// The models of memory devices.
const (
	dimm       = "dimm"
	nvdimm     = "nvdimm"
	virtioMem  = "virtio-mem"
	virtioPMem = "virtio-pmem"
)

var memoryModels = []string{dimm, virtioMem, nvdimm, virtioPMem}

// memoryDeviceCodec reads and writes the memory devices, which are keyed as interfaces are.
type memoryDeviceCodec struct{}

func (memoryDeviceCodec) Elements(el *etree.Element) (keys []string, elements []*etree.Element) {
	for i, m := range memoryDevices(el) {
		keys, elements = append(keys, keyOf(m, fmt.Sprintf("dimm%d", i))), append(elements, m)
	}
	return keys, elements
}

func (memoryDeviceCodec) Make(el *etree.Element, key string, _ table.Model) *etree.Element {
	m := xmlmodel.Ensure(el, "devices").CreateElement("memory")
	m.CreateAttr("model", dimm)
	target := m.CreateElement("target")
	target.CreateElement("size").CreateAttr("unit", "KiB")
	m.CreateElement("alias").CreateAttr("name", aliasPrefix+key)
	return m
}

// memoryDevices returns the memory devices that the rows describe.
func memoryDevices(domain *etree.Element) (found []*etree.Element) {
	for _, m := range xmlmodel.Ensure(domain, "devices").SelectElements("memory") {
		switch m.SelectAttrValue("model", "") {
		case dimm, nvdimm, virtioMem, virtioPMem:
			found = append(found, m)
		}
	}
	return found
}

// memoryModel is the model of a memory device. The address goes with it: a DIMM is in a slot, a virtio device on the PCI bus.
var memoryModel = xmlmodel.Func{
	R: xmlmodel.At("@model").Read,
	W: func(device *etree.Element, v any) {
		xmlmodel.At("@model").Write(device, v)
		xmlmodel.Drop(device.SelectElement("address"))
	},
}

// defaultBlock is the size of the blocks of a virtio-mem device that libvirt (9.0) accepts on every host with pages of 4 KiB, in KiB.
const defaultBlock = 2048

// memoryBlock is the size of the blocks of a virtio-mem device, which libvirt (9.0) requires.
var memoryBlock = xmlmodel.Func{
	R: nested{"target", xmlmodel.At("block")}.Read,
	W: func(device *etree.Element, v any) {
		if v == nil && device.SelectAttrValue("model", "") == virtioMem {
			v = defaultBlock
		}
		nested{"target", kibAt("block")}.Write(device, v)
	},
}

// requestedMemory is how much of a virtio-mem device the guest is to have.
var requestedMemory = xmlmodel.Func{
	R: nested{"target", xmlmodel.At("requested")}.Read,
	W: func(device *etree.Element, v any) {
		nested{"target", kibAt("requested")}.Write(device, v)
		if memoryBlock.Read(device) == nil {
			memoryBlock.Write(device, nil)
		}
	},
}

// deviceMemory is the memory of all devices as libvirt counts it in <memory>: whole devices, whatever the guest has of them.
func deviceMemory(domain *etree.Element) (total int64) {
	for _, m := range xmlmodel.Ensure(domain, "devices").SelectElements("memory") {
		total += toInt(xmlmodel.At("target/size").Text(m))
	}
	return total
}

// currentDeviceMemory is the memory of the devices as libvirt (9.0) counts it in the <currentMemory> of a running guest: that of
// DIMMs, and what the guest has taken of virtio-mem devices. In a definition it makes the balloon leave the guest as much as 'memory' says.
func currentDeviceMemory(domain *etree.Element) (total int64) {
	for _, m := range xmlmodel.Ensure(domain, "devices").SelectElements("memory") {
		switch m.SelectAttrValue("model", "") {
		case dimm:
			total += toInt(xmlmodel.At("target/size").Text(m))
		case virtioMem:
			total += takenMemory(m)
		}
	}
	return total
}

// takenMemory returns how much of a virtio-mem device the running guest has, in KiB; 0 in a definition.
func takenMemory(device *etree.Element) int64 {
	return toInt(xmlmodel.At("target/current").Text(device))
}

// MemoryRequest returns how much of a memory device of a running guest is requested, and how much the guest has, in KiB.
func MemoryRequest(device *etree.Element) (requested, taken int64) {
	return toInt(xmlmodel.At("target/requested").Text(device)), takenMemory(device)
}

// BalloonTarget returns the value that libvirt's call for the balloon takes for this memory of the guest, in KiB: it counts DIMMs, but no
// virtio-mem devices.
func BalloonTarget(running *etree.Element, memory int64) int64 {
	for _, m := range memoryDevices(running) {
		if m.SelectAttrValue("model", "") == dimm {
			memory += toInt(xmlmodel.At("target/size").Text(m))
		}
	}
	return memory
}

// BalloonNow returns the same value as it is now in a running guest.
func BalloonNow(running *etree.Element) int64 {
	now := kib(running, "currentMemory")
	for _, m := range memoryDevices(running) {
		now -= takenMemory(m)
	}
	return now
}

// DeviceTakes returns how much memory of the host a memory device of the model takes, in KiB. The content of a device on a file is the file's.
func DeviceTakes(device table.Model) int64 {
	switch device.Str("model") {
	case virtioMem:
		return device.Int("requested")
	case nvdimm, virtioPMem:
		return 0
	default:
		return device.Int("size")
	}
}
