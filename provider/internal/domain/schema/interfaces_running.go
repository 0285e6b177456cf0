package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// RunningFinder is implemented by codecs of maps whose keys can differ between the running guest and the definition, from which prior was read.
type RunningFinder interface {
	FindRunning(root *etree.Element, key string, prior table.Model) *etree.Element
}

// running finds an interface by the alias that its key became. Another is where the definition had it last, but places shift, and the MAC
// address that waits in the definition for the next start is not the one it runs with: so by the address, and by its place only where the
// definition has no such address.
func (interfaceCodec) FindRunning(root *etree.Element, key string, prior table.Model) *etree.Element {
	nic := runningInterface(root, key, prior)
	if nic != nil {
		undoConnectionChoice(nic)
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

// undoInterfacePlaces gives the running interfaces the keys that they have in the definition, where their places may differ, and removes what
// their networks gave them: an interface does not wait for that.
func undoInterfacePlaces(live, defined *etree.Element) {
	prior := table.Model{}
	keys, elements := interfaceCodec{}.Elements(defined)
	for i, key := range keys {
		prior[key] = table.Model{"mac": xmlmodel.At("mac@address").Read(elements[i])}
	}
	found := map[string]*etree.Element{}
	for _, key := range keys {
		found[key] = interfaceCodec{}.FindRunning(live, key, prior)
	}
	for key, el := range found {
		if el != nil {
			xmlmodel.At("alias@name").Write(el, aliasPrefix+key)
		}
	}
}
