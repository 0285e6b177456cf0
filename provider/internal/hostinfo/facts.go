package hostinfo

import (
	"slices"
	"strconv"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Facts is what a host has for guests, and which kinds of guests it can run.
type Facts struct {
	Arch   string      `json:"arch"`
	CPUs   int         `json:"cpus"`
	Memory int64       `json:"memory"` // in KiB
	Guests []GuestKind `json:"guests"`
	Cells  []Cell      `json:"cells"`
}

// GuestKind is an architecture that guests can have, with libvirt's types of domains for it: kvm, qemu.
type GuestKind struct {
	Arch  string   `json:"arch"`
	Types []string `json:"types"`
}

// Cell is a NUMA cell of a host. Memory is in KiB.
type Cell struct {
	ID     int         `json:"id"`
	CPUs   int         `json:"cpus"`
	Memory int64       `json:"memory"`
	Pages  []PageCount `json:"pages"` // huge pages
}

// ReadFacts reads the facts of a host.
func ReadFacts(l *libvirt.Libvirt) (Facts, error) {
	_, memory, cpus, _, _, _, _, _, err := l.NodeGetInfo()
	if err != nil {
		return Facts{}, err
	}
	caps, err := readCapabilities(l)
	if err != nil {
		return Facts{}, err
	}
	f := Facts{Arch: caps.arch(), CPUs: int(cpus), Memory: int64(memory), Guests: []GuestKind{}, Cells: []Cell{}}
	for _, arch := range slices.Compact(caps.architectures()) {
		f.Guests = append(f.Guests, GuestKind{arch, slices.Compact(domainTypes(caps.guest(arch)))})
	}
	pages, err := PagesOfCells(l)
	if err != nil {
		return Facts{}, err
	}
	for _, p := range pages {
		cell := Cell{ID: p.ID, Pages: []PageCount{}}
		for _, size := range p.Pages {
			if size.IsHuge() {
				cell.Pages = append(cell.Pages, size)
			}
		}
		f.Cells = append(f.Cells, cell)
	}
	list := xmlmodel.Find(caps.root, "host", "topology", "cells")
	for i := range f.Cells {
		el := list.FindElement("cell[@id='" + strconv.Itoa(f.Cells[i].ID) + "']")
		f.Cells[i].Memory, _ = number(textAt(el, "memory")).(int64)
		f.Cells[i].CPUs = len(el.FindElements("cpus/cpu"))
	}
	return f, nil
}
