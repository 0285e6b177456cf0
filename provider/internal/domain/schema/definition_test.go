package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Definitions as libvirt 9.0 gives back what virt-install and people wrote.
const (
	server  = "server-q35.xml"
	legacy  = "legacy-pc.xml"
	windows = "windows-uefi.xml"
	kernel  = "kernel-boot.xml"

	throttled  = "throttled-pc.xml"
	tuned      = "tuned-q35.xml"
	processors = "processors-q35.xml"
	nodes      = "nodes-q35.xml"
	threads    = "threads-q35.xml"
	memories   = "memory-q35.xml"
	confined   = "confined-q35.xml"
)

func model(t *testing.T, xml string) table.Model {
	t.Helper()
	return xmlmodel.Read(Table.Attrs, domaintest.Parse(t, xml))
}

func TestWhatIsReadOfRealDefinitions(t *testing.T) {
	type m = table.Model
	for name, want := range map[string]m{
		server: {
			"uuid": "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d01", "type": "kvm", "vcpu": int64(2), "memory": int64(4 << 20), "arch": "x86_64", "machine": "pc-q35-7.2",
			"metadata": m{"http://libosinfo.org/xmlns/libvirt/domain/1.0": m{"prefix": "libosinfo", "xml": `<libosinfo><os id="http://fedoraproject.org/fedora/39"/></libosinfo>`}},
			"cpu":      m{"mode": "host-passthrough", "check": "none", "migratable": true}, "firmware": "bios", "guest_agent": true, "serial": m{"log_append": false},
			"disks": m{"vda": m{"file": "/var/lib/libvirt/images/fedora-server.qcow2", "format": "qcow2", "device": "disk", "bus": "virtio", "options": m{"discard": "unmap", "read_only": false, "shareable": false}},
				"sda": m{"file": "/var/lib/libvirt/images/seed.iso", "format": "raw", "device": "cdrom", "bus": "sata"}},
			"interfaces": m{"net0": m{"network": "default", "mac": "52:54:00:6f:12:01", "model": "virtio"}},
			"graphics":   m{"type": "vnc", "listen": "127.0.0.1"},
		},
		legacy: {
			"uuid": "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d02", "type": "kvm", "vcpu": int64(1), "maximum": m{"vcpu": int64(2)}, "memory": int64(2 << 20), "arch": "x86_64", "machine": "pc-i440fx-7.2",
			"title": "Old database", "description": "Do not touch before the migration.", "firmware": "bios", "guest_agent": false,
			"cpu":        m{"mode": "custom", "model": "qemu64", "check": "none"},
			"cputune":    m{"shares": int64(2048)},
			"serial":     m{"log_file": "/var/log/legacy-db.log", "log_append": true},
			"disks":      m{"hda": m{"source": m{"block": "/dev/vg0/legacy-db", "tls": false, "verify": true}, "options": m{"io": "native", "read_only": false, "shareable": false}, "format": "raw", "device": "disk", "bus": "ide", "cache": "none"}, "hdc": m{"format": "raw", "device": "cdrom", "bus": "ide"}},
			"interfaces": m{"net0": m{"bridge": "br0", "mac": "52:54:00:6f:12:02", "model": "e1000"}},
			"graphics":   m{"type": "vnc", "listen": "0.0.0.0", "port": int64(5901)},
		},
		windows: {
			"uuid": "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d03", "type": "kvm", "vcpu": int64(4), "memory": int64(8 << 20), "arch": "x86_64", "machine": "pc-q35-7.2",
			"metadata": m{"http://libosinfo.org/xmlns/libvirt/domain/1.0": m{"prefix": "libosinfo", "xml": `<libosinfo><os id="http://microsoft.com/win/2k22"/></libosinfo>`}},
			"cpu":      m{"mode": "host-model", "check": "partial", "topology": m{"sockets": int64(1), "dies": int64(1), "clusters": int64(1), "cores": int64(4), "threads": int64(1)}}, "firmware": "efi", "guest_agent": false,
			"disks": m{"sda": m{"file": "/var/lib/libvirt/images/win2k22.qcow2", "format": "qcow2", "device": "disk", "bus": "sata"},
				"sdb": m{"file": "/srv/iso/virtio-win.iso", "format": "raw", "device": "cdrom", "bus": "sata"}},
			"interfaces": m{"net0": m{"direct": m{"dev": "eth0", "mode": "bridge"}, "mac": "52:54:00:6f:12:03", "model": "e1000e"}, "net1": m{"network": "lan", "mac": "52:54:00:6f:12:04", "model": "virtio"}},
			"graphics":   m{"type": "spice", "listen": "host"},
		},
		kernel: {
			"uuid": "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d04", "type": "qemu", "vcpu": int64(1), "memory": int64(256 << 10), "maximum": m{"memory": int64(512 << 10)}, "arch": "x86_64", "machine": "pc-q35-7.2",
			"cpu": m{"mode": "custom", "model": "Nehalem", "check": "partial", "features": m{"pcid": m{"policy": "require"}}}, "firmware": "bios", "guest_agent": false, "serial": m{"log_append": false},
			"kernel": "/boot/vmlinuz", "initrd": "/boot/initrd.img", "cmdline": "root=/dev/vda console=ttyS0",
			"disks":      m{"vda": m{"source": m{"protocol": "rbd", "name": "pool/appliance", "hosts": m{"ceph1": m{"port": int64(6789)}}, "tls": false, "verify": true}, "format": "raw", "device": "disk", "bus": "virtio"}},
			"interfaces": m{"lan": m{"network": "default", "portgroup": "blue", "mac": "52:54:00:6f:12:05", "model": "virtio"}},
		},
		throttled: {
			"uuid": "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d05", "type": "qemu", "vcpu": int64(1), "memory": int64(64 << 10), "arch": "x86_64", "machine": "pc-i440fx-7.2",
			"cpu": m{"mode": "custom", "model": "qemu64", "check": "none"}, "firmware": "bios", "guest_agent": false,
			"disks": m{
				"vda": m{"file": "/srv/a.img", "format": "raw", "device": "disk", "bus": "virtio", "cache": "writeback", "iotune": m{"total_bytes_sec": int64(1000000), "read_iops_sec": int64(100), "write_iops_sec": int64(200)}},
				"vdb": m{"file": "/srv/b.img", "format": "raw", "device": "disk", "bus": "virtio", "iotune": m{"read_bytes_sec": int64(2000000), "write_bytes_sec": int64(3000000), "total_iops_sec": int64(300)}}},
			"interfaces": m{"lan": m{"network": "lan", "mac": "52:54:00:6f:12:06", "model": "virtio", "link": "down", "filter": "clean-traffic", "filter_parameters": m{"IP": m{"values": table.ListOf("10.0.0.1")}},
				"bandwidth": m{"inbound_average": int64(1000), "inbound_peak": int64(5000), "inbound_burst": int64(1024), "outbound_average": int64(128)}}},
		},
		tuned: {
			"uuid": "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d07", "type": "qemu", "vcpu": int64(2), "memory": int64(160 << 10), "arch": "x86_64", "machine": "pc-q35-7.2",
			"maximum":        m{"vcpu": int64(4), "memory": int64(256 << 10), "memory_slots": int64(4), "memory_with_devices": int64(1 << 20)},
			"memory_devices": m{"first": m{"model": "dimm", "size": int64(128 << 10), "node": int64(0), "readonly": false, "pmem": false}},
			"metadata":       m{"urn:team": m{"prefix": "team", "xml": `<owner group="storage"><mail>a@example.org</mail></owner>`}},
			"cputune": m{"shares": int64(512), "period": int64(50000), "quota": int64(25000), "global_period": int64(100000), "emulator_period": int64(60000), "emulator_quota": int64(30000), "emulatorpin": "0",
				"vcpupin": m{"0": m{"cpuset": "0"}, "1": m{"cpuset": "0-1"}}},
			"memtune":   m{"hard_limit": int64(2 << 20), "soft_limit": int64(1 << 20), "swap_hard_limit": int64(4 << 20)},
			"blkiotune": m{"weight": int64(200)},
			"cpu":       m{"mode": "custom", "model": "qemu64", "check": "none"}, "firmware": "bios", "guest_agent": false,
			"graphics": m{"type": "vnc", "listen": "host"},
		},
	} {
		maps.Copy(want, otherWants[name])
		t.Run(name, func(t *testing.T) {
			if got := said(model(t, domaintest.ReadDefinition(t, name))); !table.Equal(got, want) {
				t.Errorf("got\n%v\nwant\n%v", got, want)
			}
		})
	}
}

