package datasource

import (
	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Domain is the table of the data source libvirt_domain.
var Domain = &table.Table{
	Name: "domain",
	Doc: "An existing domain on a host, running or not. The provider asks the host in every plan. For a running domain, the attributes are " +
		"those of the running guest.",
	See: "https://libvirt.org/formatdomain.html",
	Attrs: []table.Attr{
		idRow("host/name"),
		hostRow(),
		nameRow("domain"),
		computed("uuid", table.String, xmlmodel.At("uuid"), "The UUID of the domain."),
		computed("state", table.String, nil, "The run state: `running`, `paused`, `stopped` and so on."),
		computed("type", table.String, xmlmodel.At("@type"), "The domain type: `kvm`, `qemu`."),
		computed("arch", table.String, xmlmodel.At("os/type@arch"), "The guest's architecture."),
		computed("machine", table.String, xmlmodel.At("os/type@machine"), "The machine type."),
		computed("vcpu", table.Int, nil, "The number of virtual CPUs."),
		computed("memory", table.Int, nil, "The memory in KiB."),
		{Name: "disks", Type: table.Map, Mode: table.Computed, Entries: devices{"disk", "target@dev"},
			Doc: "The disks, by target name: `vda`.", Attrs: []table.Attr{
				computed("device", table.String, xmlmodel.At("@device"), "The device type: `disk`, `cdrom`."),
				computed("source", table.String, read(firstOf("source@file", "source@dev", "source@volume", "source@name", "source@dir")),
					"The file, device or volume; unset for an empty drive."),
				computed("pool", table.String, xmlmodel.At("source@pool"), "The pool of the volume; unset if the source is not a volume in a pool."),
				computed("format", table.String, xmlmodel.At("driver@type"), "The format of the source."),
				computed("bus", table.String, xmlmodel.At("target@bus"), "The bus: `virtio`, `sata`."),
				computed("readonly", table.Bool, read(func(el *etree.Element) any { return el.SelectElement("readonly") != nil }),
					"Whether the disk is read-only for the guest."),
			}},
		{Name: "interfaces", Type: table.Map, Mode: table.Computed, Entries: devices{"interface", "mac@address"},
			Doc: "The network interfaces, by MAC address.", Attrs: []table.Attr{
				computed("type", table.String, xmlmodel.At("@type"), "The connection type: `network`, `bridge`, `direct`."),
				computed("source", table.String, read(firstOf("source@network", "source@bridge", "source@dev")),
					"The network, bridge or device of the host."),
				computed("model", table.String, xmlmodel.At("model@type"), "The device model: `virtio`."),
				computed("target", table.String, xmlmodel.At("target@dev"), "The name of the interface on the host while the domain runs."),
			}},
		computed("autostart", table.Bool, nil, "Whether libvirt starts it when the host starts."),
		computed("persistent", table.Bool, nil, "Whether libvirt keeps the definition when the domain stops."),
	},
}

// devices are the elements of one name in <devices>, keyed by a value in each.
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

func (devices) Make(*etree.Element, string, table.Model) *etree.Element { return nil } // a data source writes nothing

// firstOf returns the value at the first of several places that has one.
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
