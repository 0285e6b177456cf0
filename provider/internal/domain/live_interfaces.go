package domain

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// changeInterface changes what an interface is connected to, and how. The filter is first: it is the one that a host may not have.
func changeInterface(ctx context.Context, g guest, e entry) error {
	if filter := e.is.Str("filter"); filter != "" && filter != e.was.Str("filter") {
		// Of one that is not there, a change of an interface (9.0) says only that it was not possible.
		err := g.host.Do(ctx, func(l *libvirt.Libvirt) error {
			_, err := l.NwfilterLookupByName(filter)
			return err
		})
		if err != nil {
			return err
		}
	}
	// What a group of ports gave the running interface libvirt shows as its own, and would take along to another.
	e.shape = func(nic *etree.Element) {
		if was, _ := e.parts("network", "bridge"); was != nil {
			for _, given := range []string{"bandwidth", "vlan"} {
				if e.was[given] == nil {
					xmlmodel.Drop(nic.SelectElement(given))
				}
			}
		}
	}
	err := renew(ctx, g, e, []string{"filter", "filter_parameters"}, []string{"bandwidth"}, []string{"network", "portgroup", "bridge"}, []string{"vlan"}, []string{"isolated"}, []string{"link"})
	// libvirt (9.0) has no error number for it.
	if err != nil && (strings.Contains(err.Error(), "unable to change config on") || strings.Contains(err.Error(), "Missing bridge name")) {
		return &diag.Error{Verb: "change " + e.String() + " of", Err: err,
			Remedy: "Nothing of it was changed. While a guest runs, an interface goes from bridge to bridge, but neither to a device nor from one: shut the guest down and apply again."}
	}
	return err
}

// running finds an interface by the alias that its key became. Another is where the definition had it last, but places shift, and the MAC
// address that waits in the definition for the next start is not the one it runs with: so by the address, and by its place only where the
// definition has no such address.
func (interfaces) running(root *etree.Element, key string, prior table.Model) *etree.Element {
	nic := runningInterface(root, key, prior)
	if nic != nil {
		plain(nic)
	}
	return nic
}

func runningInterface(root *etree.Element, key string, prior table.Model) *etree.Element {
	all := xmlmodel.Ensure(root, "devices").SelectElements("interface")
	address := func(el *etree.Element) string { return xmlmodel.At("mac@address").Text(el) }
	for _, el := range all {
		if xmlmodel.At("alias@name").Read(el) == any(aliasPrefix+key) {
			return el
		}
	}
	known := map[string]bool{}
	for k := range prior {
		known[prior.Group(k).Str("mac")] = true
	}
	if at := slices.IndexFunc(all, func(el *etree.Element) bool { return address(el) == prior.Group(key).Str("mac") }); at >= 0 {
		return all[at]
	}
	place, err := strconv.Atoi(strings.TrimPrefix(key, "net"))
	if err == nil && strings.HasPrefix(key, "net") && place < len(all) && !known[address(all[place])] {
		return all[place]
	}
	return nil
}

// named gives the interfaces that run the names by which the definition has them: their places may not be the same. What their networks gave
// them is not what they wait for.
func named(live, defined *etree.Element) {
	prior := table.Model{}
	keys, elements := interfaces{}.Elements(defined)
	for i, key := range keys {
		prior[key] = table.Model{"mac": xmlmodel.At("mac@address").Read(elements[i])}
	}
	found := map[string]*etree.Element{}
	for _, key := range keys {
		found[key] = interfaces{}.running(live, key, prior)
	}
	for key, el := range found {
		if el != nil {
			xmlmodel.At("alias@name").Write(el, aliasPrefix+key)
		}
	}
}
