package domain

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

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
	return renew(ctx, g, e, []string{"filter"}, []string{"bandwidth"}, []string{"network"}, []string{"link"})
}

// running finds an interface by the alias that its key became. Another is where the definition had it last, but places shift, and the MAC
// address that waits in the definition for the next start is not the one it runs with: so by the address, and by its place only where the
// definition has no such address.
func (interfaces) running(root *etree.Element, key string, prior table.Model) *etree.Element {
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

// named gives the interfaces that run the names by which the definition has them: their places may not be the same.
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