func TestNoChangeIsNoDefinition(t *testing.T) {
	for _, name := range []string{server, legacy, windows, kernel, throttled, tuned, station, processors, nodes, threads, memories, confined} {
		xml := domaintest.ReadDefinition(t, name)
		seen := model(t, xml)
		// What was observed, and what a configuration says of nothing.
		for what, plan := range map[string]table.Model{"the same": seen, "nothing": {}} {
			after, err := PatchXML(xml, nil, plan)
			if err != nil || after != xml {
				t.Errorf("%s, plan of %s: %v\n%s", name, what, err, strings.Join(difference(domaintest.Parse(t, xml), domaintest.Parse(t, after)), "\n"))
			}
		}
	}
}

// difference lists what a change took away (-) and added (+): a line for each element, attribute and text. Of an element that went, one line
// stands for all that was in it.
func difference(before, after *etree.Element) []string {
	was, is := flat(before), flat(after)
	var out []string
	gone := "\n"
	for _, l := range was {
		if slices.Contains(is, l) || strings.HasPrefix(l, gone+"/") || strings.HasPrefix(l, gone+"@") || strings.HasPrefix(l, gone+"=") {
			continue
		}
		out = append(out, "- "+l)
		if gone = l; strings.ContainsAny(l, "=@") {
			gone = "\n"
		}
	}
	for _, l := range is {
		if !slices.Contains(was, l) {
			out = append(out, "+ "+l)
		}
	}
	return out
}

