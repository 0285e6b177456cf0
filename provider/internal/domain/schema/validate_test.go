package schema

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestBadConfigurations(t *testing.T) {
	type m = table.Model
	for _, c := range []struct {
		config     m
		path, text string
	}{
		{m{"title": "a\nb"}, "title", `'title' must be one line of text, got "a\nb"; use 'description' for more, or leave it out`},
		{m{"title": ""}, "title", `'title' must be one line of text, got ""; use 'description' for more, or leave it out`},
		{m{"description": ""}, "description", "'description' must not be empty; leave it out to have none"},
		{m{"name": "a/b"}, "name", `'name' must not contain '/' or a line break, got "a/b"; remove it`},
		{m{"uuid": "ABC"}, "uuid", `'uuid' must be a UUID in lower case like c7a5fdbd-cdaf-9455-926a-d65c16db1809, got "ABC"`},
		{m{"type": "xen"}, "type", `'type' must be one of "kvm", "qemu", got "xen"`},
		{m{"vcpu": int64(0)}, "vcpu", "'vcpu' must be from 1 to 65535, got 0"},
		{m{"memory": int64(1)}, "memory", "'memory' must be at least 1024 KiB, got 1"},
		{m{"firmware": "uefi"}, "firmware", `'firmware' must be one of "bios", "efi", got "uefi"`},
		{m{"kernel": "vmlinuz"}, "kernel", `'kernel' must be an absolute path on the host, got "vmlinuz"; begin it with '/'`},
		{m{"initrd": "/boot/initrd"}, "initrd", "'initrd' requires 'kernel'; set it, or remove 'initrd'"},
		{m{"cmdline": "quiet"}, "cmdline", "'cmdline' requires 'kernel'; set it, or remove 'cmdline'"},
		{m{"cpu": m{"mode": "custom"}}, "cpu.model", `'model' is required with mode "custom"; set it, or choose another mode`},
		{m{"cpu": m{"mode": "maximum", "model": "Nehalem"}}, "cpu.model", `'model' requires 'mode' to be "custom", got "maximum"; change that, or remove 'model'`},
		{m{"cpu": m{}}, "cpu", "'cpu' must not be empty; set one of its attributes, or remove it"},
		{m{"cpu": m{"check": "full"}}, "cpu.check", "'check' requires 'mode'; set it, or remove 'check'"},
		{m{"cpu": m{"features": m{"vmx": m{"policy": "disable"}}}}, "cpu.features", "'features' requires 'mode'; set it, or remove 'features'"},
		{m{"cpu": m{"mode": "maximum", "features": m{"a b": m{}}}}, `cpu.features["a b"]`, `a key of 'features' must be the name of a CPU feature like "vmx", got "a b"`},
		{m{"cpu": m{"mode": "maximum", "features": m{"vmx": m{"policy": "off"}}}}, `cpu.features["vmx"].policy`, `'policy' must be one of "force", "require", "optional", "disable", "forbid", got "off"`},
		{m{"cpu": m{"mode": "maximum", "vendor_id": "GenuineIntel"}}, "cpu.vendor_id", `'vendor_id' requires 'mode' to be "custom" or "host-model", got "maximum"; change that, or remove 'vendor_id'`},
		{m{"cpu": m{"mode": "host-model", "vendor_id": "Intel"}}, "cpu.vendor_id", `'vendor_id' must have 12 characters, got "Intel", which has 5`},
		{m{"cpu": m{"mode": "host-model", "migratable": true}}, "cpu.migratable", `'migratable' requires 'mode' to be "host-passthrough" or "maximum", got "host-model"; change that, or remove 'migratable'`},
		{m{"cpu": m{"mode": "maximum", "cache": m{"mode": "emulate", "level": int64(4)}}}, "cpu.cache.level", "'level' must be from 1 to 3, got 4"},
		{m{"vcpu": int64(4), "cpu": m{"topology": m{"cores": int64(4), "threads": int64(2)}}}, "vcpu",
			"'vcpu' must be 8, the number of processors of its CPU topology (cores 4, threads 2), got 4; change both together"},
		{m{"vcpu": int64(2), "maximum": m{"vcpu": int64(6)}, "cpu": m{"topology": m{"sockets": int64(2), "cores": int64(4)}}}, "maximum.vcpu",
			"'vcpu' must be 8, the number of processors of its CPU topology (sockets 2, cores 4), got 6; change both together"},
		{twoNodes(m{"cpu.numa.2": m{"memory": int64(1024)}, "cpu.numa.1": nil}), "cpu.numa", "'numa' must have the numbers from 0 to 1 as its keys; number the nodes without gaps"},
		{twoNodes(m{"cpu.numa.1": nil}), "cpu.numa", "'numa' must have several nodes, or one with 'access' or 'discard'; remove it: a guest without it has one node"},
		{twoNodes(m{"memory": int64(4096)}), "cpu.numa", "'numa' must have the guest's memory, 'memory' of 4096 KiB, got 2048 KiB in all; change both together"},
		{twoNodes(m{"maximum": m{"memory": int64(4096)}}), "cpu.numa", "'numa' must have the guest's memory, 'maximum.memory' of 4096 KiB, got 2048 KiB in all; change both together"},
		{twoNodes(m{"memory": int64(2024), "cpu.numa.1.memory": int64(1000)}), `cpu.numa["1"].memory`, "'memory' must be a multiple of 1024 KiB, got 1000"},
		{twoNodes(m{"cpu.numa.1.cpus": "1-2"}), `cpu.numa["1"].cpus`, "'cpus' must not have virtual CPU 1, which node 0 has; remove it from one of them"},
		{twoNodes(m{"cpu.numa.1.cpus": "2-4"}), `cpu.numa["1"].cpus`, "'cpus' must be virtual CPUs from 0 to 3, got 4; remove it, or raise 'vcpu' or 'maximum.vcpu'"},
		{twoNodes(m{"maximum": m{"vcpu": int64(5)}}), "cpu.numa", "'numa' must have all virtual CPUs from 0 to 4, got no node with 4; add it to the 'cpus' of a node"},
		{twoNodes(m{"cpu.numa.0.distances": m{"1": m{"value": int64(20)}}}), `cpu.numa["1"].distances`,
			"'distances' must have a distance to each of the 1 other nodes, since a node has distances; add them, or remove all"},
		{m{"memory_backing": m{"numatune": m{}}}, "memory_backing.numatune", "'numatune' must not be empty; set one of its attributes, or remove it"},
		{m{"memory_backing": m{"numatune": m{"nodeset": "0"}}}, "memory_backing.numatune.mode", "'mode' and 'nodeset' require each other; set both or neither"},
		{m{"memory_backing": m{"numatune": m{"mode": "strict", "nodeset": "0", "placement": "auto"}}}, "memory_backing.numatune.nodeset",
			"'nodeset' cannot be combined with 'placement'; remove one of them"},
		{m{"memory_backing": m{"numatune": m{"mode": "strict", "nodeset": "a"}}}, "memory_backing.numatune.nodeset", `'nodeset' must be NUMA nodes of the host like "0-1", got "a"`},
		{twoNodes(m{"memory_backing": m{"numatune": m{"cells": m{"2": m{"nodeset": "0"}}}}}), `memory_backing.numatune.cells["2"]`,
			`a key of 'cells' must be a node in 'cpu.numa', got "2"; add that node, or remove the entry`},
		{m{"disks": m{"disk1": m{"file": "/a"}}}, `disks["disk1"]`, `a key of 'disks' must be a device name like vda, sda or hda, got "disk1"`},
		{m{"disks": m{"vda": m{"file": "a.img"}}}, `disks["vda"].file`, `'file' must be an absolute path on the host, got "a.img"; begin it with '/'`},
		{m{"disks": m{"vda": m{"file": "/a", "device": "cdrom"}}}, `disks["vda"].bus`, `'bus' must not be "virtio" for a cdrom; use "sata", "scsi" or "ide"`},
		{m{"disks": m{"vda": m{"file": "/a", "device": "cdrom", "bus": "virtio"}}}, `disks["vda"].bus`, `'bus' must not be "virtio" for a cdrom; use "sata", "scsi" or "ide"`},
		{m{"disks": m{"vda": m{"format": "raw"}}}, `disks["vda"].file`, `'file' is required for a disk without a 'source'; set one of them, or set 'device' to "cdrom", which may be empty`},
		{m{"disks": m{"vda": m{"file": "/a", "iotune": m{}}}}, `disks["vda"].iotune`, "'iotune' must not be empty; set one of its attributes, or remove it"},
		{m{"disks": m{"vda": m{"file": "/a", "iotune": m{"read_iops_sec": int64(0)}}}}, `disks["vda"].iotune.read_iops_sec`, "'read_iops_sec' must be at least 1, got 0"},
		{m{"disks": m{"vda": m{"file": "/a", "iotune": m{"total_bytes_sec": int64(1), "write_bytes_sec": int64(1)}}}}, `disks["vda"].iotune.total_bytes_sec`,
			"'total_bytes_sec' cannot be combined with 'write_bytes_sec': a total stands for both directions; remove one of them"},
		{m{"disks": m{"vda": m{"file": "/a", "cache": "default"}}}, `disks["vda"].cache`, `'cache' must be one of "none", "writethrough", "writeback", "directsync", "unsafe", got "default"`},
		{m{"disks": m{"vda": m{"file": "/a", "target_pool": "a/b"}}}, `disks["vda"].target_pool`, `'target_pool' must not contain '/' or a line break, got "a/b"; remove it`},
		{m{"interfaces": m{"lan": m{"network": "lan", "link": "off"}}}, `interfaces["lan"].link`, `'link' must be one of "up", "down", got "off"`},
		{m{"interfaces": m{"lan": m{"network": "lan", "filter": ""}}}, `interfaces["lan"].filter`, "'filter' must not be empty; leave it out to have none"},
		{m{"interfaces": m{"lan": m{"network": "lan", "bandwidth": m{}}}}, `interfaces["lan"].bandwidth`, "'bandwidth' must not be empty; set one of its attributes, or remove it"},
		{m{"interfaces": m{"lan": m{"network": "lan", "bandwidth": m{"outbound_burst": int64(9)}}}}, `interfaces["lan"].bandwidth.outbound_burst`,
			"'outbound_burst' requires 'outbound_average'; set it, or remove 'outbound_burst'"},
		{m{"interfaces": m{"my lan": m{"network": "lan"}}}, `interfaces["my lan"]`, `a key of 'interfaces' must be letters, digits, '-' and '_', got "my lan"`},
		{m{"interfaces": m{"lan": m{"network": "lan", "mac": "52:54:00:AA:00:01"}}}, `interfaces["lan"].mac`, `'mac' must be a MAC address in lower case like 52:54:00:12:34:56, got "52:54:00:AA:00:01"`},
		{m{"interfaces": m{"lan": m{"network": "lan", "mac": "53:54:00:aa:00:01"}}}, `interfaces["lan"].mac`, `'mac' must be a unicast MAC address (second digit even), got "53:54:00:aa:00:01"`},
		{m{"serial": m{"log_append": true}}, "serial.log_append", "'log_append' requires 'log_file'; set it, or remove 'log_append'"},
		{m{"graphics": m{"type": "rdp"}}, "graphics.type", `'type' must be one of "vnc", "spice", got "rdp"`},
		{m{"graphics": m{"type": "vnc", "port": int64(70000)}}, "graphics.port", "'port' must be from 1 to 65535, got 70000"},
		{m{"graphics": m{"type": "vnc", "password": "open-sesame", "password_version": int64(1)}}, "graphics.password", `'password' must have at most 8 characters with type "vnc", got 11; shorten it, or use "spice"`},
		{m{"graphics": m{"type": "vnc", "password": "sesame"}}, "graphics.password_version", "'password_version' and 'password' require each other; begin with 1, and raise it with each new password"},
		{m{"graphics": m{"type": "vnc", "password": "sesame", "password_version": int64(0)}}, "graphics.password_version", "'password_version' must be at least 1, got 0"},
		{m{"cputune": m{"cachetune": m{"1,0": m{"caches": m{"0/both": m{"size": int64(4096)}}}}}}, `cputune.cachetune["1,0"]`, `a key of 'cachetune' must be numbers of virtual CPUs in order like "0-1,4", got "1,0"`},
		{m{"cputune": m{"cachetune": m{"0": m{"caches": m{"0": m{"size": int64(4096)}}}}}}, `cputune.cachetune["0"].caches["0"]`, `a key of 'caches' must be the number of a cache and both, code or data like "0/both", got "0"`},
		{m{"seclabel": m{"AppArmor": m{"type": "none", "reason": "x"}}}, `seclabel["AppArmor"]`, `a key of 'seclabel' must be a security driver like "apparmor", got "AppArmor"`},
		{m{"seclabel": m{"apparmor": m{"type": "none"}}}, `seclabel["apparmor"].reason`, `'reason' is required with type "none"; say why this guest may run unconfined, and when that ends`},
		{m{"seclabel": m{"dac": m{"type": "static"}}}, `seclabel["dac"].label`, `'label' is required with type "static"; set it`},
		{m{"seclabel": m{"dac": m{"type": "static", "label": "1000 1000"}}}, `seclabel["dac"].label`, `'label' must be a label like "system_u:system_r:svirt_t:s0", got "1000 1000"`},
		{m{"seclabel": m{"dac": m{"type": "static", "label": "+1:+1", "reason": "x"}}}, `seclabel["dac"].reason`, `'reason' requires 'type' to be "none", got "static"; change that, or remove 'reason'`},
		{m{"seclabel": m{"selinux": m{"type": "dynamic"}}}, `seclabel["selinux"].baselabel`,
			`'baselabel' is required with type "dynamic"; set it; or remove the entry: the driver then gives the guest a label of its own`},
		{m{"seclabel": m{"dac": m{"type": "dynamic", "baselabel": "+1:+1"}}}, `seclabel["dac"].type`, `'type' must be "static" or "none" for driver "dac", got "dynamic": ` +
			"libvirt ignores its base label; change that, or remove the entry: the driver then gives the guest a label of its own"},
		{m{"disks": m{"vda": m{"file": "/a", "options": m{"seclabel": m{"dac": m{}}}}}}, `disks["vda"].options.seclabel["dac"]`, "an entry of 'seclabel' requires 'label' or 'relabel' = false; set one of them, or remove the entry"},
		{m{"disks": m{"vda": m{"file": "/a", "options": m{"seclabel": m{"dac": m{"relabel": false, "label": "+1:+1"}}}}}}, `disks["vda"].options.seclabel["dac"].label`,
			"'label' requires 'relabel' to be true; change that, or remove 'label'"},
		{m{"disks": m{"sda": m{"device": "cdrom", "bus": "sata", "options": m{"seclabel": m{"dac": m{"relabel": false}}}}}}, `disks["sda"].options.seclabel`,
			"'seclabel' requires an image; set 'file' or 'source', or remove 'seclabel'"},
		{m{"state": "crashed"}, "state", `'state' must be one of "running", "paused", "saved", "stopped", got "crashed"`},
		{m{"on_change": "ask"}, "on_change", `'on_change' must be one of "live-only", "defer", "restart", got "ask"`},
		{m{"shutdown": m{"timeout": int64(-1)}}, "shutdown.timeout", "'timeout' must be at least 0 seconds, got -1"},
		{m{"shutdown": m{"mode": "ask"}}, "shutdown.mode", `'mode' must be one of "acpi", "agent", got "ask"`},
		{m{"shutdown": m{"on_timeout": "wait"}}, "shutdown.on_timeout", `'on_timeout' must be one of "force", "fail", got "wait"`},
	} {
		found := append(table.Validate(Table.Attrs, c.config, tftypes.NewAttributePath()), Validate(c.config)...)
		if len(found) != 1 {
			t.Errorf("%v: got %d problems: %v", c.config, len(found), found)
			continue
		}
		if got := table.PathString(found[0].Path); got != c.path || found[0].Text != c.text {
			t.Errorf("got\n%s: %s\nwant\n%s: %s", got, found[0].Text, c.path, c.text)
		}
	}
}

