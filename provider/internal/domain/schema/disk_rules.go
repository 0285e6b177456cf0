package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// found gathers what is wrong below a path.
type found struct {
	at       *tftypes.AttributePath
	problems *[]table.Problem
}

// problem is one with the attribute of that name, in groups where there are dots in it.
func (f found) problem(name, format string, args ...any) {
	at := f.at
	for part := range strings.SplitSeq(name, ".") {
		at = at.WithAttributeName(part)
	}
	*f.problems = append(*f.problems, table.Problem{Path: at, Text: fmt.Sprintf(format, args...)})
}

// diskRules are what the attributes of one disk demand of each other.
func diskRules(config table.Model) (out []table.Problem) {
	for _, dev := range table.Keys(config.Group("disks")) {
		disk := config.Group("disks").Group(dev)
		if disk == nil {
			continue
		}
		f := found{tftypes.NewAttributePath().WithAttributeName("disks").WithElementKeyString(dev), &out}
		if onVirtio := disk["bus"] == nil || disk["bus"] == "virtio"; IsCDROM(disk) && onVirtio {
			f.problem("bus", "'bus' must not be \"virtio\" for a cdrom; use \"sata\", \"scsi\" or \"ide\"")
		}
		f.sources(disk)
		f.network(disk)
		f.options(disk)
		f.limits(disk.Group("iotune"))
	}
	return out
}

// sources: a disk has one.
func (f found) sources(disk table.Model) {
	source := disk.Group("source")
	if disk["source"] == table.Unknown {
		return
	}
	if source != nil && source.IsEmpty() {
		f.problem("source", "'source' must say something; set 'block' or 'protocol', or take it out")
		return
	}
	if (source["pool"] == nil) != (source["volume"] == nil) {
		f.problem("source.volume", "'volume' goes with 'pool'; set both or neither")
		return
	}
	var given []string
	for name, v := range map[string]any{"file": disk["file"], "source.block": source["block"], "source.pool": source["pool"], "source.protocol": source["protocol"]} {
		if v != nil {
			given = append(given, name)
		}
	}
	slices.Sort(given)
	switch {
	case len(given) > 1:
		f.problem(given[1], "'%s' must not stand beside '%s': a disk has one source; take one out", given[1], given[0])
	case len(given) == 0 && !IsCDROM(disk) && disk["device"] != table.Unknown:
		f.problem("file", "'file' must be set for a disk, or a 'source'; set one, or make 'device' \"cdrom\", which may be empty")
	case len(given) == 1 && given[0] != "file" && disk["format"] == nil:
		f.problem("format", "'format' must be said of what is no 'file'; set it, most often to \"raw\"")
	}
}

// protocolsOf are the protocols that have a word for an attribute.
var protocolsOf = map[string][]string{
	"socket": {"nbd", "gluster"}, "username": {"rbd", "iscsi"}, "secret": {"rbd", "iscsi"}, "tls": {"nbd"}, "verify": {"https", "ftps"}, "config": {"rbd"}, "initiator": {"iscsi"},
}

// network: what one protocol takes another does not.
func (f found) network(disk table.Model) {
	source := disk.Group("source")
	protocol := source.Str("protocol")
	f.at = f.at.WithAttributeName("source")
	for _, name := range []string{"name", "hosts", "socket", "username", "secret", "tls", "verify", "config", "initiator"} {
		takers := protocolsOf[name]
		switch {
		case source[name] == nil || source["protocol"] == table.Unknown || name == "tls" && source[name] == false || name == "verify" && source[name] == true:
		case protocol == "":
			f.problem(name, "'%s' needs a 'protocol'; set it, or take this out", name)
		case takers != nil && !slices.Contains(takers, protocol) && slices.Contains(protocols, protocol):
			f.problem(name, "'%s' goes with protocol \"%s\" only, got %q; take it out", name, strings.Join(takers, `" or "`), protocol)
		}
	}
	if protocol == "" || !slices.Contains(protocols, protocol) {
		return
	}
	hosts, known := source.Group("hosts"), source["hosts"] != table.Unknown
	several := protocol == "rbd" || protocol == "gluster"
	switch placed := source["socket"] != nil || source["config"] != nil; {
	case !known:
	case len(hosts) == 0 && !placed:
		f.problem("hosts", "'hosts' must be set with protocol %q; say where it is", protocol)
	case len(hosts) > 0 && source["socket"] != nil:
		f.problem("socket", "'socket' must not stand beside 'hosts'; take one out")
	case len(hosts) > 1 && !several:
		f.problem("hosts", "'hosts' must be one with protocol %q, got %d; only \"rbd\" and \"gluster\" take several", protocol, len(hosts))
	}
	if source["name"] == nil && protocol != "nbd" {
		f.problem("name", "'name' must be set with protocol %q; say what it is called there", protocol)
	}
	if (source["username"] == nil) != (source["secret"] == nil) {
		f.problem("secret", "'secret' goes with 'username'; set both or neither")
	}
	readable := IsCDROM(disk) || disk["device"] == table.Unknown || disk["options"] == table.Unknown || disk.Group("options")["read_only"] == table.Unknown
	if web := strings.HasPrefix(protocol, "http") || strings.HasPrefix(protocol, "ftp"); web && !readable && !disk.Group("options").Bool("read_only") {
		f.problem("protocol", "'protocol' %q can only be read; make 'device' \"cdrom\", or set 'options.read_only'", protocol)
	}
}

