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

// Plan warns about the effect of a restart on the guests.
func (Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model) engine.Advice {
	planOwnBridge(prior, config, plan)
	advice := engine.Advice{Problems: checkHost(ctx, fleet, prior, plan), AlsoOnReplace: true}
	if text := warning(ctx, fleet, prior, plan); text != "" {
		advice.Warnings = []string{text}
	}
	return advice
}

// warning describes the effect on the guests; "" if there is none.
func warning(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (text string) {
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
			text = restartEffect(before, after, fmt.Sprintf("Network %q", prior.Str("name")), usage.Names(found))
		}
		return err
	})
	if err != nil { // the apply checks again before it changes anything
		return ""
	}
	return text
}

// planOwnBridge plans no bridge and MAC address for a network without a bridge of its own, and unknown ones for a
// network that gets one.
func planOwnBridge(prior, config, plan table.Model) {
	was, is := linkTypeIn(prior), linkTypeIn(plan)
	for _, name := range []string{"bridge", "mac"} {
		switch {
		case config[name] != nil:
		case is != ownBridge:
			plan[name] = nil
		case was != ownBridge:
			plan[name] = table.Unknown
		}
	}
}

// restartEffect describes what a restart does to the guests; "" if they are not affected.
func restartEffect(before, after *etree.Element, network, guests string) string {
	was := linkTypeOf(before)
	bridge := func(n *etree.Element) string { return xmlmodel.At("bridge@name").Text(n) }
	switch {
	case was == ownBridge && isSwitch(after):
		return fmt.Sprintf("%s is restarted while guests use it\nThe traffic of %s is interrupted for about a second; their links stay up.",
			network, guests)
	case was == ownBridge:
		return fmt.Sprintf("%s cannot be changed while guests use it\nAn interface on a bridge cannot become an interface on a device while its "+
			"guest runs: unless this apply stops %s first, it changes nothing.", network, guests)
	case was == hostBridge && isSwitch(after) && bridge(before) != bridge(after):
		return fmt.Sprintf("%s moves its guests to another bridge\nThe interfaces of %s are detached from %s and attached to %s; their "+
			"links stay up.", network, guests, bridge(before), bridge(after))
	case was == hostBridge && isSwitch(after):
		return ""
	default:
		return fmt.Sprintf("%s changes for guests that start from now on\n%s %s connected as before until the next start.", network, guests,
			map[bool]string{true: "stay", false: "stays"}[strings.Contains(guests, " and ")])
	}
}
