package schema

import (
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
	backingRules(p, config.Group("memory_backing"))
	for _, name := range []string{"cputune", "memtune", "blkiotune"} {
		if g := config.Group(name); g != nil && isEmptyTuning(g) {
			p.Empty(name)
		}
	}
	most := max(config.Int("vcpu"), top.Int("vcpu"))
	for _, n := range table.Keys(config.Group("cputune").Group("vcpupin")) {
		known := config.Int("vcpu") != 0 && top["vcpu"] != table.Unknown
		if i, err := strconv.ParseInt(n, 10, 64); err == nil && known && i >= most {
			p.Entry("cputune.vcpupin", n).Add("", "a key of 'vcpupin' must be from 0 to %d, got %s; remove it, or raise "+
				"'vcpu' or 'maximum.vcpu'", most-1, n)
		}
	}
	if m := config.Group("memtune"); m.Int("swap_hard_limit") != 0 && m.Int("swap_hard_limit") < m.Int("hard_limit") {
		p.Must("memtune.swap_hard_limit", "be at least 'hard_limit', %d KiB, got %d: it limits memory and swap together; "+
			"raise it", m.Int("hard_limit"), m.Int("swap_hard_limit"))
	}
}

func isEmptyTuning(g table.Model) bool {
	pins := g["vcpupin"] == table.Unknown || len(g.Group("vcpupin")) > 0
	return !pins && g.Without("vcpupin").IsEmpty()
}

// memoryDeviceRules checks that the memory devices fit into the slots and below the maximum, as far as the values are known.
func memoryDeviceRules(p table.Problems, config table.Model) {
	devices, top := config.Group("memory_devices"), config.Group("maximum")
	if len(devices) > 0 && top["memory_slots"] == nil && config["maximum"] != table.Unknown {
		p.Add("memory_devices", "'memory_devices' requires slots; set 'maximum.memory_slots' and 'maximum.memory_with_devices'")
		return
	}
	if slots := top.Int("memory_slots"); slots != 0 && int64(len(devices)) > slots {
		p.Must("memory_devices", "have at most %d entries, the 'maximum.memory_slots', got %d; raise 'maximum.memory_slots'", slots, len(devices))
		return
	}
	all := max(config.Int("memory"), top.Int("memory"))
	for _, key := range table.Keys(devices) {
		all += devices.Group(key).Int("size")
	}
	if most := top.Int("memory_with_devices"); most != 0 && most < all {
		p.Must("maximum.memory_with_devices", "be at least %d KiB, the memory with its devices, got %d; raise it", all, most)
	}
}

// backingRules checks how guest memory is backed.
func backingRules(p table.Problems, backing table.Model) {
	if backing != nil && allUnsetOrFalse(backing) {
		p.Empty("memory_backing")
	}
	if pages := backing["hugepages"]; backing["hugepage_size"] != nil && pages != true && pages != table.Unknown {
		p.RequiresValue("memory_backing.hugepage_size", "hugepages", nil, "true")
	}
}
