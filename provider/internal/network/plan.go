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

// Plan warns about the effect of a start, a stop or a restart on the guests.
func (k Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model) engine.Advice {
	planOwnBridge(prior, config, plan)
	advice := engine.Advice{Problems: checkHost(ctx, fleet, prior, plan), AlsoOnReplace: true}
	if text := k.warning(ctx, fleet, prior, plan); text != "" {
		advice.Warnings = []string{text}
	}
	return advice
}

// warning describes the effect on the guests; "" if there is none.
func (k Resource) warning(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (text string) {
	repairs := prior.Bool(table.NeedsRepair)
	if prior["host"] != plan["host"] || prior["name"] != plan["name"] || !prior.Bool("active") && !plan.Bool("active") && !repairs {
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
		RawXML.Patch(after, prior, withBridge(plan))
		_, all := steps(before, after)
		if all && prior.Bool("active") == plan.Bool("active") && !repairs {
			return nil
		}
		if persistent, err := l.NetworkIsPersistent(n); err != nil {
			return err
		} else if persistent == 0 {
			text = fmt.Sprintf("Network %q is active, and its definition was removed\nIt would be gone after a stop. This apply defines it again; "+
				"nothing is restarted.", prior.Str("name"))
			return nil
		}
		redefined, planned, err := k.RunsAsPlanned(l, n, prior, plan)
		if err != nil || planned {
			return err
		}
		if redefined {
			if before, err = definition(l, n, 0); err != nil {
				return err
			}
		}
		restarts := plan.Bool("active") && prior.Bool("active") && (redefined || !all)
		found, err := affected(l, n, prior, plan.Bool("active") && !restarts)
		if err != nil || len(found) == 0 {
			return err
		}
		network, guests := fmt.Sprintf("Network %q", prior.Str("name")), usage.Names(found)
		switch {
		case restarts:
			lost, err := onLostBridge(l, before, after)
			if err != nil {
				return err
			}
			if text = restartEffect(before, after, network, guests); len(lost) > 0 {
				text = lostBridgeEffect(network, Bridge(before), usage.Names(lost))
			}
		case linkTypeOf(before) == ownBridge && plan.Bool("active"):
			text = startEffect(network, guests)
		case linkTypeOf(before) == ownBridge:
			text = stopEffect(network, guests)
		}
		return nil
	})
	if err != nil { // the apply checks again before it changes anything
		return ""
	}
	return text
}

// affected returns the running guests that the change affects. A network that is active may be active without some of them.
func affected(l *libvirt.Libvirt, n libvirt.Network, prior table.Model, starts bool) ([]usage.User, error) {
	if starts {
		active, err := l.NetworkIsActive(n)
		if err != nil {
			return nil, err
		}
		if active == 1 {
			loose, err := cutOff(l, n, false)
			if err != nil {
				return nil, err
			}
			aside, err := usage.OfNetwork(l, temporaryName(n.Name))
			return append(loose, usage.Running(aside)...), err
		}
	}
	found, err := users(l, prior)
	return usage.Running(found), err
}

// startEffect describes what the start of a network does to guests that were started before.
func startEffect(network, guests string) string {
	return fmt.Sprintf("%s has guests that are cut off from it\nIt was stopped while they ran: %s. This apply starts the network if it is stopped, "+
		"and attaches their interfaces again; nothing is restarted.", network, guests)
}

// stopEffect describes what the stop of a network does to its guests.
func stopEffect(network, guests string) string {
	return fmt.Sprintf("%s stops while guests use it\nThis apply cuts off %s from it, until an apply with 'active' = true attaches the interfaces "+
		"again.", network, guests)
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

// lostBridgeEffect describes a change that removes a bridge which interfaces of running guests name.
func lostBridgeEffect(network, bridge, guests string) string {
	return fmt.Sprintf("%s cannot be changed while guests use its bridge\nThe change removes bridge %s, which interfaces of %s name: unless this "+
		"apply stops these guests first, it changes nothing.", network, bridge, guests)
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
