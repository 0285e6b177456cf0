package room

import "github.com/digitalocean/go-libvirt"

// Host is what a host says about its memory, in KiB.
type Host struct {
	Total     int64
	Available int64                  // what the kernel can give without swapping
	Exact     bool                   // Available is no lower bound
	Guests    map[libvirt.UUID]Guest // the running ones
	Free      map[Pages]int64        // free memory in huge pages, by size and node
	Default   int64                  // the default size of huge pages; 0 if the host has none
	Used      int64                  // memory in huge pages that are in use
}

// Guest is the memory of a running guest, in KiB.
type Guest struct {
	Promised int64 // what it may use
	Resident int64 // what it and its QEMU use now
}

// unused returns what the running guests other than those of claims may still come to use. The memory of guests in huge pages is not in
// Resident, and is in use from their start.
func (h Host) unused(except func(libvirt.UUID) bool) (all int64) {
	for id, g := range h.Guests {
		if !except(id) {
			all += max(0, g.Promised-g.Resident)
		}
	}
	return max(0, all-h.Used)
}

// free returns the free memory in huge pages of a size. Node selects one NUMA node, or all with AnyNode.
func (h Host) free(p Pages) (all int64) {
	for have, n := range h.Free {
		if have.Size == p.Size && (p.Node == AnyNode || p.Node == have.Node) {
			all += n
		}
	}
	return all
}

// sized replaces the default size of huge pages with the host's.
func (h Host) sized(p Pages) Pages {
	if p.Size == 0 {
		p.Size = h.Default
	}
	return p
}
