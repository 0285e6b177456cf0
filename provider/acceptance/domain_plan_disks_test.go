//go:build acceptance

package acceptance

import (
	"encoding/binary"
	"fmt"
	"net"
	"path"
	"strings"
	"testing"
)

func init() {
	for row, why := range map[string]string{
		"disks.source.pool":      "TestDomainDisks boots from a volume in one",
		"disks.source.volume":    "the same",
		"disks.source.username":  "TestDomainDisks logs in at a target",
		"disks.source.secret":    "the same",
		"disks.source.initiator": "the same",
		"disks.source.config":    "there is no Ceph here",
		"disks.source.tls":       "there is no NBD server with a certificate here",
		"disks.source.verify":    "there is no web server with a certificate here",
		"efi.secure_boot":        "TestDomainFirmware: its guests boot no sector",
		"efi.loader":             "the same",
		"efi.nvram_template":     "the same",
		"efi.nvram":              "the same",
	} {
		told[row] = why
	}
}

// diskTruthGuests returns guests with disks of every source and every attribute of a disk.
func diskTruthGuests(t *testing.T) map[string]truthGuest {
	t.Helper()
	guest := func() attrs {
		return sectorGuest(t, alpha(), tallySector).with(attrs{"shutdown": attrs{"timeout": 0}})
	}
	return map[string]truthGuest{"sources": sourcesGuest(t, guest()), "options": optionsGuest(t, guest())}
}

func ofDisk(dev, name string, value any, where, is string) truth {
	return truth{path: "disks." + dev + "." + name, value: value, where: "devices/disk/target[@dev='" + dev + "']/../" + where, is: is}
}

// undotted returns the fabric's address as one number, which can be part of a path.
func undotted() string {
	return fmt.Sprint(binary.BigEndian.Uint32(net.ParseIP(theLab.Shared.Host).To4()))
}

func sourcesGuest(t *testing.T, a attrs) truthGuest {
	t.Helper()
	keys := []string{"7a1ddc74-5f3b-4d3e-9d49-52d5ff7f3d01", "7a1ddc74-5f3b-4d3e-9d49-52d5ff7f3d02"}
	secrets, both := newStack(t), config{}
	for i, key := range keys {
		both[fmt.Sprintf("libvirt_secret.key%d", i)] = attrs{"host": alpha().Name, "usage": "volume", "name": directory(t), "uuid": key, "value": "sesame", "value_version": 1}
	}
	secrets.apply(both)
	port := func(source attrs) any { return source["hosts"].(attrs)[theLab.Shared.Host].(attrs)["port"] }
	one, other := nbd(t, "one", tallySector), nbd(t, "other", tallySector)
	sites := web(t, map[string][]byte{"one.iso": tallySector, "two.iso": tallySector})
	at := func(source attrs) attrs {
		return source.with(attrs{"hosts": attrs{undotted(): attrs{"port": port(source)}}})
	}
	device, socket := loopDevice(t, tallySector), nbdSocket(t, alpha(), tallySector)["socket"].(string)
	raw := func(source attrs) attrs { return attrs{"source": source, "format": "raw"} }
	drive := attrs{"device": "cdrom", "bus": "sata", "format": "raw"}
	host := "disks.sdb.source.hosts." + undotted()
	base := a.with(attrs{"disks": a["disks"].(attrs).with(attrs{
		"vdb": raw(at(one)),
		"vdc": raw(attrs{"block": loopDevice(t, tallySector)}),
		"vdd": raw(attrs{"encryption_secret": keys[0]}).with(attrs{"file": alpha().luks(t, tallySector, "sesame")}),
		"vde": raw(nbdSocket(t, alpha(), tallySector)),
		"sda": drive.with(attrs{"source": at(sites).with(attrs{"name": "one.iso"})}),
		"sdb": drive,
	})})
	return truthGuest{base: base, changes: []truth{
		ofDisk("vdb", "source.name", "other", "source@name", "other"),
		ofDisk("vdb", "source.hosts."+undotted()+".port", port(other), "source/host@port", fmt.Sprint(port(other))),
		ofDisk("vdc", "source.block", device, "source@dev", device),
		ofDisk("vdd", "source.encryption_secret", keys[1], "source/encryption/secret@uuid", keys[1]),
		ofDisk("vde", "source.socket", socket, "source/host@socket", socket),
		ofDisk("sda", "source.name", "two.iso", "source@name", "two.iso"),
		ofDisk("sdb", "source.protocol", "http", "source@protocol", "http"),
		ofDisk("sdb", "source.name", "two.iso", "source@name", "two.iso"),
		{path: host, value: attrs{"port": port(sites)}, where: "devices/disk/target[@dev='sdb']/../source/host@port", is: fmt.Sprint(port(sites))},
	}}
}

func optionsGuest(t *testing.T, a attrs) truthGuest {
	t.Helper()
	dir := path.Dir(diskOf(a))
	raw := func(dev string, more attrs) attrs {
		return attrs{"file": alpha().put(t, dir+"/"+dev+".img", tallySector), "format": "raw"}.with(more)
	}
	read, write := "read_", "write_"
	limited := func(directions ...string) attrs {
		tune := attrs{}
		for _, d := range directions {
			tune[d+"bytes_sec"], tune[d+"iops_sec"] = 1<<20, 100
		}
		return attrs{"iotune": tune}
	}
	lan := alpha().network(t)
	base := a.with(attrs{
		"disks": a["disks"].(attrs).with(attrs{
			"vdb": raw("vdb", nil), "vdc": raw("vdc", nil), "vdd": raw("vdd", nil),
			"vde": raw("vde", limited("total_")), "vdf": raw("vdf", limited(read, write)),
		}),
		"interfaces": attrs{"lan": attrs{"network": lan}},
	})
	changes := []truth{
		ofDisk("vdb", "options.io", "io_uring", "driver@io", "io_uring"),
		ofDisk("vdb", "options.discard", "unmap", "driver@discard", "unmap"),
		ofDisk("vdb", "options.detect_zeroes", "unmap", "driver@detect_zeroes", "unmap"),
		ofDisk("vdb", "options.queues", 2, "driver@queues", "2"),
		ofDisk("vdb", "options.serial", "B-1", "serial", "B-1"),
		ofDisk("vdc", "options.read_only", true, "readonly?", "true"),
		ofDisk("vdd", "options.shareable", true, "shareable?", "true"),
		ofDisk("vda", "boot", 1, "boot@order", "1"),
		{path: "interfaces.lan.boot", value: 2, where: "devices/interface/boot@order", is: "2"},
	}
	for dev, directions := range map[string][]string{"vde": {"total_"}, "vdf": {read, write}} {
		for _, d := range directions {
			for _, what := range []string{"bytes", "iops"} {
				burst := "iotune/" + d + what + "_sec_max"
				changes = append(changes, ofDisk(dev, strings.ReplaceAll(burst, "/", "."), 2<<20, burst, fmt.Sprint(2<<20)),
					ofDisk(dev, strings.ReplaceAll(burst, "/", ".")+"_length", 5, burst+"_length", "5"))
			}
		}
	}
	return truthGuest{base: base, changes: changes}
}
