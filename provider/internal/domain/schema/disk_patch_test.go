package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

const everySource = "storage-q35.xml"

const (
	oneSecret     = "2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a01"
	anotherSecret = "2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3aff"
)

// diskPatchCases are what disks are made of, and how they are read and written.
var diskPatchCases = []patchCase{
	{"disks.vda.source.block", everySource, "/dev/vg0/other", []string{`- devices/disk[vda]/source@dev=/dev/vg0/data`, `+ devices/disk[vda]/source@dev=/dev/vg0/other`}},
	{"disks.vda.source", everySource, nil, []string{`- devices/disk[vda]@type=block`, `- devices/disk[vda]/source`, `+ devices/disk[vda]@type=file`}},
	{"disks.vda", everySource, m{"file": "/srv/a.img", "format": "raw", "device": "disk", "bus": "virtio", "cache": "none", "source": m{"encryption_secret": oneSecret}}, []string{`- devices/disk[vda]@type=block`, `- devices/disk[vda]/driver@io=native`, `- devices/disk[vda]/driver@discard=unmap`, `- devices/disk[vda]/driver@detect_zeroes=unmap`, `- devices/disk[vda]/driver@queues=2`, `- devices/disk[vda]/source@dev=/dev/vg0/data`, `- devices/disk[vda]/source/encryption@engine=qemu`, `- devices/disk[vda]/iotune`, `- devices/disk[vda]/serial`, `- devices/disk[vda]/boot`, `+ devices/disk[vda]@type=file`, `+ devices/disk[vda]/source@file=/srv/a.img`}},
	{"disks.vda", server, m{"source": m{"block": "/dev/vg0/root"}, "format": "raw", "device": "disk", "bus": "virtio", "options": m{"discard": "unmap"}}, []string{`- devices/disk[vda]@type=file`, `- devices/disk[vda]/driver@type=qcow2`, `- devices/disk[vda]/source@file=/var/lib/libvirt/images/fedora-server.qcow2`, `+ devices/disk[vda]@type=block`, `+ devices/disk[vda]/driver@type=raw`, `+ devices/disk[vda]/source@dev=/dev/vg0/root`}},
	{"disks.vda", server, m{"source": m{"protocol": "rbd", "name": "pool/image", "hosts": m{"b": m{"port": int64(6790)}, "a": m{"port": table.Unknown}}, "username": "admin", "secret": oneSecret, "config": "/etc/ceph.conf"}, "format": "raw", "device": "disk", "bus": "virtio", "options": m{"discard": "unmap"}}, []string{`- devices/disk[vda]@type=file`, `- devices/disk[vda]/driver@type=qcow2`, `- devices/disk[vda]/source@file=/var/lib/libvirt/images/fedora-server.qcow2`, `+ devices/disk[vda]@type=network`, `+ devices/disk[vda]/driver@type=raw`, `+ devices/disk[vda]/source@protocol=rbd`, `+ devices/disk[vda]/source@name=pool/image`, `+ devices/disk[vda]/source/host`, `+ devices/disk[vda]/source/host@name=a`, `+ devices/disk[vda]/source/host`, `+ devices/disk[vda]/source/host@name=b`, `+ devices/disk[vda]/source/host@port=6790`, `+ devices/disk[vda]/source/auth`, `+ devices/disk[vda]/source/auth@username=admin`, `+ devices/disk[vda]/source/auth/secret`, `+ devices/disk[vda]/source/auth/secret@type=ceph`, `+ devices/disk[vda]/source/auth/secret@uuid=2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a01`, `+ devices/disk[vda]/source/config`, `+ devices/disk[vda]/source/config@file=/etc/ceph.conf`}},
	{"disks.sda", everySource, m{"file": "/srv/live.iso", "format": "raw", "device": "cdrom", "bus": "sata", "boot": int64(1)}, []string{`- devices/disk[sda]@type=network`, `- devices/disk[sda]/source@protocol=https`, `- devices/disk[sda]/source@name=images/live.iso`, `- devices/disk[sda]/source/host`, `- devices/disk[sda]/source/ssl`, `+ devices/disk[sda]@type=file`, `+ devices/disk[sda]/source@file=/srv/live.iso`}},
	{"disks.sda.source", everySource, nil, []string{`- devices/disk[sda]@type=network`, `- devices/disk[sda]/source`, `+ devices/disk[sda]@type=file`}},
	{"disks.vda", server, m{"source": m{"pool": "vms", "volume": "a.qcow2"}, "format": "qcow2", "device": "disk", "bus": "virtio", "options": m{"discard": "unmap"}}, []string{`- devices/disk[vda]@type=file`, `- devices/disk[vda]/source@file=/var/lib/libvirt/images/fedora-server.qcow2`, `+ devices/disk[vda]@type=volume`, `+ devices/disk[vda]/source@pool=vms`, `+ devices/disk[vda]/source@volume=a.qcow2`}},
	{"disks.vde.source.pool", everySource, "other", []string{`- devices/disk[vde]/source@pool=vms`, `+ devices/disk[vde]/source@pool=other`}},
	{"disks.vde.source.volume", everySource, "b.qcow2", []string{`- devices/disk[vde]/source@volume=a.qcow2`, `+ devices/disk[vde]/source@volume=b.qcow2`}},
	{"disks.vde.source", everySource, nil, []string{`- devices/disk[vde]@type=volume`, `- devices/disk[vde]/source`, `+ devices/disk[vde]@type=file`}},
	{"disks.vdb.source.protocol", everySource, "iscsi", []string{`- devices/disk[vdb]/source@protocol=rbd`, `- devices/disk[vdb]/source/auth/secret@type=ceph`, `+ devices/disk[vdb]/source@protocol=iscsi`, `+ devices/disk[vdb]/source/auth/secret@type=iscsi`}},
	{"disks.vdb.source.name", everySource, "pool/other", []string{`- devices/disk[vdb]/source@name=pool/image`, `+ devices/disk[vdb]/source@name=pool/other`}},
	{"disks.vdb.source.hosts", everySource, nil, []string{`- devices/disk[vdb]/source/host`, `- devices/disk[vdb]/source/host`}},
	{"disks.vdb.source.hosts.ceph3", everySource, m{"port": int64(6789)}, []string{`+ devices/disk[vdb]/source/host@name=ceph3`, `+ devices/disk[vdb]/source/host@port=6789`}},
	{"disks.vdc.source.hosts", everySource, m{"10.0.0.9": m{"port": int64(3261)}}, []string{`- devices/disk[vdc]/source/host@name=10.0.0.1`, `- devices/disk[vdc]/source/host@port=3260`, `+ devices/disk[vdc]/source/host@name=10.0.0.9`, `+ devices/disk[vdc]/source/host@port=3261`}},
	{"disks.vda.source.hosts.ceph1.port", kernel, int64(6800), []string{`- devices/disk[vda]/source/host@port=6789`, `+ devices/disk[vda]/source/host@port=6800`}},
	{"disks.vdd.source.socket", everySource, "/run/other", []string{`- devices/disk[vdd]/source/host@socket=/run/nbd`, `+ devices/disk[vdd]/source/host@socket=/run/other`}},
	{"disks.vdd.source.socket", everySource, nil, []string{`- devices/disk[vdd]/source/host`}},
	{"disks.vdd", everySource, m{"source": m{"protocol": "nbd", "name": "export", "hosts": m{"10.0.0.3": m{"port": int64(10809)}}, "tls": true}, "format": "raw", "device": "disk", "bus": "virtio"}, []string{`- devices/disk[vdd]/source/host@transport=unix`, `- devices/disk[vdd]/source/host@socket=/run/nbd`, `+ devices/disk[vdd]/source/host@name=10.0.0.3`, `+ devices/disk[vdd]/source/host@port=10809`}},
	{"disks.vdc.source.username", everySource, "other", []string{`- devices/disk[vdc]/auth@username=chap`, `+ devices/disk[vdc]/auth@username=other`}},
	{"disks.vdc.source.username", everySource, nil, []string{`- devices/disk[vdc]/auth`, `+ devices/disk[vdc]/source/auth`, `+ devices/disk[vdc]/source/auth/secret`, `+ devices/disk[vdc]/source/auth/secret@type=iscsi`, `+ devices/disk[vdc]/source/auth/secret@uuid=2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a02`}},
	{"disks.vdc.source.secret", everySource, anotherSecret, []string{`- devices/disk[vdc]/auth/secret@uuid=2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a02`, `+ devices/disk[vdc]/auth/secret@uuid=2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3aff`}},
	{"disks.vdc.source.secret", everySource, "a name", []string{`- devices/disk[vdc]/auth/secret@uuid=2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a02`, `+ devices/disk[vdc]/auth/secret@usage=a name`}},
	{"disks.vdb.source.secret", everySource, anotherSecret, []string{`- devices/disk[vdb]/source/auth/secret@usage=ceph admin`, `+ devices/disk[vdb]/source/auth/secret@uuid=2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3aff`}},
	{"disks.vdd.source.tls", everySource, false, []string{`- devices/disk[vdd]/source@tls=yes`, `+ devices/disk[vdd]/source@tls=no`}},
	{"disks.sda.source.verify", everySource, true, []string{`- devices/disk[sda]/source/ssl`}},
	{"disks.vdb.source.config", everySource, nil, []string{`- devices/disk[vdb]/source/config`}},
	{"disks.vdc.source.initiator", everySource, "iqn.2013-07.com.example:d", []string{`- devices/disk[vdc]/source/initiator/iqn@name=iqn.2013-07.com.example:c`, `+ devices/disk[vdc]/source/initiator/iqn@name=iqn.2013-07.com.example:d`}},
	{"disks.vdc.source.initiator", everySource, nil, []string{`- devices/disk[vdc]/source/initiator`}},
	{"disks.vda.source.encryption_secret", everySource, anotherSecret, []string{`- devices/disk[vda]/source/encryption/secret@uuid=2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a01`, `+ devices/disk[vda]/source/encryption/secret@uuid=2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3aff`}},
	{"disks.vda.source.encryption_secret", everySource, nil, []string{`- devices/disk[vda]/source/encryption`}},
	{"disks.vda.file", server, "/srv/luks.img", []string{`- devices/disk[vda]/source@file=/var/lib/libvirt/images/fedora-server.qcow2`, `+ devices/disk[vda]/source@file=/srv/luks.img`}},
	{"disks.vdb.boot", everySource, int64(4), []string{`+ devices/disk[vdb]/boot`, `+ devices/disk[vdb]/boot@order=4`}},
	{"disks.vda.boot", everySource, nil, []string{`- devices/disk[vda]/boot`}},
	{"disks.hda.boot", legacy, int64(1), []string{`- os/boot`, `- os/boot`, `+ devices/disk[hda]/boot`, `+ devices/disk[hda]/boot@order=1`}},
	{"disks.vda.boot", server, int64(2), []string{`- os/boot`, `+ devices/disk[vda]/boot`, `+ devices/disk[vda]/boot@order=2`}},
	{"disks.vda.options", everySource, nil, []string{`- devices/disk[vda]/driver@io=native`, `- devices/disk[vda]/driver@discard=unmap`, `- devices/disk[vda]/driver@detect_zeroes=unmap`, `- devices/disk[vda]/driver@queues=2`, `- devices/disk[vda]/serial`}},
	{"disks.vda.options.io", everySource, "threads", []string{`- devices/disk[vda]/driver@io=native`, `+ devices/disk[vda]/driver@io=threads`}},
	{"disks.vda.options.discard", server, nil, []string{`- devices/disk[vda]/driver@discard=unmap`}},
	{"disks.vda.options.discard", everySource, "ignore", []string{`- devices/disk[vda]/driver@discard=unmap`, `+ devices/disk[vda]/driver@discard=ignore`}},
	{"disks.vda.options.detect_zeroes", everySource, "on", []string{`- devices/disk[vda]/driver@detect_zeroes=unmap`, `+ devices/disk[vda]/driver@detect_zeroes=on`}},
	{"disks.vda.options.queues", everySource, nil, []string{`- devices/disk[vda]/driver@queues=2`}},
	{"disks.vda.options.serial", everySource, "DATA-2", []string{`- devices/disk[vda]/serial=DATA-1`, `+ devices/disk[vda]/serial=DATA-2`}},
	{"disks.vda.options.serial", everySource, nil, []string{`- devices/disk[vda]/serial`}},
	{"disks.vda.options.serial", server, "a b.c", []string{`+ devices/disk[vda]/serial`, `+ devices/disk[vda]/serial=a b.c`}},
	{"disks.vdb.options.read_only", everySource, false, []string{`- devices/disk[vdb]/readonly`}},
	{"disks.vda.options.read_only", server, true, []string{`+ devices/disk[vda]/readonly`}},
	{"disks.sda.options.read_only", server, false, nil},
	{"disks.vdc.options.shareable", everySource, false, []string{`- devices/disk[vdc]/shareable`}},
	{"disks.vda.options.shareable", everySource, true, []string{`+ devices/disk[vda]/shareable`}},
	{"disks.vda.iotune.total_bytes_sec_max", everySource, int64(7), []string{`- devices/disk[vda]/iotune/total_bytes_sec_max=2000000`, `+ devices/disk[vda]/iotune/total_bytes_sec_max=7`}},
	{"disks.vda.iotune.read_bytes_sec_max", everySource, int64(7), []string{`+ devices/disk[vda]/iotune/read_bytes_sec_max`, `+ devices/disk[vda]/iotune/read_bytes_sec_max=7`}},
	{"disks.vda.iotune.write_bytes_sec_max", everySource, int64(7), []string{`+ devices/disk[vda]/iotune/write_bytes_sec_max`, `+ devices/disk[vda]/iotune/write_bytes_sec_max=7`}},
	{"disks.vda.iotune.total_iops_sec_max", everySource, int64(7), []string{`+ devices/disk[vda]/iotune/total_iops_sec_max`, `+ devices/disk[vda]/iotune/total_iops_sec_max=7`}},
	{"disks.vda.iotune.read_iops_sec_max", everySource, int64(7), []string{`- devices/disk[vda]/iotune/read_iops_sec_max=200`, `+ devices/disk[vda]/iotune/read_iops_sec_max=7`}},
	{"disks.vda.iotune.write_iops_sec_max", everySource, int64(7), []string{`+ devices/disk[vda]/iotune/write_iops_sec_max`, `+ devices/disk[vda]/iotune/write_iops_sec_max=7`}},
	{"disks.vda.iotune.total_bytes_sec_max_length", everySource, int64(7), []string{`- devices/disk[vda]/iotune/total_bytes_sec_max_length=5`, `+ devices/disk[vda]/iotune/total_bytes_sec_max_length=7`}},
	{"disks.vda.iotune.read_bytes_sec_max_length", everySource, int64(7), []string{`+ devices/disk[vda]/iotune/read_bytes_sec_max_length`, `+ devices/disk[vda]/iotune/read_bytes_sec_max_length=7`}},
	{"disks.vda.iotune.write_bytes_sec_max_length", everySource, int64(7), []string{`+ devices/disk[vda]/iotune/write_bytes_sec_max_length`, `+ devices/disk[vda]/iotune/write_bytes_sec_max_length=7`}},
	{"disks.vda.iotune.total_iops_sec_max_length", everySource, int64(7), []string{`+ devices/disk[vda]/iotune/total_iops_sec_max_length`, `+ devices/disk[vda]/iotune/total_iops_sec_max_length=7`}},
	{"disks.vda.iotune.read_iops_sec_max_length", everySource, int64(7), []string{`+ devices/disk[vda]/iotune/read_iops_sec_max_length`, `+ devices/disk[vda]/iotune/read_iops_sec_max_length=7`}},
	{"disks.vda.iotune.write_iops_sec_max_length", everySource, int64(7), []string{`+ devices/disk[vda]/iotune/write_iops_sec_max_length`, `+ devices/disk[vda]/iotune/write_iops_sec_max_length=7`}},
}

