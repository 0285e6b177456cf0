package network

import (
	"context"
	"errors"
	"net/netip"
	"regexp"
	"strings"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Preflight checks a new network against its host.
func (Resource) Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	return engine.Advice{Problems: checkHost(ctx, fleet, nil, plan)}
}

// checkHost returns the problems that the host has with the new values of a plan.
func checkHost(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) []table.Problem {
	if prior["host"] != plan["host"] {
		prior = nil
	}
	steps := []engine.HostStep{missingLinks, takenAddresses, bridgeVLANs}
	if host, err := fleet.Host(plan.Str("host")); err == nil {
		steps = append(steps, missingTFTPRoot(host))
	}
	return engine.CheckHost(ctx, fleet, prior, plan, false, steps...).List()
}

// link is a bridge or a device of the host that a network names.
type link struct {
	what, name string
	path       *tftypes.AttributePath
}

func linksOf(m table.Model) []link {
	var found []link
	at := tftypes.NewAttributePath()
	// libvirt may not list an Open vSwitch bridge, which can be a tunnel device to Linux.
	if linkTypeIn(m) == hostBridge && m.Str("bridge") != "" && m["virtualport"] == nil {
		found = append(found, link{"bridge", m.Str("bridge"), at.WithAttributeName("bridge")})
	}
	forward := m.Group("forward")
	for _, dev := range forward.List("devices").Items() {
		found = append(found, link{"network device", dev, at.WithAttributeName("forward").WithAttributeName("devices")})
	}
	if dev := forward.Str("pf"); dev != "" {
		found = append(found, link{"network device", dev, at.WithAttributeName("forward").WithAttributeName("pf")})
	}
	return found
}

// missingLinks returns a problem for each new link that the host does not have. libvirt does not check this until a guest starts.
func missingLinks(c *engine.HostCheck, l *libvirt.Libvirt) error {
	had := map[string]bool{}
	for _, k := range linksOf(c.Prior) {
		had[k.name] = true
	}
	for _, k := range linksOf(c.Plan) {
		if had[k.name] {
			continue
		}
		there, names, err := hasLink(l, k.name)
		if _, isLibvirt := conn.Message(err); isLibvirt { // any libvirt error counts as a missing driver for host interfaces
			return nil
		}
		if err != nil {
			return err
		}
		if !there {
			c.AddAt(k.path, "%s has no %s %q, but %s; create it first, or choose one of these", c.Host, k.what, k.name, names.Nearest(k.name))
		}
	}
	return nil
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9]`)

// hasLink reports whether the host has a link. libvirt has two lists: one does not contain tunnels, the other may be out of date.
func hasLink(l *libvirt.Libvirt, name string) (bool, hostinfo.Names, error) {
	names, err := hostinfo.Links(l, hostinfo.Has(name))
	if _, there := names[name]; there || err != nil {
		return there, names, err
	}
	devices, _, err := l.ConnectListAllNodeDevices(1, uint32(libvirt.ConnectListNodeDevicesCapNet))
	begin := "net_" + notInNames.ReplaceAllString(name, "_") + "_"
	const macLength = 17
	for _, d := range devices {
		if strings.HasPrefix(d.Name, begin) && len(d.Name) == len(begin)+macLength {
			return true, names, nil
		}
	}
	return false, names, err
}

// takenAddresses returns a problem for a bridge or an address that an active network of the host has: the network could not start. It
// ignores networks of the state, which this apply may remove.
func takenAddresses(c *engine.HostCheck, l *libvirt.Libvirt) error {
	if !c.Plan.Bool("active") {
		return nil
	}
	blocks := map[string]netip.Prefix{}
	for _, family := range []string{"ipv4", "ipv6"} {
		was, had := blockOf(c.Prior.Group(family))
		if is, has := blockOf(c.Plan.Group(family)); has && !(had && is == was) {
			blocks[family] = is
		}
	}
	bridge := ""
	if is := c.Plan.Str("bridge"); linkTypeIn(c.Plan) == ownBridge && is != c.Prior.Str("bridge") {
		bridge = is
	}
	if len(blocks) == 0 && bridge == "" {
		return nil
	}
	networks, _, err := l.ConnectListAllNetworks(1, libvirt.ConnectListNetworksActive)
	if err != nil {
		return err
	}
	for _, n := range networks {
		if n.Name == c.Plan.Str("name") || n.Name == c.Prior.Str("name") || c.IsInState(Table.Name, n.Name) {
			continue
		}
		running, err := definition(l, n, 0)
		if errors.Is(err, conn.ErrUnreachable) {
			return err
		}
		if err != nil {
			continue // it was removed meanwhile, or cannot be read: the others can
		}
		other := xmlmodel.Read(Table.Attrs, running)
		if bridge != "" && other.Str("bridge") == bridge {
			c.Must("bridge", "be unique on %s, %q is already used by network %q; choose another", c.Host, bridge, n.Name)
		}
		for _, family := range []string{"ipv4", "ipv6"} {
			theirs, has := blockOf(other.Group(family))
			if ours, asked := blocks[family]; has && asked && ours.Overlaps(theirs) {
				c.Must(family+".address", "not overlap with another network, got %s, which overlaps with %s of network %q on %s; choose another",
					ours, theirs, n.Name, c.Host)
			}
		}
	}
	return nil
}
