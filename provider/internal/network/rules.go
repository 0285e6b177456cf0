package network

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"net/netip"
	"slices"
	"strings"

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
	p := table.NewProblems()
	forwardRules(p, config)
	addressRules(p, config, "ipv4")
	addressRules(p, config, "ipv6")
	routeRules(p, config)
	dnsmasqRules(p, config)
	portprofile.Rules(p, config)
	ownBridgeVLANs(p, config)
	groups := config.Group("portgroups")
	var defaultGroup string
	for _, name := range table.Keys(groups) {
		group, p := groups.Group(name), p.Entry("portgroups", name)
		portprofile.Rules(p, group)
		if group["default"] == true && defaultGroup != "" {
			p.Must("default", "be unique, it is already set on %q; remove it from one of them", defaultGroup)
		} else if group["default"] == true {
			defaultGroup = name
		}
	}
	if dns := config.Group("dns"); dns != nil && dns.IsEmpty() {
		p.Empty("dns")
	}
	RawXML.Rules(p, config)
	return p.List()
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
	{path: []string{"dnsmasq_options"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"routes"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"mac"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"stp"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"delay"}, links: ownOnly, text: needsOwnBridge},
	{path: []string{"bridge"}, links: []linkType{ownBridge, hostBridge}, text: "'%s' cannot be combined with mode %q on devices; remove it"},
	{path: []string{"bandwidth"}, links: []linkType{ownBridge, hostBridge},
		text: "'%s' requires a bridge, which mode %q on devices does not have; remove it"},
	{path: []string{"virtualport"}, links: []linkType{hostBridge},
		text: "'%s' requires mode \"bridge\" on a bridge of the host, got mode %q; remove it"},
	{path: []string{"isolated"}, links: []linkType{ownBridge, hostBridge},
		text: "'%s' requires a bridge, which mode %q on devices does not have; remove it"},
	{path: []string{"forward", "nat_addresses"}, links: ownOnly, modes: []string{"nat"}, text: "'%s' requires mode \"nat\", got mode %q; remove it"},
	{path: []string{"forward", "nat_ports"}, links: ownOnly, modes: []string{"nat"}, text: "'%s' requires mode \"nat\", got mode %q; remove it"},
	{path: []string{"forward", "nat_ipv6"}, links: ownOnly, modes: []string{"nat"}, text: "'%s' requires mode \"nat\", got mode %q; remove it"},
	{path: []string{"forward", "devices"}, links: []linkType{ownBridge, hostDevice},
		modes: []string{"nat", "route", "bridge", "private", "vepa", "passthrough"}, text: "'%s' cannot be combined with mode %q; remove it"},
	{path: []string{"forward", "pf"}, links: []linkType{virtualFunctions}, text: "'%s' requires mode \"hostdev\", got mode %q; remove it"},
	{path: []string{"forward", "addresses"}, links: []linkType{virtualFunctions}, text: "'%s' requires mode \"hostdev\", got mode %q; remove it"},
	{path: []string{"forward", "managed"}, links: []linkType{virtualFunctions}, text: "'%s' requires mode \"hostdev\", got mode %q; remove it"},
}

