//go:build acceptance

package acceptance

import (
	"os"
	"testing"
)

// processorTruthGuests returns guests with processors, NUMA nodes and threads of every kind.
func processorTruthGuests(t *testing.T) map[string]truthGuest {
	t.Helper()
	guest := func(a attrs) attrs {
		return sectorGuest(t, alpha(), tallySector).with(attrs{"type": "qemu", "shutdown": attrs{"timeout": 0}}).with(a)
	}
	const seeFeature = "cpu/feature[@name='popcnt']@policy"
	named := guest(attrs{"vcpu": 2, "maximum": attrs{"vcpu": 8}, "cpu": attrs{"mode": "custom", "model": "Nehalem", "vendor_id": "GenuineIntel",
		"cache": attrs{"mode": "emulate", "level": 3}, "maxphysaddr": attrs{"mode": "emulate", "bits": 42},
		"features": attrs{"popcnt": attrs{"policy": "disable"}}, "topology": attrs{"sockets": 2, "cores": 4}}})
	return map[string]truthGuest{
		"processor": {base: named, changes: []truth{
			{path: "cpu.vendor_id", value: "AuthenticAMD", where: "cpu/model@vendor_id", is: "AuthenticAMD"},
			{path: "cpu.features.popcnt.policy", value: "require", where: seeFeature, is: "require"},
			{path: "cpu.features.aes", value: attrs{"policy": "force"}, where: "cpu/feature[@name='aes']@policy", is: "force"},
			{path: "cpu.cache.mode", value: "disable", where: "cpu/cache@mode", is: "disable"},
			{path: "cpu.cache.level", where: "cpu/cache@level"},
			{path: "cpu.maxphysaddr.bits", value: 40, where: "cpu/maxphysaddr@bits", is: "40"},
			{path: "cpu.topology.sockets", value: 1, where: "cpu/topology@sockets", is: "1"},
			{path: "cpu.topology.dies", value: 2, where: "cpu/topology@dies", is: "2"},
			{path: "cpu.topology.cores", value: 2, where: "cpu/topology@cores", is: "2"},
			{path: "cpu.topology.threads", value: 2, where: "cpu/topology@threads", is: "2"},
		}},
		"every feature": {base: guest(attrs{"cpu": attrs{"mode": "maximum", "maxphysaddr": attrs{"mode": "passthrough"}}}), changes: []truth{
			{path: "cpu.migratable", value: false, where: "cpu@migratable", is: "off"},
			{path: "cpu.maxphysaddr.mode", value: "emulate", where: "cpu/maxphysaddr@mode", is: "emulate"},
			{path: "cpu.maxphysaddr.bits", value: 40, where: "cpu/maxphysaddr@bits", is: "40"},
		}},
		"nodes":             nodesTruthGuest(guest(nil)),
		"threads":           threadsTruthGuest(t, guest(nil)),
		"memory":            memoryTruthGuest(t, guest(nil)),
		"disks of the host": hostDisksTruthGuest(t, guest(nil)),
	}
}

