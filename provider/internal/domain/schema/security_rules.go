package schema

import (
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// securityRules checks that each label has what its type requires, and nothing that libvirt would drop.
func securityRules(p table.Problems, config table.Model) {
	labels := config.Group("seclabel")
	for _, driver := range table.Keys(labels) {
		label, p := labels.Group(driver), p.Entry("seclabel", driver)
		kind, known := label["type"].(string)
		if label == nil || !known {
			continue
		}
		for _, a := range securityRows[0].Attrs {
			if v := label[a.Name]; a.OnlyFor != nil && v != nil && !slices.Contains(a.OnlyFor, kind) && !(a.HasDefault() && v == a.Default) {
				p.RequiresValue(a.Name, "type", kind, a.OnlyFor...)
			}
		}
		switch {
		case kind == dynamicLabel && driver != "selinux":
			p.Must("type", "be \"static\" or \"none\" for driver %q, got \"dynamic\": libvirt ignores its base label; change that, or remove "+
				"the entry: the driver then gives the guest a label of its own", driver)
		case kind == staticLabel && label["label"] == nil:
			p.Missing("label", `with type "static"`, "set it")
		case kind == dynamicLabel && label["baselabel"] == nil:
			p.Missing("baselabel", `with type "dynamic"`, "set it; or remove the entry: the driver then gives the guest a label of its own")
		case kind == noLabel && label["reason"] == nil:
			p.Missing("reason", `with type "none"`, "say why this guest may run unconfined, and when that ends")
		}
	}
}

// diskLabelRules checks the labels of a disk.
func diskLabelRules(p table.Problems, disk table.Model) {
	labels := disk.Group("options").Group("seclabel")
	for _, driver := range table.Keys(labels) {
		label, p := labels.Group(driver), p.In("options").Entry("seclabel", driver)
		relabels := label["relabel"] != false && label["relabel"] != table.Unknown
		switch {
		case label == nil:
		case label["relabel"] == false && label["label"] != nil:
			p.RequiresValue("label", "relabel", nil, "true")
		case relabels && label["label"] == nil:
			p.Add("", "an entry of 'seclabel' requires 'label' or 'relabel' = false; set one of them, or remove the entry")
		}
	}
	if disk["file"] == nil && disk["source"] == nil && len(labels) > 0 {
		p.In("options").Add("seclabel", "'seclabel' requires an image; set 'file' or 'source', or remove 'seclabel'")
	}
}

// Unconfined returns the reasons why drivers do not confine the guest, by driver.
func Unconfined(m table.Model) map[string]string {
	reasons := map[string]string{}
	for driver := range m.Group("seclabel") {
		if label := m.Group("seclabel").Group(driver); label["type"] == noLabel {
			reasons[driver] = label.Str("reason")
		}
	}
	return reasons
}