func forwardRules(p table.Problems, config table.Model) {
	forward := config.Group("forward")
	if config["forward"] == table.Unknown || forward["mode"] == table.Unknown {
		return
	}
	mode, k := forward.Str("mode"), linkTypeIn(config)
	for _, f := range modeRules {
		name := f.path[len(f.path)-1]
		group := config
		if len(f.path) > 1 {
			group = forward
		}
		if group[name] != nil && (!slices.Contains(f.links, k) || (f.modes != nil && !slices.Contains(f.modes, mode))) {
			p.Add(strings.Join(f.path, "."), f.text, name, cmp.Or(mode, "isolated"))
		}
	}
	list, known := forward["devices"].(table.List)
	switch {
	case known && list == "":
		p.Add("forward.devices", "'devices' must not be empty; add a device, or remove it")
	case known && k == ownBridge && len(list.Items()) > 1:
		p.Add("forward.devices", "'devices' must name one device with mode %q, got %d; remove the others", mode, len(list.Items()))
	case k == ownBridge && mode != "" && config["ipv4"] == nil && config["ipv6"] == nil:
		p.Add("forward.mode", "'mode' %q requires 'ipv4' or 'ipv6'; set the host's address on the network", mode)
	case k == hostBridge && config["bridge"] == nil:
		p.Add("bridge", "'mode' \"bridge\" requires 'bridge'; name a bridge of the host, or set 'forward.devices' for macvtap")
	case k == hostDevice && forward["devices"] == nil:
		p.Add("forward.devices", "'mode' %q requires 'devices'; name the device that the guests are attached to", mode)
	case k == virtualFunctions && (forward["pf"] == nil) == (forward["addresses"] == nil):
		p.Add("forward.pf", "'mode' \"hostdev\" requires either 'pf' or 'addresses'")
	}
	between := forward.Group("nat_ports")
	if start, end := between["start"], between["end"]; isInt(start) && isInt(end) && between.Int("end") < between.Int("start") {
		p.Add("forward.nat_ports.end", "'end' must not be before 'start' (%d), got %d", start, end)
	}
	addresses := forward.Group("nat_addresses")
	if err := ordered(addresses.Str("start"), addresses.Str("end")); err != nil {
		p.Add("forward.nat_addresses.end", "'end' %s", err)
	}
}

func isInt(v any) bool { _, is := v.(int64); return is }

// addressRules checks the addresses of DHCP and their reservations.
func addressRules(p table.Problems, config table.Model, family string) {
	ip := config.Group(family)
	p = p.In(family + ".dhcp")
	dhcp := ip.Group("dhcp")
	if (dhcp["start"] == nil) != (dhcp["end"] == nil) {
		p.RequireEachOther("start", "end")
	}
	if dhcp != nil && dhcp["start"] == nil && dhcp["end"] == nil {
		if dhcp["lease_time"] != nil {
			p.Add("lease_time", "'lease_time' requires 'start' and 'end'; set them, or remove 'lease_time'")
		}
		if hosts := dhcp.Group("hosts"); dhcp["hosts"] == nil || (hosts != nil && len(hosts) == 0) {
			p.Add("", "'dhcp' requires addresses; set 'start' and 'end', or 'hosts', or remove it")
		}
	}
	for _, key := range table.Keys(dhcp.Group("hosts")) {
		if entry, is := dhcp.Group("hosts")[key].(table.Model); is && family == "ipv6" && entry["name"] != nil && !duid.MatchString(key) {
			p.Entry("hosts", key).Add("name", "'name' requires a DUID as the key, and %q is a name; remove 'name'", key)
		}
	}
	block, known := blockOf(ip)
	if !known {
		return
	}
	inside := func(p table.Problems, name, text string) {
		if a, err := netip.ParseAddr(text); err == nil && !block.Contains(a) {
			p.Must(name, "be inside %s, got %s", block, text)
		}
	}
	inside(p, "start", dhcp.Str("start"))
	inside(p, "end", dhcp.Str("end"))
	hosts := dhcp.Group("hosts")
	for _, key := range table.Keys(hosts) {
		if h, ok := hosts[key].(table.Model); ok {
			inside(p.Entry("hosts", key), "ip", h.Str("ip"))
		}
	}
	if err := ordered(dhcp.Str("start"), dhcp.Str("end")); err != nil {
		p.Add("end", "'end' %s", err)
	}
}

// routeRules checks that each gateway is on the network and has the family of its destination.
func routeRules(p table.Problems, config table.Model) {
	for _, to := range table.Keys(config.Group("routes")) {
		gateway, err := netip.ParseAddr(config.Group("routes").Group(to).Str("gateway"))
		block, parsed := netip.ParsePrefix(to)
		if err != nil || parsed != nil {
			continue
		}
		p := p.Entry("routes", to)
		family := map[bool]string{true: "ipv4", false: "ipv6"}[gateway.Is4()]
		on, known := blockOf(config.Group(family))
		switch {
		case gateway.Is4() != block.Addr().Is4():
			p.Must("gateway", "have the address family of %s, got %s", to, gateway)
		case config[family] == nil:
			p.Must("gateway", "be on the network, which has no '%s', got %s", family, gateway)
		case known && !on.Contains(gateway):
			p.Must("gateway", "be inside %s, got %s", on, gateway)
		}
	}
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
