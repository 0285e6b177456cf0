package schema

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// rules gathers what is wrong at paths.
type rules struct{ found []table.Problem }

func (r *rules) refuse(at *tftypes.AttributePath, format string, args ...any) {
	r.found = append(r.found, table.Problem{Path: at, Text: fmt.Sprintf(format, args...)})
}

// otherDeviceRules are what the other devices, the clock, the features and what is behind the memory demand of each other.
func otherDeviceRules(config table.Model) []table.Problem {
	var r rules
	at := tftypes.NewAttributePath()
	devices := config.Group("devices")
	inDevices := at.WithAttributeName("devices")
	r.video(devices.Group("video"), inDevices.WithAttributeName("video"))
	r.tpm(devices.Group("tpm"), inDevices.WithAttributeName("tpm"))
	r.rng(devices.Group("rng"), inDevices.WithAttributeName("rng"))
	for _, tag := range table.Keys(devices.Group("filesystems")) {
		r.filesystem(config, tag, inDevices.WithAttributeName("filesystems").WithElementKeyString(tag))
	}
	for _, key := range table.Keys(devices.Group("hostdevs")) {
		r.hostdev(devices.Group("hostdevs").Group(key), inDevices.WithAttributeName("hostdevs").WithElementKeyString(key))
	}
	r.saved(config, at.WithAttributeName("state"))
	r.backing(config.Group("memory_backing"), at.WithAttributeName("memory_backing"))
	r.clock(config.Group("clock"), at.WithAttributeName("clock"))
	r.hyperv(config.Group("features").Group("hyperv"), at.WithAttributeName("features").WithAttributeName("hyperv"))
	return r.found
}

func (r *rules) video(video table.Model, at *tftypes.AttributePath) {
	model := video["model"]
	if video["accel3d"] == true && model != "virtio" && model != table.Unknown {
		r.refuse(at.WithAttributeName("accel3d"), "'accel3d' needs model \"virtio\", got %q; use that, or take this out", model)
	}
	if heads := video.Int("heads"); model == "none" && heads > 1 {
		r.refuse(at.WithAttributeName("heads"), "'heads' must be left out with model \"none\", got %d; there is nothing to see", heads)
	}
}

func (r *rules) tpm(tpm table.Model, at *tftypes.AttributePath) {
	switch backend := tpm["backend"]; {
	case tpm == nil || backend == table.Unknown:
	case backend == "passthrough":
		for _, name := range []string{"persistent_state", "encryption_secret_uuid"} {
			if v := tpm[name]; v != nil && v != false {
				r.refuse(at.WithAttributeName(name), "'%s' needs backend \"emulator\"; the host's own TPM keeps what it holds by itself", name)
			}
		}
	case tpm["device"] != nil:
		r.refuse(at.WithAttributeName("device"), "'device' needs backend \"passthrough\"; use that, or take this out")
	}
}

func (r *rules) rng(rng table.Model, at *tftypes.AttributePath) {
	if rng["device"] != nil && rng["backend"] == "builtin" {
		r.refuse(at.WithAttributeName("device"), "'device' needs backend \"random\", got \"builtin\"; take one of them out")
	}
	if rng["rate_period"] != nil && rng["rate_bytes"] == nil {
		r.refuse(at.WithAttributeName("rate_period"), "'rate_period' needs a 'rate_bytes'; set it, or take this out")
	}
	if rng["model"] != "none" {
		return
	}
	for _, name := range table.Keys(rng) {
		if name != "model" && rng[name] != nil {
			r.refuse(at.WithAttributeName(name), "'%s' must not stand beside model \"none\"; take one of them out", name)
		}
	}
}

func (r *rules) filesystem(config table.Model, tag string, at *tftypes.AttributePath) {
	fs := config.Group("devices").Group("filesystems").Group(tag)
	virtiofs := fs["driver"] == nil || fs["driver"] == "virtiofs"
	backing, mode := config.Group("memory_backing"), fs["access_mode"]
	switch {
	case fs == nil || fs["driver"] == table.Unknown:
	case virtiofs && config["memory_backing"] != table.Unknown && backing["access"] != "shared" && backing["access"] != table.Unknown:
		r.refuse(at.WithAttributeName("driver"),
			"\"virtiofs\" needs memory that the guest shares with the host; set 'memory_backing' to { source = \"memfd\", access = \"shared\" }, or use driver \"9p\"")
	case virtiofs && mode != nil && mode != table.Unknown && mode != "passthrough":
		r.refuse(at.WithAttributeName("access_mode"), "'access_mode' must be \"passthrough\" with \"virtiofs\", got %q; use that, or driver \"9p\"", mode)
	case !virtiofs:
		for _, name := range []string{"cache", "queue"} {
			if fs[name] != nil {
				r.refuse(at.WithAttributeName(name), "'%s' needs driver \"virtiofs\"; use that, or take this out", name)
			}
		}
	}
}

