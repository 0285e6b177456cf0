package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// diskSourceRules checks that a disk has one source.
func diskSourceRules(p table.Problems, disk table.Model) {
	source := disk.Group("source")
	if disk["source"] == table.Unknown {
		return
	}
	if source != nil && source.IsEmpty() {
		p.Empty("source")
		return
	}
	if (source["pool"] == nil) != (source["volume"] == nil) {
		p.RequireEachOther("source.volume", "pool")
		return
	}
	var given []string
	for name, v := range map[string]any{
		"file": disk["file"], "source.block": source["block"], "source.pool": source["pool"],
		"source.protocol": source["protocol"],
	} {
		if v != nil {
			given = append(given, name)
		}
	}
	slices.Sort(given)
	switch {
	case len(given) > 1:
		p.Conflicts(given[1], given[0], "a disk has one source")
	case len(given) == 0 && !IsCDROM(disk) && disk["device"] != table.Unknown:
		p.Missing("file", "for a disk without a 'source'", "set one of them, or set 'device' to \"cdrom\", which may be empty")
	case len(given) == 1 && given[0] != "file" && disk["format"] == nil:
		p.Missing("format", "for a disk that is not a 'file'", "set it, most often to \"raw\"")
	}
}

// networkSourceRules checks the attributes of storage on the network against the protocol.
func networkSourceRules(p table.Problems, disk table.Model) {
	source := disk.Group("source")
	protocol := source.Str("protocol")
	for _, a := range sourceRows {
		v := source[a.Name]
		switch {
		case a.OnlyFor == nil || v == nil || source["protocol"] == table.Unknown || a.HasDefault() && v == a.Default:
		case protocol == "":
			p.Requires(a.Name, "protocol")
		case !slices.Contains(a.OnlyFor, protocol) && slices.Contains(protocols, protocol):
			p.RequiresValue(a.Name, "protocol", protocol, a.OnlyFor...)
		}
	}
	if !slices.Contains(protocols, protocol) {
		return
	}
	hosts, known := source.Group("hosts"), source["hosts"] != table.Unknown
	several := protocol == "rbd" || protocol == "gluster"
	switch placed := source["socket"] != nil || source["config"] != nil; {
	case !known:
	case len(hosts) == 0 && !placed:
		p.Missing("hosts", "with protocol \""+protocol+"\"", "set where the storage is")
	case len(hosts) > 0 && source["socket"] != nil:
		p.Conflicts("socket", "hosts", "")
	case len(hosts) > 1 && !several:
		p.Must("hosts", "have one entry with protocol %q, got %d; only \"rbd\" and \"gluster\" take several", protocol, len(hosts))
	}
	if source["name"] == nil && protocol != "nbd" {
		p.Missing("name", "with protocol \""+protocol+"\"", "set the name of the image there")
	}
	for _, host := range table.Keys(hosts) {
		if hosts.Group(host)["port"] == int64(0) && protocol != "rbd" {
			p.Must(fmt.Sprintf("hosts[%q].port", host), "be from 1 to 65535 with protocol %q, got 0; "+
				"remove it to have the default of the protocol", protocol)
		}
	}
	if name := source.Str("name"); protocol == "iscsi" && name != "" && !strings.Contains(name, "/") {
		p.Must("name", "have the number of the LUN after the target with protocol \"iscsi\", got %q; for the first one write %q",
			name, name+"/0")
	}
	if (source["username"] == nil) != (source["secret"] == nil) {
		p.RequireEachOther("secret", "username")
	}
	web := strings.HasPrefix(protocol, "http") || strings.HasPrefix(protocol, "ftp")
	known = disk["device"] != table.Unknown && disk["options"] != table.Unknown && disk.Group("options")["read_only"] != table.Unknown
	if web && known && !IsCDROM(disk) && !disk.Group("options").Bool("read_only") {
		p.Add("protocol", "'protocol' = %q is read-only; set 'device' to \"cdrom\", or set 'options.read_only'", protocol)
	}
}
