// Package cloudinit implements the resource libvirt_cloudinit_disk: a NoCloud disk in a pool.
package cloudinit

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// Table is the table of libvirt_cloudinit_disk.
var Table = &table.Table{
	Name: "cloudinit_disk",
	Doc: "A disk with the configuration for cloud-init in the guest (its NoCloud data source): an ISO image in a pool, which a domain uses " +
		"as a `cdrom`. New content is written in place; a guest reads it when it starts. While a domain uses the disk, another `host` or " +
		"`pool` does not create a new one: the disk moves with the machine.",
	See:    "https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html",
	Import: "host/pool/name",
	Attrs: []table.Attr{
		table.IDRow("host/pool/name"),
		table.HostRow(),
		{Name: "pool", Type: table.String, Mode: table.Required, Change: table.Replace, Check: table.ObjectName,
			Doc: "The name of the pool, on the same host."},
		table.NameRow("disk"),
		{Name: "path", Type: table.String, Mode: table.Computed, Doc: "The disk's path on the host."},
		{Name: "user_data", Type: table.String, Mode: table.Required, Sensitive: true, Change: table.NextBoot,
			Doc: "The user data, for example `#cloud-config` YAML."},
		{Name: "meta_data", Type: table.String, Mode: table.Required, Change: table.NextBoot,
			Doc: "The meta data: YAML with `instance-id` and `local-hostname`."},
		{Name: "network_config", Type: table.String, Mode: table.Optional, Sensitive: true, Change: table.NextBoot,
			Doc: "The network configuration: YAML, version 1 or 2."},
	},
}