var hostdevKinds = []string{"pci", "usb", "usb_address", "mdev"}

func (r *rules) hostdev(device table.Model, at *tftypes.AttributePath) {
	if device == nil {
		return
	}
	set := slices.DeleteFunc(slices.Clone(hostdevKinds), func(kind string) bool { return device[kind] == nil })
	switch {
	case len(set) == 0:
		r.refuse(at, "one of 'pci', 'usb', 'usb_address' and 'mdev' must say which device it is; set it")
	case len(set) > 1:
		r.refuse(at.WithAttributeName(set[1]), "'%s' must not stand beside '%s'; it is one device, so take one of them out", set[1], set[0])
	case set[0] != "pci":
		for _, name := range []string{"rom_bar", "rom_file"} {
			if device[name] != nil {
				r.refuse(at.WithAttributeName(name), "'%s' needs a device of 'pci'; take it out", name)
			}
		}
	}
}

// saved: libvirt (9.0) can't keep the memory of a guest that has something of its host.
func (r *rules) saved(config table.Model, at *tftypes.AttributePath) {
	if config["state"] != Saved {
		return
	}
	const refusal = "'state' must not be \"saved\" for a guest that has %s of its host, which can't be kept with its memory; stop it, or take that out"
	devices := config.Group("devices")
	for _, key := range table.Keys(devices.Group("hostdevs")) {
		if device := devices.Group("hostdevs").Group(key); device["pci"] != nil || device["mdev"] != nil {
			r.refuse(at, refusal, fmt.Sprintf("the device %q", key))
			return
		}
	}
	for _, tag := range table.Keys(devices.Group("filesystems")) {
		if fs := devices.Group("filesystems").Group(tag); fs != nil && (fs["driver"] == nil || fs["driver"] == "virtiofs") {
			r.refuse(at, refusal, fmt.Sprintf("the directory %q", tag))
			return
		}
	}
}

func (r *rules) backing(backing table.Model, at *tftypes.AttributePath) {
	said := slices.ContainsFunc(table.Keys(backing), func(name string) bool { return backing[name] != nil && backing[name] != false })
	if backing != nil && !said {
		r.refuse(at, "'memory_backing' must set something; set one of its attributes, or take it out")
	}
	if pages := backing["hugepages"]; backing["hugepage_size"] != nil && pages != true && pages != table.Unknown {
		r.refuse(at.WithAttributeName("hugepage_size"), "'hugepage_size' needs 'hugepages' to be true; set it, or take this out")
	}
}

func (r *rules) clock(clock table.Model, at *tftypes.AttributePath) {
	offset := clock["offset"]
	if offset == nil {
		offset = "utc"
	}
	if clock != nil && offset != table.Unknown && (offset == "timezone") != (clock["timezone"] != nil) {
		r.refuse(at.WithAttributeName("timezone"), "'timezone' goes with offset \"timezone\", and only with it; set both or neither")
	}
	for name, usual := range map[string]any{"adjustment": int64(0), "basis": "utc"} { // which an import writes down
		if clock[name] != nil && clock[name] != usual && offset != "variable" && offset != table.Unknown {
			r.refuse(at.WithAttributeName(name), "'%s' needs offset \"variable\", got %q; use that, or take this out", name, offset)
		}
	}
	for _, name := range table.Keys(clock.Group("timers")) {
		r.timer(name, clock.Group("timers").Group(name), at.WithAttributeName("timers").WithElementKeyString(name))
	}
}

// timerOnly are attributes that some timers have alone.
var timerOnly = map[string][]string{"track": {"rtc", "platform"}, "frequency": {"tsc"}, "mode": {"tsc"}}

func (r *rules) timer(name string, timer table.Model, at *tftypes.AttributePath) {
	for _, attr := range table.Keys(timer) {
		if of := timerOnly[attr]; timer[attr] != nil && of != nil && !slices.Contains(of, name) {
			r.refuse(at.WithAttributeName(attr), "'%s' is of the timer %q alone; take it out", attr, of[0])
		}
	}
}

func (r *rules) hyperv(hyperv table.Model, at *tftypes.AttributePath) {
	if hyperv["mode"] != "passthrough" {
		return
	}
	for _, name := range table.Keys(hyperv) {
		if name != "mode" && hyperv[name] != nil {
			r.refuse(at.WithAttributeName(name), "'%s' must not stand beside mode \"passthrough\", which is all that the host can; take one of them out", name)
		}
	}
}
