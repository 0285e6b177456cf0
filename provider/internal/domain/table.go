// Package domain is libvirt_domain: a virtual machine.
package domain

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table says what a domain is.
var Table = &table.Resource{
	Name: "domain",
	Doc: "A virtual machine. Changes are made in its definition, which keeps all that is not named here; what a running guest can't take over " +
		"at once is in effect after its next start. Destroying it shuts the guest down and removes the definition; its volumes stay.",
	See:    "https://libvirt.org/formatdomain.html",
	Import: "host/name",
	Attrs: []table.Attr{
		table.IDRow("host/name"),
		table.HostRow(),
		table.NameRow("domain"),
		{Name: "uuid", Type: table.String, Mode: table.OptionalComputed, Change: table.Replace, Check: table.UUID, XML: xmlmodel.At("uuid"), Doc: "The UUID by which libvirt, and the guest, know the domain."},
		{Name: "type", Type: table.String, Mode: table.Optional, Default: "kvm", Enum: []string{"kvm", "qemu"}, Change: table.NextBoot, XML: xmlmodel.At("@type"),
			Doc: "What runs the guest's code: `kvm`, or `qemu` in software where a host has no usable KVM."},
		{Name: "title", Type: table.String, Mode: table.Optional, Check: title, XML: xmlmodel.At("title"), Doc: "A short line for people."},
		{Name: "description", Type: table.String, Mode: table.Optional, Check: notEmpty, XML: xmlmodel.At("description"), Doc: "A text for people."},
		{Name: "vcpu", Type: table.Int, Mode: table.Required, Change: table.NextBoot, Check: table.AtLeast(1, ""), XML: vcpu, Doc: "The number of virtual CPUs."},
		{Name: "memory", Type: table.Int, Mode: table.Required, Change: table.NextBoot, Check: table.AtLeast(1024, " KiB"), XML: memory, Doc: "The memory, in KiB."},
		{Name: "arch", Type: table.String, Mode: table.OptionalComputed, Change: table.Replace, Check: notEmpty, XML: xmlmodel.At("os/type@arch"), Doc: "The CPU architecture. Unset: the host's."},
		{Name: "machine", Type: table.String, Mode: table.OptionalComputed, Change: table.NextBoot, Check: notEmpty, Same: sameMachine, XML: machine,
			Doc: "The machine type: `q35`, `pc`, or one with its version such as `pc-q35-7.2`. A name without a version is the newest that the host had when the domain was defined. Unset: `q35`."},
		{Name: "cpu", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: xmlmodel.Element{"cpu"}, Implied: impliedCPU, Doc: "The virtual CPU. Unset: libvirt's own choice, which every host can run.",
			Attrs: []table.Attr{
				{Name: "mode", Type: table.String, Mode: table.Required, Enum: []string{"host-passthrough", "host-model", "maximum", "custom"}, Change: table.NextBoot, XML: xmlmodel.At("@mode"),
					Doc: "`host-passthrough` is the host's CPU itself, `host-model` the nearest named model, `maximum` all that the accelerator can do, `custom` the `model`."},
				{Name: "model", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: notEmpty, XML: cpuModel, Doc: "The model, with mode `custom`: for example `Skylake-Server`."},
			}},
		{Name: "firmware", Type: table.String, Mode: table.Optional, Default: "bios", Enum: []string{"bios", "efi"}, Change: table.NextBoot, XML: firmware,
			Doc: "`efi` is UEFI, with variables of the domain's own that libvirt makes and removes."},
		{Name: "kernel", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: table.AbsolutePath, XML: xmlmodel.At("os/kernel"), Doc: "A kernel on the host to boot directly."},
		{Name: "initrd", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: table.AbsolutePath, XML: xmlmodel.At("os/initrd"), Doc: "Its initial ramdisk, on the host."},
		{Name: "cmdline", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: notEmpty, XML: xmlmodel.At("os/cmdline"), Doc: "Its command line."},
		{Name: "disks", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: diskTarget, Entries: disks{}, Doc: "The disks, by the device name that orders them: `vda`, `vdb`, `sda`.",
			Attrs: []table.Attr{
				{Name: "file", Type: table.String, Mode: table.Required, Change: table.NextBoot, Check: table.AbsolutePath, XML: source("file"), Doc: "The image's path on the host, for example a volume's `path`."},
				{Name: "format", Type: table.String, Mode: table.Optional, Default: "qcow2", Enum: []string{"qcow2", "raw"}, Change: table.NextBoot, XML: xmlmodel.At("driver@type"), Doc: "The image's format."},
				{Name: "device", Type: table.String, Mode: table.Optional, Default: "disk", Enum: []string{"disk", "cdrom"}, Change: table.NextBoot, XML: device, Doc: "What the guest sees."},
				{Name: "bus", Type: table.String, Mode: table.Optional, Default: "virtio", Enum: []string{"virtio", "sata", "scsi", "ide", "usb"}, Change: table.NextBoot, XML: bus, Doc: "How it is attached. A cdrom can't be on `virtio`."},
			}},
		{Name: "interfaces", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: interfaceKey, Entries: interfaces{}, Doc: "The network interfaces, by a name of yours.",
			Attrs: []table.Attr{
				{Name: "network", Type: table.String, Mode: table.Required, Change: table.NextBoot, Check: table.ObjectName, XML: source("network"), Doc: "The name of the network, on the same host."},
				{Name: "mac", Type: table.String, Mode: table.OptionalComputed, Change: table.NextBoot, Check: table.MAC, XML: xmlmodel.At("mac@address"), Doc: "The MAC address. Unset: libvirt chooses one, once."},
				{Name: "model", Type: table.String, Mode: table.Optional, Default: "virtio", Change: table.NextBoot, Check: notEmpty, XML: xmlmodel.At("model@type"), Doc: "What the guest sees: `virtio`, `e1000e`, ..."},
			}},
		{Name: "serial", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: serial{}, Doc: "A serial port with the console on it (`virsh console`).",
			Attrs: []table.Attr{
				{Name: "log_file", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: table.AbsolutePath, XML: xmlmodel.At("log@file"), Doc: "A file on the host that gets all that the guest writes to it."},
				{Name: "log_append", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot, XML: logAppend, Doc: "Whether the log goes on through a restart; otherwise each start begins it anew."},
			}},
		{Name: "guest_agent", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot, XML: guestAgent, Doc: "A channel for the QEMU guest agent."},
		{Name: "graphics", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: xmlmodel.Element{"devices", "graphics"}, Doc: "A graphical console.",
			Attrs: []table.Attr{
				{Name: "type", Type: table.String, Mode: table.Required, Enum: []string{"vnc", "spice"}, Change: table.NextBoot, XML: xmlmodel.At("@type"), Doc: "Its protocol."},
				{Name: "listen", Type: table.String, Mode: table.Optional, Default: "127.0.0.1", Change: table.NextBoot, Check: notEmpty, XML: listen, Doc: "The host's address that it listens on."},
				{Name: "port", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.Between(1, 65535), XML: port, Doc: "Its port. Unset: libvirt chooses a free one at each start."},
				{Name: "password", Type: table.String, Mode: table.Optional, Sensitive: true, Change: table.NextBoot, Check: notEmpty, XML: xmlmodel.At("@passwd"), Doc: "Its password; with `vnc` it has at most 8 characters."},
			}},
		table.AutostartRow("domain", false),
		{Name: "state", Type: table.String, Mode: table.Optional, Default: "running", Enum: []string{"running", "stopped"}, Doc: "What the domain is to be. It reads as `paused`, `saved` or `crashed` where it is that."},
		{Name: "shutdown_timeout", Type: table.Int, Mode: table.Optional, Default: int64(30), Check: table.AtLeast(0, " seconds"),
			Doc: "How many seconds the guest has to shut down, when it is stopped or destroyed, before its power is cut. 0 cuts it at once."},
	},
}
