package observe

import (
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// A filter that was taken off the running guest comes back with what it asks for: without that, libvirt (9.0) can't put it in place.
func TestFilterTakenOffTheRunningGuest(t *testing.T) {
	const filter = `<filterref filter='f'><parameter name='IP' value='10.0.0.1'/></filterref>`
	defined := `<domain type='kvm'><name>a</name><devices><interface type='network'><mac address='52:54:00:00:00:01'/><source network='lan'/>` +
		filter + `<alias name='ua-lan'/></interface></devices></domain>`
	next, err := xmlmodel.Parse(defined)
	if err != nil {
		t.Fatal(err)
	}
	live, err := xmlmodel.Parse(strings.Replace(defined, filter, "", 1))
	if err != nil {
		t.Fatal(err)
	}
	state, seen := xmlmodel.Read(schema.Table.Attrs, next), xmlmodel.Read(schema.Table.Attrs, next)
	compareDefinitions(live, next).addDrift(state, seen)
	lan := seen.Group("interfaces").Group("lan")
	for _, name := range []string{"filter", "filter_parameters"} {
		if value, observed := lan[name]; !observed || value != nil {
			t.Errorf("%s is %v, looked at: %v", name, value, observed)
		}
		if state.Group("interfaces").Group("lan")[name] == nil {
			t.Errorf("the state has no %s", name)
		}
	}
	// One parameter of several is one entry less.
	other, err := xmlmodel.Parse(strings.Replace(defined, "value='10.0.0.1'/>", "value='10.0.0.1'/><parameter name='SERVER' value='10.0.0.2'/>", 1))
	if err != nil {
		t.Fatal(err)
	}
	again, err := xmlmodel.Parse(defined)
	if err != nil {
		t.Fatal(err)
	}
	state, seen = xmlmodel.Read(schema.Table.Attrs, other), xmlmodel.Read(schema.Table.Attrs, other)
	compareDefinitions(again, other).addDrift(state, seen)
	if left := seen.Group("interfaces").Group("lan").Group("filter_parameters"); len(left) != 1 || left["IP"] == nil {
		t.Errorf("left are %v", left)
	}
}