// nodesTruthGuest returns a guest with two NUMA nodes.
func nodesTruthGuest(a attrs) truthGuest {
	node := func(cpus, other string) attrs {
		return attrs{"cpus": cpus, "memory": 32 << 10, "distances": attrs{other: attrs{"value": 21}}}
	}
	base := a.with(attrs{"vcpu": 4, "memory": 64 << 10, "cpu": attrs{"numa": attrs{"0": node("0-1", "1"), "1": node("2-3", "0")}},
		"memory_backing": attrs{"source": "memfd", "numatune": attrs{"mode": "strict", "nodeset": "0", "cells": attrs{"0": attrs{"nodeset": "0"}}}}})
	const first, second, third = "cpu/numa/cell[@id='0']", "cpu/numa/cell[@id='1']", "cpu/numa/cell[@id='2']"
	far := func(id string) string { return "/distances/sibling[@id='" + id + "']@value" }
	return truthGuest{base: base, changes: []truth{
		{path: "cpu.numa.0.memory", value: 16 << 10, where: first + "@memory", is: "16384"},
		{path: "cpu.numa.0.cpus", value: "0,2", where: first + "@cpus", is: "0,2"},
		{path: "cpu.numa.1.cpus", value: "1,3", where: second + "@cpus", is: "1,3"},
		{path: "cpu.numa.0.access", value: "shared", where: first + "@memAccess", is: "shared"},
		{path: "cpu.numa.0.discard", value: true, where: first + "@discard", is: "yes"},
		{path: "cpu.numa.0.distances.1.value", value: 31, where: first + far("1"), is: "31"},
		{path: "cpu.numa.1.distances.0.value", value: 31, where: second + far("0"), is: "31"},
		{path: "cpu.numa.0.distances.2", value: attrs{"value": 40}, where: first + far("2"), is: "40"},
		{path: "cpu.numa.1.distances.2", value: attrs{"value": 40}, where: second + far("2"), is: "40"},
		{path: "cpu.numa.2", value: attrs{"memory": 16 << 10, "distances": attrs{"0": attrs{"value": 40}, "1": attrs{"value": 40}}}, where: third + "@memory", is: "16384"},
		{path: "memory_backing.numatune.mode", value: "interleave", where: "numatune/memory@mode", is: "interleave"},
		{path: "memory_backing.numatune.cells.0.mode", value: "preferred", where: "numatune/memnode[@cellid='0']@mode", is: "preferred"},
		{path: "memory_backing.numatune.cells.1", value: attrs{"nodeset": "0"}, where: "numatune/memnode[@cellid='1']@nodeset", is: "0"},
	}}
}

