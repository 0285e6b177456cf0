package hostinfo

import (
	"fmt"

	"github.com/digitalocean/go-libvirt"
)

// allCells asks for the whole host, not for one NUMA cell.
const allCells = -1

// FreeMemory returns how much memory, in KiB, a host could give to a new guest: the free memory and the kernel's
// caches. Since not all of a cache can be reclaimed, a smaller guest may still not fit; a larger one certainly does
// not.
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
		return 0, fmt.Errorf("libvirt does not report the free memory")
	}
	return free, nil
}