func flat(root *etree.Element) []string {
	var out []string
	var walk func(el *etree.Element, path string)
	walk = func(el *etree.Element, path string) {
		out = append(out, path)
		for _, a := range el.Attr {
			out = append(out, path+"@"+a.FullKey()+"="+a.Value)
		}
		if text := strings.TrimSpace(el.Text()); text != "" {
			out = append(out, path+"="+text)
		}
		for _, child := range el.ChildElements() {
			walk(child, strings.TrimPrefix(path+"/"+child.FullTag()+which(child), "/"))
		}
	}
	walk(root, "")
	return out
}

// which tells elements of one name apart by what stays of them.
func which(el *etree.Element) string {
	for _, place := range map[string][]string{"disk": {"target@dev"}, "interface": {"alias@name", "mac@address"}, "controller": {"@model"}, "console": {"target@type"}, "filesystem": {"target@dir"}, "hostdev": {"alias@name", "@type"}, "cell": {"@id"}, "seclabel": {"@model"}, "sibling": {"@id"}}[el.Tag] {
		if v := xmlmodel.At(place).Read(el); v != nil {
			index := xmlmodel.At("@index").Text(el)
			return fmt.Sprintf("[%v%s]", v, index)
		}
	}
	return ""
}

func TestADomainWithoutDevicesIsDefined(t *testing.T) {
	xml, err := NewXML(table.Model{"name": "it", "devices": table.Model{"rng": table.Model{"model": "none"}}})
	if err != nil || strings.Contains(xml, "<rng") || !strings.Contains(xml, "pcie-root-port") {
		t.Errorf("got %v\n%s", err, xml)
	}
}
