package observe

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

const byThemselves = `<emulator>/usr/bin/qemu-system-x86_64</emulator><controller type='usb'/><memballoon model='virtio'/><input type='mouse' bus='ps2'/><input type='tablet' bus='usb'/>` +
	`<audio id='1' type='none'/><sound model='ich9'/><video><model type='qxl'/></video><rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>` +
	`<watchdog model='itco' action='reset'/><channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel><redirdev bus='usb' type='spicevmc'/>` +
	`<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel><console type='pty'><target type='serial' port='0'/></console>`

func TestDevicesThatNobodyDeclared(t *testing.T) {
	const (
		disk      = `<disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/></disk>`
		moved     = `<disk type='file' device='disk'><source file='/b'/><target dev='vda' bus='virtio'/></disk>`
		nic       = `<interface type='network'><mac address='52:54:00:00:00:01'/><source network='lan'/></interface>`
		bridged   = `<interface type='bridge'><mac address='52:54:00:00:00:02'/><source bridge='br0'/></interface>`
		pci       = `<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0x03' slot='0x00' function='0x0'/></source></hostdev>`
		usb       = `<hostdev mode='subsystem' type='usb'><source><vendor id='0x1d6b'/><product id='0x0002'/></source></hostdev>`
		usbLive   = `<hostdev mode='subsystem' type='usb'><source><vendor id='0x1d6b'/><product id='0x0002'/><address bus='1' device='4'/></source></hostdev>`
		share     = `<filesystem type='mount'><source dir='/srv'/><target dir='share'/></filesystem>`
		spice     = `<graphics type='spice' port='5900'><listen type='address' address='0.0.0.0'/></graphics>`
		port      = `<serial type='pty'><target port='0'/></serial>`
		ptyLive   = `<serial type='pty'><source path='/dev/pts/3'/><target port='0'/></serial>`
		second    = `<serial type='tcp'><source mode='bind' host='0.0.0.0' service='4555'/><target port='1'/></serial>`
		redirect  = `<redirdev bus='usb' type='tcp'><source mode='connect' host='10.0.0.1' service='4000'/></redirdev>`
		watchdog  = `<watchdog model='i6300esb' action='reset'/>`
		empty     = `<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>`
		inPool    = `<disk type='volume' device='disk'><source pool='images' volume='x'/><target dev='vdb' bus='virtio'/></disk>`
		overCeph  = `<disk type='network' device='disk'><source protocol='rbd' name='pool/x'/><target dev='vdc' bus='virtio'/></disk>`
		namedNIC  = `<interface type='network'><mac address='52:54:00:00:00:03'/><source network='lan'/><alias name='ua-lan'/></interface>`
		dimm      = `<memory model='dimm'><target><size unit='KiB'>131072</size><node>0</node></target></memory>`
		vncConfig = `<graphics type='vnc' port='-1'><listen type='address' address='127.0.0.1'/></graphics>`
	)
	m := func(values ...any) table.Model {
		is := table.Model{"state": "running"}
		for i := 0; i < len(values); i += 2 {
			is[values[i].(string)] = values[i+1]
		}
		return is
	}
	all := table.Model{}
	for name, c := range map[string]struct {
		known         table.Model
		defined, live string
		waiting       []string
		want          any
	}{
		"what is there by itself":        {m(), byThemselves, byThemselves, nil, nil},
		"maps that are unset":            {m(), disk + nic, "", nil, "disk vda (/a); interface 52:54:00:00:00:01 (network lan)"},
		"maps that are set":              {m("disks", all, "interfaces", all), disk + nic, "", nil, nil},
		"an import":                      {table.Model{"host": "alpha", "name": "web-1"}, disk + nic + vncConfig, "", nil, nil},
		"what has no attribute":          {m("disks", all), disk + pci + share + redirect, "", nil, "filesystem /srv as share; hostdev pci 0000:03:00.0; redirdev usb (tcp 10.0.0.1:4000)"},
		"a console":                      {m(), spice, "", nil, "graphics spice 0.0.0.0"},
		"a console that is declared":     {m("graphics", all), spice, "", nil, nil},
		"a second port":                  {m("serial", all), port + second, "", nil, "serial port 1 (tcp 0.0.0.0:4555)"},
		"a watchdog":                     {m(), watchdog, "", nil, "watchdog i6300esb"},
		"kinds of disks":                 {m(), empty + inPool + overCeph, "", nil, "cdrom sda; disk vdb (images/x); disk vdc (rbd/pool/x)"},
		"the same while it runs":         {m("disks", all, "serial", all), disk + port + usb, disk + ptyLive + usbLive, nil, "hostdev usb 1d6b:0002"},
		"only while it runs":             {m("disks", all, "interfaces", all), disk, disk + bridged + usbLive, nil, "hostdev usb 1d6b:0002, in the running guest only; interface 52:54:00:00:00:02 (bridge br0), in the running guest only"},
		"two of a kind while it runs":    {m(), "", dimm + dimm, nil, "memory dimm 131072 KiB, in the running guest only; memory dimm 131072 KiB, in the running guest only"},
		"another image while it runs":    {m("disks", all), disk, moved, nil, nil},
		"what waits to go":               {m("disks", all, "interfaces", all), "", disk + namedNIC, []string{`disks["vda"]`, `interfaces["lan"]`}, nil},
		"a console that waits to change": {m("graphics", all), spice, vncConfig, []string{"graphics.type"}, nil},
	} {
		root := func(devices string) string { return "<domain><devices>" + devices + "</devices></domain>" }
		defined, err := xmlmodel.Parse(root(c.defined))
		if err != nil {
			t.Fatal(err)
		}
		live, err := xmlmodel.Parse(root(c.live))
		if err != nil {
			t.Fatal(err)
		}
		if c.live == "" {
			live = nil
		}
		seen := xmlmodel.Read(schema.Table.Attrs, defined)
		if got := undeclared(undeclaredDevices(knownModel(c.known, seen), defined, live, c.waiting, nil), nil); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
