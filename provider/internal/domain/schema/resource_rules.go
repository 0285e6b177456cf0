package schema

import (
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// resourceRules are what processors, memory and their tuning demand of each other.
func resourceRules(config table.Model) []table.Problem {
	var out []table.Problem
	at := tftypes.NewAttributePath()
	problem := func(path *tftypes.AttributePath, format string, args ...any) {
		out = append(out, table.Problem{Path: path, Text: fmt.Sprintf(format, args...)})
	}
	top, limits := config.Group("maximum"), at.WithAttributeName("maximum")
	if top != nil && top.IsEmpty() {
		problem(limits, "'maximum' must set something; set one of its attributes, or take it out")
	}
	for name, unit := range map[string]string{"vcpu": "", "memory": " KiB"} {
		if most := top.Int(name); most != 0 && config.Int(name) > most {
			problem(limits.WithAttributeName(name), "'%s' must be at least the %d%s of '%s' itself, got %d; raise it, or take it out", name, config.Int(name), unit, name, most)
		}
	}
	if top != nil && (top["memory_slots"] == nil) != (top["memory_with_devices"] == nil) {
		problem(limits.WithAttributeName("memory_slots"), "'memory_slots' goes with 'memory_with_devices'; set both or neither")
	}
	out = append(out, memoryRules(config)...)
	for _, name := range []string{"cputune", "memtune", "blkiotune"} {
		if g := config.Group(name); g != nil && (g.IsEmpty() || (g.Without("vcpupin").IsEmpty() && len(g.Group("vcpupin")) == 0 && g["vcpupin"] != table.Unknown)) {
			problem(at.WithAttributeName(name), "'%s' must set something; set one of its attributes, or take it out", name)
		}
	}
	most := max(config.Int("vcpu"), top.Int("vcpu"))
	for _, n := range table.Keys(config.Group("cputune").Group("vcpupin")) {
		known := config.Int("vcpu") != 0 && top["vcpu"] != table.Unknown
		if i, err := strconv.ParseInt(n, 10, 64); err == nil && known && i >= most {
			problem(at.WithAttributeName("cputune").WithAttributeName("vcpupin").WithElementKeyString(n),
				"there is no virtual CPU %s, only 0 to %d; take it out, or raise 'vcpu' or 'maximum.vcpu'", n, most-1)
		}
	}
	if m := config.Group("memtune"); m.Int("swap_hard_limit") != 0 && m.Int("swap_hard_limit") < m.Int("hard_limit") {
		problem(at.WithAttributeName("memtune").WithAttributeName("swap_hard_limit"),
			"'swap_hard_limit' is memory and swap together: it must be at least 'hard_limit', %d KiB, got %d", m.Int("hard_limit"), m.Int("swap_hard_limit"))
	}
	return out
}

// memoryRules: what is not known yet is not checked.
func memoryRules(config table.Model) []table.Problem {
	devices, top := config.Group("memory_devices"), config.Group("maximum")
	at := tftypes.NewAttributePath()
	if len(devices) > 0 && top["memory_slots"] == nil && config["maximum"] != table.Unknown {
		return []table.Problem{{Path: at.WithAttributeName("memory_devices"), Text: "'memory_devices' needs slots; set 'maximum.memory_slots' and 'maximum.memory_with_devices'"}}
	}
	if slots := top.Int("memory_slots"); slots != 0 && int64(len(devices)) > slots {
		return []table.Problem{{Path: at.WithAttributeName("memory_devices"), Text: fmt.Sprintf("'memory_devices' has %d, and 'maximum.memory_slots' is %d; raise it", len(devices), slots)}}
	}
	own := max(config.Int("memory"), top.Int("memory"))
	all := own
	for _, key := range table.Keys(devices) {
		all += devices.Group(key).Int("size")
	}
	if most := top.Int("memory_with_devices"); most != 0 && most < all {
		return []table.Problem{{Path: at.WithAttributeName("maximum").WithAttributeName("memory_with_devices"),
			Text: fmt.Sprintf("'memory_with_devices' must be at least %d KiB, the memory with its devices, got %d; raise it", all, most)}}
	}
	return nil
}