// twoNodes is a guest with two NUMA nodes, and with other values by their paths.
func twoNodes(other table.Model) table.Model {
	type m = table.Model
	config := m{"vcpu": int64(4), "memory": int64(2048), "cpu": m{"numa": m{
		"0": m{"cpus": "0-1", "memory": int64(1024)}, "1": m{"cpus": "2-3", "memory": int64(1024)}}}}
	for path, v := range other {
		config = domaintest.Set(config, path, v)
	}
	return config
}

func TestWhatIsNotKnownYetIsNoProblem(t *testing.T) {
	type m = table.Model
	u := table.Unknown
	for _, config := range []m{
		{"title": u, "vcpu": u, "memory": u, "kernel": u, "initrd": u},
		{"cpu": u, "disks": u, "interfaces": u, "serial": u, "graphics": u},
		{"cpu": m{"mode": u, "model": u}, "disks": m{"vda": m{"file": u, "device": u, "bus": u}}, "graphics": m{"type": u, "password": "open-sesame", "password_version": u}},
		{"cpu": m{"mode": u, "model": u, "check": "full", "features": u, "topology": m{"cores": u}}, "vcpu": int64(4)},
		{"cpu": m{"topology": m{"cores": int64(3)}}, "vcpu": u},
		{"cpu": m{"topology": m{"cores": int64(3)}}, "vcpu": int64(2), "maximum": m{"vcpu": u}},
		{"cpu": m{"mode": "custom", "model": u}, "serial": m{"log_append": true, "log_file": u}, "graphics": m{"type": "vnc", "password": u, "password_version": u}},
		{"kernel": u, "initrd": "/boot/initrd"},
		{},
	} {
		if found := append(table.Validate(Table.Attrs, config, tftypes.NewAttributePath()), Validate(config)...); len(found) != 0 {
			t.Errorf("%v: %v", config, found)
		}
	}
}

