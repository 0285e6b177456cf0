package schema

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// processorRules checks that a named model goes with the mode that takes one.
func processorRules(p table.Problems, config table.Model) {
	switch cpu := config.Group("cpu"); {
	case cpu == nil || cpu["mode"] == table.Unknown:
	case cpu["mode"] == "custom" && cpu["model"] == nil:
		p.Missing("cpu.model", "with mode \"custom\"", "set it, or choose another mode")
	case cpu["mode"] != "custom" && cpu["model"] != nil:
		p.RequiresValue("cpu.model", "mode", cpu["mode"], "custom")
	}
}

// kernelRules checks what goes with a kernel that is booted directly.
func kernelRules(p table.Problems, config table.Model) {
	for _, name := range []string{"initrd", "cmdline"} {
		if config[name] != nil && config["kernel"] == nil {
			p.Requires(name, "kernel")
		}
	}
}
