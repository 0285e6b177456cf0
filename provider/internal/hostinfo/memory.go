package hostinfo

import (
	"fmt"

	"github.com/digitalocean/go-libvirt"
)

// allCells asks for the whole host rather than for one NUMA cell.
const allCells = -1

// FreeMemory is how much memory, in KiB, a host could give to a new guest: what nobody uses, and what its kernel uses as a cache. Not all of a
// cache can be had, so a guest may not fit all the same; one that needs more than this surely does not.
func FreeMemory(l *libvirt.Libvirt) (int64, error) {
	_, count, err := l.NodeGetMemoryStats(0, allCells, 0)
	if err != nil {
		return 0, err
	}
	stats, _, err := l.NodeGetMemoryStats(count, allCells, 0)
	if err != nil {
		return 0, err
	}
	free, told := int64(0), false
	for _, s := range stats {
		switch s.Field {
		case "free":
			told = true
			fallthrough
		case "buffers", "cached":
			free += int64(s.Value)
		}
	}
	if !told {
		return 0, fmt.Errorf("libvirt does not tell how much memory is free")
	}
	return free, nil
}
