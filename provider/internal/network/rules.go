package network

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"net/netip"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/portprofile"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// bridgeFor returns the bridge name of a network whose configuration sets none. libvirt (9.0) would choose the first
// free name, but gives two networks that are defined at the same time the same name, and then the second one cannot
// start.
func bridgeFor(network string) string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(network)) // Write never fails
	return fmt.Sprintf("virbr%08x", sum.Sum32())
}

// Validate checks the rules between attributes.
func (Resource) Validate(config table.Model) []table.Problem {
	at := tftypes.NewAttributePath()
	out := slices.Concat(forwardRules(config), addressRules(config, "ipv4"), addressRules(config, "ipv6"), routeRules(config), portprofile.Rules(config, at))
	groups := config.Group("portgroups")
	var defaultGroup string
	for _, name := range table.Keys(groups) {
		group := groups.Group(name)
		out = append(out, portprofile.Rules(group, at.WithAttributeName("portgroups").WithElementKeyString(name))...)
		if group["default"] == true && defaultGroup != "" {
			out = append(out, table.Problem{Path: at.WithAttributeName("portgroups").WithElementKeyString(name).WithAttributeName("default"),
				Text: fmt.Sprintf("'default' must be unique, it is already set on %q; remove it from one of them", defaultGroup)})
		} else if group["default"] == true {
			defaultGroup = name
		}
	}
	if dns := config.Group("dns"); dns != nil && dns.IsEmpty() {
		out = append(out, table.Problem{Path: at.WithAttributeName("dns"), Text: "'dns' must not be empty; set one of its attributes, or remove it"})
	}
	return out
}

// modeRule says which modes support an attribute. libvirt refuses the attribute with some of the other modes, and ignores it with the rest.
type modeRule struct {
	path  []string
	links []linkType
	modes []string // of these link types; nil: all
	text  string
}

var ownOnly = []linkType{ownBridge}

const needsOwnBridge = "'%s' requires a network with its own bridge, which mode %q does not have; remove it"

var modeRules = []modeRule{
	{path: []string{"ipv4"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"ipv6"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"dns"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"domain"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"routes"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"mac"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"stp"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"delay"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"bridge"}, links: []linkType{ownBridge, hostBridge}, text: "'%s' cannot be combined with mode %q on devices; remove it"},
	{path: []string{"bandwidth"}, links: []linkType{ownBridge, hostBridge}, text: "'%s' requires a bridge, which mode %q on devices does not have; remove it"},
	{path: []string{"virtualport"}, links: []linkType{hostBridge}, text: "'%s' requires mode \"bridge\" on a bridge of the host, got mode %q; remove it"},
	{path: []string{"isolated"}, links: []linkType{ownBridge, hostBridge}, text: "'%s' requires a bridge, which mode %q on devices does not have; remove it"},
	{path: []string{"forward", "nat_addresses"}, links: ownOnly, modes: []string{"nat"}, text: "'%s' requires mode \"nat\", got mode %q; remove it"},
	{path: []string{"forward", "nat_ports"}, links: ownOnly, modes: []string{"nat"}, text: "'%s' requires mode \"nat\", got mode %q; remove it"},
	{path: []string{"forward", "nat_ipv6"}, links: ownOnly, modes: []string{"nat"}, text: "'%s' requires mode \"nat\", got mode %q; remove it"},
	{path: []string{"forward", "devices"}, links: []linkType{ownBridge, hostDevice}, modes: []string{"nat", "route", "bridge", "private", "vepa", "passthrough"}, text: "'%s' cannot be combined with mode %q; remove it"},
	{path: []string{"forward", "pf"}, links: []linkType{virtualFunctions}, text: "'%s' requires mode \"hostdev\", got mode %q; remove it"},
	{path: []string{"forward", "addresses"}, links: []linkType{virtualFunctions}, text: "'%s' requires mode \"hostdev\", got mode %q; remove it"},
	{path: []string{"forward", "managed"}, links: []linkType{virtualFunctions}, text: "'%s' requires mode \"hostdev\", got mode %q; remove it"},
}

func forwardRules(config table.Model) []table.Problem {
	forward, at := config.Group("forward"), tftypes.NewAttributePath()
	if config["forward"] == table.Unknown || forward["mode"] == table.Unknown {
		return nil
	}
	var out []table.Problem
	problem := func(path []string, format string, args ...any) {
		where := at
		for _, name := range path {
			where = where.WithAttributeName(name)
		}
		out = append(out, table.Problem{Path: where, Text: fmt.Sprintf(format, args...)})
	}
	mode, k := forward.Str("mode"), linkTypeIn(config)
	for _, f := range modeRules {
		name := f.path[len(f.path)-1]
		group := config
		if len(f.path) > 1 {
			group = forward
		}
		if group[name] != nil && (!slices.Contains(f.links, k) || (f.modes != nil && !slices.Contains(f.modes, mode))) {
			problem(f.path, f.text, name, cmp.Or(mode, "isolated"))
		}
	}
	list, known := forward["devices"].(table.List)
	switch {
	case known && list == "":
		problem([]string{"forward", "devices"}, "'devices' must not be empty; add a device, or remove it")
	case known && k == ownBridge && len(list.Items()) > 1:
		problem([]string{"forward", "devices"}, "'devices' must name one device with mode %q, got %d; remove the others", mode, len(list.Items()))
	case k == ownBridge && mode != "" && config["ipv4"] == nil && config["ipv6"] == nil:
		problem([]string{"forward", "mode"}, "'mode' %q requires 'ipv4' or 'ipv6'; set the host's address on the network", mode)
	case k == hostBridge && config["bridge"] == nil:
		problem([]string{"bridge"}, "'mode' \"bridge\" requires 'bridge'; name a bridge of the host, or set 'forward.devices' for macvtap")
	case k == hostDevice && forward["devices"] == nil:
		problem([]string{"forward", "devices"}, "'mode' %q requires 'devices'; name the device that the guests are attached to", mode)
	case k == virtualFunctions && (forward["pf"] == nil) == (forward["addresses"] == nil):
		problem([]string{"forward", "pf"}, "'mode' \"hostdev\" requires either 'pf' or 'addresses'")
	}
	between := forward.Group("nat_ports")
	if start, end := between["start"], between["end"]; isInt(start) && isInt(end) && between.Int("end") < between.Int("start") {
		problem([]string{"forward", "nat_ports", "end"}, "'end' must not be before 'start' (%d), got %d", start, end)
	}
	addresses := forward.Group("nat_addresses")
	if err := ordered(addresses.Str("start"), addresses.Str("end")); err != nil {
		problem([]string{"forward", "nat_addresses", "end"}, "'end' %s", err)
	}
	return out
}

