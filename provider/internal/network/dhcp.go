package network

import (
	"fmt"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// step is one call of virNetworkUpdate.
type step struct {
	command libvirt.NetworkUpdateCommand
	section libvirt.NetworkUpdateSection
	xml     string
}

// updateDHCP changes the running network and its definition together, entry by entry; the bridge and the guests on it are not touched.
// https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkUpdate
//
// Where an entry is refused, those before it are taken back, so that a rejected change leaves the network as it was.
func updateDHCP(l *libvirt.Libvirt, n libvirt.Network, prior, plan table.Model) error {
	active, err := l.NetworkIsActive(n)
	if err != nil {
		return err
	}
	flags := libvirt.NetworkUpdateAffectConfig
	if active == 1 {
		flags |= libvirt.NetworkUpdateAffectLive
	}
	forth := steps(dhcpOf(prior), dhcpOf(plan))
	for i, s := range forth {
		err := l.NetworkUpdateCompat(n, s.command, s.section, 0, s.xml, flags)
		if err == nil {
			continue
		}
		for j := i - 1; j >= 0; j-- {
			if undo := l.NetworkUpdateCompat(n, opposite(forth[j].command), forth[j].section, 0, forth[j].xml, flags); undo != nil {
				return fmt.Errorf("%w; and taking back what was changed before it failed too: %w", err, undo)
			}
		}
		return err
	}
	return nil
}

func dhcpOf(m table.Model) table.Model { return m.Group("ipv4").Group("dhcp") }

func opposite(c libvirt.NetworkUpdateCommand) libvirt.NetworkUpdateCommand {
	if c == libvirt.NetworkUpdateCommandDelete {
		return libvirt.NetworkUpdateCommandAddLast
	}
	return libvirt.NetworkUpdateCommandDelete
}

// steps leads from one DHCP section to another: what goes first, so that an address can change hands. A changed entry goes and comes.
func steps(prior, plan table.Model) []step {
	var gone, come []step
	was, is := prior.Group("hosts"), plan.Group("hosts")
	for _, mac := range table.Keys(was) {
		if !table.Equal(was[mac], is[mac]) {
			gone = append(gone, step{libvirt.NetworkUpdateCommandDelete, libvirt.NetworkSectionIPDhcpHost, hostXML(mac, was)})
		}
	}
	for _, mac := range table.Keys(is) {
		if !table.Equal(was[mac], is[mac]) {
			come = append(come, step{libvirt.NetworkUpdateCommandAddLast, libvirt.NetworkSectionIPDhcpHost, hostXML(mac, is)})
		}
	}
	if before, after := rangeXML(prior), rangeXML(plan); before != after {
		if before != "" {
			gone = append(gone, step{libvirt.NetworkUpdateCommandDelete, libvirt.NetworkSectionIPDhcpRange, before})
		}
		if after != "" {
			come = append([]step{{libvirt.NetworkUpdateCommandAddLast, libvirt.NetworkSectionIPDhcpRange, after}}, come...)
		}
	}
	return append(gone, come...)
}

func hostXML(mac string, hosts table.Model) string {
	h := etree.NewElement("host")
	h.CreateAttr("mac", mac)
	entry := hosts.Group(mac)
	for _, name := range []string{"name", "ip"} {
		if v := entry.Str(name); v != "" {
			h.CreateAttr(name, v)
		}
	}
	return text(h)
}

func rangeXML(dhcp table.Model) string {
	if dhcp == nil {
		return ""
	}
	r := etree.NewElement("range")
	r.CreateAttr("start", dhcp.Str("start"))
	r.CreateAttr("end", dhcp.Str("end"))
	return text(r)
}

func text(el *etree.Element) string {
	s, err := xmlmodel.Text(el)
	if err != nil {
		return "" // an element of our own making, written to memory
	}
	return s
}
