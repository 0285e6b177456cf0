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

// bridgeFor names the bridge of a network whose user does not. libvirt (9.0) would take the first free name, but gives two networks that are
// defined at the same time the same one, and then the second can't be started.
func bridgeFor(network string) string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(network)) // never fails
	return fmt.Sprintf("virbr%08x", sum.Sum32())
}

// Validate checks what must and must not go together.
func (Resource) Validate(config table.Model) []table.Problem {
	at := tftypes.NewAttributePath()
	out := slices.Concat(forwardRules(config), addressRules(config, "ipv4"), addressRules(config, "ipv6"), routeRules(config), portprofile.Rules(config, at))
	groups := config.Group("portgroups")
	var standard string
	for _, name := range table.Keys(groups) {
		group := groups.Group(name)
		out = append(out, portprofile.Rules(group, at.WithAttributeName("portgroups").WithElementKeyString(name))...)
		if group["default"] == true && standard != "" {
			out = append(out, table.Problem{Path: at.WithAttributeName("portgroups").WithElementKeyString(name).WithAttributeName("default"),
				Text: fmt.Sprintf("'default' is true of %q already; take it out of one of them", standard)})
		} else if group["default"] == true {
			standard = name
		}
	}
	if dns := config.Group("dns"); dns != nil && dns.IsEmpty() {
		out = append(out, table.Problem{Path: at.WithAttributeName("dns"), Text: "'dns' must set something; set one of its attributes, or take it out"})
	}
	return out
}

// fits says with which modes an attribute goes; libvirt refuses some of the others, and takes no notice of the rest.
type fits struct {
	path  []string
	kinds []kind
	modes []string // of these kinds, where not all of them
	text  string
}

var ownOnly = []kind{ofItsOwn}

const foreign = "'%s' is for a network with a bridge of its own, and mode %q has none; take it out"

