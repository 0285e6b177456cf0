package schema

import (
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestEveryAttributeIsPatchedAndNothingElse(t *testing.T) {
	covered := map[string]bool{}
	for _, c := range slices.Concat(interfacePatchCases, patchCases, resourcePatchCases, diskPatchCases, bootPatchCases, firmwarePatchCases, otherPatchCases, escapePatchCases, placePatchCases, confinementCases) {
		t.Run(c.path, func(t *testing.T) {
			xml := domaintest.ReadDefinition(t, c.file)
			prior := model(t, xml)
			if !strings.HasSuffix(c.path, "address") && !strings.HasSuffix(c.path, "position") {
				withoutPlaces(prior)
			}
			plan := domaintest.Set(prior, c.path, c.value)
			after, err := PatchXML(xml, prior, plan)
			if err != nil {
				t.Fatal(err)
			}
			if got := difference(domaintest.Parse(t, xml), domaintest.Parse(t, after)); !slices.Equal(got, c.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
			}
			if again, err := PatchXML(after, prior, plan); err != nil || again != after {
				t.Errorf("patched twice it changes again: %v", err)
			}
			seen := model(t, after)
			if c.value != nil && !table.Equal(domaintest.Set(seen, c.path, nil), domaintest.Set(model(t, after), c.path, nil)) {
				t.Error("something else reads otherwise")
			}
		})
		covered[row(c.path)] = true
	}
	var paths []string
	collect(Table.Attrs, "", &paths)
	for _, path := range paths {
		if !covered[path] {
			t.Errorf("no case for %q", path)
		}
	}
}

// row is the path of the table's row: without the keys of maps.
func row(path string) string {
	names, attrs := strings.Split(path, "."), Table.Attrs
	var rows []string
	for i := 0; i < len(names); i++ {
		at := slices.IndexFunc(attrs, func(a table.Attr) bool { return a.Name == names[i] })
		if at < 0 {
			return path
		}
		if rows = append(rows, names[i]); attrs[at].Type == table.Map {
			i++
		}
		attrs = attrs[at].Attrs
	}
	return strings.Join(rows, ".")
}

// collect lists the rows that are in the XML: the host keeps the others elsewhere, or not at all.
func collect(attrs []table.Attr, prefix string, paths *[]string) {
	for i := range attrs {
		a := &attrs[i]
		if a.Mode == table.Computed || a.XML == nil && a.Group == nil && a.Entries == nil {
			continue
		}
		*paths = append(*paths, prefix+a.Name)
		collect(a.Attrs, prefix+a.Name+".", paths)
	}
}

type patchCase struct {
	path  string
	file  string
	value any // nil takes it away
	want  []string
}

var patchCases = []patchCase{
	{"uuid", server, "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6dff", []string{`- uuid=8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d01`, `+ uuid=8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6dff`}},
	{"type", server, "qemu", []string{`- @type=kvm`, `+ @type=qemu`}},
	{"title", server, "web & db", []string{`+ title`, `+ title=web & db`}},
	{"title", legacy, "new", []string{`- title=Old database`, `+ title=new`}},
	{"title", legacy, nil, []string{`- title`}},
	{"description", legacy, "two\nlines", []string{`- description=Do not touch before the migration.`, "+ description=two\nlines"}},
	{"description", legacy, nil, []string{`- description`}},
	{"vcpu", server, int64(4), []string{`- vcpu=2`, `+ vcpu=4`}},
	{"maximum", legacy, nil, []string{`- vcpu@current=1`, `- vcpu=2`, `+ vcpu=1`}},
	{"memory", server, int64(1 << 20), []string{`- memory=4194304`, `- currentMemory=4194304`, `+ memory=1048576`, `+ currentMemory=1048576`}},
	{"memory", kernel, int64(1 << 17), []string{`- currentMemory=262144`, `+ currentMemory=131072`}},
	{"arch", kernel, "i686", []string{`- os/type@arch=x86_64`, `+ os/type@arch=i686`}},
	{"machine", server, "pc-q35-7.1", []string{`- os/type@machine=pc-q35-7.2`, `+ os/type@machine=pc-q35-7.1`}},
	{"machine", server, "q35", nil},
	{"machine", kernel, "pc", []string{`- os/type@machine=pc-q35-7.2`, `- devices/disk[vda]/address`, `- devices/controller[qemu-xhci0]/address`, `- devices/controller/address`, `- devices/controller[pcie-root0]`, `- devices/controller[pcie-root-port1]`, `- devices/controller[pcie-root-port2]`, `- devices/controller[pcie-root-port3]`, `- devices/controller[pcie-root-port4]`, `- devices/controller[pcie-root-port5]`, `- devices/interface[ua-lan]/address`, `- devices/memballoon/address`, `+ os/type@machine=pc`}},
	{"machine", kernel, "microvm", []string{`- os/type@machine=pc-q35-7.2`, `+ os/type@machine=microvm`}},
	{"cpu", server, table.Model{"mode": "maximum"}, []string{`- cpu@mode=host-passthrough`, `- cpu@check=none`, `- cpu@migratable=on`, `+ cpu@mode=maximum`}},
	{"cpu", server, nil, []string{`- cpu`}},
	{"cpu", processors, nil, []string{`- cpu@mode=custom`, `- cpu@match=exact`, `- cpu@check=partial`, `- cpu/model`, `- cpu/topology@sockets=2`, `- cpu/topology@cores=2`, `- cpu/cache`, `- cpu/maxphysaddr`, `- cpu/feature`, `- cpu/feature`, `- cpu/feature`, `+ cpu/topology@sockets=1`, `+ cpu/topology@cores=4`}},
	{"cpu", processors, table.Model{"topology": table.Model{"cores": int64(4), "sockets": int64(1), "threads": int64(1), "dies": int64(1), "clusters": int64(1)}}, []string{`- cpu@mode=custom`, `- cpu@match=exact`, `- cpu@check=partial`, `- cpu/model`, `- cpu/topology@sockets=2`, `- cpu/topology@cores=2`, `- cpu/cache`, `- cpu/maxphysaddr`, `- cpu/feature`, `- cpu/feature`, `- cpu/feature`, `+ cpu/topology@sockets=1`, `+ cpu/topology@cores=4`}},
	{"cpu.check", processors, "full", []string{`- cpu@check=partial`, `+ cpu@check=full`}},
	{"cpu.check", processors, nil, []string{`- cpu@check=partial`}},
	{"cpu.migratable", server, false, []string{`- cpu@migratable=on`, `+ cpu@migratable=off`}},
	{"cpu.vendor_id", processors, "AuthenticAMD", []string{`- cpu/model@vendor_id=GenuineIntel`, `+ cpu/model@vendor_id=AuthenticAMD`}},
	{"cpu.vendor_id", processors, nil, []string{`- cpu/model@vendor_id=GenuineIntel`}},
	{"cpu.vendor_id", windows, "AuthenticAMD", []string{`+ cpu/model`, `+ cpu/model@vendor_id=AuthenticAMD`}},
	{"cpu.cache", processors, nil, []string{`- cpu/cache`}},
	{"cpu.cache.mode", processors, "passthrough", []string{`- cpu/cache@mode=emulate`, `+ cpu/cache@mode=passthrough`}},
	{"cpu.cache", processors, table.Model{"mode": "disable"}, []string{`- cpu/cache@level=3`, `- cpu/cache@mode=emulate`, `+ cpu/cache@mode=disable`}},
	{"cpu.cache.level", processors, nil, []string{`- cpu/cache@level=3`}},
	{"cpu.maxphysaddr", processors, nil, []string{`- cpu/maxphysaddr`}},
	{"cpu.maxphysaddr", server, table.Model{"mode": "passthrough"}, []string{`+ cpu/maxphysaddr`, `+ cpu/maxphysaddr@mode=passthrough`}},
	{"cpu.maxphysaddr.mode", processors, "passthrough", []string{`- cpu/maxphysaddr@mode=emulate`, `+ cpu/maxphysaddr@mode=passthrough`}},
	{"cpu.maxphysaddr.bits", processors, int64(40), []string{`- cpu/maxphysaddr@bits=42`, `+ cpu/maxphysaddr@bits=40`}},
	{"cpu.features", processors, nil, []string{`- cpu/feature`, `- cpu/feature`, `- cpu/feature`}},
	{"cpu.features.vmx", processors, table.Model{"policy": "forbid"}, []string{`+ cpu/feature@policy=forbid`, `+ cpu/feature@name=vmx`}},
	{"cpu.features.pcid", kernel, nil, []string{`- cpu/feature`}},
	{"cpu.features.pcid.policy", kernel, "disable", []string{`- cpu/feature@policy=require`, `+ cpu/feature@policy=disable`}},
	{"cpu.numa", nodes, nil, []string{`- cpu/numa`}},
	{"cpu.numa.2", nodes, table.Model{"cpus": "4", "memory": int64(1024)}, []string{`+ cpu/numa/cell[2]`, `+ cpu/numa/cell[2]@id=2`, `+ cpu/numa/cell[2]@cpus=4`, `+ cpu/numa/cell[2]@memory=1024`, `+ cpu/numa/cell[2]@unit=KiB`}},
	{"cpu.numa.1", nodes, nil, []string{`- cpu/numa/cell[1]`}},
	{"cpu.numa.1.cpus", nodes, "3,2", nil},
	{"cpu.numa.1.cpus", nodes, nil, []string{`- cpu/numa/cell[1]@cpus=2-3`}},
	{"cpu.numa.1.memory", nodes, int64(65536), []string{`- cpu/numa/cell[1]@memory=32768`, `+ cpu/numa/cell[1]@memory=65536`}},
	{"cpu.numa.0.access", nodes, "private", []string{`- cpu/numa/cell[0]@memAccess=shared`, `+ cpu/numa/cell[0]@memAccess=private`}},
	{"cpu.numa.0.discard", nodes, nil, []string{`- cpu/numa/cell[0]@discard=yes`}},
	{"cpu.numa.0.distances", nodes, nil, []string{`- cpu/numa/cell[0]/distances`}},
	{"cpu.numa.0.distances.1.value", nodes, int64(30), []string{`- cpu/numa/cell[0]/distances/sibling[1]@value=21`, `+ cpu/numa/cell[0]/distances/sibling[1]@value=30`}},
	{"memory_backing.numatune", nodes, nil, []string{`- numatune`}},
	{"memory_backing.numatune", server, table.Model{"mode": "strict", "nodeset": "0"}, []string{`+ numatune`, `+ numatune/memory`, `+ numatune/memory@mode=strict`, `+ numatune/memory@nodeset=0`}},
	{"memory_backing.numatune.mode", nodes, "preferred", []string{`- numatune/memory@mode=restrictive`, `+ numatune/memory@mode=preferred`}},
	{"memory_backing.numatune.nodeset", nodes, "0-1", []string{`- numatune/memory@nodeset=0`, `+ numatune/memory@nodeset=0-1`}},
	{"memory_backing.numatune.placement", nodes, "auto", []string{`- vcpu@placement=static`, `+ vcpu@placement=auto`, `+ numatune/memory@placement=auto`}},
	{"memory_backing.numatune.cells", nodes, nil, []string{`- numatune/memnode`}},
	{"memory_backing.numatune.cells.0.mode", nodes, "strict", []string{`- numatune/memnode@mode=restrictive`, `+ numatune/memnode@mode=strict`}},
	{"memory_backing.numatune.cells.0.nodeset", nodes, "1", []string{`- numatune/memnode@nodeset=0`, `+ numatune/memnode@nodeset=1`}},
	{"cpu.topology", processors, nil, []string{`- cpu/topology@sockets=2`, `- cpu/topology@cores=2`, `+ cpu/topology@sockets=1`, `+ cpu/topology@cores=4`}},
	{"cpu.topology", server, table.Model{"threads": int64(2)}, []string{`+ cpu/topology`, `+ cpu/topology@sockets=1`, `+ cpu/topology@dies=1`, `+ cpu/topology@cores=1`, `+ cpu/topology@threads=2`}},
	{"cpu.topology.sockets", processors, int64(1), []string{`- cpu/topology@sockets=2`, `+ cpu/topology@sockets=1`}},
	{"cpu.topology.dies", processors, int64(2), []string{`- cpu/topology@dies=1`, `+ cpu/topology@dies=2`}},
	{"cpu.topology.clusters", processors, int64(2), []string{`+ cpu/topology@clusters=2`}},
	{"cpu.topology.cores", processors, int64(4), []string{`- cpu/topology@cores=2`, `+ cpu/topology@cores=4`}},
	{"cpu.topology.threads", processors, int64(2), []string{`- cpu/topology@threads=1`, `+ cpu/topology@threads=2`}},
	{"cpu", windows, nil, []string{`- cpu@mode=host-model`, `- cpu@check=partial`}},
	{"cpu", kernel, nil, []string{`- cpu`}},
	{"cpu.mode", windows, "host-passthrough", []string{`- cpu@mode=host-model`, `+ cpu@mode=host-passthrough`}},
	{"cpu.model", kernel, "Skylake-Server", []string{`- cpu/model@fallback=allow`, `- cpu/model=Nehalem`, `+ cpu/model@fallback=forbid`, `+ cpu/model=Skylake-Server`}},
	{"cpu.model", kernel, nil, []string{`- cpu@match=exact`, `- cpu/model`}},
	{"firmware", server, "efi", []string{`+ os@firmware=efi`, `+ os/firmware`, `+ os/firmware/feature`, `+ os/firmware/feature@enabled=no`, `+ os/firmware/feature@name=secure-boot`}},
	{"firmware", windows, "bios", []string{`- os@firmware=efi`}},
	{"kernel", kernel, "/boot/new", []string{`- os/kernel=/boot/vmlinuz`, `+ os/kernel=/boot/new`}},
	{"kernel", kernel, nil, []string{`- os/kernel`}},
	{"initrd", kernel, nil, []string{`- os/initrd`}},
	{"cmdline", kernel, "quiet", []string{`- os/cmdline=root=/dev/vda console=ttyS0`, `+ os/cmdline=quiet`}},
	{"cmdline", server, "quiet", []string{`+ os/cmdline`, `+ os/cmdline=quiet`}},
	{"disks.vdb", server, table.Model{"file": "/srv/b.img", "format": "raw", "device": "disk", "bus": "virtio"}, []string{`+ devices/disk[vdb]`, `+ devices/disk[vdb]@type=file`, `+ devices/disk[vdb]@device=disk`, `+ devices/disk[vdb]/driver`, `+ devices/disk[vdb]/driver@name=qemu`, `+ devices/disk[vdb]/driver@type=raw`, `+ devices/disk[vdb]/target`, `+ devices/disk[vdb]/target@dev=vdb`, `+ devices/disk[vdb]/target@bus=virtio`, `+ devices/disk[vdb]/source`, `+ devices/disk[vdb]/source@file=/srv/b.img`}},
	{"disks.sda", server, nil, []string{`- devices/disk[sda]`}},
	{"disks", server, nil, []string{`- devices/disk[vda]`, `- devices/disk[sda]`}},
	{"disks.vda.file", server, "/srv/new.qcow2", []string{`- devices/disk[vda]/source@file=/var/lib/libvirt/images/fedora-server.qcow2`, `+ devices/disk[vda]/source@file=/srv/new.qcow2`}},
	{"disks.hda", legacy, table.Model{"file": "/srv/new.raw", "format": "raw", "device": "disk", "bus": "ide", "cache": "none", "options": table.Model{"io": "native"}}, []string{`- devices/disk[hda]@type=block`, `- devices/disk[hda]/source@dev=/dev/vg0/legacy-db`, `+ devices/disk[hda]@type=file`, `+ devices/disk[hda]/source@file=/srv/new.raw`}},
	{"disks.vda", kernel, table.Model{"file": "/srv/new.raw", "format": "raw", "device": "disk", "bus": "virtio"}, []string{`- devices/disk[vda]@type=network`, `- devices/disk[vda]/source@protocol=rbd`, `- devices/disk[vda]/source@name=pool/appliance`, `- devices/disk[vda]/source/host`, `+ devices/disk[vda]@type=file`, `+ devices/disk[vda]/source@file=/srv/new.raw`}},
	{"disks.vda.format", server, "raw", []string{`- devices/disk[vda]/driver@type=qcow2`, `+ devices/disk[vda]/driver@type=raw`}},
	{"disks.sda.device", server, "disk", []string{`- devices/disk[sda]@device=cdrom`, `- devices/disk[sda]/readonly`, `+ devices/disk[sda]@device=disk`}},
	{"disks.sda.bus", windows, "scsi", []string{`- devices/disk[sda]/target@bus=sata`, `- devices/disk[sda]/address`, `+ devices/disk[sda]/target@bus=scsi`, `+ devices/controller[virtio-scsi]`, `+ devices/controller[virtio-scsi]@type=scsi`, `+ devices/controller[virtio-scsi]@model=virtio-scsi`}},
	{"disks.sda.file", server, nil, []string{`- devices/disk[sda]/source`}},
	{"disks.hdc.file", legacy, "/srv/b.iso", []string{`+ devices/disk[hdc]/source`, `+ devices/disk[hdc]/source@file=/srv/b.iso`}},
	{"disks.vda.cache", server, "none", []string{`+ devices/disk[vda]/driver@cache=none`}},
	{"disks.hda.cache", legacy, nil, []string{`- devices/disk[hda]/driver@cache=none`}},
	{"disks.vda.iotune", server, table.Model{"total_iops_sec": int64(100), "read_bytes_sec": int64(1000)}, []string{`+ devices/disk[vda]/iotune`, `+ devices/disk[vda]/iotune/read_bytes_sec`, `+ devices/disk[vda]/iotune/read_bytes_sec=1000`, `+ devices/disk[vda]/iotune/total_iops_sec`, `+ devices/disk[vda]/iotune/total_iops_sec=100`}},
	{"disks.vda.iotune", throttled, nil, []string{`- devices/disk[vda]/iotune`}},
	{"disks.vda.iotune.total_bytes_sec", throttled, int64(5), []string{`- devices/disk[vda]/iotune/total_bytes_sec=1000000`, `+ devices/disk[vda]/iotune/total_bytes_sec=5`}},
	{"disks.vdb.iotune.read_bytes_sec", throttled, int64(5), []string{`- devices/disk[vdb]/iotune/read_bytes_sec=2000000`, `+ devices/disk[vdb]/iotune/read_bytes_sec=5`}},
	{"disks.vdb.iotune.write_bytes_sec", throttled, nil, []string{`- devices/disk[vdb]/iotune/write_bytes_sec`}},
	{"disks.vdb.iotune.total_iops_sec", throttled, int64(5), []string{`- devices/disk[vdb]/iotune/total_iops_sec=300`, `+ devices/disk[vdb]/iotune/total_iops_sec=5`}},
	{"disks.vda.iotune.read_iops_sec", throttled, nil, []string{`- devices/disk[vda]/iotune/read_iops_sec`}},
	{"disks.vda.iotune.write_iops_sec", throttled, int64(5), []string{`- devices/disk[vda]/iotune/write_iops_sec=200`, `+ devices/disk[vda]/iotune/write_iops_sec=5`}},
	{"interfaces.net0.link", server, "down", []string{`+ devices/interface[52:54:00:6f:12:01]/link`, `+ devices/interface[52:54:00:6f:12:01]/link@state=down`}},
	{"interfaces.lan.link", throttled, nil, []string{`- devices/interface[ua-lan]/link`}},
	{"interfaces.net0.filter", server, "clean-traffic", []string{`+ devices/interface[52:54:00:6f:12:01]/filterref`, `+ devices/interface[52:54:00:6f:12:01]/filterref@filter=clean-traffic`}},
	{"interfaces.lan.filter", throttled, "other", []string{`- devices/interface[ua-lan]/filterref@filter=clean-traffic`, `+ devices/interface[ua-lan]/filterref@filter=other`}},
	{"interfaces.lan.filter", throttled, nil, []string{`- devices/interface[ua-lan]/filterref`}},
	{"interfaces.net0.bandwidth", server, table.Model{"inbound_average": int64(100), "outbound_average": int64(200)}, []string{`+ devices/interface[52:54:00:6f:12:01]/bandwidth`, `+ devices/interface[52:54:00:6f:12:01]/bandwidth/inbound`, `+ devices/interface[52:54:00:6f:12:01]/bandwidth/inbound@average=100`, `+ devices/interface[52:54:00:6f:12:01]/bandwidth/outbound`, `+ devices/interface[52:54:00:6f:12:01]/bandwidth/outbound@average=200`}},
	{"interfaces.lan.bandwidth", throttled, nil, []string{`- devices/interface[ua-lan]/bandwidth`}},
	{"interfaces.lan.bandwidth.inbound_average", throttled, int64(5), []string{`- devices/interface[ua-lan]/bandwidth/inbound@average=1000`, `+ devices/interface[ua-lan]/bandwidth/inbound@average=5`}},
	{"interfaces.lan.bandwidth.inbound_peak", throttled, nil, []string{`- devices/interface[ua-lan]/bandwidth/inbound@peak=5000`}},
	{"interfaces.lan.bandwidth.inbound_burst", throttled, int64(5), []string{`- devices/interface[ua-lan]/bandwidth/inbound@burst=1024`, `+ devices/interface[ua-lan]/bandwidth/inbound@burst=5`}},
	{"interfaces.lan.bandwidth.outbound_average", throttled, nil, []string{`- devices/interface[ua-lan]/bandwidth/outbound`}},
	{"interfaces.lan.bandwidth.outbound_peak", throttled, int64(5), []string{`+ devices/interface[ua-lan]/bandwidth/outbound@peak=5`}},
	{"interfaces.lan.bandwidth.outbound_burst", throttled, int64(5), []string{`+ devices/interface[ua-lan]/bandwidth/outbound@burst=5`}},
	{"interfaces.wan", server, table.Model{"network": "wan", "mac": "52:54:00:00:00:01", "model": "virtio"}, []string{`+ devices/interface[ua-wan]`, `+ devices/interface[ua-wan]@type=network`, `+ devices/interface[ua-wan]/alias`, `+ devices/interface[ua-wan]/alias@name=ua-wan`, `+ devices/interface[ua-wan]/source`, `+ devices/interface[ua-wan]/source@network=wan`, `+ devices/interface[ua-wan]/mac`, `+ devices/interface[ua-wan]/mac@address=52:54:00:00:00:01`, `+ devices/interface[ua-wan]/model`, `+ devices/interface[ua-wan]/model@type=virtio`}},
	{"interfaces.wan", server, table.Model{"network": "wan", "mac": table.Unknown, "model": "virtio"}, []string{`+ devices/interface[ua-wan]`, `+ devices/interface[ua-wan]@type=network`, `+ devices/interface[ua-wan]/alias`, `+ devices/interface[ua-wan]/alias@name=ua-wan`, `+ devices/interface[ua-wan]/source`, `+ devices/interface[ua-wan]/source@network=wan`, `+ devices/interface[ua-wan]/model`, `+ devices/interface[ua-wan]/model@type=virtio`}},
	{"interfaces.lan", kernel, nil, []string{`- devices/interface[ua-lan]`}},
	{"interfaces.net0", windows, nil, []string{`- devices/interface[52:54:00:6f:12:03]`, `- devices/interface[52:54:00:6f:12:04]`, `+ devices/interface[ua-net1]`, `+ devices/interface[ua-net1]@type=network`, `+ devices/interface[ua-net1]/mac`, `+ devices/interface[ua-net1]/mac@address=52:54:00:6f:12:04`, `+ devices/interface[ua-net1]/source`, `+ devices/interface[ua-net1]/source@network=lan`, `+ devices/interface[ua-net1]/model`, `+ devices/interface[ua-net1]/model@type=virtio`, `+ devices/interface[ua-net1]/address`, `+ devices/interface[ua-net1]/address@type=pci`, `+ devices/interface[ua-net1]/address@domain=0x0000`, `+ devices/interface[ua-net1]/address@bus=0x02`, `+ devices/interface[ua-net1]/address@slot=0x00`, `+ devices/interface[ua-net1]/address@function=0x0`, `+ devices/interface[ua-net1]/alias`, `+ devices/interface[ua-net1]/alias@name=ua-net1`}},
	{"interfaces.net1", windows, nil, []string{`- devices/interface[52:54:00:6f:12:04]`}},
	{"interfaces", kernel, nil, []string{`- devices/interface[ua-lan]`}},
	{"interfaces.lan.network", kernel, "other", []string{`- devices/interface[ua-lan]/source@network=default`, `+ devices/interface[ua-lan]/source@network=other`}},
	{"interfaces.net0.mac", server, "52:54:00:00:00:02", []string{`- devices/interface[52:54:00:6f:12:01]`, `+ devices/interface[52:54:00:00:00:02]`, `+ devices/interface[52:54:00:00:00:02]@type=network`, `+ devices/interface[52:54:00:00:00:02]/mac`, `+ devices/interface[52:54:00:00:00:02]/mac@address=52:54:00:00:00:02`, `+ devices/interface[52:54:00:00:00:02]/source`, `+ devices/interface[52:54:00:00:00:02]/source@network=default`, `+ devices/interface[52:54:00:00:00:02]/model`, `+ devices/interface[52:54:00:00:00:02]/model@type=virtio`, `+ devices/interface[52:54:00:00:00:02]/address`, `+ devices/interface[52:54:00:00:00:02]/address@type=pci`, `+ devices/interface[52:54:00:00:00:02]/address@domain=0x0000`, `+ devices/interface[52:54:00:00:00:02]/address@bus=0x01`, `+ devices/interface[52:54:00:00:00:02]/address@slot=0x00`, `+ devices/interface[52:54:00:00:00:02]/address@function=0x0`}},
	{"interfaces.net0.model", server, "e1000e", []string{`- devices/interface[52:54:00:6f:12:01]/model@type=virtio`, `+ devices/interface[52:54:00:6f:12:01]/model@type=e1000e`}},
	{"serial", windows, table.Model{"log_file": "/var/log/win.log", "log_append": true}, []string{`+ devices/serial`, `+ devices/serial@type=pty`, `+ devices/serial/target`, `+ devices/serial/target@port=0`, `+ devices/serial/log`, `+ devices/serial/log@file=/var/log/win.log`, `+ devices/serial/log@append=on`}},
	{"serial", server, nil, []string{`- devices/serial`, `- devices/console[serial]`}},
	{"serial.log_file", legacy, "/var/log/new.log", []string{`- devices/serial/log@file=/var/log/legacy-db.log`, `+ devices/serial/log@file=/var/log/new.log`}},
	{"serial.log_file", server, "/var/log/new.log", []string{`+ devices/serial/log`, `+ devices/serial/log@file=/var/log/new.log`}},
	{"serial.log_append", legacy, false, []string{`- devices/serial/log@append=on`, `+ devices/serial/log@append=off`}},
	{"guest_agent", windows, true, []string{`+ devices/channel`, `+ devices/channel@type=unix`, `+ devices/channel/target`, `+ devices/channel/target@type=virtio`, `+ devices/channel/target@name=org.qemu.guest_agent.0`}},
	{"guest_agent", server, false, []string{`- devices/channel`}},
	{"graphics", kernel, table.Model{"type": "vnc", "listen": "127.0.0.1"}, []string{`+ devices/graphics`, `+ devices/graphics@port=-1`, `+ devices/graphics@autoport=yes`, `+ devices/graphics@type=vnc`, `+ devices/graphics@listen=127.0.0.1`}},
	{"graphics", legacy, nil, []string{`- devices/graphics`}},
	{"graphics.type", legacy, "spice", []string{`- devices/graphics@type=vnc`, `+ devices/graphics@type=spice`}},
	{"graphics.listen", legacy, "127.0.0.1", []string{`- devices/graphics@listen=0.0.0.0`, `- devices/graphics/listen`, `+ devices/graphics@listen=127.0.0.1`}},
	{"graphics.port", legacy, int64(5999), []string{`- devices/graphics@port=5901`, `+ devices/graphics@port=5999`}},
	{"graphics.port", legacy, nil, []string{`- devices/graphics@port=5901`, `- devices/graphics@autoport=no`, `+ devices/graphics@port=-1`, `+ devices/graphics@autoport=yes`}},
	{"graphics.port", server, int64(5999), []string{`- devices/graphics@port=-1`, `- devices/graphics@autoport=yes`, `+ devices/graphics@port=5999`, `+ devices/graphics@autoport=no`}},
	{"graphics.password", server, "new", []string{`- devices/graphics@passwd=sesame`, `+ devices/graphics@passwd=new`}},
}
