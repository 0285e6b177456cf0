package schema

import (
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// deviceRules checks the devices of which there is one each.
func deviceRules(p table.Problems, config table.Model) {
	devices := config.Group("devices")
	videoRules(p.In("devices.video"), devices.Group("video"))
	tpmRules(p.In("devices.tpm"), devices.Group("tpm"))
	rngRules(p.In("devices.rng"), devices.Group("rng"))
	for name, models := range map[string][]string{"video": {"none"}, "balloon": {"none"}, "watchdog": {"ib700", "diag288", "itco"}} {
		if device := devices.Group(name); device["address"] != nil && slices.Contains(models, device.Str("model")) {
			p.In("devices."+name).ConflictsWithValue("address", "model", device["model"], "it is no PCI device")
		}
	}
	// It is on the ISA bus. libvirt (9.0) accepts it everywhere, and QEMU does not start.
	if arch := config.Str("arch"); devices.Group("watchdog")["model"] == "ib700" && arch != "" && !isPC(arch) {
		p.Add("devices.watchdog.model", "'model' \"ib700\" requires an x86 machine, got 'arch' %q; choose \"i6300esb\"", arch)
	}
}

func videoRules(p table.Problems, video table.Model) {
	model := video["model"]
	if video["accel3d"] == true && model != "virtio" && model != table.Unknown {
		p.RequiresValue("accel3d", "model", model, "virtio")
	}
	if video.Int("heads") > 1 && model == "none" {
		p.ConflictsWithValue("heads", "model", "none", "there is no screen")
	}
}

func tpmRules(p table.Problems, tpm table.Model) {
	switch backend := tpm["backend"]; {
	case tpm == nil || backend == table.Unknown:
	case backend == "passthrough":
		for _, name := range []string{"persistent_state", "encryption_secret_uuid"} {
			if !isUnsetOrFalse(tpm[name]) {
				p.RequiresValue(name, "backend", backend, "emulator")
			}
		}
	case tpm["device"] != nil:
		p.RequiresValue("device", "backend", backend, "passthrough")
	}
}

func rngRules(p table.Problems, rng table.Model) {
	if rng["device"] != nil && rng["backend"] == "builtin" {
		p.RequiresValue("device", "backend", rng["backend"], "random")
	}
	if rng["rate_period"] != nil && rng["rate_bytes"] == nil {
		p.Requires("rate_period", "rate_bytes")
	}
	if rng["model"] != "none" {
		return
	}
	for _, name := range table.Keys(rng) {
		if name != "model" && rng[name] != nil {
			p.ConflictsWithValue(name, "model", "none", "")
		}
	}
}