func isInt(v any) bool { _, is := v.(int64); return is }

// addressRules checks the addresses of DHCP and their reservations.
func addressRules(config table.Model, family string) []table.Problem {
	ip := config.Group(family)
	at := tftypes.NewAttributePath().WithAttributeName(family).WithAttributeName("dhcp")
	dhcp := ip.Group("dhcp")
	var out []table.Problem
	if (dhcp["start"] == nil) != (dhcp["end"] == nil) {
		out = append(out, table.Problem{Path: at.WithAttributeName("start"), Text: "'start' and 'end' require each other; set both or neither"})
	}
	if dhcp != nil && dhcp["start"] == nil && dhcp["end"] == nil {
		if dhcp["lease_time"] != nil {
			out = append(out, table.Problem{Path: at.WithAttributeName("lease_time"), Text: "'lease_time' requires 'start' and 'end'; set them, or remove 'lease_time'"})
		}
		if hosts := dhcp.Group("hosts"); dhcp["hosts"] == nil || (hosts != nil && len(hosts) == 0) {
			out = append(out, table.Problem{Path: at, Text: "'dhcp' requires addresses; set 'start' and 'end', or 'hosts', or remove it"})
		}
	}
	for _, key := range table.Keys(dhcp.Group("hosts")) {
		if entry, is := dhcp.Group("hosts")[key].(table.Model); is && family == "ipv6" && entry["name"] != nil && !duid.MatchString(key) {
			out = append(out, table.Problem{Path: at.WithAttributeName("hosts").WithElementKeyString(key).WithAttributeName("name"),
				Text: fmt.Sprintf("'name' requires a DUID as the key, and %q is a name; remove 'name'", key)})
		}
	}
	block, known := blockOf(ip)
	if !known {
		return out
	}
	inside := func(name, text string, p table.Problem) {
		if a, err := netip.ParseAddr(text); err == nil && !block.Contains(a) {
			p.Text = fmt.Sprintf("'%s' must be inside %s, got %s", name, block, text)
			out = append(out, p)
		}
	}
	inside("start", dhcp.Str("start"), table.Problem{Path: at.WithAttributeName("start")})
	inside("end", dhcp.Str("end"), table.Problem{Path: at.WithAttributeName("end")})
	hosts := dhcp.Group("hosts")
	for _, key := range table.Keys(hosts) {
		if h, ok := hosts[key].(table.Model); ok {
			inside("ip", h.Str("ip"), table.Problem{Path: at.WithAttributeName("hosts").WithElementKeyString(key).WithAttributeName("ip")})
		}
	}
	if err := ordered(dhcp.Str("start"), dhcp.Str("end")); err != nil {
		out = append(out, table.Problem{Path: at.WithAttributeName("end"), Text: "'end' " + err.Error()})
	}
	return out
}

// routeRules checks that each gateway is on the network and has the family of its destination.
func routeRules(config table.Model) []table.Problem {
	var out []table.Problem
	for _, to := range table.Keys(config.Group("routes")) {
		gateway, err := netip.ParseAddr(config.Group("routes").Group(to).Str("gateway"))
		block, parsed := netip.ParsePrefix(to)
		if err != nil || parsed != nil {
			continue
		}
		at := tftypes.NewAttributePath().WithAttributeName("routes").WithElementKeyString(to).WithAttributeName("gateway")
		family := map[bool]string{true: "ipv4", false: "ipv6"}[gateway.Is4()]
		on, known := blockOf(config.Group(family))
		switch {
		case gateway.Is4() != block.Addr().Is4():
			out = append(out, table.Problem{Path: at, Text: fmt.Sprintf("'gateway' must have the address family of %s, got %s", to, gateway)})
		case config[family] == nil:
			out = append(out, table.Problem{Path: at, Text: fmt.Sprintf("'gateway' must be on the network, which has no '%s', got %s", family, gateway)})
		case known && !on.Contains(gateway):
			out = append(out, table.Problem{Path: at, Text: fmt.Sprintf("'gateway' must be inside %s, got %s", on, gateway)})
		}
	}
	return out
}

// blockOf returns the prefix of a network's addresses of one family.
func blockOf(ip table.Model) (block netip.Prefix, known bool) {
	address, err := netip.ParseAddr(ip.Str("address"))
	if err != nil || !isInt(ip["prefix"]) {
		return netip.Prefix{}, false
	}
	block, err = address.Prefix(int(ip.Int("prefix")))
	return block, err == nil
}

func ordered(start, end string) error {
	s, err1 := netip.ParseAddr(start)
	e, err2 := netip.ParseAddr(end)
	if err := errors.Join(err1, err2); err == nil && e.Less(s) {
		return fmt.Errorf("must not be before 'start' (%s), got %s", start, end)
	}
	return nil
}
