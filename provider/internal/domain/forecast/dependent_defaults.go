package forecast

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// dependentDefaults are values that libvirt chooses for another one beside them, unless a configuration does: with another it chooses again.
var dependentDefaults = []struct{ device, of, name string }{
	{"video", "model", "vram"},
	{"tpm", "backend", "device"},
	{"rng", "backend", "device"},
	{"rng", "model", "device"},
}

func recomputeDependentDefaults(prior, config, plan table.Model) {
	for _, c := range dependentDefaults {
		was, is, said := prior.Group("devices").Group(c.device), plan.Group("devices").Group(c.device), config.Group("devices").Group(c.device)
		if was != nil && is != nil && was[c.of] != is[c.of] && said[c.name] == nil {
			is[c.name] = table.Unknown
		}
	}
}
