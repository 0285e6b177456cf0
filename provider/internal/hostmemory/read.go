// Package hostmemory reads how much memory a host has for guests.
package hostmemory

import (
	"context"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
)

// Read reads what a host says about its memory.
func Read(ctx context.Context, host *conn.Host, q room.Question) (h room.Host, err error) {
	var s stats
	var cells []hostinfo.CellPages
	err = host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		if s, err = readStats(l); err != nil && !conn.IsUnsupported(err) {
			return err
		}
		if s.total == 0 { // a libvirt that does not count memory refuses nothing
			h.Available, h.Exact = unlimited, true
			return nil
		}
		if cells, err = hostinfo.PagesOfCells(l); err != nil {
			return err
		}
		h.Total, h.Available = s.total, s.least()
		if q.Needed > h.Available || q.Guests {
			if h.Guests, err = readGuests(l); err != nil {
				return err
			}
		}
		if q.Huge || q.Guests {
			return readHugePages(l, cells, &h)
		}
		return nil
	})
	if err == nil && q.Needed > h.Available {
		h.Available, h.Exact = available(ctx, host, s, cells), true
	}
	return h, err
}

// unlimited is more memory than any host has, in KiB.
const unlimited = 1 << 50

// allCells asks for the whole host, not for one NUMA cell.
const allCells = -1

// stats is what libvirt reports about the memory of a host, in KiB. https://libvirt.org/html/libvirt-libvirt-host.html#virNodeGetMemoryStats
type stats struct{ total, free, buffers, cached int64 }

func readStats(l *libvirt.Libvirt) (s stats, err error) {
	_, count, err := l.NodeGetMemoryStats(0, allCells, 0)
	if err != nil {
		return s, err
	}
	values, _, err := l.NodeGetMemoryStats(count, allCells, 0)
	if err != nil {
		return s, err
	}
	fields := map[string]*int64{"total": &s.total, "free": &s.free, "buffers": &s.buffers, "cached": &s.cached}
	for _, v := range values {
		if field := fields[v.Field]; field != nil {
			*field = int64(v.Value)
		}
	}
	return s, nil
}

// readGuests reads what the running guests use. A guest whose monitor is busy has what libvirt knows without it.
func readGuests(l *libvirt.Libvirt) (map[libvirt.UUID]room.Guest, error) {
	const flags = libvirt.ConnectGetAllDomainsStatsActive | libvirt.ConnectGetAllDomainsStatsNowait
	records, err := l.ConnectGetAllDomainStats(nil, uint32(libvirt.DomainStatsBalloon), uint32(flags))
	if err != nil {
		return nil, err
	}
	guests := make(map[libvirt.UUID]room.Guest, len(records))
	for _, r := range records {
		var g room.Guest
		for _, p := range r.Params {
			n, _ := p.Value.I.(uint64)
			switch p.Field {
			case libvirt.DomainStatsBalloonCurrent:
				g.Promised = int64(n)
			case libvirt.DomainStatsBalloonRss:
				g.Resident = int64(n)
			}
		}
		guests[r.Dom.UUID] = g
	}
	return guests, nil
}

// readHugePages reads the host's huge pages by size and NUMA node.
func readHugePages(l *libvirt.Libvirt, cells []hostinfo.CellPages, h *room.Host) error {
	h.Free = map[room.Pages]int64{}
	for _, cell := range cells {
		var sizes []uint32
		reserved := map[int64]int64{}
		for _, p := range cell.Pages {
			if p.IsHuge() {
				sizes, reserved[p.Size] = append(sizes, uint32(p.Size)), p.Count
			}
		}
		if len(sizes) == 0 {
			continue
		}
		free, err := l.NodeGetFreePages(sizes, int32(cell.ID), 1, 0)
		if err != nil {
			return err
		}
		for i, size := range sizes {
			kib := int64(size)
			h.Free[room.Pages{Size: kib, Node: cell.ID}] = int64(free[i]) * kib
			h.Used += max(0, reserved[kib]-int64(free[i])) * kib
			if h.Default == 0 || kib < h.Default {
				h.Default = kib
			}
		}
	}
	return nil
}
