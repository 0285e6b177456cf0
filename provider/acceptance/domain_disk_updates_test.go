//go:build acceptance

package acceptance

import "testing"

// diskCases returns the cases of a disk's source, and of how it is read and written.
func diskCases() map[string]update {
	file := attrs{"disks": attrs{"sda": attrs{"file": "/srv/one.img", "bus": "sata"}}}
	from := func(source attrs) attrs {
		return attrs{"disks": attrs{"sda": attrs{"source": source, "format": "raw", "bus": "scsi"}}}
	}
	on := func(protocol, name string, more attrs) attrs {
		return from(attrs{"protocol": protocol, "name": name, "hosts": attrs{"10.0.0.1": attrs{}}}.with(more))
	}
	web := func(verify any) attrs {
		source := attrs{"protocol": "https", "name": "a.iso", "hosts": attrs{"10.0.0.1": attrs{}}, "verify": verify}.with(nil)
		return attrs{"disks": attrs{"sda": attrs{"source": source, "format": "raw", "bus": "sata", "device": "cdrom"}}}
	}
	luks := func(secret any) attrs {
		return attrs{"disks": attrs{"sda": attrs{"file": "/srv/one.img", "bus": "sata", "source": attrs{"encryption_secret": secret}}}}
	}
	const iqn = "iqn.2013-07.com.example:t/1"
	secrets := []string{"4a1ddc74-5f3b-4d3e-9d49-52d5ff7f3b01", "4a1ddc74-5f3b-4d3e-9d49-52d5ff7f3b02"}
	login := func(name, secret string) attrs {
		return on("iscsi", iqn, attrs{"username": name, "secret": secret})
	}
	monitors := func(hosts attrs) attrs {
		return from(attrs{"protocol": "rbd", "name": "pool/image", "hosts": hosts, "config": "/etc/ceph/ceph.conf"}.with(nil))
	}
	export := func(more attrs) attrs { return from(attrs{"protocol": "nbd"}.with(more)) }
	at := func(port any) attrs {
		return export(attrs{"hosts": attrs{"10.0.0.1": attrs{"port": port}.with(nil)}})
	}
	const source = "devices/disk/source"
	cases := map[string]update{
		"disks.source": {see: defined("devices/disk@type"), actions: []string{"update", "update"}, steps: []step{
			{file, "file"}, {from(attrs{"block": "/dev/one"}), "block"}, {file, "file"}}},
		"disks.source.block": {see: together(source+"@dev", source+"@file"), steps: []step{
			{from(attrs{"block": "/dev/one"}), "/dev/one "}, {from(attrs{"block": "/dev/two"}), "/dev/two "}, {file, " /srv/one.img"}}},
		"disks.source.pool": {see: defined(source + "@pool"), steps: []step{
			{from(attrs{"pool": "one", "volume": "a"}), "one"}, {from(attrs{"pool": "two", "volume": "a"}), "two"}, {file, ""}}},
		"disks.source.volume": {see: together(source+"@pool", source+"@volume"), steps: []step{
			{from(attrs{"pool": "one", "volume": "a"}), "one a"}, {from(attrs{"pool": "one", "volume": "b"}), "one b"}, {file, " "}}},
		"disks.source.protocol": {see: together(source+"@protocol", source+"/host@port"), steps: []step{
			{on("nbd", "one", nil), "nbd 10809"}, {on("gluster", "volume/one", nil), "gluster 10809"}, {file, " "}}},
		"disks.source.name": {see: defined(source + "@name"), steps: []step{{on("nbd", "one", nil), "one"}, {on("nbd", "two", nil), "two"}, {export(attrs{"socket": "/run/one"}), ""}}},
		"disks.source.hosts": {see: together(source+"/host[1]@name", source+"/host[2]@name", source+"/config@file"), steps: []step{
			{monitors(attrs{"a": attrs{}}), "a  /etc/ceph/ceph.conf"}, {monitors(attrs{"a": attrs{}, "b": attrs{"port": 6790}}), "a b /etc/ceph/ceph.conf"},
			{from(attrs{"protocol": "rbd", "name": "pool/image", "config": "/etc/ceph/ceph.conf"}), "  /etc/ceph/ceph.conf"}}},
		"disks.source.hosts.port": {see: defined(source + "/host@port"), steps: []step{{at(10810), "10810"}, {at(10811), "10811"}, {at(nil), "10811"}}},
		"disks.source.socket": {see: together(source+"/host@socket", source+"/host@name"), steps: []step{
			{export(attrs{"socket": "/run/one"}), "/run/one "}, {export(attrs{"socket": "/run/two"}), "/run/two "}, {on("nbd", "one", nil), " 10.0.0.1"}}},
		"disks.source.username": {see: together(source+"/auth@username", source+"/auth/secret@type"), steps: []step{
			{login("one", secrets[0]), "one iscsi"}, {login("two", secrets[0]), "two iscsi"}, {on("iscsi", iqn, nil), " "}}},
		"disks.source.secret": {see: defined(source + "/auth/secret@uuid"), steps: []step{
			{login("one", secrets[0]), secrets[0]}, {login("one", secrets[1]), secrets[1]}, {on("iscsi", iqn, nil), ""}}},
		"disks.source.tls": {see: defined(source + "@tls"), steps: []step{
			{on("nbd", "one", attrs{"tls": true}), "yes"}, {on("nbd", "one", attrs{"tls": false}), "no"}, {on("nbd", "one", nil), "no"}}},
		"disks.source.verify": {see: defined(source + "/ssl@verify"), steps: []step{{web(false), "no"}, {web(true), ""}, {web(nil), ""}}},
		"disks.source.config": {see: defined(source + "/config@file"), steps: []step{
			{on("rbd", "pool/image", attrs{"config": "/etc/one"}), "/etc/one"}, {on("rbd", "pool/image", attrs{"config": "/etc/two"}), "/etc/two"}, {on("rbd", "pool/image", nil), ""}}},
		"disks.source.initiator": {see: defined(source + "/initiator/iqn@name"), steps: []step{
			{on("iscsi", iqn, attrs{"initiator": "iqn.a:b"}), "iqn.a:b"}, {on("iscsi", iqn, attrs{"initiator": "iqn.a:c"}), "iqn.a:c"}, {on("iscsi", iqn, nil), ""}}},
		"disks.source.encryption_secret": {see: together(source+"/encryption@format", source+"/encryption/secret@uuid"), steps: []step{
			{luks(secrets[0]), "luks " + secrets[0]}, {luks(secrets[1]), "luks " + secrets[1]}, {file, " "}}},
	}
	for path, u := range optionCases() {
		cases[path] = u
	}
	return cases
}

