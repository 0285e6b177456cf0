package schema

import (
	"fmt"
	"strconv"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// resourceRules checks processors, memory, and their tuning.
func resourceRules(p table.Problems, config table.Model) {
	top := config.Group("maximum")
	if top != nil && top.IsEmpty() {
		p.Empty("maximum")
	}
	for name, unit := range map[string]string{"vcpu": "", "memory": " KiB"} {
		if most := top.Int(name); most != 0 && config.Int(name) > most {
			p.Must("maximum."+name, "be at least the guest's '%s', %d%s, got %d; raise it, or remove it", name, config.Int(name), unit, most)
		}
	}
	if top != nil && (top["memory_slots"] == nil) != (top["memory_with_devices"] == nil) {
		p.RequireEachOther("maximum.memory_slots", "memory_with_devices")
	}
	memoryDeviceRules(p, config)
	backingRules(p, config)
	for _, name := range []string{"cputune", "memtune", "blkiotune"} {
		if g := config.Group(name); g != nil && isEmptyTuning(g) {
			p.Empty(name)
		}
	}
	most, known := mostVCPUs(config)
	for _, threads := range []string{"vcpupin", "vcpusched"} {
		for _, n := range table.Keys(config.Group("cputune").Group(threads)) {
			if i, err := strconv.ParseInt(n, 10, 64); err == nil && known && i >= most {
				p.In("cputune").Entry(threads, n).Add("", "a key of '%s' must be from 0 to %d, got %s; remove it, or raise "+
					"'vcpu' or 'maximum.vcpu'", threads, most-1, n)
			}
		}
	}
	schedulerRules(p, config)
	resctrlRules(p, config)
	if m := config.Group("memtune"); m.Int("swap_hard_limit") != 0 && m.Int("swap_hard_limit") < m.Int("hard_limit") {
		p.Must("memtune.swap_hard_limit", "be at least 'hard_limit', %d KiB, got %d: it limits memory and swap together; "+
			"raise it", m.Int("hard_limit"), m.Int("swap_hard_limit"))
	}
}

func isEmptyTuning(g table.Model) bool {
	for _, v := range g {
		if group, is := v.(table.Model); v != nil && (!is || len(group) > 0) {
			return false
		}
	}
	return true
}

// schedulerRules checks that real-time schedulers have a priority, and no others.
func schedulerRules(p table.Problems, config table.Model) {
	tune := config.Group("cputune")
	check := func(p table.Problems, thread table.Model) {
		scheduler, priority := thread["scheduler"], thread["priority"]
		isRealTime := scheduler == "fifo" || scheduler == "rr"
		switch {
		case thread == nil || scheduler == table.Unknown:
		case scheduler == nil && priority != nil:
			p.Requires("priority", "scheduler")
		case isRealTime && priority == nil:
			p.Missing("priority", fmt.Sprintf("with scheduler %q", scheduler), "set it, from 1 to 99")
		case !isRealTime && priority != nil:
			p.RequiresValue("priority", "scheduler", scheduler, "fifo", "rr")
		}
	}
	in := p.In("cputune")
	check(in.In("emulatorsched"), tune.Group("emulatorsched"))
	for _, threads := range []string{"vcpusched", "iothreads"} {
		for _, key := range table.Keys(tune.Group(threads)) {
			check(in.Entry(threads, key), tune.Group(threads).Group(key))
		}
	}
}