// options that libvirt (9.0) refuses only when the guest is defined or started.
func (f found) options(disk table.Model) {
	o := disk.Group("options")
	if o != nil && o.IsEmpty() {
		f.problem("options", "'options' must set something; set one of its attributes, or take it out")
	}
	bus, cache := disk["bus"], disk["cache"]
	if bus == nil {
		bus = "virtio"
	}
	if o["io"] == "native" && cache != "none" && cache != "directsync" && cache != table.Unknown {
		f.problem("options.io", "'io' must not be \"native\" with the host's cache; set 'cache' to \"none\" or \"directsync\"")
	}
	if o["detect_zeroes"] == "unmap" && o["discard"] != "unmap" && o["discard"] != table.Unknown {
		f.problem("options.detect_zeroes", "'detect_zeroes' must not be \"unmap\" where 'discard' is not; set that too, or use \"on\"")
	}
	if o["queues"] != nil && bus != "virtio" && bus != table.Unknown {
		f.problem("options.queues", "'queues' goes with bus \"virtio\" only, got %q; take it out", bus)
	}
	if o["read_only"] == true && !IsCDROM(disk) && (bus == "ide" || bus == "sata") {
		f.problem("options.read_only", "'read_only' is nothing that a disk on %q can be; use another bus, or make 'device' \"cdrom\"", bus)
	}
	if o["shareable"] == true && disk["format"] != "raw" && disk["format"] != table.Unknown {
		f.problem("options.shareable", "'shareable' needs 'format' \"raw\": no other is made to be written to by several guests")
	}
}

// limits: the one or the others, and none without what it is about.
func (f found) limits(tune table.Model) {
	if tune == nil {
		return
	}
	if tune.IsEmpty() {
		f.problem("iotune", "'iotune' must limit something; set one of its attributes, or take it out")
	}
	f.at = f.at.WithAttributeName("iotune")
	for _, family := range limitFamilies {
		total, read, write := "total"+family, "read"+family, "write"+family
		if tune[total] != nil && (tune[read] != nil || tune[write] != nil) {
			f.problem(total, "'%s' must not stand beside '%s' or '%s'; libvirt takes the one or the others", total, read, write)
		}
	}
	for _, name := range table.Keys(tune) {
		base, isLength := strings.CutSuffix(name, "_length")
		if !isLength {
			base, _ = strings.CutSuffix(name, "_max")
		}
		switch {
		case tune[name] == nil || base == name:
		case tune[base] == nil:
			f.problem(name, "'%s' needs a '%s'; set it, or take this out", name, base)
		case !isLength && tune.Int(base) > tune.Int(name) && tune[name] != table.Unknown:
			f.problem(name, "'%s' must be at least '%s', %d, got %d; raise it", name, base, tune.Int(base), tune.Int(name))
		}
	}
}

// bootRules: each place in the boot order is one device's.
func bootRules(config table.Model) (out []table.Problem) {
	first := map[int64]string{}
	for _, kind := range []string{"disks", "interfaces"} {
		for _, key := range table.Keys(config.Group(kind)) {
			at := tftypes.NewAttributePath().WithAttributeName(kind).WithElementKeyString(key)
			place := config.Group(kind).Group(key).Int("boot")
			if other := first[place]; place > 0 && other != "" {
				found{at, &out}.problem("boot", "'boot' must be of one device, got %d as for %s; give each its own", place, other)
			}
			if place > 0 && first[place] == "" {
				first[place] = table.PathString(at)
			}
		}
	}
	return out
}

// firmwareRules are what the firmware's attributes demand of each other.
func firmwareRules(config table.Model) (out []table.Problem) {
	efi := config.Group("efi")
	f := found{tftypes.NewAttributePath(), &out}
	if efi != nil && config["firmware"] != "efi" && config["firmware"] != table.Unknown {
		f.problem("efi", "'efi' goes with 'firmware' \"efi\"; set that, or take this out")
	}
	if efi["nvram_template"] != nil && efi["loader"] == nil {
		f.problem("efi.nvram_template", "'nvram_template' needs a 'loader'; set it, or take this out: of a loader that libvirt chooses it knows the template")
	}
	if kind := family(config.Str("machine")); efi["secure_boot"] == true && kind != "" && kind != "q35" {
		f.problem("efi.secure_boot", "'secure_boot' needs a machine of type \"q35\", got %q; set 'machine', or take this out", config.Str("machine"))
	}
	return out
}