// optionCases returns the cases of rarely used disk options, the boot order and bursts.
func optionCases() map[string]update {
	disk := func(dev string, a attrs) attrs {
		return attrs{"disks": attrs{dev: attrs{"file": "/srv/one.img"}.with(a)}}
	}
	option := func(see, name string, more attrs, first, second any, want ...string) update {
		rest := attrs{"serial": "rest"}
		if name == "serial" {
			rest = attrs{"io": "threads"}
		}
		with := func(v any) attrs { return disk("vda", more.with(attrs{"options": rest.with(attrs{name: v})})) }
		return update{see: defined("devices/disk/" + see), steps: []step{{with(first), want[0]}, {with(second), want[1]}, {with(nil), want[2]}}}
	}
	raw := attrs{"format": "raw"}
	boots := func(v any) attrs { return disk("vda", attrs{"boot": v}) }
	nic := func(v any) attrs {
		return attrs{"interfaces": attrs{"lan": attrs{"network": "one", "boot": v}.with(nil)}}
	}
	place := func(v any) attrs { return disk("vda", attrs{"address": v}) }
	cases := map[string]update{
		"disks.address": {see: defined("devices/disk/address@bus"), steps: []step{{place("0000:05:00.0"), "0x05"}, {place("0000:06:00.0"), "0x06"}, {place(nil), "0x06"}}},
		"disks.options": {see: defined("devices/disk/driver@io"), actions: []string{"update", "update"}, steps: []step{
			{disk("vda", nil), ""}, {disk("vda", attrs{"options": attrs{"io": "threads"}}), "threads"}, {disk("vda", nil), ""}}},
		"disks.options.io":            option("driver@io", "io", nil, "threads", "io_uring", "threads", "io_uring", ""),
		"disks.options.discard":       option("driver@discard", "discard", nil, "unmap", "ignore", "unmap", "ignore", ""),
		"disks.options.detect_zeroes": option("driver@detect_zeroes", "detect_zeroes", nil, "on", "off", "on", "off", ""),
		"disks.options.queues":        option("driver@queues", "queues", nil, 1, 2, "1", "2", ""),
		"disks.options.serial":        option("serial", "serial", nil, "one", "two", "one", "two", ""),
		"disks.options.read_only":     option("readonly?", "read_only", nil, true, false, "true", "false", "false"),
		"disks.options.shareable":     option("shareable?", "shareable", raw, true, false, "true", "false", "false"),
		"disks.boot":                  {see: together("devices/disk/boot@order", "os/boot@dev"), steps: []step{{boots(1), "1 "}, {boots(2), "2 "}, {boots(nil), " hd"}}},
		"interfaces.boot":             {see: together("devices/interface/boot@order", "os/boot@dev"), steps: []step{{nic(1), "1 "}, {nic(2), "2 "}, {nic(nil), " hd"}}},
	}
	for _, direction := range []string{"total", "read", "write"} {
		for _, what := range []string{"bytes", "iops"} {
			rate := direction + "_" + what + "_sec"
			limited := func(a attrs) attrs { return disk("vda", attrs{"iotune": attrs{rate: 1000}.with(a)}) }
			burst, length := rate+"_max", rate+"_max_length"
			cases["disks.iotune."+burst] = update{see: defined("devices/disk/iotune/" + burst), steps: []step{
				{limited(attrs{burst: 2000}), "2000"}, {limited(attrs{burst: 3000}), "3000"}, {limited(nil), ""}}}
			long := func(v any) attrs { return limited(attrs{burst: 2000, length: v}) }
			cases["disks.iotune."+length] = update{see: defined("devices/disk/iotune/" + length), steps: []step{{long(5), "5"}, {long(6), "6"}, {long(nil), ""}}}
		}
	}
	return cases
}