// bootPatchCases are those of interfaces.
var bootPatchCases = []patchCase{
	{"interfaces.net0.boot", everySource, nil, []string{`- devices/interface[52:54:00:6f:12:08]/boot`}},
	{"interfaces.net0.boot", server, int64(1), []string{`- os/boot`, `+ devices/interface[52:54:00:6f:12:01]/boot`, `+ devices/interface[52:54:00:6f:12:01]/boot@order=1`}},
}

var firmwarePatchCases = []patchCase{
	{"efi.loader", everySource, "/fw/CODE.fd", []string{`- os/loader=/usr/share/OVMF/OVMF_CODE_4M.secboot.fd`, `+ os/loader@stateless=no`, `+ os/loader=/fw/CODE.fd`}},
	{"efi.loader", everySource, nil, []string{`- os/loader`, `- os/nvram@template=/usr/share/OVMF/OVMF_VARS_4M.ms.fd`, `+ os@firmware=efi`, `+ os/firmware`, `+ os/firmware/feature`, `+ os/firmware/feature@enabled=yes`, `+ os/firmware/feature@name=enrolled-keys`, `+ os/firmware/feature`, `+ os/firmware/feature@enabled=yes`, `+ os/firmware/feature@name=secure-boot`}},
	{"efi.loader", windows, "/fw/CODE.fd", []string{`- os@firmware=efi`, `+ os/loader`, `+ os/loader@readonly=yes`, `+ os/loader@secure=no`, `+ os/loader@type=pflash`, `+ os/loader@stateless=no`, `+ os/loader=/fw/CODE.fd`}},
	{"efi.secure_boot", everySource, false, []string{`- os/loader@secure=yes`, `+ os/loader@secure=no`, `+ os/loader@stateless=no`}},
	{"efi.secure_boot", windows, true, []string{`+ os/firmware`, `+ os/firmware/feature`, `+ os/firmware/feature@enabled=yes`, `+ os/firmware/feature@name=enrolled-keys`, `+ os/firmware/feature`, `+ os/firmware/feature@enabled=yes`, `+ os/firmware/feature@name=secure-boot`, `+ os/nvram`, `+ os/nvram=/var/lib/libvirt/qemu/nvram/win2k22_SECURE_VARS.fd`}},
	{"efi.secure_boot", windows, false, []string{`+ os/firmware`, `+ os/firmware/feature`, `+ os/firmware/feature@enabled=no`, `+ os/firmware/feature@name=secure-boot`}},
	{"efi.nvram_template", everySource, "/fw/VARS.fd", []string{`- os/nvram@template=/usr/share/OVMF/OVMF_VARS_4M.ms.fd`, `+ os/loader@stateless=no`, `+ os/nvram@template=/fw/VARS.fd`}},
	{"efi.nvram_template", everySource, nil, []string{`- os/nvram@template=/usr/share/OVMF/OVMF_VARS_4M.ms.fd`, `+ os/loader@stateless=no`}},
	{"efi.nvram", everySource, "/fw/storage.fd", []string{`- os/nvram=/var/lib/vars/storage.fd`, `+ os/loader@stateless=no`, `+ os/nvram=/fw/storage.fd`}},
	{"efi.nvram", everySource, nil, []string{`- os/nvram=/var/lib/vars/storage.fd`, `+ os/loader@stateless=no`, `+ os/nvram=/var/lib/libvirt/qemu/nvram/storage_SECURE_VARS.fd`}},
	{"efi.nvram", windows, "/fw/win.fd", []string{`+ os/firmware`, `+ os/firmware/feature`, `+ os/firmware/feature@enabled=no`, `+ os/firmware/feature@name=secure-boot`, `+ os/nvram`, `+ os/nvram=/fw/win.fd`}},
	{"efi", everySource, nil, []string{`- os/loader`, `- os/nvram`, `+ os@firmware=efi`, `+ os/firmware`, `+ os/firmware/feature`, `+ os/firmware/feature@enabled=no`, `+ os/firmware/feature@name=secure-boot`}},
	{"efi", windows, m{"secure_boot": true}, []string{`+ os/firmware`, `+ os/firmware/feature`, `+ os/firmware/feature@enabled=yes`, `+ os/firmware/feature@name=enrolled-keys`, `+ os/firmware/feature`, `+ os/firmware/feature@enabled=yes`, `+ os/firmware/feature@name=secure-boot`, `+ os/nvram`, `+ os/nvram=/var/lib/libvirt/qemu/nvram/win2k22_SECURE_VARS.fd`}},
	{"firmware", everySource, "bios", []string{`- os/loader`, `- os/nvram`}},
}

// withoutPlaces removes the addresses and positions that libvirt gave the devices.
func withoutPlaces(group table.Model) {
	for name, v := range group {
		if inner, is := v.(table.Model); is {
			withoutPlaces(inner)
		} else if name == "address" || name == "position" {
			delete(group, name)
		}
	}
}

// said is what a definition says of a domain, without what is implied in its disks and of its firmware, and without the places of its devices.
func said(domain table.Model) table.Model {
	domain = domain.Clone()
	for _, d := range domain.Group("disks") {
		if disk := d.(table.Model); allUnsetOrFalse(disk["options"]) {
			delete(disk, "options")
		}
	}
	withoutPlaces(domain)
	if e := domain["efi"]; e != nil && allUnsetOrFalse(e) {
		delete(domain, "efi")
	}
	return domain
}