// memoryTruthGuest returns a guest with memory devices of each model. What it has of virtio-mem does not change: that takes a driver.
func memoryTruthGuest(t *testing.T, a attrs) truthGuest {
	t.Helper()
	file := diskOf(a) + ".store"
	for _, name := range []string{file, file + "2", file + "3"} {
		if err := os.WriteFile(alpha().path(name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(alpha().path(name), 4<<20); err != nil {
			t.Fatal(err)
		}
	}
	base := a.with(attrs{"maximum": attrs{"memory_slots": 5, "memory_with_devices": 1 << 20}, "memory_devices": attrs{
		"module": attrs{"size": 4096}, "elastic": attrs{"model": "virtio-mem", "size": 16384, "requested": 0}, "turns": attrs{"size": 16384},
		"store": attrs{"model": "nvdimm", "size": 4096, "path": file}}})
	of := func(device string) string { return "devices/memory/alias[@name='ua-" + device + "']/.." }
	lacking := ""
	if alpha().libvirt(t) < persistentSince {
		lacking = "libvirt 9.1"
	}
	return truthGuest{base: base, changes: []truth{
		{path: "memory_devices.module.page_size", value: 4, where: of("module") + "/source/pagesize", is: "4"},
		{path: "memory_devices.module.host_nodes", value: "0", where: of("module") + "/source/nodemask", is: "0"},
		{path: "memory_devices.module.access", value: "private", where: of("module") + "@access", is: "private"},
		{path: "memory_devices.module.discard", value: true, where: of("module") + "@discard", is: "yes"},
		{path: "memory_devices.elastic.block", value: 4096, where: of("elastic") + "/target/block", is: "4096"},
		{path: "memory_devices.turns.model", value: "virtio-mem", where: of("turns") + "@model", is: "virtio-mem"},
		{path: "memory_devices.turns.requested", value: 2048, where: of("turns") + "/target/requested", is: "2048"},
		{path: "memory_devices.store.path", value: file + "2", where: of("store") + "/source/path", is: file + "2"},
		{path: "memory_devices.store.label_size", value: 128, where: of("store") + "/target/label/size", is: "128"},
		{path: "memory_devices.store.readonly", value: true, where: of("store") + "/target/readonly?", is: "true"},
		{path: "memory_devices.store.align", value: 2048, where: of("store") + "/source/alignsize", is: "2048"},
		{path: "memory_devices.more", value: attrs{"model": "virtio-pmem", "size": 4096, "path": file + "3", "access": "shared"}, where: of("more") + "@model", is: "virtio-pmem", lacking: lacking},
	}}
}

// hostDisksTruthGuest returns a guest with limits for disks of its host. The guest need not use them.
func hostDisksTruthGuest(t *testing.T, a attrs) truthGuest {
	t.Helper()
	disks := alpha().disks(t)
	if len(disks) < 2 {
		return truthGuest{lacking: "second disk", changes: []truth{{path: "blkiotune.devices.any"}, {path: "blkiotune.devices.any.read_bytes_sec"},
			{path: "blkiotune.devices.any.write_bytes_sec"}, {path: "blkiotune.devices.any.read_iops_sec"}, {path: "blkiotune.devices.any.write_iops_sec"}}}
	}
	first, second := disks[0], disks[1]
	of := func(disk string) string { return "blkiotune/device[path='" + disk + "']/" }
	return truthGuest{base: a.with(attrs{"blkiotune": attrs{"devices": attrs{first: attrs{"read_bytes_sec": 1 << 20, "write_bytes_sec": 1 << 20, "read_iops_sec": 100}}}}), changes: []truth{
		{path: "blkiotune.devices." + first + ".read_bytes_sec", value: 2 << 20, where: of(first) + "read_bytes_sec", is: "2097152"},
		{path: "blkiotune.devices." + first + ".write_bytes_sec", value: nil, where: of(first) + "write_bytes_sec"},
		{path: "blkiotune.devices." + first + ".read_iops_sec", value: 200, where: of(first) + "read_iops_sec", is: "200"},
		{path: "blkiotune.devices." + first + ".write_iops_sec", value: 200, where: of(first) + "write_iops_sec", is: "200"},
		{path: "blkiotune.devices." + second, value: attrs{"write_bytes_sec": 1 << 20}, where: of(second) + "write_bytes_sec", is: "1048576"},
	}}
}

// threadsTruthGuest returns a guest with I/O threads and schedulers.
func threadsTruthGuest(t *testing.T, a attrs) truthGuest {
	t.Helper()
	cpus := alpha().cpus(t)
	first, last, lacking, old := cpus[0], cpus[len(cpus)-1], "", ""
	if len(cpus) == 1 {
		lacking = "second CPU"
	}
	if alpha().libvirt(t) < pollingSince {
		old = "libvirt 9.4"
	}
	batch := attrs{"scheduler": "batch"}
	base := put(a, []string{"disks", "vda", "options"}, attrs{"iothread": 1}).with(attrs{"cputune": attrs{
		"iothread_period": 50000, "iothread_quota": 40000, "vcpusched": attrs{"0": batch}, "emulatorsched": batch,
		"iothreads": attrs{"1": attrs{}, "2": batch.with(attrs{"pool_min": 1, "pool_max": 8}), "3": attrs{"cpuset": first}}}})
	const second = "iothreadids/iothread[@id='2']"
	return truthGuest{base: base, changes: []truth{
		{path: "cputune.iothread_period", value: 60000, where: "cputune/iothread_period", is: "60000"},
		{path: "cputune.iothread_quota", value: 45000, where: "cputune/iothread_quota", is: "45000"},
		{path: "cputune.vcpusched.0.scheduler", value: "idle", where: "cputune/vcpusched@scheduler", is: "idle"},
		{path: "cputune.emulatorsched.scheduler", value: "idle", where: "cputune/emulatorsched@scheduler", is: "idle"},
		{path: "cputune.iothreads.2.scheduler", value: "idle", where: "cputune/iothreadsched@scheduler", is: "idle"},
		{path: "cputune.iothreads.2.pool_min", value: 2, where: second + "@thread_pool_min", is: "2"},
		{path: "cputune.iothreads.2.pool_max", value: 16, where: second + "@thread_pool_max", is: "16"},
		{path: "cputune.iothreads.2.poll_max", value: 1000, where: second + "/poll@max", is: "1000", lacking: old},
		{path: "cputune.iothreads.2.poll_grow", value: 2, where: second + "/poll@grow", is: "2", lacking: old},
		{path: "cputune.iothreads.2.poll_shrink", value: 2, where: second + "/poll@shrink", is: "2", lacking: old},
		{path: "cputune.iothreads.3.cpuset", value: last, where: "cputune/iothreadpin[@iothread='3']@cpuset", is: last, lacking: lacking},
		{path: "disks.vda.options.seclabel.dac", value: attrs{"relabel": false}, where: "devices/disk/target[@dev='vda']/../source/seclabel@relabel", is: "no"},
		{path: "disks.vda.options.iothread", value: 2, where: "devices/disk/target[@dev='vda']/../driver@iothread", is: "2"},
	}}
}