// firmwareCases returns the cases that are specific to UEFI.
func firmwareCases(t *testing.T) map[string]update {
	t.Helper()
	efi := func(a attrs) attrs { return attrs{"firmware": "efi", "efi": a} }
	none := attrs{"firmware": "efi"}
	const secure = "os/firmware/feature[@name='secure-boot']@enabled"
	const code, variables = "/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"
	// libvirt 9.0 does not write into the definition which firmware it has chosen, libvirt 11.3 does.
	chosen := alpha().writes(t, "<os firmware='efi'><type machine='q35'>hvm</type><firmware><feature enabled='no' name='secure-boot'/></firmware></os>")
	known := alpha().writes(t, "<os><type machine='q35'>hvm</type><loader readonly='yes' secure='no' type='pflash'>"+code+"</loader></os>")
	ownVariables := func(t *testing.T, a attrs) string {
		t.Helper()
		is := defined("os/nvram")(t, a)
		if is == "/var/lib/libvirt/qemu/nvram/"+a["name"].(string)+"_VARS.fd" {
			return ""
		}
		return is
	}
	own := func(template any) attrs { return efi(attrs{"loader": code, "nvram_template": template}.with(nil)) }
	return map[string]update{
		"efi": {see: together("os@firmware", secure), actions: []string{"update", "update"}, steps: []step{
			{none, "efi no"}, {efi(attrs{"secure_boot": true}), "efi yes"}, {none, "efi no"}}},
		"efi.secure_boot": {see: together(secure, "os/nvram?"), actions: []string{"update", "update"}, steps: []step{
			{efi(attrs{"secure_boot": true}), "yes true"}, {efi(attrs{"secure_boot": false}), "no " + at(chosen, "nvram?")}, {none, "no " + at(chosen, "nvram?")}}},
		"efi.loader": {see: together("os@firmware", "os/loader@type", "os/loader"), steps: []step{
			{efi(attrs{"loader": code}), at(known, "@firmware") + " pflash " + code}, {efi(attrs{"loader": "/usr/share/OVMF/other.fd"}), " pflash /usr/share/OVMF/other.fd"}, {none, "efi " + at(chosen, "loader@type") + " " + at(chosen, "loader")}}},
		"efi.nvram_template": {see: defined("os/nvram@template"), steps: []step{{own(variables), variables}, {own("/srv/vars.fd"), "/srv/vars.fd"}, {own(nil), at(known, "nvram@template")}}},
		"efi.nvram": {see: ownVariables, steps: []step{
			{efi(attrs{"nvram": "/srv/one.fd"}), "/srv/one.fd"}, {efi(attrs{"nvram": "/srv/two.fd"}), "/srv/two.fd"}, {none, ""}}},
	}
}
