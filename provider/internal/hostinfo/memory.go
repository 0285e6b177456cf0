package hostinfo

import (
	"strconv"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// CellPages are the kinds of pages of a NUMA cell of a host.
type CellPages struct {
	ID    int
	Pages []PageCount
}

// PageCount says how many pages of a size, in KiB, there were when the host was first asked.
type PageCount struct {
	Size  int64 `json:"size"`
	Count int64 `json:"count"`
}

// IsHuge reports whether the pages are huge pages: no architecture has ordinary pages of more than 64 KiB.
func (p PageCount) IsHuge() bool { return p.Size > 64 }

// PagesOfCells returns the kinds of pages of each NUMA cell.
func PagesOfCells(l *libvirt.Libvirt) ([]CellPages, error) {
	caps, err := readCapabilities(l)
	if err != nil {
		return nil, err
	}
	var cells []CellPages
	list := xmlmodel.Find(caps.root, "host", "topology", "cells")
	if list == nil {
		return nil, nil
	}
	for _, el := range list.SelectElements("cell") {
		id, err := strconv.Atoi(el.SelectAttrValue("id", ""))
		if err != nil {
			continue
		}
		cell := CellPages{ID: id}
		for _, p := range el.SelectElements("pages") {
			size, _ := number(p.SelectAttrValue("size", "")).(int64)
			count, _ := number(p.Text()).(int64)
			cell.Pages = append(cell.Pages, PageCount{size, count})
		}
		cells = append(cells, cell)
	}
	return cells, nil
}
