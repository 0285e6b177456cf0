package schema

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// An interface's place among the others decides how a guest names it. A guest counts its devices along the buses, so `position` is kept with PCI
// addresses: libvirt gives a new interface the first free one, which may be before the others.

// positionRow is the row of the place of an interface among the others.
var positionRow = table.Attr{
	Name: "position", Type: table.Int, Mode: table.Optional, CostOf: placeCost, Check: table.AtLeast(1, ""), XML: interfacePosition,
	Running: table.Running{Unpredictable: true}, Assigned: true,
	CostDoc: "Another order is in effect after the guest's next start.",
	Doc: "The position among the interfaces on the guest's bus, by which a guest names them: `enp1s0` before `enp2s0`. If an interface has one, " +
		"each has one. An interface that is added to a running guest between others is there at its end until the guest's next start. " +
		"Unset: the order of the names for a new domain; then libvirt's choice.",
}

// interfacePosition reads the place among the interfaces of a domain. It writes nothing: orderInterfaces writes all places together.
var interfacePosition = xmlmodel.Func{
	R: func(nic *etree.Element) any {
		devices := nic.Parent()
		if devices == nil || devices.Parent() == nil {
			return nil
		}
		if at := slices.Index(inBusOrder(devices.Parent(), devices.SelectElements("interface")), nic); at >= 0 {
			return int64(at + 1)
		}
		return nil
	},
	W: func(*etree.Element, any) {},
}

// inBusOrder returns interfaces in the order in which a guest finds them; nil if only some have an address. Those of a new domain have none: they
// get addresses in the order of the definition.
func inBusOrder(domain *etree.Element, nics []*etree.Element) []*etree.Element {
	places := map[*etree.Element][]int{}
	for _, nic := range nics {
		if place := busPlace(domain, nic); place != nil {
			places[nic] = place
		}
	}
	if len(places) > 0 && len(places) < len(nics) {
		return nil
	}
	sorted := slices.Clone(nics)
	slices.SortFunc(sorted, func(a, b *etree.Element) int {
		return cmp.Or(slices.Compare(places[a], places[b]), cmp.Compare(a.Index(), b.Index()))
	})
	return sorted
}

// busPlace returns the slots on the way to a PCI device, from the root: a guest finds devices in the order of these. It is nil if the device has
// no PCI address yet, or none at all.
func busPlace(domain, device *etree.Element) []int {
	p, is := pciPartsOf(device.SelectElement("address"))
	if !is {
		return nil
	}
	return append(busRoute(domain, p.bus, 0), p.slot, p.function)
}

// busRoute returns the slots on the way to a bus.
func busRoute(domain *etree.Element, bus, deep int) []int {
	const deepest = 16
	if bus == 0 || deep > deepest {
		return nil
	}
	c := pciController(domain, bus)
	if c == nil {
		return []int{1 << 16, bus} // libvirt will add it, behind the others
	}
	p, is := pciPartsOf(c.SelectElement("address"))
	if !is {
		return []int{1 << 16, bus}
	}
	return append(busRoute(domain, p.bus, deep+1), p.slot, p.function)
}

func pciControllers(domain *etree.Element) []*etree.Element {
	return domain.FindElements("devices/controller[@type='pci']")
}

func pciController(domain *etree.Element, index int) *etree.Element {
	for _, c := range pciControllers(domain) {
		if c.SelectAttrValue("index", "") == strconv.Itoa(index) {
			return c
		}
	}
	return nil
}

// freePlaces returns the free PCI addresses behind a place, in their order: the ports of PCI Express, or the slots of a PCI bus.
func freePlaces(domain *etree.Element, behind []int) []pciParts {
	type slot struct{ bus, slot int }
	taken, busy := map[slot]bool{}, map[int]bool{}
	for _, device := range domain.FindElements("devices/*") {
		if p, is := pciPartsOf(device.SelectElement("address")); is {
			taken[slot{p.bus, p.slot}], busy[p.bus] = true, true
		}
	}
	var free []pciParts
	for _, c := range pciControllers(domain) {
		index, err := strconv.Atoi(c.SelectAttrValue("index", ""))
		if err != nil {
			continue
		}
		switch c.SelectAttrValue("model", "") {
		case "pcie-root-port":
			if !busy[index] {
				free = append(free, pciParts{bus: index})
			}
		case "pci-root":
			for n := 3; n <= 31; n++ { // the first are those of the board and of its graphics card
				if !taken[slot{index, n}] {
					free = append(free, pciParts{bus: index, slot: n})
				}
			}
		}
	}
	place := func(p pciParts) []int { return append(busRoute(domain, p.bus, 0), p.slot, p.function) }
	free = slices.DeleteFunc(free, func(p pciParts) bool { return slices.Compare(place(p), behind) <= 0 })
	slices.SortFunc(free, func(a, b pciParts) int { return slices.Compare(place(a), place(b)) })
	return free
}

// positioned returns the interfaces of a plan that have a position, in their order.
func positioned(interfaces table.Model) []string {
	keys := slices.DeleteFunc(table.Keys(interfaces), func(key string) bool { return interfaces.Group(key).Int("position") == 0 })
	slices.SortStableFunc(keys, func(a, b string) int {
		return cmp.Compare(interfaces.Group(a).Int("position"), interfaces.Group(b).Int("position"))
	})
	return keys
}

// HasPositions reports whether a plan orders the interfaces.
func HasPositions(plan table.Model) bool { return len(positioned(plan.Group("interfaces"))) > 1 }

