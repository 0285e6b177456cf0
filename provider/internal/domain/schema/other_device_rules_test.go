package schema

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestBadOtherDevices(t *testing.T) {
	type m = table.Model
	share := func(fs m) m { return m{"devices": m{"filesystems": m{"data": fs}}} }
	shared := func(fs m) m {
		c := share(fs)
		c["memory_backing"] = m{"source": "memfd", "access": "shared"}
		return c
	}
	device := func(name string, d m) m { return m{"devices": m{name: d}} }
	given := func(d m) m { return m{"devices": m{"hostdevs": m{"it": d}}} }
	const fs, dev = `devices.filesystems["data"]`, `devices.hostdevs["it"]`
	for _, c := range []struct {
		config     m
		path, text string
	}{
		{share(m{"source": "/srv"}), fs + ".driver", `'driver' = "virtiofs" requires shared memory; set 'memory_backing' to { source = "memfd", access = "shared" }, or use driver "9p"`},
		{shared(m{"source": "/srv", "access_mode": "mapped"}), fs + ".access_mode", `'access_mode' must be "passthrough" with driver "virtiofs", got "mapped"; use that, or driver "9p"`},
		{share(m{"source": "/srv", "driver": "9p", "queue": int64(5)}), fs + ".queue", `'queue' requires 'driver' to be "virtiofs", got "9p"; change that, or remove 'queue'`},
		{share(m{"source": "srv", "driver": "9p"}), fs + ".source", `'source' must be an absolute path on the host, got "srv"; begin it with '/'`},
		{m{"devices": m{"filesystems": m{"a b": m{"source": "/a", "driver": "9p"}}}}, `devices.filesystems["a b"]`, `a key of 'filesystems' must be a name without blanks and commas, got "a b"`},
		{m{"devices": m{"filesystems": m{"a-tag-that-has-more-than-31-characters": m{"source": "/a", "driver": "9p"}}}}, `devices.filesystems["a-tag-that-has-more-than-31-characters"]`,
			`a key of 'filesystems' must have at most 31 characters, got 38 in "a-tag-that-has-more-than-31-characters"; shorten it`},
		{m{"state": "saved", "devices": m{"hostdevs": m{"nic": m{"pci": "0000:05:00.0"}}}}, "state",
			`'state' must not be "saved" for a guest that uses the device "nic" of its host: libvirt cannot save its memory; stop the guest, or remove that`},
		{m{"state": "saved", "memory_backing": m{"access": "shared"}, "devices": m{"filesystems": m{"data": m{"source": "/srv"}}}}, "state",
			`'state' must not be "saved" for a guest that uses the directory "data" of its host: libvirt cannot save its memory; stop the guest, or remove that`},
		{given(m{}), dev, "one of 'pci', 'usb', 'usb_address' and 'mdev' is required; set the one that names the device"},
		{given(m{"pci": "0000:05:00.0", "usb": "1d6b:0002"}), dev + ".usb", "'usb' cannot be combined with 'pci': an entry is one device; remove one of them"},
		{given(m{"usb": "1d6b:0002", "rom_bar": false}), dev + ".rom_bar", "'rom_bar' requires 'pci'; set it, or remove 'rom_bar'"},
		{given(m{"pci": "05:00.0"}), dev + ".pci", `'pci' must be a PCI address in lower case like 0000:05:00.0, got "05:00.0"; see 'lspci -D'`},
		{given(m{"usb": "1D6B:2"}), dev + ".usb", `'usb' must be a vendor and a product in lower case like 1d6b:0002, got "1D6B:2"; see 'lsusb'`},
		{given(m{"usb_address": "001:004"}), dev + ".usb_address", `'usb_address' must be a bus and a device like 1:4, got "001:004"; see 'lsusb'`},
		{given(m{"mdev": "x"}), dev + ".mdev", `'mdev' must be a UUID in lower case like c7a5fdbd-cdaf-9455-926a-d65c16db1809, got "x"`},
		{device("video", m{"model": "vga", "accel3d": true}), "devices.video.accel3d", `'accel3d' requires 'model' to be "virtio", got "vga"; change that, or remove 'accel3d'`},
		{device("video", m{"model": "none", "heads": int64(2)}), "devices.video.heads", `'heads' cannot be combined with 'model' = "none": there is no screen; change that, or remove 'heads'`},
		{device("tpm", m{"device": "/dev/tpm0"}), "devices.tpm.device", `'device' requires 'backend' to be "passthrough"; change that, or remove 'device'`},
		{device("tpm", m{"backend": "passthrough", "persistent_state": true}), "devices.tpm.persistent_state", `'persistent_state' requires 'backend' to be "emulator", got "passthrough"; change that, or remove 'persistent_state'`},
		{device("rng", m{"backend": "builtin", "device": "/dev/random"}), "devices.rng.device", `'device' requires 'backend' to be "random", got "builtin"; change that, or remove 'device'`},
		{device("rng", m{"rate_period": int64(1000)}), "devices.rng.rate_period", "'rate_period' requires 'rate_bytes'; set it, or remove 'rate_period'"},
		{device("rng", m{"model": "none", "rate_bytes": int64(1000)}), "devices.rng.rate_bytes", `'rate_bytes' cannot be combined with 'model' = "none"; change that, or remove 'rate_bytes'`},
		{device("watchdog", m{"model": "i6300esb", "action": "cry"}), "devices.watchdog.action", `'action' must be one of "reset", "shutdown", "poweroff", "pause", "none", "dump", "inject-nmi", got "cry"`},
		{device("vsock", m{"cid": int64(2)}), "devices.vsock.cid", "'cid' must be from 3 to 4294967294, got 2"},
		{m{"memory_backing": m{"locked": false}}, "memory_backing", "'memory_backing' must not be empty; set one of its attributes, or remove it"},
		{m{"memory_backing": m{"hugepage_size": int64(2048)}}, "memory_backing.hugepage_size", "'hugepage_size' requires 'hugepages' to be true; change that, or remove 'hugepage_size'"},
		{m{"clock": m{"offset": "timezone"}}, "clock.timezone", `'timezone' is required with offset "timezone"; set it, or choose another offset`},
		{m{"clock": m{"timezone": "Europe/Zurich"}}, "clock.timezone", `'timezone' requires 'offset' to be "timezone", got "utc"; change that, or remove 'timezone'`},
		{m{"clock": m{"adjustment": int64(60)}}, "clock.adjustment", `'adjustment' requires 'offset' to be "variable", got "utc"; change that, or remove 'adjustment'`},
		{m{"clock": m{"timers": m{"sundial": m{}}}}, `clock.timers["sundial"]`, `a key of 'timers' must be the name of a timer like rtc, pit, hpet, tsc, kvmclock or hypervclock, got "sundial"`},
		{m{"clock": m{"timers": m{"pit": m{"track": "wall"}}}}, `clock.timers["pit"].track`, `'track' requires the timer "rtc", got "pit"; remove 'track'`},
		{m{"features": m{"hyperv": m{"mode": "passthrough", "vapic": true}}}, "features.hyperv.vapic", `'vapic' cannot be combined with 'mode' = "passthrough": that is all that the host can do; change that, or remove 'vapic'`},
		{m{"features": m{"hyperv": m{"vendor_id": "more-than-twelve"}}}, "features.hyperv.vendor_id", `'vendor_id' must have from 1 to 12 characters, got "more-than-twelve"`},
	} {
		found := append(table.Validate(Table.Attrs, c.config, tftypes.NewAttributePath()), Validate(c.config)...)
		if len(found) != 1 {
			t.Errorf("%v: got %d problems: %v", c.config, len(found), found)
			continue
		}
		if got := table.PathString(found[0].Path); got != c.path || found[0].Text != c.text {
			t.Errorf("got\n%s: %s\nwant\n%s: %s", got, found[0].Text, c.path, c.text)
		}
	}
	u := table.Unknown
	for _, config := range []m{
		{"devices": u, "clock": u, "features": u, "memory_backing": u},
		{"devices": m{"video": u, "tpm": u, "rng": u, "filesystems": u, "hostdevs": u}, "clock": m{"offset": u, "timezone": u, "timers": u}, "features": m{"hyperv": u}},
		{"devices": m{"filesystems": m{"a": u, "b": m{"source": u, "driver": u}}, "hostdevs": m{"a": u, "b": m{"pci": u}}, "tpm": m{"backend": u, "device": u}}},
		{"devices": m{"filesystems": m{"b": m{"source": "/a"}}}, "memory_backing": u},
		{"devices": m{"filesystems": m{"b": m{"source": "/a"}}}, "memory_backing": m{"access": u}},
	} {
		found := append(table.Validate(Table.Attrs, config, tftypes.NewAttributePath()), Validate(config)...)
		if len(found) > 0 {
			t.Errorf("%v: %v", config, found)
		}
	}
}
