//go:build acceptance

package acceptance

import (
	"maps"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
)

// defined returns a function that reads a place in a domain's definition.
func defined(where string) func(*testing.T, attrs) string {
	return dump("dumpxml", where, "--inactive", "--security-info")
}

// together returns a function that reads several places at once.
func together(places ...string) func(*testing.T, attrs) string {
	return func(t *testing.T, a attrs) string {
		t.Helper()
		xml, seen := hostOf(a).xml(t, "dumpxml", a["name"].(string), "--inactive", "--security-info"), ""
		for i, where := range places {
			if i > 0 {
				seen += " "
			}
			seen += at(xml, where)
		}
		return seen
	}
}

func TestDomainUpdates(t *testing.T) {
	t.Parallel()
	base := func(name string) attrs {
		return attrs{"host": alpha().Name, "name": name, "type": theLab.Accelerator, "vcpu": 1, "memory": 32 << 10, "state": "stopped", "shutdown": attrs{"timeout": 0}}
	}
	cases := map[string]update{}
	maps.Copy(cases, domainCases(t))
	maps.Copy(cases, bootCases())
	maps.Copy(cases, processorCases(t))
	maps.Copy(cases, numaCases())
	maps.Copy(cases, threadCases(t))
	maps.Copy(cases, confinementCases())
	maps.Copy(cases, deviceCases(t))
	maps.Copy(cases, limitCases())
	maps.Copy(cases, otherDeviceCases(t))
	maps.Copy(cases, givenCases())
	maps.Copy(cases, machineCases())
	maps.Copy(cases, escapeCases())
	maps.Copy(cases, interfaceCases())
	maps.Copy(cases, diskCases())
	maps.Copy(cases, firmwareCases(t))
	maps.Copy(cases, resourceCases())
	maps.Copy(cases, metadataCases())
	maps.Copy(cases, migrationCases())
	maps.Copy(cases, waitCases())
	maps.Copy(cases, rolloutCases())
	updates(t, schema.Table, base, cases)
}

func domainCases(t *testing.T) map[string]update {
	t.Helper()
	first, second := unique(t), unique(t)
	uuid := []string{"4a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a01", "4a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a02"}
	state := func(t *testing.T, a attrs) string { return hostOf(a).virsh(t, "domstate", a["name"].(string)) }
	return map[string]update{
		"host": {see: state, steps: []step{{nil, "shut off"}, {attrs{"host": beta().Name}, "shut off"}}},
		"name": {see: state, steps: []step{{attrs{"name": first}, "shut off"}, {attrs{"name": second}, "shut off"}}},
		"uuid": {see: defined("uuid"), steps: []step{{attrs{"uuid": uuid[0]}, uuid[0]}, {attrs{"uuid": uuid[1]}, uuid[1]}, {nil, uuid[1]}}},
		"type": {see: defined("@type"), lacking: withoutKVM(), steps: []step{{attrs{"type": "qemu"}, "qemu"}, {attrs{"type": "kvm"}, "kvm"}, {attrs{"type": nil}, "kvm"}}},
		"title": {see: defined("title"), steps: []step{
			{nil, ""}, {attrs{"title": "one & <two>"}, "one & <two>"}, {attrs{"title": "three"}, "three"}, {nil, ""}}},
		"description": {see: defined("description"), steps: []step{
			{attrs{"description": "first line\nsecond line"}, "first line\nsecond line"}, {attrs{"description": "another"}, "another"}, {nil, ""}}},
		"vcpu":   {see: defined("vcpu"), steps: []step{{attrs{"vcpu": 1}, "1"}, {attrs{"vcpu": 2}, "2"}}},
		"memory": {see: together("memory", "currentMemory"), steps: []step{{attrs{"memory": 32768}, "32768 32768"}, {attrs{"memory": 65536}, "65536 65536"}}},
		"autostart": {see: info("dominfo", "Autostart"), steps: []step{
			{nil, "disable"}, {attrs{"autostart": true}, "enable"}, {nil, "disable"}}},
		"state": {see: state, steps: []step{
			{attrs{"state": nil}, "running"}, {attrs{"state": "stopped"}, "shut off"}, {attrs{"state": nil}, "running"}}},
		// libvirt does not know these attributes.
		"protect": {see: state, steps: []step{{attrs{"protect": true}, "shut off"}, {attrs{"protect": false}, "shut off"}, {nil, "shut off"}}},
		"on_change": {see: state, steps: []step{
			{attrs{"on_change": "restart"}, "shut off"}, {attrs{"on_change": "live-only"}, "shut off"}, {attrs{"on_change": nil}, "shut off"}}},
		"shutdown": {see: state, actions: []string{"update", "update"}, steps: []step{
			{attrs{"shutdown": nil}, "shut off"}, {attrs{"shutdown": attrs{}}, "shut off"}, {attrs{"shutdown": nil}, "shut off"}}},
		"shutdown.timeout":    {see: state, steps: shutdownSteps("timeout", 5, 6)},
		"shutdown.mode":       {see: state, steps: shutdownSteps("mode", "acpi", "agent")},
		"shutdown.on_timeout": {see: state, steps: shutdownSteps("on_timeout", "fail", "force")},
	}
}

