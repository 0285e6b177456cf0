//go:build acceptance

package acceptance

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// foreignDevice is a device as virt-install, virt-manager or a person writes it, and how the plan names it where no attribute stands for it.
type foreignDevice struct{ xml, undeclared string }

// foreignDevices are devices of which no guest in testdata/import has one. Those that a host's libvirt or QEMU does not have are skipped there.
var foreignDevices = map[string]foreignDevice{
	"floppy":              {"<disk type='file' device='floppy'><driver name='qemu' type='raw'/><source file='/srv/f.img'/><target dev='fda' bus='fdc'/></disk>", "floppy fda (/srv/f.img)"},
	"floppy-empty":        {"<disk type='file' device='floppy'><target dev='fda' bus='fdc'/></disk>", "floppy fda"},
	"lun":                 {"<disk type='block' device='lun'><driver name='qemu' type='raw'/><source dev='/dev/sdz'/><target dev='sda' bus='scsi'/></disk>", "lun sda (/dev/sdz)"},
	"disk-vmdk":           {"<disk type='file' device='disk'><driver name='qemu' type='vmdk'/><source file='/srv/a.vmdk'/><target dev='sda' bus='sata'/></disk>", "disk sda (/srv/a.vmdk)"},
	"disk-sd":             {"<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/srv/a.img'/><target dev='sda' bus='sd'/></disk>", "disk sda (/srv/a.img)"},
	"disk-dir":            {"<disk type='dir' device='disk'><driver name='qemu' type='fat'/><source dir='/srv'/><target dev='vda' bus='virtio'/><readonly/></disk>", "disk vda (/srv)"},
	"disk-nvme":           {"<disk type='nvme' device='disk'><driver name='qemu' type='raw'/><source type='pci' managed='yes' namespace='1'><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source><target dev='vda' bus='virtio'/></disk>", "disk vda"},
	"disk-no-driver":      {"<disk type='file' device='disk'><source file='/srv/a.img'/><target dev='vda' bus='virtio'/></disk>", ""},
	"nic-user":            {"<interface type='user'><mac address='52:54:00:00:13:01'/><model type='virtio'/></interface>", "interface 52:54:00:00:13:01 (user)"},
	"nic-passt":           {"<interface type='user'><mac address='52:54:00:00:13:01'/><backend type='passt'/><portForward proto='tcp'><range start='2022' to='22'/></portForward><model type='virtio'/></interface>", "interface 52:54:00:00:13:01 (user)"},
	"nic-ethernet":        {"<interface type='ethernet'><mac address='52:54:00:00:13:01'/><target dev='tap9' managed='no'/><model type='virtio'/></interface>", "interface 52:54:00:00:13:01 (ethernet)"},
	"nic-vhostuser":       {"<interface type='vhostuser'><mac address='52:54:00:00:13:01'/><source type='unix' path='/run/v.sock' mode='server'/><model type='virtio'/></interface>", "interface 52:54:00:00:13:01 (vhostuser)"},
	"nic-hostdev":         {"<interface type='hostdev' managed='yes'><mac address='52:54:00:00:13:01'/><source><address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source></interface>", "interface 52:54:00:00:13:01 (hostdev"},
	"nic-server":          {"<interface type='server'><mac address='52:54:00:00:13:01'/><source address='127.0.0.1' port='5558'/><model type='virtio'/></interface>", "interface 52:54:00:00:13:01 (server)"},
	"nic-mcast":           {"<interface type='mcast'><mac address='52:54:00:00:13:01'/><source address='230.0.0.1' port='5558'/><model type='virtio'/></interface>", "interface 52:54:00:00:13:01 (mcast)"},
	"nic-vdpa":            {"<interface type='vdpa'><mac address='52:54:00:00:13:01'/><source dev='/dev/vhost-vdpa-0'/><model type='virtio'/></interface>", "interface 52:54:00:00:13:01 (vdpa"},
	"nic-no-model":        {"<interface type='network'><source network='default'/></interface>", ""},
	"nic-vport":           {"<interface type='direct'><source dev='eth9' mode='vepa'/><virtualport type='802.1Qbg'><parameters managerid='11' typeid='1193047' typeidversion='2'/></virtualport><model type='virtio'/></interface>", ""},
	"serial-several":      {"<serial type='pty'><target port='0'/></serial><serial type='tcp'><source mode='bind' host='127.0.0.1' service='4555'/><protocol type='telnet'/><target port='1'/></serial><serial type='null'><target port='2'/></serial>", "serial port 1 (tcp 127.0.0.1:4555)"},
	"serial-first-tcp":    {"<serial type='tcp'><source mode='bind' host='127.0.0.1' service='4556'/><protocol type='raw'/><target port='0'/></serial>", ""},
	"serial-first-file":   {"<serial type='file'><source path='/var/log/libvirt/qemu/s.log'/><target port='0'/></serial>", ""},
	"console-virtio":      {"<console type='pty'><target type='virtio' port='0'/></console>", "console port 0"},
	"parallel":            {"<parallel type='file'><source path='/tmp/p'/><target port='0'/></parallel>", "parallel port 0 (file /tmp/p)"},
	"graphics-several":    {"<graphics type='vnc' port='-1' autoport='yes'/><graphics type='spice' autoport='yes'/>", "graphics spice"},
	"graphics-none":       {"<graphics type='spice'><listen type='none'/></graphics>", ""},
	"graphics-socket":     {"<graphics type='vnc'><listen type='socket' socket='/run/v.sock'/></graphics>", ""},
	"graphics-headless":   {"<graphics type='egl-headless'/>", "graphics egl-headless"},
	"graphics-sdl":        {"<graphics type='sdl' display=':0'/>", "graphics sdl"},
	"video-several":       {"<video><model type='qxl'/></video><video><model type='qxl'/></video>", ""},
	"video-vmvga":         {"<video><model type='vmvga'/></video>", ""},
	"sound-several":       {"<sound model='ich9'/><sound model='ac97'/>", ""},
	"sound-virtio":        {"<sound model='virtio'/>", ""},
	"audio":               {"<audio id='1' type='none'/><sound model='ich6'/>", ""},
	"watchdog-itco":       {"<watchdog model='itco' action='reset'/>", ""},
	"watchdog-several":    {"<watchdog model='i6300esb' action='reset'/><watchdog model='ib700' action='reset'/>", ""},
	"rng-egd":             {"<rng model='virtio'><backend model='egd' type='udp'><source mode='bind' service='1234'/><source mode='connect' host='1.2.3.4' service='1234'/></backend></rng>", "rng egd"},
	"tpm-crb":             {"<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>", ""},
	"tpm-external":        {"<tpm model='tpm-crb'><backend type='external'><source type='unix' mode='connect' path='/run/t.sock'/></backend></tpm>", "tpm external"},
	"inputs":              {"<input type='mouse' bus='usb'/><input type='keyboard' bus='virtio'/><input type='tablet' bus='usb'/>", ""},
	"input-passthrough":   {"<input type='passthrough' bus='virtio'><source evdev='/dev/input/event1'/></input>", ""},
	"panic-several":       {"<panic model='isa'/><panic model='hyperv'/>", ""},
	"panic-pvpanic":       {"<panic model='pvpanic'/>", ""},
	"balloon-none":        {"<memballoon model='none'/>", ""},
	"channel-unix":        {"<channel type='unix'><source mode='bind' path='/run/x.sock'/><target type='virtio' name='org.x.0'/></channel>", "channel org.x.0 (unix)"},
	"channel-vdagent":     {"<channel type='qemu-vdagent'><source><clipboard copypaste='yes'/></source><target type='virtio' name='com.redhat.spice.0'/></channel>", ""},
	"redirdev":            {"<redirdev bus='usb' type='tcp'><source mode='connect' host='127.0.0.1' service='4000'/></redirdev>", "redirdev usb (tcp 127.0.0.1:4000)"},
	"smartcard":           {"<smartcard mode='passthrough' type='spicevmc'/>", ""},
	"hostdev-scsi":        {"<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host9'/><address bus='0' target='0' unit='0'/></source></hostdev>", "hostdev scsi"},
	"hostdev-usb":         {"<hostdev mode='subsystem' type='usb' managed='yes'><source startupPolicy='optional'><vendor id='0x1d6b'/><product id='0x0002'/></source></hostdev>", ""},
	"filesystem-mount":    {"<filesystem type='mount' accessmode='passthrough'><driver type='path' wrpolicy='immediate'/><source dir='/srv'/><target dir='x'/></filesystem>", ""},
	"filesystem-virtiofs": {"<filesystem type='mount'><driver type='virtiofs'/><source socket='/run/fs.sock'/><target dir='x'/></filesystem>", "filesystem /run/fs.sock as x"},
	"shmem":               {"<shmem name='shm0'><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>", "shmem shm0"},
	"iommu":               {"<iommu model='intel'/>", ""},
	"vsock":               {"<vsock model='virtio'><cid auto='yes'/></vsock>", ""},
	"memory-virtio":       {"<memory model='nvdimm'><source><path>/srv/n.img</path></source><target><size unit='MiB'>512</size><node>0</node></target></memory>", ""},
	"hub":                 {"<hub type='usb'/>", ""},
	"crypto":              {"<crypto model='virtio' type='qemu'><backend model='builtin' queues='1'/></crypto>", "crypto virtio"},
	"pstore":              {"<pstore backend='acpi-erst'><path>/srv/p</path><size unit='KiB'>8</size></pstore>", "pstore"},
}

