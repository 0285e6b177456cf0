package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// moveRows say how the domain goes to another host. Each is used with the next migration.
var moveRows = []table.Attr{
	{Name: "migration", Type: table.Object, Mode: table.Optional, Doc: "How the domain moves while it runs, when `host` changes.",
		Attrs: []table.Attr{
			{Name: "bandwidth", Type: table.Int, Mode: table.Optional, Check: table.AtLeast(1, " MiB/s"), Doc: "MiB a second that the memory, and each disk that is copied, may take. Unset: no limit."},
			{Name: "downtime", Type: table.Int, Mode: table.Optional, Check: table.Between(1, 2_000_000), Doc: "Milliseconds that the guest may pause at the end. Unset: QEMU's own 300."},
			{Name: "auto_converge", Type: table.Bool, Mode: table.Optional, Doc: "Whether the guest is slowed down where it changes its memory faster than that can be sent."},
			{Name: "post_copy", Type: table.Bool, Mode: table.Optional,
				Doc: "Whether the guest may go on at its destination before all its memory is there, when it has not arrived in time. It is lost if the connection then is."},
			{Name: "compression", Type: table.String, Mode: table.Optional, Enum: []string{"xbzrle", "zlib", "zstd"}, Doc: "How memory is compressed on its way. `zlib` and `zstd` go over parallel connections, and are unknown to libvirt 9.0."},
			{Name: "parallel_connections", Type: table.Int, Mode: table.Optional, Check: table.AtLeast(2, ""), Doc: "Over how many connections memory is sent. Unset: one."},
			{Name: "tls", Type: table.Bool, Mode: table.Optional, Doc: "Whether memory and disks are encrypted on their way, with the certificates that the hosts' `qemu.conf` names."},
			{Name: "timeout", Type: table.Int, Mode: table.Optional, Check: table.AtLeast(1, " seconds"), Doc: "Seconds after which `on_timeout` is done. Unset: it may take as long as it does."},
			{Name: "on_timeout", Type: table.String, Mode: table.Optional, Enum: []string{"abort", "suspend", "force"},
				Doc: "`abort` leaves the guest where it is, `suspend` pauses it until it has arrived, `force` sends it over at once: by post-copy where that is allowed, otherwise with as long a pause as it takes. Unset: `abort`."},
			{Name: "storage", Type: table.String, Mode: table.Optional, Enum: []string{"auto", "shared", "copy"},
				Doc: "Whether the hosts share the disks. `auto` goes by the pools that they are in: those of one network storage are shared, and what is in others is copied. `shared` and `copy` say so for all. Unset: `auto`."},
		}},
}
