package snapshot

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// DiskRefusal says why a disk must not get the planned file, and what to do instead.
type DiskRefusal struct{ Target, Why, Remedy string }

// RefuseDiskChanges refuses changes of a domain's disks that would part a disk from what was written to it: from its snapshots, or from the
// overlay that it uses, whichever tool created that. prior and plan are the domain's `disks`. It makes no call if no disk is removed and none
// gets another image.
func RefuseDiskChanges(host *conn.Host, l *libvirt.Libvirt, d libvirt.Domain, prior, plan table.Model,
	same func(one, other table.Model) bool) ([]DiskRefusal, error) {
	var refusals []DiskRefusal
	var all []*record
	for _, target := range table.Keys(prior) {
		was, is := prior.Group(target), plan.Group(target)
		if is != nil && same(was, is) {
			continue
		}
		if all == nil {
			var err error
			if all, err = records(l, d); err != nil {
				return nil, err
			}
		}
		if names := snapshotsOf(all, target); len(names) > 0 {
			refusals = append(refusals, DiskRefusal{target, fmt.Sprintf("%s has snapshots whose files contain parts of its disks: %s", d.Name,
				strings.Join(names, ", ")), destroyFirst})
			continue
		}
		file, next := place(l, was), place(l, is)
		if file == "" || next == "" || file == next {
			continue
		}
		below, err := storage.BackingFiles(host, l, file)
		if err != nil {
			return nil, err
		}
		if slices.Contains(below, next) {
			refusals = append(refusals, overlayRefusal(d.Name, target, file, next))
		}
	}
	return refusals, nil
}

// place returns the path of a disk's image on the host; "" if it has none.
func place(l *libvirt.Libvirt, disk table.Model) string {
	source := disk.Group("source")
	switch {
	case disk.Str("file") != "":
		return disk.Str("file")
	case source.Str("block") != "":
		return source.Str("block")
	case source.Str("volume") != "":
		v, err := storage.Volume(l, table.Model{"pool": source["pool"], "name": source["volume"]})
		if err == nil {
			file, _ := l.StorageVolGetPath(v)
			return file
		}
	}
	return ""
}

// overlayRefusal refuses to switch a disk from an overlay to a file below it.
func overlayRefusal(domain, target, overlay, base string) DiskRefusal {
	return DiskRefusal{target, fmt.Sprintf("disk %q uses %s, an overlay of %s: what was written since the overlay was created is in the "+
		"overlay only, and would be out of sight", target, overlay, base),
		fmt.Sprintf("Merge the overlay into the file below it, while the guest runs: virsh blockcommit %s %s --base %s "+
			"--active --pivot --wait. Or keep it: set 'file' to %q and 'format' to its format. To discard what is in the overlay, remove the disk "+
			"from "+
			"the configuration, apply, and add it again.", domain, target, base, overlay)}
}

// snapshotsOf returns the names of the snapshots that a disk has.
func snapshotsOf(all []*record, target string) []string {
	var names []string
	for _, r := range all {
		if _, covered := r.layers[target]; covered {
			names = append(names, r.name)
		}
	}
	sort.Strings(names)
	return names
}

// CheckDiskChanges returns an error if RefuseDiskChanges refuses a change.
func CheckDiskChanges(ctx context.Context, host *conn.Host, d libvirt.Domain, prior, plan table.Model, same func(one, other table.Model) bool) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		refusals, err := RefuseDiskChanges(host, l, d, prior, plan, same)
		if err != nil || len(refusals) == 0 {
			return err
		}
		r := refusals[0]
		return diag.New(fmt.Sprintf("change disk %q of", r.Target), r.Remedy, "%s", r.Why)
	})
}
