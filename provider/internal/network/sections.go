package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// section is a kind of entry that virNetworkUpdate changes in a network that runs, and in its definition with it.
// https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkUpdate
type section struct {
	number  libvirt.NetworkUpdateSection
	parent  func(network *etree.Element) *etree.Element
	element string
	family  ipElement // of those that are in an <ip>
}

var sections = []section{
	inIP("ipv4", libvirt.NetworkSectionIPDhcpRange, "range"),
	inIP("ipv4", libvirt.NetworkSectionIPDhcpHost, "host"),
	inIP("ipv6", libvirt.NetworkSectionIPDhcpRange, "range"),
	inIP("ipv6", libvirt.NetworkSectionIPDhcpHost, "host"),
	{number: libvirt.NetworkSectionDNSHost, parent: inElement("dns"), element: "host"},
	{number: libvirt.NetworkSectionDNSTxt, parent: inElement("dns"), element: "txt"},
	{number: libvirt.NetworkSectionDNSSrv, parent: inElement("dns"), element: "srv"},
	{number: libvirt.NetworkSectionPortgroup, parent: func(network *etree.Element) *etree.Element { return network }, element: "portgroup"},
	{number: libvirt.NetworkSectionForwardInterface, parent: deviceForward, element: "interface"},
}

func inIP(family ipElement, number libvirt.NetworkUpdateSection, element string) section {
	return section{number: number, element: element, family: family, parent: func(network *etree.Element) *etree.Element {
		if ip := family.Find(network); ip != nil {
			return ip.SelectElement("dhcp")
		}
		return nil
	}}
}

func inElement(name string) func(*etree.Element) *etree.Element {
	return func(network *etree.Element) *etree.Element { return network.SelectElement(name) }
}

// deviceForward: the devices of macvtap alone come and go.
func deviceForward(network *etree.Element) *etree.Element {
	if kindOf(network) != onDevice {
		return nil
	}
	return network.SelectElement("forward")
}

// entries are the section's elements as libvirt takes and gives them.
func (s section) entries(network *etree.Element) []*etree.Element {
	if parent := s.parent(network); parent != nil {
		return parent.SelectElements(s.element)
	}
	return nil
}

// step is one call of virNetworkUpdate.
type step struct {
	command libvirt.NetworkUpdateCommand
	section libvirt.NetworkUpdateSection
	ip      int // the place of its <ip>, -1 for what is in none
	xml     string
}

// steps leads from one definition to another: what goes first, so that an address can change hands. A changed entry goes and comes. Where it
// takes more than that, all is false: the network has to be started again.
func steps(before, after *etree.Element) (found []step, all bool) {
	before, after = plain(before), plain(after)
	var gone, come []step
	for _, s := range sections {
		was, is := texts(s.entries(before)), texts(s.entries(after))
		at := func(network *etree.Element) int {
			if s.family == "" {
				return -1
			}
			return s.family.index(network)
		}
		for _, xml := range was {
			if !slices.Contains(is, xml) {
				gone = append(gone, step{libvirt.NetworkUpdateCommandDelete, s.number, at(before), xml})
			}
		}
		var kept []string
		for _, xml := range is {
			if !slices.Contains(was, xml) {
				come = append(come, step{libvirt.NetworkUpdateCommandAddLast, s.number, at(after), xml})
			} else {
				kept = append(kept, xml)
			}
		}
		if s.number == libvirt.NetworkSectionForwardInterface && !slices.Equal(is[:len(kept)], intersection(was, is)) {
			return nil, false // their order counts, and what comes comes last
		}
	}
	found = append(gone, come...)
	if starts(before, after) && !slices.ContainsFunc(found, func(s step) bool { return s.section == libvirt.NetworkSectionIPDhcpRange }) {
		return nil, false
	}
	return found, lasting(before) == lasting(after)
}

func intersection(was, is []string) []string {
	return slices.DeleteFunc(slices.Clone(was), func(xml string) bool { return !slices.Contains(is, xml) })
}

// starts: libvirt (9.0) lets dnsmasq read its entries again, but tells it of a first one for IPv6 only where a range comes with it.
func starts(before, after *etree.Element) bool {
	given := func(network *etree.Element) bool {
		ip := ipElement("ipv6").Find(network)
		return ip != nil && ip.SelectElement("dhcp") != nil
	}
	return given(before) != given(after)
}

