// Package snapshot is libvirt_domain_snapshot: a point in a domain's life that it can go back to, kept in files of its own.
package snapshot

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// What a guest was doing when its snapshot was made.
const (
	running = "running"
	paused  = "paused"
	stopped = "stopped"
)

// Table says what a snapshot is. All of it is read from the snapshot's XML by rules of this package (see record), none by codecs: most of
// it stands where the table's other resources have nothing alike.
var Table = &table.Table{
	Name: "domain_snapshot",
	Doc: "A snapshot of a virtual machine's disks, with or without its memory. What the disks hold is frozen, and from then on the machine " +
		"writes to overlay files. It goes back when `revert` is changed. Destroying the snapshot merges what was written since into the disks: " +
		"the machine goes on with its present content. Use the domain's attributes for `host` and `domain`, so that Terraform destroys the " +
		"snapshot before the domain.",
	See:    "https://libvirt.org/formatsnapshot.html",
	Import: "host/domain/name",
	Attrs: []table.Attr{
		table.IDRow("host/domain/name"),
		table.HostRow(),
		{Name: "domain", Type: table.String, Mode: table.Required, Change: table.Replace, Check: table.ObjectName, Doc: "The domain's name, on the same host."},
		{Name: "name", Type: table.String, Mode: table.Required, Change: table.Replace, Check: fileName, Doc: "The snapshot's name, which is part of its files' names."},
		{Name: "description", Type: table.String, Mode: table.Optional, Check: notEmpty, Doc: "A text for people."},
		{Name: "memory", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.Replace,
			Doc: "Whether the guest's memory is kept too. Such a guest must be running or paused; it goes on while its memory is written, and after a " +
				"revert it goes on from the snapshot. Without memory, a revert starts it as after a power failure."},
		{Name: "quiesce", Type: table.Bool, Mode: table.Optional, Default: false,
			Doc: "Whether the guest agent has the guest's file systems written out and held still for the moment of the snapshot. It only matters when the snapshot is made."},
		{Name: "directory", Type: table.String, Mode: table.Optional, Change: table.Replace, Check: table.AbsolutePath,
			Doc: "The directory on the host for the overlay files and the memory's file. Unset: beside each disk, the memory beside the first one."},
		{Name: "revert", Type: table.String, Mode: table.Optional,
			Doc: "Changing this to another text takes the machine back to the snapshot, once. What was written since is lost; the snapshot stays, and can be gone back " +
				"to again. It must be the latest one. A text that is there when the snapshot is made does nothing."},
		{Name: "created", Type: table.String, Mode: table.Computed, Doc: "When it was made, as in `2026-01-31T12:00:00Z`."},
		{Name: "parent", Type: table.String, Mode: table.Computed, Doc: "The snapshot before it; empty where it is the first."},
		{Name: "state", Type: table.String, Mode: table.Computed, Doc: "What the guest was doing then: `running`, `paused` or `stopped`. After a revert it does that again."},
		{Name: "memory_file", Type: table.String, Mode: table.Computed, Doc: "The file that holds the memory; empty without `memory`."},
		{Name: "disks", Type: table.Map, Mode: table.Computed, Doc: "The disks in it, by their device names. Read-only disks and CD-ROMs are left out.",
			Attrs: []table.Attr{
				{Name: "file", Type: table.String, Mode: table.Computed, Doc: "The file that holds what the disk held then. It must not be written to while the snapshot is there."},
				{Name: "overlay", Type: table.String, Mode: table.Computed, Doc: "The file that got what was written after that."},
			}},
	},
}

// libvirt keeps the snapshot in a file of that name too, and refuses a dot in front.
func fileName(v any) error {
	if err := table.ObjectName(v); err != nil {
		return err
	}
	if s := v.(string); strings.HasPrefix(s, ".") {
		return fmt.Errorf("must not begin with '.', got %q; take it out", s)
	}
	return nil
}

func notEmpty(v any) error {
	if v == "" {
		return errors.New("must not be empty; leave it out to have none")
	}
	return nil
}