// orderInterfaces puts the interfaces of a definition in the order of their positions. They share the addresses that they have, so that those before
// a new one keep theirs, and new ones get the next free ones. If there are not enough, libvirt gives all of them new ones, in the order of the
// definition.
func orderInterfaces(domain *etree.Element, plan table.Model) {
	keys, elements := interfaceCodec{}.Elements(domain)
	var nics []*etree.Element
	for _, key := range positioned(plan.Group("interfaces")) {
		if at := slices.Index(keys, key); at >= 0 {
			nics = append(nics, elements[at])
		}
	}
	if len(nics) < 2 || slices.Equal(inBusOrder(domain, nics), nics) {
		return
	}
	var have []*etree.Element
	for _, nic := range nics {
		if busPlace(domain, nic) != nil {
			have = append(have, nic)
		}
	}
	have = inBusOrder(domain, have)
	reorder(nics)
	if len(have) == 0 {
		return
	}
	var places []pciParts
	for _, nic := range have {
		p, _ := pciPartsOf(nic.SelectElement("address"))
		places = append(places, p)
	}
	free := freePlaces(domain, busPlace(domain, have[len(have)-1]))
	if missing := len(nics) - len(have); missing > len(free) {
		for _, nic := range nics {
			xmlmodel.Drop(nic.SelectElement("address"))
		}
		return
	} else {
		places = append(places, free[:missing]...)
	}
	for i, nic := range nics {
		busAddress.Write(nic, places[i].String())
	}
}

// reorder puts elements of one parent in this order, in the places that they have together.
func reorder(elements []*etree.Element) {
	parent := elements[0].Parent()
	at := make([]int, len(elements))
	for i, el := range elements {
		at[i] = el.Index()
	}
	slices.Sort(at)
	for i := len(at) - 1; i >= 0; i-- {
		parent.RemoveChildAt(at[i])
	}
	for i, el := range elements {
		parent.InsertChildAt(at[i], el)
	}
}

// Placer is implemented by codecs of maps whose entries have places among each other.
type Placer interface {
	// PlaceLive gives a device that is about to be plugged in its place in the running guest, if that has a free one.
	PlaceLive(device, live, defined *etree.Element, key string, entries table.Model)
}

// PlaceLive gives an interface the first place behind the others that is free in the guest and in its definition, if that is its place.
func (interfaceCodec) PlaceLive(device, live, defined *etree.Element, key string, entries table.Model) {
	order := positioned(entries)
	if len(order) < 2 || slices.Index(order, key) < 0 {
		return
	}
	var last []int
	for _, nic := range live.FindElements("devices/interface") {
		if place := busPlace(live, nic); slices.Compare(place, last) > 0 {
			last = place
		}
	}
	both := freePlaces(defined, nil)
	for _, p := range freePlaces(live, last) {
		if slices.Contains(both, p) {
			busAddress.Write(device, p.String())
			return
		}
	}
}

// keepStatedPositions gives the interfaces that were read the positions that were asked for, in the order that they have.
func keepStatedPositions(seen, asked table.Model, _ *etree.Element) {
	have, want := seen.Group("interfaces"), asked.Group("interfaces")
	if asked["interfaces"] == nil {
		return
	}
	both := slices.DeleteFunc(positioned(have), func(key string) bool { return want.Group(key).Int("position") == 0 })
	var positions []int64
	for _, key := range both {
		positions = append(positions, want.Group(key).Int("position"))
	}
	slices.Sort(positions)
	for i, key := range both {
		have.Group(key)["position"] = positions[i]
	}
}

// comparePositions numbers the interfaces of a running guest and of its definition by their places, among those that the definition has: one that
// the guest does not have yet will be plugged in behind the others. Places that no one has stated are not compared.
func comparePositions(now, next table.Model, written Written) {
	runs, is := now.Group("interfaces"), next.Group("interfaces")
	stated := func(key string) bool { return written[`interfaces[`+strconv.Quote(key)+`].position`] }
	order := slices.DeleteFunc(positioned(is), func(key string) bool { return !stated(key) })
	live := slices.DeleteFunc(positioned(runs), func(key string) bool { return !slices.Contains(order, key) })
	for _, key := range order {
		if !slices.Contains(live, key) {
			live = append(live, key)
		}
	}
	number := func(of table.Model, keys []string) {
		for key := range of {
			delete(of.Group(key), "position")
		}
		for i, key := range keys {
			if entry := of.Group(key); entry != nil {
				entry["position"] = int64(i + 1)
			}
		}
	}
	number(is, order)
	number(runs, live)
}

// positionRules checks the places of all interfaces together.
func positionRules(p table.Problems, interfaces table.Model) {
	with := map[int64]string{}
	stated := false
	for key := range interfaces {
		stated = stated || interfaces.Group(key)["position"] != nil
	}
	for _, key := range table.Keys(interfaces) {
		nic, p := interfaces.Group(key), p.Entry("interfaces", key)
		n := nic.Int("position")
		switch {
		case nic == nil || !stated:
		case nic["position"] == nil:
			p.Add("position", "'position' is required if another interface has one; set it, or remove it from all interfaces")
		case nic["address"] != nil:
			p.Conflicts("address", "position", "the address decides the place")
		case n != 0 && with[n] != "":
			p.Add("position", "'position' must be unique, %d is already used by interface %q; number the interfaces in their order", n, with[n])
		default:
			with[n] = key
		}
	}
}
