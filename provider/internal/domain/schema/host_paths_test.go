package schema

import (
	"fmt"
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
)

func TestHostPaths(t *testing.T) {
	const definition = `<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>/name</name><metadata><x:y xmlns:x='a'><source file='/metadata'/></x:y></metadata>
  <blkiotune><device><path>/dev/sdb</path></device></blkiotune>
  <os><type>hvm</type><loader>/loader</loader><nvram template='/template'>/nvram</nvram><kernel>/kernel</kernel><initrd>/initrd</initrd>
    <dtb>/dtb</dtb><cmdline>init=/cmdline</cmdline><acpi><table type='slic'>/table</table></acpi></os>
  <sysinfo type='fwcfg'><entry name='opt/a' file='/fwcfg'/><entry name='opt/b'>/value</entry></sysinfo>
  <devices>
    <disk type='file' device='disk'><source file='/disk'/><backingStore type='file'><source file='/base'/></backingStore><target dev='vda'/></disk>
    <disk type='file' device='cdrom'><source file='/optional' startupPolicy='optional'/><target dev='sda'/></disk>
    <disk type='block' device='disk'><source dev='/dev/sdx'/><target dev='vdb'/></disk>
    <disk type='network'><source protocol='gluster' name='/volume/image'><host transport='unix' socket='/gluster'/></source><target dev='vdc'/></disk>
    <filesystem type='mount'><binary path='/virtiofsd'/><source dir='/share'/><target dir='/tag'/></filesystem>
    <interface type='vhostuser'><source type='unix' path='/vhost' mode='client'/><rom file='/rom'/></interface>
    <serial type='file'><source path='/out'/><log file='/log'/></serial>
    <serial type='dev'><source path='/dev/ttyS9'/></serial>
    <channel type='unix'><source mode='bind' path='/channel'/><target type='virtio' name='/not'/></channel>
    <graphics type='vnc' socket='/vnc'><listen type='socket' socket='/listen'/></graphics>
    <tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm9'/></backend></tpm>
    <rng model='virtio'><backend model='random'>/dev/random</backend></rng>
    <memory model='nvdimm'><source><path>/nvdimm</path></source></memory>
    <hostdev mode='subsystem' type='pci'><rom file='/hostrom'/></hostdev>
  </devices>
  <qemu:commandline><qemu:arg value='-fw_cfg'/><qemu:arg value='name=opt/c,file=/comma,,name'/><qemu:arg value='-bios'/><qemu:arg value='/bios'/>
    <qemu:arg value='-chardev'/><qemu:arg value='socket,id=a,path=/socket'/><qemu:env name='X' value='/env'/></qemu:commandline>
</domain>`
	var exists, folders []string
	for _, p := range HostPaths(domaintest.Parse(t, definition)) {
		if p.Need == PathExists {
			exists = append(exists, p.Path)
		} else {
			folders = append(folders, p.Path)
		}
	}
	slices.Sort(exists)
	slices.Sort(folders)
	want := "[/base /bios /comma,name /dev/random /dev/sdb /dev/sdx /dev/tpm9 /dev/ttyS9 /disk /dtb /fwcfg /hostrom /initrd /kernel /loader /nvdimm /rom /share /table /template /virtiofsd]"
	if got := fmt.Sprint(exists); got != want {
		t.Errorf("these have to exist:\n%s\nwant\n%s", got, want)
	}
	want = "[/channel /gluster /listen /log /nvram /out /socket /vhost /vnc]"
	if got := fmt.Sprint(folders); got != want {
		t.Errorf("the directories of these have to exist:\n%s\nwant\n%s", got, want)
	}
}
