package schema

import (
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// clockRules checks which attributes the clock's offset and each timer allow.
func clockRules(p table.Problems, config table.Model) {
	clock := config.Group("clock")
	p = p.In("clock")
	offset := clock["offset"]
	if offset == nil {
		offset = "utc"
	}
	switch zone := clock["timezone"]; {
	case clock == nil || offset == table.Unknown:
	case offset == "timezone" && zone == nil:
		p.Missing("timezone", "with offset \"timezone\"", "set it, or choose another offset")
	case offset != "timezone" && zone != nil:
		p.RequiresValue("timezone", "offset", offset, "timezone")
	}
	for _, name := range []string{"adjustment", "basis"} {
		// An imported configuration states the defaults.
		if v := clock[name]; v != nil && v != Row("clock", name).Default && offset != "variable" && offset != table.Unknown {
			p.RequiresValue(name, "offset", offset, "variable")
		}
	}
	for _, name := range table.Keys(clock.Group("timers")) {
		timer, p := clock.Group("timers").Group(name), p.Entry("timers", name)
		for _, a := range Row("clock", "timers").Attrs {
			if timer[a.Name] != nil && a.OnlyFor != nil && !slices.Contains(a.OnlyFor, name) {
				p.Add(a.Name, "'%s' requires the timer %q, got %q; remove '%[1]s'", a.Name, a.OnlyFor[0], name)
			}
		}
	}
}

// hypervRules checks that no enlightenment is set with the mode "passthrough", which takes all of them from the host.
func hypervRules(p table.Problems, config table.Model) {
	hyperv := config.Group("features").Group("hyperv")
	if hyperv["mode"] != "passthrough" {
		return
	}
	for _, name := range table.Keys(hyperv) {
		if name != "mode" && hyperv[name] != nil {
			p.In("features.hyperv").ConflictsWithValue(name, "mode", "passthrough", "that is all that the host can do")
		}
	}
}
