// Package snapshot implements the resource libvirt_domain_snapshot: a state of a domain to which it can be reverted, stored in external
// files.
package snapshot

import (
	"fmt"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// The state of a guest when its snapshot was created.
const (
	running = "running"
	paused  = "paused"
	stopped = "stopped"
)

// Table is the table of libvirt_domain_snapshot. All attributes are read from the snapshot's XML by this package (see
// record) instead of by codecs.
var Table = &table.Table{
	Name: "domain_snapshot",
	Doc: "A snapshot of a virtual machine's disks, with or without its memory. The content of the disks is frozen, and the machine then " +
		"writes to overlay files. Changing `revert` reverts the machine. Destroying the snapshot merges the overlays into the disks: " +
		"the machine keeps its present content. Use the domain's attributes for `host` and `domain`, so that Terraform destroys the " +
		"snapshot before the domain.",
	See:    "https://libvirt.org/formatsnapshot.html",
	Import: "host/domain/name",
	Attrs: []table.Attr{
		table.IDRow("host/domain/name"),
		table.HostRow(),
		{Name: "domain", Type: table.String, Mode: table.Required, Change: table.Replace, Check: table.ObjectName,
			Doc: "The domain's name, on the same host."},
		{Name: "name", Type: table.String, Mode: table.Required, Change: table.Replace, Check: fileName,
			Doc: "The snapshot's name, which is part of its files' names."},
		{Name: "description", Type: table.String, Text: table.Lines, Mode: table.Optional, Doc: "A description for people."},
		{Name: "memory", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.Replace,
			Doc: "Whether the guest's memory is saved too. The guest must be running or paused; it continues while its memory is " +
				"written, and after a revert it continues from the snapshot. Without memory, a revert starts it as after a power failure. Both " +
				"bring back the UEFI variables and the state of an emulated TPM; without memory, the snapshot keeps copies of them " +
				"beside its overlays."},
		{Name: "quiesce", Type: table.Bool, Mode: table.Optional, Default: false,
			Doc: "Whether the guest agent flushes and freezes the guest's file systems during the snapshot. It only applies when " +
				"the snapshot is created."},
		{Name: "directory", Type: table.String, Mode: table.Optional, Change: table.Replace, Check: table.AbsolutePath,
			Doc: "The directory on the host for the overlay files and the memory's file. Unset: beside each disk, the memory beside the first one."},
		{Name: "revert", Type: table.String, Text: table.Anything, Mode: table.Optional,
			Doc: "Changing this to another text reverts the machine to the snapshot once. Data written since then is lost. The snapshot is " +
				"kept, and the machine can be reverted again. It must be the latest snapshot. The text at the creation of the " +
				"snapshot has no effect."},
		table.ProtectRow("snapshot"),
		{Name: "created", Type: table.String, Mode: table.Computed, Doc: "When the snapshot was created, for example `2026-01-31T12:00:00Z`."},
		{Name: "parent", Type: table.String, Mode: table.Computed, Doc: "The previous snapshot; empty for the first one."},
		{Name: "state", Type: table.String, Mode: table.Computed,
			Doc: "The state of the guest at the snapshot: `running`, `paused` or `stopped`. A revert restores it."},
		{Name: "memory_file", Type: table.String, Mode: table.Computed, Doc: "The file that holds the memory; empty without `memory`."},
		{Name: "disks", Type: table.Map, Mode: table.Computed,
			Doc: "The disks of the snapshot, by target name. Read-only disks and CD-ROMs are left out.",
			Attrs: []table.Attr{
				{Name: "file", Type: table.String, Mode: table.Computed,
					Doc: "The file with the content of the disk at the snapshot. It must not be written to while the snapshot exists."},
				{Name: "overlay", Type: table.String, Mode: table.Computed, Doc: "The file with the data written since the snapshot."},
			}},
	},
}

// libvirt keeps the snapshot in a file of that name too, and refuses a dot in front.
func fileName(v any) error {
	if err := table.ObjectName(v); err != nil {
		return err
	}
	if s := v.(string); strings.HasPrefix(s, ".") {
		return fmt.Errorf("must not begin with '.', got %q; remove it", s)
	}
	return nil
}