var fitting = []fits{
	{path: []string{"ipv4"}, kinds: ownOnly, text: foreign},
	{path: []string{"ipv6"}, kinds: ownOnly, text: foreign},
	{path: []string{"dns"}, kinds: ownOnly, text: foreign},
	{path: []string{"domain"}, kinds: ownOnly, text: foreign},
	{path: []string{"routes"}, kinds: ownOnly, text: foreign},
	{path: []string{"mac"}, kinds: ownOnly, text: foreign},
	{path: []string{"stp"}, kinds: ownOnly, text: foreign},
	{path: []string{"delay"}, kinds: ownOnly, text: foreign},
	{path: []string{"bridge"}, kinds: []kind{ofItsOwn, onBridge}, text: "'%s' does not go with mode %q and the devices of its guests; take it out"},
	{path: []string{"bandwidth"}, kinds: []kind{ofItsOwn, onBridge}, text: "'%s' needs a bridge, and mode %q on devices has none; take it out"},
	{path: []string{"virtualport"}, kinds: []kind{onBridge}, text: "'%s' is for a bridge that the host has already, mode \"bridge\", and not for mode %q; take it out"},
	{path: []string{"isolated"}, kinds: []kind{ofItsOwn, onBridge}, text: "'%s' needs a bridge, and mode %q on devices has none; take it out"},
	{path: []string{"forward", "nat_addresses"}, kinds: ownOnly, modes: []string{"nat"}, text: "'%s' is for mode \"nat\", and not for mode %q; take it out"},
	{path: []string{"forward", "nat_ports"}, kinds: ownOnly, modes: []string{"nat"}, text: "'%s' is for mode \"nat\", and not for mode %q; take it out"},
	{path: []string{"forward", "nat_ipv6"}, kinds: ownOnly, modes: []string{"nat"}, text: "'%s' is for mode \"nat\", and not for mode %q; take it out"},
	{path: []string{"forward", "devices"}, kinds: []kind{ofItsOwn, onDevice}, modes: []string{"nat", "route", "bridge", "private", "vepa", "passthrough"}, text: "'%s' does not go with mode %q; take it out"},
	{path: []string{"forward", "pf"}, kinds: []kind{passed}, text: "'%s' is for mode \"hostdev\", and not for mode %q; take it out"},
	{path: []string{"forward", "addresses"}, kinds: []kind{passed}, text: "'%s' is for mode \"hostdev\", and not for mode %q; take it out"},
	{path: []string{"forward", "managed"}, kinds: []kind{passed}, text: "'%s' is for mode \"hostdev\", and not for mode %q; take it out"},
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
	mode, k := forward.Str("mode"), kindIn(config)
	for _, f := range fitting {
		name := f.path[len(f.path)-1]
		group := config
		if len(f.path) > 1 {
			group = forward
		}
		if group[name] != nil && (!slices.Contains(f.kinds, k) || (f.modes != nil && !slices.Contains(f.modes, mode))) {
			problem(f.path, f.text, name, cmp.Or(mode, "isolated"))
		}
	}
	list, known := forward["devices"].(table.List)
	switch {
	case known && list == "":
		problem([]string{"forward", "devices"}, "'devices' must name at least one; add it, or take this out")
	case known && k == ofItsOwn && len(list.Items()) > 1:
		problem([]string{"forward", "devices"}, "'devices' must name only one with mode %q, got %d; leave the others out", mode, len(list.Items()))
	case k == ofItsOwn && mode != "" && config["ipv4"] == nil && config["ipv6"] == nil:
		problem([]string{"forward", "mode"}, "'mode' %q needs an address of the host's on the network; set 'ipv4' or 'ipv6'", mode)
	case k == onBridge && config["bridge"] == nil:
		problem([]string{"bridge"}, "'bridge' must be set with mode \"bridge\": name the bridge that the host has, or set 'forward.devices' for macvtap")
	case k == onDevice && forward["devices"] == nil:
		problem([]string{"forward", "devices"}, "'devices' must be set with mode %q; name the device that the guests are put on", mode)
	case k == passed && (forward["pf"] == nil) == (forward["addresses"] == nil):
		problem([]string{"forward", "pf"}, "'pf' or 'addresses' must be set with mode \"hostdev\", and only one of them")
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

// addressRules: what is given out belongs to the network.
func addressRules(config table.Model, family string) []table.Problem {
	ip := config.Group(family)
	at := tftypes.NewAttributePath().WithAttributeName(family).WithAttributeName("dhcp")
	dhcp := ip.Group("dhcp")
	var out []table.Problem
	if (dhcp["start"] == nil) != (dhcp["end"] == nil) {
		out = append(out, table.Problem{Path: at.WithAttributeName("start"), Text: "'start' goes with 'end'; set both or neither"})
	}
	if dhcp != nil && dhcp["start"] == nil && dhcp["end"] == nil {
		if dhcp["lease_time"] != nil {
			out = append(out, table.Problem{Path: at.WithAttributeName("lease_time"), Text: "'lease_time' needs a 'start' and an 'end'; set them, or take this out"})
		}
		if hosts := dhcp.Group("hosts"); dhcp["hosts"] == nil || (hosts != nil && len(hosts) == 0) {
			out = append(out, table.Problem{Path: at, Text: "'dhcp' must give out something; set 'start' and 'end', or 'hosts', or take it out"})
		}
	}
	for _, key := range table.Keys(dhcp.Group("hosts")) {
		if entry, is := dhcp.Group("hosts")[key].(table.Model); is && family == "ipv6" && entry["name"] != nil && !duid.MatchString(key) {
			out = append(out, table.Problem{Path: at.WithAttributeName("hosts").WithElementKeyString(key).WithAttributeName("name"),
				Text: fmt.Sprintf("'name' is for a guest that is known by its DUID, and %q is a name already; take it out", key)})
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

// routeRules: the way goes by an address on the network, of the same family as what it leads to.
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
			out = append(out, table.Problem{Path: at, Text: fmt.Sprintf("'gateway' must be of the same family as %s, got %s", to, gateway)})
		case config[family] == nil:
			out = append(out, table.Problem{Path: at, Text: fmt.Sprintf("'gateway' must be on the network, which has no '%s', got %s", family, gateway)})
		case known && !on.Contains(gateway):
			out = append(out, table.Problem{Path: at, Text: fmt.Sprintf("'gateway' must be inside %s, got %s", on, gateway)})
		}
	}
	return out
}

// blockOf are the addresses of a network of one family.
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
