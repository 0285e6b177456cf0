package schema

import (
	"cmp"
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// memoryDeviceRules checks that the memory devices fit into the slots and below the maximum, as far as the values are known, and each device.
func memoryDeviceRules(p table.Problems, config table.Model) {
	devices, top := config.Group("memory_devices"), config.Group("maximum")
	if len(devices) > 0 && top["memory_slots"] == nil && config["maximum"] != table.Unknown {
		p.Add("memory_devices", "'memory_devices' requires slots; set 'maximum.memory_slots' and 'maximum.memory_with_devices'")
		return
	}
	if slots := top.Int("memory_slots"); slots != 0 && int64(len(devices)) > slots {
		p.Must("memory_devices", "have at most %d entries, the 'maximum.memory_slots', got %d; raise 'maximum.memory_slots'", slots, len(devices))
		return
	}
	all := max(config.Int("memory"), top.Int("memory"))
	for _, key := range table.Keys(devices) {
		all += devices.Group(key).Int("size")
		deviceModelRules(p.Entry("memory_devices", key), config, devices.Group(key))
	}
	if most := top.Int("memory_with_devices"); most != 0 && most < all {
		p.Must("maximum.memory_with_devices", "be at least %d KiB, the memory with its devices, got %d; raise it", all, most)
	}
}

// deviceModelRules checks what the model of a memory device has and requires.
func deviceModelRules(p table.Problems, config, device table.Model) {
	model, known := device["model"].(string)
	if device["model"] == nil {
		model, known = dimm, true
	}
	if device == nil || !known {
		return
	}
	for _, a := range memoryDeviceRows {
		v := device[a.Name]
		if a.OnlyFor != nil && v != nil && !slices.Contains(a.OnlyFor, model) && !(a.HasDefault() && v == a.Default) {
			p.RequiresValue(a.Name, "model", model, a.OnlyFor...)
		}
	}
	with := "with model \"" + model + "\""
	size := device.Int("size")
	switch model {
	case virtioMem:
		block, requested := cmp.Or(device.Int("block"), defaultBlock), device.Int("requested")
		switch {
		case device["requested"] == nil:
			p.Missing("requested", with, "set it, from 0 to 'size'")
		case size != 0 && requested > size:
			p.Must("requested", "be at most 'size', %d KiB, got %d; lower it, or raise 'size'", size, requested)
		case device["block"] != table.Unknown && requested%block != 0:
			p.Must("requested", "be a multiple of 'block', %d KiB, got %d; round it", block, requested)
		case device["block"] != table.Unknown && size%block != 0:
			p.Must("size", "be a multiple of 'block', %d KiB, got %d; round it", block, size)
		}
	case nvdimm, virtioPMem:
		if device["path"] == nil {
			p.Missing("path", with, "set the file of the host that has the content")
		}
		if label := device.Int("label_size"); size != 0 && label >= size {
			p.Must("label_size", "be less than 'size', %d KiB, got %d; lower it", size, label)
		}
	}
	if access := device["access"]; model == virtioPMem && access != "shared" && access != table.Unknown {
		p.Missing("access", with, "set it to \"shared\"")
	}
	deviceNodeRules(p, config, device, model)
}

// deviceNodeRules checks that the guest has the NUMA node of a memory device.
func deviceNodeRules(p table.Problems, config, device table.Model, model string) {
	if device["node"] == nil || device["node"] == table.Unknown || config["cpu"] == table.Unknown || config.Group("cpu")["numa"] == table.Unknown {
		return
	}
	if model == virtioPMem {
		p.RequiresValue("node", "model", model, dimm, virtioMem, nvdimm)
		return
	}
	if last := max(1, int64(len(config.Group("cpu").Group("numa")))) - 1; device.Int("node") > last {
		p.Must("node", "be a NUMA node of the guest, from 0 to %d, got %d; change it, or add the node to 'cpu.numa'", last, device.Int("node"))
	}
}
