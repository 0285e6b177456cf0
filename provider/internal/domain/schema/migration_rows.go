package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// moveRows say how the domain migrates to another host. The next migration uses them.
var moveRows = []table.Attr{
	{Name: "migration", Type: table.Object, Mode: table.Optional, Doc: "How a running domain moves when `host` changes.",
		Attrs: []table.Attr{
			{
				Name: "bandwidth", Type: table.Int, Mode: table.Optional, Check: table.AtLeast(1, " MiB/s"),
				Doc: "The maximum transfer rate of the memory, and of each copied disk, in MiB per second. Unset: no limit.",
			},
			{
				Name: "downtime", Type: table.Int, Mode: table.Optional, Check: table.Between(1, 2_000_000),
				Doc: "The maximum pause at the end of the migration, in milliseconds. Unset: QEMU's default, 300.",
			},
			{
				Name: "auto_converge", Type: table.Bool, Mode: table.Optional,
				Doc: "Whether QEMU slows the guest down if it changes memory faster than the memory can be sent.",
			},
			{
				Name: "post_copy", Type: table.Bool, Mode: table.Optional,
				Doc: "Whether the guest may continue on the destination before all its memory is there, if the memory has not " +
					"arrived in time. The guest is lost if the connection then fails.",
			},
			{
				Name: "compression", Type: table.String, Mode: table.Optional, Enum: []string{"xbzrle", "zlib", "zstd"},
				Doc: "How memory is compressed. `zlib` and `zstd` require `parallel_connections`, and libvirt 9.0 does not support them.",
			},
			{
				Name: "parallel_connections", Type: table.Int, Mode: table.Optional, Check: table.AtLeast(2, ""),
				Doc: "The number of connections over which memory is sent. Unset: 1.",
			},
			{
				Name: "tls", Type: table.Bool, Mode: table.Optional,
				Doc: "Whether memory and disks are encrypted in transit, with the certificates in the `qemu.conf` of the hosts.",
			},
			{
				Name: "timeout", Type: table.Int, Mode: table.Optional, Check: table.AtLeast(1, " seconds"),
				Doc: "After how many seconds `on_timeout` takes place. Unset: no time limit.",
			},
			{
				Name: "on_timeout", Type: table.String, Mode: table.Optional, Enum: []string{"abort", "suspend", "force"},
				Doc: "`abort` leaves the guest on its host, `suspend` pauses it until it has arrived, `force` completes the " +
					"move at once: by post-copy if it is allowed, otherwise with a pause of any length. Unset: `abort`.",
			},
			{
				Name: "storage", Type: table.String, Mode: table.Optional, Enum: []string{"auto", "shared", "copy"},
				Doc: "Whether the hosts share the disks. `auto` decides by the pools of the disks: pools of the same network " +
					"storage are shared, disks in other pools are copied. `shared` and `copy` apply to all disks. " +
					"Unset: `auto`.",
			},
		}},
}
