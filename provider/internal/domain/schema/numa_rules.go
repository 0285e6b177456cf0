package schema

import (
	"strconv"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// numaRules checks that the guest's NUMA nodes have its memory and its processors: libvirt (9.0) gives processors that no node has to the first, and
// takes the sum of the nodes for the guest's memory.
func numaRules(p table.Problems, config table.Model) {
	cells := config.Group("cpu").Group("numa")
	if cells == nil {
		return
	}
	in := p.In("cpu")
	if !areNumbered(cells) {
		in.Must("numa", "have the numbers from 0 to %d as its keys; number the nodes without gaps", len(cells)-1)
		return
	}
	if len(cells) == 1 && cells.Group("0") != nil {
		only := cells.Group("0")
		if only["access"] == nil && only["discard"] == nil && only["distances"] == nil {
			in.Must("numa", "have several nodes, or one with 'access' or 'discard'; remove it: a guest without it has one node")
			return
		}
	}
	cellMemoryRules(in, config, cells)
	cellCPURules(in, config, cells)
	distanceRules(in, cells)
}

// areNumbered reports whether the keys are all numbers from 0.
func areNumbered(cells table.Model) bool {
	for n := range len(cells) {
		if _, there := cells[strconv.Itoa(n)]; !there {
			return false
		}
	}
	return len(cells) > 0
}

func cellMemoryRules(p table.Problems, config, cells table.Model) {
	own, name, sum := config.Int("memory"), "memory", int64(0)
	if top := config.Group("maximum").Int("memory"); top > 0 {
		own, name = top, "maximum.memory"
	}
	for key := range cells {
		memory := cells.Group(key).Int("memory")
		if memory == 0 {
			return
		}
		sum += memory
	}
	if own == 0 || config["maximum"] == table.Unknown || config.Group("maximum")["memory"] == table.Unknown || sum == own {
		return
	}
	p.Must("numa", "have the guest's memory, '%s' of %d KiB, got %d KiB in all; change both together", name, own, sum)
}

func cellCPURules(p table.Problems, config, cells table.Model) {
	most, known := mostVCPUs(config)
	owner := map[int]string{}
	for _, key := range table.Keys(cells) {
		cpus := cells.Group(key)["cpus"]
		if cpus == nil && cells.Group(key) != nil {
			continue
		}
		text, is := cpus.(string)
		set, err := ParseCPUs(text)
		if !is || err != nil {
			return
		}
		for n := range set {
			if other, taken := owner[n]; taken {
				p.Entry("numa", key).Must("cpus", "not have virtual CPU %d, which node %s has; remove it from one of them", n, other)
				return
			}
			if owner[n] = key; known && int64(n) >= most {
				p.Entry("numa", key).Must("cpus", "be virtual CPUs from 0 to %d, got %d; remove it, or raise 'vcpu' or 'maximum.vcpu'", most-1, n)
				return
			}
		}
	}
	for n := range int(most) {
		if _, has := owner[n]; known && !has {
			p.Must("numa", "have all virtual CPUs from 0 to %d, got no node with %d; add it to the 'cpus' of a node", most-1, n)
			return
		}
	}
}

// distanceRules checks that distances are complete: libvirt (9.0) adds those that are missing.
func distanceRules(p table.Problems, cells table.Model) {
	with := 0
	for key := range cells {
		if cells.Group(key)["distances"] != nil {
			with++
		}
	}
	for _, key := range table.Keys(cells) {
		cell := cells.Group(key)
		if with == 0 || cell == nil || cell["distances"] == table.Unknown {
			continue
		}
		for other := range cells {
			if other != key && cell.Group("distances")[other] == nil || len(cell.Group("distances")) != len(cells)-1 {
				p.Entry("numa", key).Must("distances", "have a distance to each of the %d other nodes, since a node has distances; add them, "+
					"or remove all", len(cells)-1)
				break
			}
		}
	}
}

// numatuneRules checks the host's nodes.
func numatuneRules(p table.Problems, config table.Model) {
	tune := config.Group("memory_backing").Group("numatune")
	if tune == nil {
		return
	}
	in := p.In("memory_backing").In("numatune")
	cells, isMap := tune["cells"].(table.Model)
	if isMap && len(cells) == 0 {
		tune = tune.Without("cells")
	}
	switch {
	case tune.IsEmpty():
		p.In("memory_backing").Empty("numatune")
	case tune["nodeset"] != nil && tune["placement"] != nil:
		in.Conflicts("nodeset", "placement", "")
	case tune["nodeset"] != nil && tune["mode"] == nil, tune["mode"] != nil && tune["nodeset"] == nil && tune["placement"] == nil:
		in.RequireEachOther("mode", "nodeset")
	case tune["placement"] != nil && tune["mode"] == nil:
		in.Requires("placement", "mode")
	}
	nodes := config.Group("cpu").Group("numa")
	for _, key := range table.Keys(cells) {
		if nodes[key] == nil && config["cpu"] != table.Unknown && config.Group("cpu")["numa"] != table.Unknown {
			in.Entry("cells", key).Add("", "a key of 'cells' must be a node in 'cpu.numa', got %q; add that node, or remove the entry", key)
		}
	}
}