// testImportForeignDevices asserts that a domain with any device can be imported: what Terraform generates is valid, the plan is empty, what no
// attribute stands for is named, and the next change keeps all devices.
func testImportForeignDevices(t *testing.T) {
	t.Parallel()
	for _, host := range oneOfEachKind() {
		t.Run("on "+host.Kind, func(t *testing.T) {
			t.Parallel()
			s := newStack(t)
			ids, names, changes := map[string]string{}, map[string]string{}, attrs{}
			for _, kind := range slices.Sorted(maps.Keys(foreignDevices)) {
				name := unique(t)
				xml := "<domain type='qemu'><name>" + name + "</name><memory unit='MiB'>64</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='" +
					machineWith(kind) + "'>hvm</type></os><features><acpi/><apic/></features><devices>" + foreignDevices[kind].xml + "</devices></domain>"
				if strings.HasPrefix(kind, "memory") {
					xml = strings.Replace(xml, "<vcpu>", "<maxMemory slots='2' unit='MiB'>2048</maxMemory><vcpu>", 1)
					xml = strings.Replace(xml, "<devices>", "<cpu><numa><cell id='0' cpus='0' memory='64' unit='MiB'/></numa></cpu><devices>", 1)
				}
				if !host.tryDefine(t, xml) {
					t.Logf("%s has no %s", host.Kind, kind)
					continue
				}
				t.Cleanup(func() { _, _ = host.try("undefine", name, "--nvram") })
				// libvirt (9.0) orders the controllers that it has added only when a definition is defined again.
				again := host.virsh(t, "dumpxml", name, "--inactive")
				host.define(t, "define", again)
				if tag := parsedXML(t, "<d>"+foreignDevices[kind].xml+"</d>").ChildElements()[0].Tag; !strings.Contains(again, "<"+tag) {
					t.Logf("%s leaves out %s", host.Kind, kind)
					host.virsh(t, "undefine", name)
					continue
				}
				address := "libvirt_domain." + kind
				ids[address], names[kind], changes[address] = host.Name+"/"+name, name, attrs{"description": "taken over"}
			}
			before := map[string]string{}
			for kind, name := range names {
				before[kind] = indented(t, parsedXML(t, host.virsh(t, "dumpxml", name, "--inactive")))
			}
			s.takeOver(ids, " has devices or settings that are not declared: ")
			for kind := range names {
				listed, _ := s.state("libvirt_domain." + kind)["undeclared"].(string)
				if want := foreignDevices[kind].undeclared; !strings.Contains(listed, want) {
					t.Errorf("%s: undeclared is %q, and should contain %q", kind, listed, want)
				}
			}
			s.override(changes)
			s.runs("apply", "-auto-approve", "-json")
			for kind, name := range names {
				now := parsedXML(t, host.virsh(t, "dumpxml", name, "--inactive"))
				now.RemoveChild(now.SelectElement("description"))
				withoutRecord(now)
				expect(t, "the definition with "+kind, indented(t, now), before[kind])
			}
			s.destroy()
		})
	}
}