// plain is a copy in which two definitions that mean the same are the same: without blanks, and with the devices in one place.
func plain(network *etree.Element) *etree.Element {
	network = network.Copy()
	squeeze(network)
	if forward := network.SelectElement("forward"); forward != nil {
		if list, some := devices.Read(forward).(table.List); some {
			devices.Write(forward, list)
		}
	}
	return network
}

func squeeze(el *etree.Element) {
	for _, token := range slices.Clone(el.Child) {
		if data, is := token.(*etree.CharData); is && strings.TrimSpace(data.Data) == "" {
			el.RemoveChild(token)
		}
	}
	for _, child := range el.ChildElements() {
		squeeze(child)
	}
}

// lasting is what of a definition is in no section.
func lasting(network *etree.Element) string {
	network = network.Copy()
	for _, s := range sections {
		for _, el := range s.entries(network) {
			xmlmodel.Drop(el)
		}
	}
	for _, el := range append(network.FindElements("ip/dhcp"), network.SelectElements("dns")...) {
		if len(el.Attr) == 0 && len(el.ChildElements()) == 0 {
			xmlmodel.Drop(el)
		}
	}
	return text(network)
}

func texts(elements []*etree.Element) []string {
	found := make([]string, len(elements))
	for i, el := range elements {
		found[i] = text(el)
	}
	return found
}

// live changes what guests don't notice; whatever else differs can only be defined anew.
func live(l *libvirt.Libvirt, n libvirt.Network, prior, plan table.Model) (all bool, err error) {
	before, err := definition(l, n, libvirt.NetworkXMLInactive)
	if err != nil {
		return false, err
	}
	after := before.Copy()
	xmlmodel.Patch(Table.Attrs, after, prior, plan)
	forth, all := steps(before, after)
	if !all || len(forth) == 0 {
		return all, nil
	}
	flags := libvirt.NetworkUpdateAffectConfig
	active, err := l.NetworkIsActive(n)
	if err != nil {
		return false, err
	}
	if active == 1 {
		flags |= libvirt.NetworkUpdateAffectLive
		running, err := definition(l, n, 0)
		if err != nil {
			return false, err
		}
		if !alike(running, before) {
			return false, nil
		}
	}
	return true, perform(l, n, forth, flags)
}

// alike: an entry is changed in a network and in its definition by one call, which finds its <ip> by its place.
func alike(running, defined *etree.Element) bool {
	return ipElement("ipv4").index(running) == ipElement("ipv4").index(defined) && ipElement("ipv6").index(running) == ipElement("ipv6").index(defined)
}

// perform changes the network entry by entry; its bridge and the guests on it are not touched. Where an entry is refused, those before it are
// taken back, so that a rejected change leaves the network as it was.
func perform(l *libvirt.Libvirt, n libvirt.Network, forth []step, flags libvirt.NetworkUpdateFlags) error {
	for i, s := range forth {
		err := l.NetworkUpdateCompat(n, s.command, s.section, int32(s.ip), s.xml, flags)
		if err == nil {
			continue
		}
		for _, done := range slices.Backward(forth[:i]) {
			if undo := l.NetworkUpdateCompat(n, opposite(done.command), done.section, int32(done.ip), done.xml, flags); undo != nil {
				return fmt.Errorf("%w; and taking back what was changed before it failed too: %w", err, undo)
			}
		}
		return err
	}
	return nil
}

func opposite(c libvirt.NetworkUpdateCommand) libvirt.NetworkUpdateCommand {
	if c == libvirt.NetworkUpdateCommandDelete {
		return libvirt.NetworkUpdateCommandAddLast
	}
	return libvirt.NetworkUpdateCommandDelete
}

// definition is a network's, or with no flags what it runs with.
func definition(l *libvirt.Libvirt, n libvirt.Network, flags libvirt.NetworkXMLFlags) (*etree.Element, error) {
	xml, err := l.NetworkGetXMLDesc(n, uint32(flags))
	if err != nil {
		return nil, err
	}
	return xmlmodel.Parse(xml)
}

func text(el *etree.Element) string {
	s, err := xmlmodel.Text(el)
	if err != nil {
		return "" // an element of our own making, written to memory
	}
	return s
}
