//go:build acceptance

package acceptance

import (
	"fmt"
	"maps"
	"testing"
)

// An object that cannot be read is named, and neither blocks the others of its host nor their destruction. libvirt (9.0) does not escape the name
// of a port group, so that the definition of its network cannot be parsed.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	s, name := newStack(t), unique(t)
	network := attrs{"host": alpha().Name, "active": false}
	c := config{aNetwork: network.with(attrs{"name": name}), "libvirt_network.other": network.with(attrs{"name": name + "-2"})}
	s.apply(c)
	good := alpha().virsh(t, "net-dumpxml", name)
	alpha().define(t, "net-define", fmt.Sprintf(`<network><name>%s</name><uuid>%s</uuid><portgroup name="it's"/></network>`, name, s.state(aNetwork)["uuid"]))

	o := s.plan(c)
	if o.code != 0 {
		t.Fatalf("the plan fails:\n%s", o.errors())
	}
	s.says(o.warnings(), []string{fmt.Sprintf("Unable to read network %q", name)})

	one := maps.Clone(c)
	delete(one, "libvirt_network.other")
	one["libvirt_network.new"] = network.with(attrs{"name": name + "-3", "active": true, "ipv4": attrs{"address": subnet() + ".1", "prefix": 24}})
	s.apply(one)
	alpha().lacks(t, "net-info", name+"-2")
	alpha().virsh(t, "net-info", name+"-3")

	alpha().define(t, "net-define", good)
	s.settled()
	s.destroy()
}
