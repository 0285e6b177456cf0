// Package seed implements the resource libvirt_seed: a labelled disk with files, or a single file, from which a guest configures itself.
package seed

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Table is the table of libvirt_seed.
var Table = &table.Table{
	Name: "seed",
	Doc: "What a guest configures itself with: an ISO image with a label and files (Rock Ridge and Joliet names, so that Linux and Windows find " +
		"them), in a pool. A domain uses it as a read-only disk, or as a `cdrom` on `sata` where the guest has no virtio drivers. Set one of " +
		"`cloud_init`, `config_drive`, `ignition`, `combustion`, `label` or `content`.\n\n" +
		"New content is written in place, and a guest reads it when it next starts. The plan says what the guest then does with it: most of it is " +
		"done once, at the first boot. To start over with a new system, name `digest` in `replace_triggered_by` of the domain and of its root " +
		"volume.\n\n" +
		"While a domain uses the seed, another `host` or `pool` does not create a new one: the seed moves with the machine.",
	See:    "https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html",
	Import: "host/pool/name",
	Attrs: []table.Attr{
		table.IDRow("host/pool/name"),
		table.HostRow(),
		{Name: "pool", Type: table.String, Mode: table.Required, Change: table.Replace, Check: table.ObjectName,
			Doc: "The name of the pool, on the same host."},
		table.NameRow("seed"),
		{Name: "path", Type: table.String, Mode: table.Computed, Doc: "The seed's path on the host."},
		storage.PoolCapacityRow("seed"),
		{Name: "cloud_init", Type: table.Object, Mode: table.Optional, Attrs: []table.Attr{
			secretText("user_data", table.Required, "What cloud-init does: `#cloud-config` YAML, a script that begins with `#!`, or a "+
				"MIME multipart document with several of them."),
			text("meta_data", table.Required, "YAML with `instance-id` and `local-hostname`. cloud-init runs as at the first boot when "+
				"`instance-id` changes."),
			secretText("vendor_data", table.Optional, "As `user_data`, which takes precedence."),
			secretText("network_config", table.Optional, "The network configuration: YAML, version 1 or 2."),
		}, Doc: "Files for cloud-init and cloudbase-init (their NoCloud data source), with the label `cidata`."},
		{Name: "config_drive", Type: table.Object, Mode: table.Optional, Attrs: []table.Attr{
			text("meta_data", table.Required, "JSON with `uuid` and `hostname`. cloud-init runs as at the first boot when `uuid` changes."),
			secretText("user_data", table.Optional, "What the guest does."),
			secretText("vendor_data", table.Optional, "JSON of the vendor."),
			secretText("network_data", table.Optional, "JSON of the network configuration."),
		}, Doc: "Files of an OpenStack config drive, with the label `config-2`, for cloud-init, cloudbase-init, Ignition and others."},
		{Name: "ignition", Type: table.Object, Mode: table.Optional, Attrs: []table.Attr{
			secretText("config", table.Required, "The configuration: JSON, as Butane writes it."),
		}, Doc: "The file of Ignition, with the label `ignition`, as openSUSE MicroOS finds it. Fedora CoreOS and Flatcar read a file by QEMU's " +
			"`fw_cfg` instead: set `content`."},
		{Name: "combustion", Type: table.Object, Mode: table.Optional, Attrs: []table.Attr{
			secretText("script", table.Required, "The shell script that runs at the first boot."),
		}, Doc: "The script of Combustion, with the label `combustion`, for openSUSE MicroOS and SLE Micro. Set `files` for what the script uses."},
		{Name: "label", Type: table.String, Mode: table.Optional, Check: checkLabel, Change: table.NextBoot,
			Doc: "The label of a disk with any `files`: 1 to 16 ASCII characters."},
		{Name: "files", Type: table.Map, Mode: table.Optional, Attrs: []table.Attr{
			secretText("content", table.Optional, "The content of the file, as text."),
			{Name: "content_base64", Type: table.String, Text: table.Anything, Mode: table.Optional, Sensitive: true, Change: table.NextBoot,
				Check: checkBase64, Doc: "The content of the file in base64, if it is no text."},
		}, Doc: "Files by their paths on the disk, such as `install/answer.xml`: with `label`, or in addition to those of a typed seed. Each " +
			"part of a path has at most 64 characters."},
		secretText("content", table.Optional, "The content of a plain file, without a label or a file system: what a domain passes to the guest "+
			"by QEMU's `fw_cfg`."),
		storage.PermissionsRow("seed", storage.VolumePermissionsDoc),
		{Name: "digest", Type: table.String, Mode: table.Computed,
			Doc: "The SHA-256 of what the seed is configured to contain. It changes only with the content, not when the seed moves."},
	},
}

func text(name string, mode table.Mode, doc string) table.Attr {
	return table.Attr{Name: name, Type: table.String, Text: table.Anything, Mode: mode, Change: table.NextBoot, Doc: doc}
}

func secretText(name string, mode table.Mode, doc string) table.Attr {
	row := text(name, mode, doc)
	row.Sensitive = true
	return row
}
