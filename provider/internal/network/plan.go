package network

import (
	"context"
	"fmt"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Plan tells who will notice that the network is started again.
func (Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model) engine.Advice {
	ownBridge(prior, config, plan)
	advice := engine.Advice{Problems: examine(ctx, fleet, prior, plan), AlsoOnReplace: true}
	if warning := warning(ctx, fleet, prior, plan); warning != "" {
		advice.Warnings = []string{warning}
	}
	return advice
}

// warning is who will notice, "" where nobody does.
func warning(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (told string) {
	if prior["host"] != plan["host"] || prior["name"] != plan["name"] || !prior.Bool("active") {
		return ""
	}
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return ""
	}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		n, err := l.NetworkLookupByName(prior.Str("name"))
		if err != nil {
			return err
		}
		before, err := definition(l, n, libvirt.NetworkXMLInactive)
		if err != nil {
			return err
		}
		after := before.Copy()
		xmlmodel.Patch(Table.Attrs, after, prior, withBridge(plan))
		if _, all := steps(before, after); all {
			return nil
		}
		found, err := users(l, prior)
		if found = usage.Running(found); err == nil && len(found) > 0 {
			told = noticed(before, after, fmt.Sprintf("Network %q", prior.Str("name")), usage.Names(found))
		}
		return err
	})
	if err != nil { // what can't be asked now is asked again before anything is done
		return ""
	}
	return told
}

// ownBridge keeps what only a bridge of its own has out of the plan of a network that has none, and asks for it anew where it gets one.
func ownBridge(prior, config, plan table.Model) {
	was, is := kindIn(prior), kindIn(plan)
	for _, name := range []string{"bridge", "mac"} {
		switch {
		case config[name] != nil:
		case is != ofItsOwn:
			plan[name] = nil
		case was != ofItsOwn:
			plan[name] = table.Unknown
		}
	}
}

// noticed is what becomes of the guests, "" where they notice nothing.
func noticed(before, after *etree.Element, network, guests string) string {
	was := kindOf(before)
	bridge := func(n *etree.Element) string { return xmlmodel.At("bridge@name").Text(n) }
	switch {
	case was == ofItsOwn && isSwitch(after):
		return fmt.Sprintf("%s is started again while guests use it\nIt does not carry the traffic of %s for about a second; their links stay up.", network, guests)
	case was == ofItsOwn:
		return fmt.Sprintf("%s can't be changed while guests use it\nAn interface on a bridge becomes none on a device while its guest runs: unless this apply stops %s first, "+
			"nothing is changed.", network, guests)
	case was == onBridge && isSwitch(after) && bridge(before) != bridge(after):
		return fmt.Sprintf("%s takes its guests to another bridge\nThe interfaces of %s are unplugged from %s and plugged into %s; their links stay up.", network, guests, bridge(before), bridge(after))
	case was == onBridge && isSwitch(after):
		return ""
	default:
		return fmt.Sprintf("%s changes for guests that are started from now on\n%s %s connected as before until the next start.", network, guests,
			map[bool]string{true: "stay", false: "stays"}[strings.Contains(guests, " and ")])
	}
}