func TestMachineTypes(t *testing.T) {
	for _, c := range []struct {
		config, host string
		want         bool
	}{
		{"q35", "pc-q35-7.2", true}, {"pc", "pc-i440fx-7.2", true}, {"virt", "virt-7.2", true}, {"pc-q35-7.2", "pc-q35-7.2", true},
		{"q35", "pc-i440fx-7.2", false}, {"pc", "pc-q35-7.2", false}, {"pc-q35-7.1", "pc-q35-7.2", false}, {"", "pc-q35-7.2", false},
	} {
		if got := sameMachine(c.config, c.host); got != c.want {
			t.Errorf("%q for %q: %v", c.config, c.host, got)
		}
	}
}

func TestANewDefinition(t *testing.T) {
	plan := table.Model{"name": "web & db", "uuid": "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d01", "type": "kvm", "vcpu": int64(1), "memory": int64(32768),
		"arch": table.Unknown, "machine": table.Unknown, "firmware": "bios", "guest_agent": false}
	xml, err := NewXML(plan)
	if err != nil {
		t.Fatal(err)
	}
	// A port each for the random numbers and for what libvirt adds, and the spare ones.
	ports := `<controller type="pci" model="pcie-root"/>` + strings.Repeat(`<controller type="pci" model="pcie-root-port"/>`, 4+sparePorts)
	want := `<domain type="kvm"><name>web &amp; db</name><os><type machine="q35">hvm</type><boot dev="hd"/></os><features><acpi/><apic/></features>` +
		`<devices><rng model="virtio"><backend model="random">/dev/urandom</backend></rng>` + ports + `</devices><uuid>8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d01</uuid>` +
		`<vcpu>1</vcpu><memory unit="KiB">32768</memory><currentMemory unit="KiB">32768</currentMemory>` +
		`<cpu><topology sockets="1" dies="1" cores="1" threads="1"/></cpu></domain>`
	if xml != want {
		t.Errorf("got\n%s\nwant\n%s", xml, want)
	}
	plan["arch"], plan["machine"] = "aarch64", "virt"
	xml, err = NewXML(plan)
	if el := domaintest.Parse(t, xml); err != nil || el.FindElement("features/apic") != nil || el.FindElement("os/type").SelectAttrValue("machine", "") != "virt" ||
		el.FindElement("features/acpi") != nil || el.FindElement("cpu[@mode='host-passthrough']") == nil ||
		len(el.FindElements("devices/controller[@model='pcie-root-port']")) != 4+sparePorts {
		t.Errorf("for another architecture: %v\n%s", err, xml)
	}
	plan["type"], plan["firmware"], plan["machine"] = "qemu", "efi", table.Unknown
	xml, err = NewXML(plan)
	if el := domaintest.Parse(t, xml); err != nil || el.FindElement("features/acpi") == nil || el.FindElement("os/type[@machine='virt']") == nil ||
		xmlmodel.At("cpu/model").Text(el) != "cortex-a57" {
		t.Errorf("for another architecture, emulated: %v\n%s", err, xml)
	}
}