func shutdownSteps(name string, first, second any) []step {
	return []step{
		{attrs{"shutdown": attrs{name: first}}, "shut off"}, {attrs{"shutdown": attrs{name: second}}, "shut off"}, {attrs{"shutdown": attrs{}}, "shut off"},
	}
}

func bootCases() map[string]update {
	cpu := func(mode, model string) attrs {
		if model == "" {
			return attrs{"cpu": attrs{"mode": mode}}
		}
		return attrs{"cpu": attrs{"mode": mode, "model": model}}
	}
	seeCPU := together("cpu@mode", "cpu/model")
	kernel := func(a attrs) attrs { return a.with(attrs{"kernel": "/boot/vmlinuz"}) }
	return map[string]update{
		"arch": {see: defined("os/type@arch"), steps: []step{
			{attrs{"arch": "x86_64"}, "x86_64"}, {attrs{"arch": "i686"}, "i686"}, {nil, "i686"}}},
		"machine": {see: machineFamily, steps: []step{
			{attrs{"machine": "q35"}, "pc-q35"}, {attrs{"machine": "pc"}, "pc-i440fx"}, {nil, "pc-i440fx"}}},
		"firmware": {see: defined("os@firmware"), steps: []step{
			{nil, ""}, {attrs{"firmware": "efi"}, "efi"}, {nil, ""}}},
		"kernel": {see: defined("os/kernel"), steps: []step{
			{attrs{"kernel": "/boot/one"}, "/boot/one"}, {attrs{"kernel": "/boot/two"}, "/boot/two"}, {nil, ""}}},
		"initrd": {see: together("os/kernel", "os/initrd"), steps: []step{
			{kernel(attrs{"initrd": "/boot/one"}), "/boot/vmlinuz /boot/one"}, {kernel(attrs{"initrd": "/boot/two"}), "/boot/vmlinuz /boot/two"}, {kernel(nil), "/boot/vmlinuz "}}},
		"cmdline": {see: defined("os/cmdline"), steps: []step{
			{kernel(attrs{"cmdline": "console=ttyS0"}), "console=ttyS0"}, {kernel(attrs{"cmdline": "quiet"}), "quiet"}, {kernel(nil), ""}}},
		"cpu": {see: defined("cpu@mode"), actions: []string{"update", "update"}, steps: []step{
			{nil, "custom"}, {cpu("maximum", ""), "maximum"}, {nil, "custom"}}},
		"cpu.mode": {see: defined("cpu@mode"), steps: []step{
			{cpu("maximum", ""), "maximum"}, {cpu("host-model", ""), "host-model"}, {attrs{"cpu": attrs{"topology": attrs{}}}, "custom"}}},
		"cpu.model": {see: seeCPU, steps: []step{
			{cpu("custom", "qemu64"), "custom qemu64"}, {cpu("custom", "Nehalem"), "custom Nehalem"}, {cpu("maximum", ""), "maximum "}}},
	}
}

func machineFamily(t *testing.T, a attrs) string {
	t.Helper()
	machine := defined("os/type@machine")(t, a)
	return machine[:max(0, strings.LastIndex(machine, "-"))]
}

