package network

import (
	"context"
	"fmt"
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

// checkHost returns the problems that the host has with the new values of a plan; none if the host cannot be asked: then the apply fails.
func checkHost(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) []table.Problem {
	name, known := plan["host"].(string)
	if !known || fleet.Pending(name) {
		return nil
	}
	host, err := fleet.Host(name)
	if err != nil {
		return nil
	}
	if prior["host"] != plan["host"] {
		prior = nil
	}
	var found []table.Problem
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		missing, err := missingLinks(l, name, prior, plan)
		if err != nil {
			return err
		}
		taken, err := takenAddresses(ctx, l, name, prior, plan)
		found = append(missing, taken...)
		return err
	})
	if err != nil {
		return nil
	}
	return found
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
func missingLinks(l *libvirt.Libvirt, host string, prior, plan table.Model) ([]table.Problem, error) {
	had := map[string]bool{}
	for _, k := range linksOf(prior) {
		had[k.name] = true
	}
	var found []table.Problem
	for _, k := range linksOf(plan) {
		if had[k.name] {
			continue
		}
		there, names, err := hasLink(l, k.name)
		if _, isLibvirt := conn.Message(err); isLibvirt { // any libvirt error counts as a missing driver for host interfaces
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if !there {
			found = append(found, table.Problem{Path: k.path, Text: fmt.Sprintf("%s has no %s %q, but %s; create it first, or choose one of these", host, k.what, k.name, names.Nearest(k.name))})
		}
	}
	return found, nil
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

// takenAddresses returns a problem for each address that overlaps with an active network of the host: the network could not start. It
// ignores networks of the state, which this apply may remove.
func takenAddresses(ctx context.Context, l *libvirt.Libvirt, host string, prior, plan table.Model) ([]table.Problem, error) {
	if !plan.Bool("active") {
		return nil, nil
	}
	blocks := map[string]netip.Prefix{}
	for _, family := range []string{"ipv4", "ipv6"} {
		was, had := blockOf(prior.Group(family))
		if is, has := blockOf(plan.Group(family)); has && !(had && is == was) {
			blocks[family] = is
		}
	}
	if len(blocks) == 0 {
		return nil, nil
	}
	networks, _, err := l.ConnectListAllNetworks(1, libvirt.ConnectListNetworksActive)
	if err != nil {
		return nil, err
	}
	var found []table.Problem
	for _, n := range networks {
		if n.Name == plan.Str("name") || n.Name == prior.Str("name") || engine.IsInState(ctx, Table.Name, host+"/"+n.Name) {
			continue
		}
		running, err := definition(l, n, 0)
		if conn.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		other := xmlmodel.Read(Table.Attrs, running)
		for _, family := range []string{"ipv4", "ipv6"} {
			theirs, has := blockOf(other.Group(family))
			if ours, asked := blocks[family]; has && asked && ours.Overlaps(theirs) {
				found = append(found, table.Problem{Path: tftypes.NewAttributePath().WithAttributeName(family).WithAttributeName("address"),
					Text: fmt.Sprintf("'address' must not overlap with another network, got %s, which overlaps with %s of network %q on %s; choose another", ours, theirs, n.Name, host)})
			}
		}
	}
	return found, nil
}
