package schema

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// processorRules checks what the CPU's attributes require of each other, as far as libvirt would drop a value without an error.
func processorRules(p table.Problems, config table.Model) {
	cpu := config.Group("cpu")
	if cpu == nil {
		return
	}
	if cpu.IsEmpty() {
		p.Empty("cpu")
		return
	}
	cpuModeRules(p.In("cpu"), cpu)
	topologyRules(p, config)
	numaRules(p, config)
}

func cpuModeRules(p table.Problems, cpu table.Model) {
	mode := cpu["mode"]
	if mode == table.Unknown {
		return
	}
	switch {
	case mode == "custom" && cpu["model"] == nil:
		p.Missing("model", "with mode \"custom\"", "set it, or choose another mode")
	case mode != "custom" && cpu["model"] != nil:
		p.RequiresValue("model", "mode", mode, "custom")
	}
	if mode == nil {
		for _, name := range []string{"vendor_id", "check", "migratable", "cache", "maxphysaddr", "features"} {
			if cpu[name] != nil {
				p.Requires(name, "mode")
			}
		}
		return
	}
	if mode != "custom" && mode != "host-model" && cpu["vendor_id"] != nil {
		p.RequiresValue("vendor_id", "mode", mode, "custom", "host-model")
	}
	if mode != "host-passthrough" && mode != "maximum" && cpu["migratable"] != nil {
		p.RequiresValue("migratable", "mode", mode, "host-passthrough", "maximum")
	}
}

// topologyRules checks that a topology has room for as many processors as the guest can get.
func topologyRules(p table.Problems, config table.Model) {
	group := config.Group("cpu").Group("topology")
	most, known := mostVCPUs(config)
	if group == nil || !known {
		return
	}
	for _, part := range topologyParts {
		if group[part] == table.Unknown {
			return
		}
	}
	text := topologyMismatch(func(part string) int64 { return max(group.Int(part), 1) }, most)
	if text == "" {
		return
	}
	at := "vcpu"
	if config.Group("maximum")["vcpu"] != nil {
		at = "maximum.vcpu"
	}
	p.Must(at, "%s", text)
}

// mostVCPUs returns how many virtual CPUs the guest can get, if that is known.
func mostVCPUs(config table.Model) (most int64, known bool) {
	top := config.Group("maximum")
	known = config.Int("vcpu") != 0 && config["maximum"] != table.Unknown && top["vcpu"] != table.Unknown
	return max(config.Int("vcpu"), top.Int("vcpu")), known
}

// kernelRules checks which attributes require a kernel that is booted directly.
func kernelRules(p table.Problems, config table.Model) {
	for _, name := range []string{"initrd", "cmdline"} {
		if config[name] != nil && config["kernel"] == nil {
			p.Requires(name, "kernel")
		}
	}
}
