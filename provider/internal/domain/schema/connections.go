package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Reconnect connects the interfaces as the plan connects them on the new host.
func Reconnect(domain *etree.Element, prior, plan table.Model) {
	keys, elements := interfaceCodec{}.Elements(domain)
	for i, key := range keys {
		was, is := connectionOf(prior, key), connectionOf(plan, key)
		now := connectionOf(table.Model{"interfaces": table.Model{key: xmlmodel.Read(connectionRows, elements[i])}}, key)
		if len(is) > 0 && !table.Equal(was, is) && table.Equal(was, now) {
			xmlmodel.Patch(connectionRows, elements[i], was, is)
		}
	}
}

// connectionOf returns what an interface is connected to.
func connectionOf(m table.Model, key string) table.Model {
	found := table.Model{}
	for i := range connectionRows {
		if v := m.Group("interfaces").Group(key)[connectionRows[i].Name]; v != nil {
			found[connectionRows[i].Name] = v
		}
	}
	return found
}
