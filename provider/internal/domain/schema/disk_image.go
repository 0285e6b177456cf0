package schema

import (
	"fmt"
	"maps"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// imageRows are the rows of a disk that say which image it has.
var imageRows = []string{"file", "source", "format"}

// SameImage reports whether two disks have the same image, as far as that is known.
func SameImage(one, other table.Model) bool {
	same := func(one, other table.Model, names ...string) bool {
		for _, name := range names {
			if a, b := one[name], other[name]; a != table.Unknown && b != table.Unknown && a != b {
				return false
			}
		}
		return true
	}
	return same(one, other, "file", "format") && (one["source"] == table.Unknown || other["source"] == table.Unknown ||
		same(one.Group("source"), other.Group("source"), "block", "pool", "volume", "protocol", "name"))
}

// WithImages returns the record with the images of all disks that have one in the state: another program may have replaced a file by another kind of
// source.
func (w Written) WithImages(state table.Model) Written {
	all := maps.Clone(w)
	if all == nil {
		all = Written{}
	}
	disks := state.Group("disks")
	for _, target := range table.Keys(disks) {
		if disk := disks.Group(target); disk["file"] == nil && disk["source"] == nil {
			continue
		}
		at := fmt.Sprintf("disks[%q].", target)
		all[at+"file"], all[at+"source"] = true, true
		for _, row := range sourceRows {
			all[at+"source."+row.Name] = true
		}
	}
	return all
}

// CopyImage gives a disk the image of another.
func CopyImage(to, from table.Model) {
	for _, name := range imageRows {
		to[name] = from[name]
	}
}

// ImageText returns the image of a disk for messages.
func ImageText(disk table.Model) string {
	source := disk.Group("source")
	switch {
	case disk.Str("file") != "":
		return disk.Str("file")
	case source.Str("block") != "":
		return source.Str("block")
	case source.Str("volume") != "":
		return source.Str("pool") + "/" + source.Str("volume")
	default:
		return source.Str("protocol") + ":" + source.Str("name")
	}
}
