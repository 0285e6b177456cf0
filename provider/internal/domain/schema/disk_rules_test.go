package schema

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestBadDisksAndFirmware(t *testing.T) {
	disk := func(a m) m { return m{"disks": m{"vda": a}} }
	from := func(source m) m { return disk(m{"format": "raw", "source": source}) }
	hosts := m{"10.0.0.1": m{}}
	rbd := func(a m) m {
		source := m{"protocol": "rbd", "name": "pool/image", "hosts": hosts}
		for k, v := range a {
			source[k] = v
		}
		return from(source)
	}
	options := func(a, o m) m {
		d := m{"file": "/a", "options": o}
		for k, v := range a {
			d[k] = v
		}
		return disk(d)
	}
	tune := func(a m) m { return disk(m{"file": "/a", "iotune": a}) }
	for _, c := range []struct {
		config     m
		path, text string
	}{
		{disk(m{"file": "/a", "source": m{}}), `disks["vda"].source`, "'source' must not be empty; set one of its attributes, or remove it"},
		{disk(m{"file": "/a", "format": "raw", "source": m{"block": "/dev/a"}}), `disks["vda"].source.block`, "'block' cannot be combined with 'file': a disk has one source; remove one of them"},
		{from(m{"block": "/dev/a", "protocol": "nbd", "hosts": hosts}), `disks["vda"].source.protocol`, "'protocol' cannot be combined with 'source.block': a disk has one source; remove one of them"},
		{disk(m{"source": m{"encryption_secret": oneSecret}}), `disks["vda"].file`, `'file' is required for a disk without a 'source'; set one of them, or set 'device' to "cdrom", which may be empty`},
		{disk(m{"source": m{"block": "/dev/a"}}), `disks["vda"].format`, "'format' is required for a disk that is not a 'file'; set it, most often to \"raw\""},
		{from(m{"block": "vg0/a"}), `disks["vda"].source.block`, `'block' must be an absolute path on the host, got "vg0/a"; begin it with '/'`},
		{from(m{"block": "/dev/a", "name": "x"}), `disks["vda"].source.name`, "'name' requires 'protocol'; set it, or remove 'name'"},
		{from(m{"protocol": "sheepdog", "name": "x", "hosts": hosts}), `disks["vda"].source.protocol`, `'protocol' must be one of "rbd", "iscsi", "nbd", "gluster", "http", "https", "ftp", "ftps", got "sheepdog"`},
		{rbd(m{"hosts": nil}), `disks["vda"].source.hosts`, `'hosts' is required with protocol "rbd"; set where the storage is`},
		{rbd(m{"name": nil}), `disks["vda"].source.name`, `'name' is required with protocol "rbd"; set the name of the image there`},
		{rbd(m{"tls": true}), `disks["vda"].source.tls`, `'tls' requires 'protocol' to be "nbd", got "rbd"; change that, or remove 'tls'`},
		{from(m{"protocol": "iscsi", "name": "iqn.2026-01.test:disks", "hosts": hosts}), `disks["vda"].source.name`,
			`'name' must have the number of the LUN after the target with protocol "iscsi", got "iqn.2026-01.test:disks"; for the first one write "iqn.2026-01.test:disks/0"`},
		{from(m{"protocol": "nbd", "hosts": m{"a": m{"port": int64(0)}}}), `disks["vda"].source.hosts["a"].port`,
			`'port' must be from 1 to 65535 with protocol "nbd", got 0; remove it to have the default of the protocol`},
		{rbd(m{"initiator": "iqn.a:b"}), `disks["vda"].source.initiator`, `'initiator' requires 'protocol' to be "iscsi", got "rbd"; change that, or remove 'initiator'`},
		{rbd(m{"verify": false}), `disks["vda"].source.verify`, `'verify' requires 'protocol' to be "https" or "ftps", got "rbd"; change that, or remove 'verify'`},
		{rbd(m{"username": "admin"}), `disks["vda"].source.secret`, "'secret' and 'username' require each other; set both or neither"},
		{rbd(m{"username": "admin", "secret": ""}), `disks["vda"].source.secret`, "'secret' must not be empty; leave it out to have none"},
		{rbd(m{"hosts": m{"a": m{"port": int64(65536)}}}), `disks["vda"].source.hosts["a"].port`, "'port' must be from 0 to 65535, got 65536"},
		{from(m{"pool": "vms"}), `disks["vda"].source.volume`, "'volume' and 'pool' require each other; set both or neither"},
		{from(m{"pool": "vms", "volume": "a", "block": "/dev/a"}), `disks["vda"].source.pool`, "'pool' cannot be combined with 'source.block': a disk has one source; remove one of them"},
		{from(m{"protocol": "nbd", "config": "/a", "hosts": hosts}), `disks["vda"].source.config`, `'config' requires 'protocol' to be "rbd", got "nbd"; change that, or remove 'config'`},
		{from(m{"protocol": "nbd", "socket": "/a", "hosts": hosts}), `disks["vda"].source.socket`, "'socket' cannot be combined with 'hosts'; remove one of them"},
		{from(m{"protocol": "nbd", "hosts": m{"a": m{}, "b": m{}}}), `disks["vda"].source.hosts`, `'hosts' must have one entry with protocol "nbd", got 2; only "rbd" and "gluster" take several`},
		{from(m{"protocol": "http", "name": "a.iso", "hosts": hosts}), `disks["vda"].source.protocol`, `'protocol' = "http" is read-only; set 'device' to "cdrom", or set 'options.read_only'`},
		{disk(m{"file": "/a", "boot": int64(0)}), `disks["vda"].boot`, "'boot' must be at least 1, got 0"},
		{m{"disks": m{"vda": m{"file": "/a", "boot": int64(1)}}, "interfaces": m{"lan": m{"network": "lan", "boot": int64(1)}}}, `interfaces["lan"].boot`, `'boot' must be unique, 1 is already used by disks["vda"]`},
		{options(nil, m{}), `disks["vda"].options`, "'options' must not be empty; set one of its attributes, or remove it"},
		{options(nil, m{"io": "native"}), `disks["vda"].options.io`, `'io' must not be "native" with the host's cache; set 'cache' to "none" or "directsync"`},
		{options(nil, m{"io": "aio"}), `disks["vda"].options.io`, `'io' must be one of "native", "threads", "io_uring", got "aio"`},
		{options(nil, m{"detect_zeroes": "unmap"}), `disks["vda"].options.detect_zeroes`, `'detect_zeroes' must not be "unmap" unless 'discard' is "unmap"; set that too, or use "on"`},
		{options(m{"bus": "scsi"}, m{"queues": int64(2)}), `disks["vda"].options.queues`, `'queues' requires 'bus' to be "virtio", got "scsi"; change that, or remove 'queues'`},
		{options(m{"bus": "sata"}, m{"read_only": true}), `disks["vda"].options.read_only`, `'read_only' is not supported on bus "sata"; use another bus, or set 'device' to "cdrom"`},
		{options(nil, m{"shareable": true}), `disks["vda"].options.shareable`, `'shareable' requires 'format' to be "raw": several guests cannot write to an image of another format; change that, or remove 'shareable'`},
		{options(nil, m{"serial": "a/b"}), `disks["vda"].options.serial`, `'serial' must be letters, digits, '_', '.', '+', '-' and spaces, got "a/b"`},
		{tune(m{"read_bytes_sec_max": int64(5)}), `disks["vda"].iotune.read_bytes_sec_max`, "'read_bytes_sec_max' requires 'read_bytes_sec'; set it, or remove 'read_bytes_sec_max'"},
		{tune(m{"read_bytes_sec": int64(9), "read_bytes_sec_max": int64(5)}), `disks["vda"].iotune.read_bytes_sec_max`, "'read_bytes_sec_max' must be at least 'read_bytes_sec', 9, got 5; raise it"},
		{tune(m{"total_iops_sec": int64(9), "total_iops_sec_max_length": int64(5)}), `disks["vda"].iotune.total_iops_sec_max_length`, "'total_iops_sec_max_length' requires 'total_iops_sec_max'; set it, or remove 'total_iops_sec_max_length'"},
		{m{"efi": m{"secure_boot": true}}, "efi", `'efi' requires 'firmware' to be "efi"; change that, or remove 'efi'`},
		{m{"firmware": "efi", "efi": m{"nvram_template": "/a"}}, "efi.nvram_template", "'nvram_template' requires 'loader', since libvirt knows the template of a loader that it chooses; set it, or remove 'nvram_template'"},
		{m{"firmware": "efi", "machine": "pc-i440fx-7.2", "efi": m{"secure_boot": true}}, "efi.secure_boot", `'secure_boot' requires 'machine' to be "q35", got "pc-i440fx-7.2"; change that, or remove 'secure_boot'`},
		{m{"firmware": "efi", "efi": m{"loader": "OVMF.fd"}}, "efi.loader", `'loader' must be an absolute path on the host, got "OVMF.fd"; begin it with '/'`},
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
}

func TestWhatOfADiskIsNotKnownYetIsNoProblem(t *testing.T) {
	u := table.Unknown
	for _, disk := range []m{
		{"source": u},
		{"source": m{"block": u}, "format": u},
		{"source": m{"pool": u, "volume": u}, "format": "raw"},
		{"source": m{"block": "/dev/a", "tls": false, "verify": true}, "format": "raw"}, // as an import writes it
		{"source": m{"protocol": u, "name": u, "hosts": u, "tls": u, "secret": u}, "format": "raw"},
		{"source": m{"protocol": "http", "name": u, "hosts": u}, "format": "raw", "device": u},
		{"source": m{"protocol": "rbd", "name": "a", "config": u}, "format": "raw"},
		{"source": m{"protocol": "nbd", "socket": u}, "format": "raw"},
		{"file": "/a", "options": u, "iotune": u, "boot": u},
		{"file": "/a", "format": u, "cache": u, "bus": u, "options": m{"io": "native", "queues": int64(2), "read_only": true, "shareable": true, "discard": u, "detect_zeroes": "unmap"}},
		{"file": "/a", "iotune": m{"read_iops_sec": u, "read_iops_sec_max": u, "read_iops_sec_max_length": u}},
	} {
		if found := Validate(m{"disks": m{"vda": disk}}); len(found) != 0 {
			t.Errorf("%v: %v", disk, found)
		}
	}
	for _, config := range []m{{"efi": u, "firmware": u}, {"firmware": u, "machine": u, "efi": m{"secure_boot": true, "loader": u, "nvram_template": u}}} {
		if found := Validate(config); len(found) != 0 {
			t.Errorf("%v: %v", config, found)
		}
	}
}

func TestWhatAChangeOfADiskCosts(t *testing.T) {
	drive := func(device string, a m) m {
		d := m{"device": device, "bus": "scsi", "format": "raw"}
		for k, v := range a {
			d[k] = v
		}
		return m{"disks": m{"sda": d}}
	}
	iso := m{"source": m{"protocol": "https", "name": "a.iso", "hosts": m{"a": m{"port": int64(443)}}}}
	other := m{"source": m{"protocol": "https", "name": "a.iso", "hosts": m{"b": m{"port": int64(444)}}}}
	port := m{"source": m{"protocol": "https", "name": "a.iso", "hosts": m{"a": m{"port": int64(444)}}}}
	file := m{"file": "/a.iso"}
	firmware := func(kind string, efi m) m { return m{"firmware": kind, "efi": efi} }
	for what, c := range map[string]struct {
		from, to m
		want     table.Cost
	}{
		"another medium":                      {drive("cdrom", iso), drive("cdrom", other), table.Live},
		"a medium at another port":            {drive("cdrom", iso), drive("cdrom", port), table.Live},
		"a medium instead of a file":          {drive("cdrom", file), drive("cdrom", iso), table.Live},
		"no medium":                           {drive("cdrom", iso), drive("cdrom", nil), table.Live},
		"another disk":                        {drive("disk", iso), drive("disk", other), table.NextBoot},
		"another secret":                      {drive("cdrom", m{"file": "/a", "source": m{"encryption_secret": "a"}}), drive("cdrom", m{"file": "/a", "source": m{"encryption_secret": "b"}}), table.NextBoot},
		"what the configuration does not say": {drive("disk", file), drive("disk", m{"file": "/a.iso", "options": m{"read_only": false}, "source": m{"tls": false, "verify": true}}), table.Live},
		"what is said otherwise":              {drive("disk", file), drive("disk", m{"file": "/a.iso", "options": m{"read_only": true}, "source": m{"tls": true, "verify": false}}), table.NextBoot},
		"a place in the boot order":           {drive("disk", file), drive("disk", m{"file": "/a.iso", "boot": int64(1)}), table.NextBoot},
		"a disk that boots":                   {m{}, m{"disks": m{"vda": m{"bus": "virtio", "boot": int64(1)}}}, table.NextBoot},
		"one that does not":                   {m{}, m{"disks": m{"vda": m{"bus": "virtio"}}}, table.Live},
		"one that booted goes":                {m{"disks": m{"vda": m{"bus": "virtio", "boot": int64(1)}}}, m{}, table.Live},
		"an interface that boots":             {m{}, m{"interfaces": m{"lan": m{"boot": int64(1)}}}, table.NextBoot},
		"secure boot":                         {firmware("efi", m{"secure_boot": false}), firmware("efi", m{"secure_boot": true}), table.NextBoot},
		"the firmware with all of it":         {firmware("bios", nil), firmware("efi", m{"secure_boot": true}), table.NextBoot},
	} {
		for _, change := range table.Changes(Table.Attrs, c.from, c.to) {
			want := c.want
			if what == "the firmware with all of it" && table.PathString(change.Path) != "firmware" {
				want = table.Live // it is not counted twice
			}
			if change.Cost != want {
				t.Errorf("%s: %s is %s, want %s", what, table.PathString(change.Path), change.Cost, want)
			}
		}
	}
}
