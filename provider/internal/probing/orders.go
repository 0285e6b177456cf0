package probing

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

// service returns what a guest listens on: the ports of the request and those of the flows to it.
func (e *engine) service(g *guest) wire.Service {
	s := wire.Service{Run: e.run, Idle: int(e.idle().Milliseconds()), TCP: slices.Clone(g.TCP), UDP: slices.Clone(g.UDP)}
	known := map[netip.Addr]bool{}
	for _, l := range g.Interfaces {
		mac, err := parseMAC(l.MAC)
		if err != nil {
			continue // a flow over this interface reports the error
		}
		nic := wire.Interface{MAC: frame.MAC(mac)}
		for _, text := range slices.Concat(l.Addresses, l.Addresses6) {
			if a, err := netip.ParseAddr(text); err == nil && !known[a] {
				known[a] = true
				nic.Addresses = append(nic.Addresses, a.AsSlice())
			}
		}
		s.Interfaces = append(s.Interfaces, nic)
	}
	for _, t := range e.request.Flows {
		if t.To != g.Name {
			continue
		}
		if a, err := netip.ParseAddr(t.Target); err == nil && !known[a] && len(s.Interfaces) > 0 {
			known[a] = true
			s.Interfaces[0].Addresses = append(s.Interfaces[0].Addresses, a.AsSlice())
		}
		if t.Protocol == "tcp" {
			s.TCP = append(s.TCP, t.Port)
		} else if t.Protocol == "udp" {
			s.UDP = append(s.UDP, t.Port)
		}
	}
	for _, ports := range []*[]uint16{&s.TCP, &s.UDP} {
		slices.Sort(*ports)
		*ports = slices.Compact(*ports)
	}
	return s
}

// interface finds a interface of a guest by its name.
func (g *guest) nic(name string) (Interface, frame.MAC, error) {
	for _, l := range g.Interfaces {
		if l.Name == name {
			mac, err := parseMAC(l.MAC)
			if err != nil {
				return l, frame.MAC{}, err
			}
			return l, frame.MAC(mac), nil
		}
	}
	return Interface{}, frame.MAC{}, fmt.Errorf("%q has no interface %q", g.Name, name)
}

func parseMAC(text string) ([]byte, error) {
	mac, err := net.ParseMAC(text)
	if err != nil || len(mac) != len(frame.MAC{}) {
		return nil, fmt.Errorf("%q is not a MAC address", text)
	}
	return mac, nil
}

// pair parses two addresses of one family.
func pair(source, target string) (from, to netip.Addr, err error) {
	if from, err = netip.ParseAddr(source); err != nil {
		return from, to, fmt.Errorf("the source: %w", err)
	}
	if to, err = netip.ParseAddr(target); err != nil {
		return from, to, fmt.Errorf("the target: %w", err)
	}
	if from, to = from.WithZone("").Unmap(), to.WithZone("").Unmap(); from.Is4() != to.Is4() {
		return from, to, fmt.Errorf("%s and %s have different address families", source, target)
	}
	return from, to, nil
}

// flow returns the order for a flow. service is true if a program of the target guest uses the port.
func (e *engine) flow(t Flow) (order wire.Flow, service bool, err error) {
	if err := e.concerned(t.From, t.To); err != nil {
		return order, false, err
	}
	_, mac, err := e.guests[t.From].nic(t.Interface)
	if err != nil {
		return order, false, err
	}
	from, to, err := pair(t.Source, t.Target)
	if err != nil {
		return order, false, err
	}
	if !slices.Contains([]string{"tcp", "udp", "icmp"}, t.Protocol) {
		return order, false, fmt.Errorf("'protocol' must be tcp, udp or icmp, got %q", t.Protocol)
	}
	outside := t.To == ""
	service = !outside && e.guests[t.To].taken[port{t.Protocol, to, t.Port}]
	echo := t.Protocol == "icmp" || t.Protocol == "udp" && !service || !service && !outside
	return wire.Flow{ID: t.ID, Protocol: t.Protocol, Echo: echo, Hold: t.Hold && t.Protocol == "tcp", Expected: t.Expected,
		Interface: mac, Source: from.AsSlice(), Target: to.AsSlice(), Port: t.Port}, service, nil
}

// forged returns the order for a forged frame.
func (e *engine) forged(r ForgedFrame) (order wire.ForgedFrame, err error) {
	if err := e.concerned(r.From, r.To); err != nil {
		return order, err
	}
	nic, mac, err := e.guests[r.From].nic(r.Interface)
	if err != nil {
		return order, err
	}
	kind, ok := frame.KindOf(r.Kind)
	if !ok {
		return order, fmt.Errorf("'kind' must be one of %s, got %q", strings.Join(frame.Kinds(), ", "), r.Kind)
	}
	from, to, err := pair(r.Source, r.Target)
	if err != nil {
		return order, err
	}
	if four, six := kind.Families(); from.Is4() && !four || from.Is6() && !six {
		return order, fmt.Errorf("%s is not possible from %s, which has the other address family", r.Kind, r.Source)
	}
	order = wire.ForgedFrame{
		ID: r.ID, Kind: kind, Interface: mac, Source: from.AsSlice(), Target: to.AsSlice(), Port: r.Port, From: r.SourcePort, VLAN: r.VLAN,
	}
	if r.SourceMAC != "" {
		if order.SourceMAC, err = parseMAC(r.SourceMAC); err != nil {
			return order, err
		}
	}
	if r.TargetMAC != "" {
		if order.TargetMAC, err = parseMAC(r.TargetMAC); err != nil {
			return order, err
		}
	}
	own := nic.Addresses
	if from.Is6() {
		own = nic.Addresses6
	}
	if len(own) > 0 {
		if a, err := netip.ParseAddr(own[0]); err == nil {
			order.Own = a.AsSlice()
		}
	}
	for _, text := range r.Via {
		// One list may name the routers of both families.
		if via, err := netip.ParseAddr(text); err != nil {
			return order, fmt.Errorf("the next hop: %w", err)
		} else if via.Is4() == from.Is4() {
			order.Via = append(order.Via, via.AsSlice())
		}
	}
	return order, nil
}

// concerned returns an error if one of the machines could not be probed.
func (e *engine) concerned(names ...string) error {
	for i, name := range names {
		g := e.guests[name]
		switch {
		case i > 0 && name == "":
		case g == nil:
			return fmt.Errorf("the request has no machine %q", name)
		case g.err != nil:
			return fmt.Errorf("%s could not be probed", name)
		}
	}
	return nil
}
