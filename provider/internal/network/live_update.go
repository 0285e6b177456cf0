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

// section is a type of entry that virNetworkUpdate changes in an active network and in its definition.
// https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkUpdate
type section struct {
	number  libvirt.NetworkUpdateSection
	parent  func(network *etree.Element) *etree.Element
	element string
	family  ipElement // of entries in an <ip>
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

// deviceForward returns the <forward> element of macvtap devices, the only ones that can be added and removed.
func deviceForward(network *etree.Element) *etree.Element {
	if linkTypeOf(network) != hostDevice {
		return nil
	}
	return network.SelectElement("forward")
}

// entries returns the section's elements.
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
	ip      int // the position of its <ip>; -1 for an entry outside an <ip>
	xml     string
}

// steps returns the calls that change one definition into another. Removals come first, so that an address can move to
// another entry; a changed entry is removed and added. all is false if other changes remain: then the network has to
// be restarted.
func steps(before, after *etree.Element) (found []step, all bool) {
	before, after = normalized(before), normalized(after)
	var removed, added []step
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
				removed = append(removed, step{libvirt.NetworkUpdateCommandDelete, s.number, at(before), xml})
			}
		}
		var kept []string
		for _, xml := range is {
			if !slices.Contains(was, xml) {
				added = append(added, step{libvirt.NetworkUpdateCommandAddLast, s.number, at(after), xml})
			} else {
				kept = append(kept, xml)
			}
		}
		if s.number == libvirt.NetworkSectionForwardInterface && !slices.Equal(is[:len(kept)], intersection(was, is)) {
			return nil, false // their order matters, and new ones are added at the end
		}
	}
	found = append(removed, added...)
	if startsDHCP6(before, after) && !slices.ContainsFunc(found, func(s step) bool { return s.section == libvirt.NetworkSectionIPDhcpRange }) {
		return nil, false
	}
	return found, withoutEntries(before) == withoutEntries(after)
}

func intersection(was, is []string) []string {
	return slices.DeleteFunc(slices.Clone(was), func(xml string) bool { return !slices.Contains(is, xml) })
}

// startsDHCP6 reports whether DHCP for IPv6 starts or ends. libvirt (9.0) lets dnsmasq reload its entries, but passes on the first entry for
// IPv6 only together with a range.
func startsDHCP6(before, after *etree.Element) bool {
	given := func(network *etree.Element) bool {
		ip := ipElement("ipv6").Find(network)
		return ip != nil && ip.SelectElement("dhcp") != nil
	}
	return given(before) != given(after)
}

// normalized returns a copy in which equivalent definitions are equal: without white space, and with the devices in one place.
func normalized(network *etree.Element) *etree.Element {
	network = network.Copy()
	removeSpace(network)
	if forward := network.SelectElement("forward"); forward != nil {
		if list, some := devices.Read(forward).(table.List); some {
			devices.Write(forward, list)
		}
	}
	return network
}

func removeSpace(el *etree.Element) {
	for _, token := range slices.Clone(el.Child) {
		if data, is := token.(*etree.CharData); is && strings.TrimSpace(data.Data) == "" {
			el.RemoveChild(token)
		}
	}
	for _, child := range el.ChildElements() {
		removeSpace(child)
	}
}

// withoutEntries returns the definition without the entries of all sections.
func withoutEntries(network *etree.Element) string {
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

// live makes the changes that do not require a restart. all is false if other changes remain.
func live(l *libvirt.Libvirt, n libvirt.Network, prior, plan table.Model) (all bool, err error) {
	before, err := definition(l, n, libvirt.NetworkXMLInactive)
	if err != nil {
		return false, err
	}
	after := before.Copy()
	RawXML.Patch(after, prior, plan)
	changes, all := steps(before, after)
	if !all || len(changes) == 0 {
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
		if !sameIPOrder(running, before) {
			return false, nil
		}
	}
	return true, perform(l, n, changes, flags)
}

// sameIPOrder reports whether the <ip> elements have the same positions in both definitions: one call changes the active network and its
// definition, and finds the <ip> by its position.
func sameIPOrder(running, defined *etree.Element) bool {
	return ipElement("ipv4").index(running) == ipElement("ipv4").index(defined) &&
		ipElement("ipv6").index(running) == ipElement("ipv6").index(defined)
}

// perform changes the network entry by entry; its bridge and its guests are not affected. If libvirt refuses an entry, perform undoes those
// before it.
func perform(l *libvirt.Libvirt, n libvirt.Network, changes []step, flags libvirt.NetworkUpdateFlags) error {
	for i, s := range changes {
		err := l.NetworkUpdateCompat(n, s.command, s.section, int32(s.ip), s.xml, flags)
		if err == nil {
			continue
		}
		for _, done := range slices.Backward(changes[:i]) {
			if undo := l.NetworkUpdateCompat(n, opposite(done.command), done.section, int32(done.ip), done.xml, flags); undo != nil {
				return fmt.Errorf("%w; undoing the earlier changes also failed: %w", err, undo)
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

// definition returns a network's definition; without flags, that of the active network.
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
		return "" // writing an element to memory does not fail
	}
	return s
}