// testImportBesideForeignDevices asserts that a configuration that is written by hand, and has some of the devices of a domain, takes no other device
// out: not with the import, and not with a later change.
func testImportBesideForeignDevices(t *testing.T) {
	t.Parallel()
	name, lan, disk := unique(t), alpha().network(t), alpha().guestDisk(t)
	alpha().define(t, "define", "<domain type='qemu'><name>"+name+"</name><memory unit='MiB'>64</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='pc'>hvm</type></os>"+
		"<features><acpi/><apic/></features><devices><disk type='file'><driver name='qemu' type='raw'/><source file='"+disk+"'/><target dev='vda' bus='virtio'/></disk>"+
		foreignDevices["floppy-empty"].xml+"<interface type='network'><mac address='52:54:00:00:13:02'/><source network='"+lan+"'/><model type='virtio'/></interface>"+
		foreignDevices["nic-user"].xml+foreignDevices["serial-several"].xml+"<graphics type='egl-headless'/></devices></domain>")
	s := newStack(t)
	t.Cleanup(func() {
		if len(s.resources()) == 0 {
			_, _ = alpha().try("undefine", name)
		}
	})
	written := attrs{"host": alpha().Name, "name": name, "type": "qemu", "machine": alpha().versioned(t, "pc-i440fx")[0], "vcpu": 1, "memory": 65536, "state": "stopped", "firmware": "bios", "serial": attrs{},
		"disks":      attrs{"vda": attrs{"file": disk, "format": "raw"}},
		"interfaces": attrs{"net0": attrs{"network": lan, "mac": "52:54:00:00:13:02"}}}
	s.write(config{aDomain: written}, attrs{"import": []attrs{{"to": aDomain, "id": "alpha/" + name}}})
	s.runs("plan", "-json", "-out=plan")
	if text := s.planned(); !strings.Contains(text, "1 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Fatalf("the import changes something:\n%s", text)
	}
	s.runs("apply", "-auto-approve", "-json", "plan")
	devices := func() string {
		var found []string
		for _, el := range definition(t, written).SelectElement("devices").ChildElements() {
			found = append(found, el.Tag+" "+el.SelectAttrValue("type", "")+at(el, "target@dev"))
		}
		slices.Sort(found)
		return strings.Join(found, "\n")
	}
	before := devices()
	s.apply(config{aDomain: written.with(attrs{"description": "ours", "vcpu": 2})})
	s.settled()
	expect(t, "the devices", devices(), before)
	listed, _ := s.state(aDomain)["undeclared"].(string)
	for _, want := range []string{"floppy fda", "interface 52:54:00:00:13:01 (user)", "serial port 1", "graphics egl-headless"} {
		if !strings.Contains(listed, want) {
			t.Errorf("%q is not listed: %s", want, listed)
		}
	}
	// They can be declared as they are.
	declared := written.with(attrs{"vcpu": 2, "xml": attrs{
		"floppy": attrs{"under": "devices", "element": "<disk type='file' device='floppy'><target dev='fda' bus='fdc'/></disk>"},
		"nic":    attrs{"under": "devices", "element": "<interface type='user'><mac address='52:54:00:00:13:01'/></interface>"},
	}})
	s.apply(config{aDomain: declared})
	s.settled()
	expect(t, "the devices", devices(), before)
	if listed, _ := s.state(aDomain)["undeclared"].(string); strings.Contains(listed, "floppy") || strings.Contains(listed, "(user)") {
		t.Errorf("what is declared is listed: %s", listed)
	}
	s.destroy()
}

// machineWith returns the family of machines that has a device.
func machineWith(kind string) string {
	if strings.HasPrefix(kind, "floppy") || kind == "watchdog-several" || kind == "panic-several" {
		return "pc"
	}
	return "q35"
}

// tryDefine defines a domain, unless the host does not have what is in it.
func (h *labHost) tryDefine(t *testing.T, xml string) bool {
	t.Helper()
	file := filepath.Join(t.TempDir(), "definition.xml")
	if err := os.WriteFile(file, []byte(xml), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := h.try("define", file)
	if err != nil {
		t.Log(out)
	}
	return err == nil
}
