package rawxml

import (
	"maps"
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// VerifyAccepted returns an error if libvirt has dropped elements from a definition: it takes no notice of what it does not know. xml is what libvirt
// returns after the plan was defined, and see is the page of its documentation.
func (f *Format) VerifyAccepted(host, see, xml string, plan table.Model) error {
	if len(plan.Group("xml")) == 0 {
		return nil
	}
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return err
	}
	if f.Whole {
		f.recall(root, plan)
	}
	keys, records := codec{f}.Elements(root)
	for _, key := range table.Keys(plan.Group("xml")) {
		under := "<" + f.Root + ">"
		if path := plan.Group("xml").Group(key).Str("under"); path != "" {
			under += "/" + path
		}
		i := slices.Index(keys, key)
		if texts := plan.Group("xml").Group(key).Texts("attributes"); texts != "" {
			var now table.Texts
			if i >= 0 {
				now, _ = f.attributes(records[i]).(table.Texts)
			}
			if err := verifyAttributes(host, see, key, under, texts.Map(), now.Map()); err != nil {
				return err
			}
			continue
		}
		if i < 0 {
			return diag.New("define", "Correct the element or its 'under', or remove the entry. What libvirt supports: "+see,
				"on %s: libvirt ignored xml[%q] under %s", host, key, under)
		}
		if text := f.element(records[i]); f.Whole && text != plan.Group("xml").Group(key)["element"] {
			return diag.New("define", "Write the element as libvirt returns it, or remove the entry. What libvirt supports: "+see,
				"on %s: libvirt changed xml[%q] under %s to %s", host, key, under, text)
		}
	}
	return nil
}

func verifyAttributes(host, see, key, under string, planned, now map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(planned)) {
		switch is, there := now[name]; {
		case !there:
			return diag.New("define", "Correct the name or 'under', or remove the entry. What libvirt supports: "+see,
				"on %s: libvirt ignored %q of xml[%q] under %s", host, name, key, under)
		case is != planned[name]:
			return diag.New("define", "Write the value as libvirt returns it, or remove the entry. What libvirt supports: "+see,
				"on %s: libvirt changed %q of xml[%q] under %s to %q", host, name, key, under, is)
		}
	}
	return nil
}
