package datasource

import (
	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Domain says what is known of a domain.
var Domain = &table.Table{
	Name: "domain",
	Doc:  "A domain that a host has already, running or not. It is asked in every plan. What it is made of is that of the running guest, where it runs.",
	See:  "https://libvirt.org/formatdomain.html",
	Attrs: []table.Attr{
		idRow("host/name"),
		hostRow(),
		nameRow("domain"),
		told("uuid", table.String, xmlmodel.At("uuid"), "The UUID by which libvirt knows it."),
		told("state", table.String, nil, "What it does: `running`, `paused`, `stopped` and so on."),
		told("type", table.String, xmlmodel.At("@type"), "What runs it: `kvm`, `qemu`."),
		told("arch", table.String, xmlmodel.At("os/type@arch"), "The guest's architecture."),
		told("machine", table.String, xmlmodel.At("os/type@machine"), "The machine type."),
		told("vcpu", table.Int, nil, "The number of its virtual CPUs."),
		told("memory", table.Int, nil, "Its memory in KiB."),
		{Name: "disks", Type: table.Map, Mode: table.Computed, Entries: devices{"disk", "target@dev"}, Doc: "Its disks, by the names of their targets: `vda`.", Attrs: []table.Attr{
			told("device", table.String, xmlmodel.At("@device"), "What it is to the guest: `disk`, `cdrom`."),
			told("source", table.String, read(firstOf("source@file", "source@dev", "source@volume", "source@name", "source@dir")), "The file, device or volume; unset where nothing is in it."),
			told("pool", table.String, xmlmodel.At("source@pool"), "The pool of that volume; unset where it is given otherwise."),
			told("format", table.String, xmlmodel.At("driver@type"), "Its format."),
			told("bus", table.String, xmlmodel.At("target@bus"), "The bus it is on: `virtio`, `sata`."),
			told("readonly", table.Bool, read(func(el *etree.Element) any { return el.SelectElement("readonly") != nil }), "Whether the guest can only read it."),
		}},
		{Name: "interfaces", Type: table.Map, Mode: table.Computed, Entries: devices{"interface", "mac@address"}, Doc: "Its network interfaces, by their MAC addresses.", Attrs: []table.Attr{
			told("type", table.String, xmlmodel.At("@type"), "What it is connected to: `network`, `bridge`, `direct`."),
			told("source", table.String, read(firstOf("source@network", "source@bridge", "source@dev")), "The network, bridge or card."),
			told("model", table.String, xmlmodel.At("model@type"), "What it is to the guest: `virtio`."),
			told("target", table.String, xmlmodel.At("target@dev"), "Its name on the host, while it runs."),
		}},
		told("autostart", table.Bool, nil, "Whether libvirt starts it when the host starts."),
		told("persistent", table.Bool, nil, "Whether it is still there when it has ended."),
	},
}

// devices are the elements of a name below <devices>, by what is found at a place in each.
type devices struct {
	name string
	key  xmlmodel.At
}

func (d devices) Elements(el *etree.Element) (keys []string, elements []*etree.Element) {
	all := el.SelectElement("devices")
	if all == nil {
		return nil, nil
	}
	for _, device := range all.SelectElements(d.name) {
		if key := d.key.Text(device); key != "" {
			keys, elements = append(keys, key), append(elements, device)
		}
	}
	return keys, elements
}

func (devices) Make(*etree.Element, string, table.Model) *etree.Element { return nil } // nothing is written here

// firstOf is what stands at the first of some places.
func firstOf(places ...xmlmodel.At) func(el *etree.Element) any {
	return func(el *etree.Element) any {
		for _, at := range places {
			if v := at.Read(el); v != nil {
				return v
			}
		}
		return nil
	}
}

func domainOf(l *libvirt.Libvirt, config table.Model) (table.Model, error) {
	d, err := l.DomainLookupByName(config.Str("name"))
	if err != nil {
		return nil, missing(l, err, "domain", config.Str("name"), "", hostinfo.Domains)
	}
	xml, err := l.DomainGetXMLDesc(d, 0)
	_, seen, err := described(Domain.Attrs, xml, err)
	if err != nil {
		return nil, err
	}
	is, err := observe.ReadOverview(l, d)
	if err != nil {
		return nil, err
	}
	seen["state"], seen["vcpu"], seen["memory"] = is.State, int64(is.VCPU), int64(is.Memory)
	if seen["persistent"], err = truth(l.DomainIsPersistent(d)); err != nil {
		return nil, err
	}
	seen["autostart"], err = truth(l.DomainGetAutostart(d))
	return seen, err
}