func deviceCases(t *testing.T) map[string]update {
	t.Helper()
	disk := func(a attrs) attrs {
		return attrs{"disks": attrs{"sda": attrs{"file": "/srv/one.img", "bus": "sata"}.with(a)}}
	}
	nic := func(a attrs) attrs { return attrs{"interfaces": attrs{"lan": attrs{"network": "one"}.with(a)}} }
	serial := func(a attrs) attrs { return attrs{"serial": a} }
	vnc := func(a attrs) attrs { return attrs{"graphics": attrs{"type": "vnc"}.with(a)} }
	seeDisk := together("devices/disk@device", "devices/disk/readonly?")
	mac := []string{"52:54:00:00:aa:01", "52:54:00:00:aa:02"}
	return map[string]update{
		"disks": {see: defined("devices/disk/target@dev"), actions: []string{"update", "update"}, steps: []step{{nil, ""}, {disk(nil), "sda"}, {nil, ""}}},
		"disks.file": {see: defined("devices/disk/source@file"), steps: []step{
			{disk(attrs{"device": "cdrom"}), "/srv/one.img"}, {disk(attrs{"device": "cdrom", "file": "/srv/two.img"}), "/srv/two.img"},
			{disk(attrs{"device": "cdrom", "file": nil}), ""}}},
		"disks.format": {see: defined("devices/disk/driver@type"), steps: []step{
			{disk(nil), "qcow2"}, {disk(attrs{"format": "raw"}), "raw"}, {disk(nil), "qcow2"}}},
		"disks.device": {see: seeDisk, steps: []step{
			{disk(nil), "disk false"}, {disk(attrs{"device": "cdrom"}), "cdrom true"}, {disk(nil), "disk false"}}},
		"disks.bus": {see: defined("devices/disk/target@bus"), steps: []step{
			{disk(attrs{"bus": "sata"}), "sata"}, {disk(attrs{"bus": "scsi"}), "scsi"}, {disk(attrs{"bus": nil}), "virtio"}}},
		"interfaces": {see: defined("devices/interface/alias@name"), actions: []string{"update", "update"}, steps: []step{
			{nil, ""}, {nic(nil), "ua-lan"}, {nil, ""}}},
		"interfaces.mac": {see: defined("devices/interface/mac@address"), steps: []step{
			{nic(attrs{"mac": mac[0]}), mac[0]}, {nic(attrs{"mac": mac[1]}), mac[1]}, {nic(nil), mac[1]}}},
		"interfaces.model": {see: defined("devices/interface/model@type"), steps: []step{
			{nic(nil), "virtio"}, {nic(attrs{"model": "e1000e"}), "e1000e"}, {nic(nil), "virtio"}}},
		"serial": {see: together("devices/serial?", "devices/console?"), actions: []string{"update", "update"}, steps: []step{
			{nil, "false false"}, {serial(attrs{}), "true true"}, {nil, "false false"}}},
		"serial.log_file": {see: defined("devices/serial/log@file"), steps: []step{
			{serial(attrs{"log_file": "/tmp/one"}), "/tmp/one"}, {serial(attrs{"log_file": "/tmp/two"}), "/tmp/two"}, {serial(attrs{}), ""}}},
		"serial.log_append": {see: defined("devices/serial/log@append"), steps: []step{
			{serial(attrs{"log_file": "/tmp/one", "log_append": true}), "on"}, {serial(attrs{"log_file": "/tmp/one", "log_append": false}), "off"}, {serial(attrs{"log_file": "/tmp/one"}), "off"}}},
		"guest_agent": {see: defined("devices/channel/target@name"), steps: []step{
			{nil, ""}, {attrs{"guest_agent": true}, "org.qemu.guest_agent.0"}, {nil, ""}}},
		"graphics":      {see: defined("devices/graphics?"), actions: []string{"update", "update"}, steps: []step{{nil, "false"}, {vnc(nil), "true"}, {nil, "false"}}},
		"graphics.type": {see: defined("devices/graphics@type"), steps: []step{{vnc(nil), "vnc"}, {vnc(attrs{"type": "spice"}), "spice"}}},
		"graphics.listen": {see: together("devices/graphics@listen", "devices/graphics/listen@address"), steps: []step{
			{vnc(nil), "127.0.0.1 127.0.0.1"}, {vnc(attrs{"listen": "0.0.0.0"}), "0.0.0.0 0.0.0.0"}, {vnc(nil), "127.0.0.1 127.0.0.1"}}},
		"graphics.port": {see: together("devices/graphics@port", "devices/graphics@autoport"), steps: []step{
			{vnc(attrs{"port": 5951}), "5951 no"}, {vnc(attrs{"port": 5952}), "5952 no"}, {vnc(nil), "-1 yes"}}},
		"graphics.password": {see: defined("devices/graphics@passwd"), steps: []step{
			{vnc(attrs{"password": "first", "password_version": 1}), "first"}, {vnc(attrs{"password": "second", "password_version": 2}), "second"}, {vnc(nil), ""}}},
		"graphics.password_version": {see: defined("devices/graphics@passwd"), steps: []step{
			{vnc(attrs{"password": "first", "password_version": 1}), "first"}, {vnc(attrs{"password": "second", "password_version": 2}), "second"}, {vnc(nil), ""}}},
	}
}
