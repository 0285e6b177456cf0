package forecast

import (
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// hostReference is a kind of object that a definition can name.
type hostReference struct {
	object   table.HostObject
	resource string // the resource of this provider that creates such objects; "" if there is none
	what     string // for messages
	list     func(l *libvirt.Libvirt, enough func(hostinfo.Names) bool) (hostinfo.Names, error)
	active   bool // it must be active
}

// references lists the kinds of objects. Files are checked by checkFiles.
var references = []hostReference{
	{table.NetworkOnHost, "network", "network", hostinfo.Networks, true},
	{table.FilterOnHost, "nwfilter", "network filter", hostinfo.Filters, false},
	{table.BridgeOnHost, "", "bridge", hostinfo.Links, false},
	{table.DeviceOnHost, "", "network device", hostinfo.Links, false},
	{table.PoolOnHost, "pool", "pool", hostinfo.Pools, true},
	{table.VolumeOnHost, "volume", "volume", hostinfo.AllVolumes, false},
	{table.SecretOnHost, "secret", "secret", hostinfo.Secrets, false},
	{table.PCIDeviceOnHost, "", "PCI device", hostinfo.PCIDevices, false},
	{table.USBDeviceOnHost, "", "USB device", hostinfo.USBDevices, false},
	{table.MediatedDeviceOnHost, "", "mediated device", hostinfo.MediatedDevices, false},
}

// naming returns a function that selects the rows whose values name objects of a kind.
func naming(object table.HostObject) func(*table.Attr) bool {
	return func(a *table.Attr) bool { return a.OnHost.Names == object }
}

// checkReferences checks that the host has the objects which the planned definition names and the present one does not. On another host, all
// of them are new.
func (p *planned) checkReferences(c *engine.HostCheck, l *libvirt.Libvirt) error {
	var known []schema.HostReference
	if p.was != nil && !p.summary.leavesHost() {
		known = schema.HostReferences(p.was)
	}
	for _, named := range schema.HostReferences(p.is) {
		if slices.Contains(known, named) || named.Name == standInFor(named.Object) || strings.HasPrefix(named.Name, standIn[1:]) {
			continue
		}
		known = append(known, named) // each object is reported once
		for _, r := range references {
			if r.object != named.Object || r.resource != "" && c.IsPlanned(r.resource, named.Name) || isInNewPool(c, named) {
				continue
			}
			if err := p.checkReference(c, l, r, named.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// isInNewPool reports whether a volume is in a pool that this apply creates: the directory may have files.
func isInNewPool(c *engine.HostCheck, named schema.HostReference) bool {
	pool, _, inPool := strings.Cut(named.Name, "/")
	return named.Object == table.VolumeOnHost && inPool && c.IsPlanned("pool", pool) && !c.IsInState("pool", pool)
}

func (p *planned) checkReference(c *engine.HostCheck, l *libvirt.Libvirt, r hostReference, name string) error {
	there := func(n hostinfo.Names) bool {
		is, known := n[name]
		return known && (!r.active || is == hostinfo.Active)
	}
	names, err := r.list(l, there)
	if err != nil || there(names) {
		return ignoreUnsupported(err)
	}
	at := p.whereNamed(r.object, name)
	if _, inactive := names[name]; inactive {
		p.missing(c, at, r.resource, "an active %s %q (%s)", r.what, name, at)
		return nil
	}
	p.missing(c, at, r.resource, "%s %q (%s), but %s", r.what, name, at, names.Nearest(name))
	return nil
}

// place is where a plan names something.
type place struct {
	path *tftypes.AttributePath
	text string
}

func (p place) String() string { return p.text }

// whereNamed returns where the plan names an object: the attribute that does, or the element of `xml` that contains the name.
func (p *planned) whereNamed(object table.HostObject, name string) place {
	if object == table.VolumeOnHost {
		name = name[strings.IndexByte(name, '/')+1:]
	}
	for _, v := range table.NewValues(schema.Table.Attrs, nil, p.plan, naming(object)) {
		if v.Text == name {
			return place{v.Path, table.PathString(v.Path)}
		}
	}
	return p.whereWritten(name, "the definition")
}

// whereWritten returns the element of `xml` that contains a text; if there is none, the place that libvirt's XML calls so.
func (p *planned) whereWritten(text, otherwise string) place {
	entries := p.plan.Group("xml")
	for _, key := range table.Keys(entries) {
		if strings.Contains(entries.Group(key).Str("element"), text) {
			path := tftypes.NewAttributePath().WithAttributeName("xml").WithElementKeyString(key)
			return place{path, table.PathString(path)}
		}
	}
	return place{nil, otherwise}
}

// missing reports what the host lacks: as a problem if the apply needs it, otherwise as a warning. resource is the one that creates such objects.
func (p *planned) missing(c *engine.HostCheck, at place, resource, format string, args ...any) {
	if !p.summary.takesEffect(at.text) {
		c.Missing(format, args...)
		return
	}
	fix := "choose what it has, or another host"
	if resource != "" {
		fix = "create it first, or refer to the attribute of the libvirt_" + resource + " that creates it"
	}
	path := at.path
	if path == nil {
		path = c.Path()
	}
	c.AddAt(path, c.Host+" does not have "+strings.ReplaceAll(format, "\n", " ")+"; "+strings.ReplaceAll(fix, "%", "%%"), args...)
}

// checkFilterSupport checks that the host supports filters: otherwise libvirt accepts the interface and fails when the guest starts.
func checkFilterSupport(c *engine.HostCheck, l *libvirt.Libvirt) error {
	asked := newValues(c, naming(table.FilterOnHost))
	if len(asked) == 0 {
		return nil
	}
	lacks, err := hostinfo.MissingFilterSupport(l)
	if err != nil || lacks == "" {
		return err
	}
	for _, s := range asked {
		c.AddAt(s.Path, "%s %s; or choose another host", c.Host, lacks)
	}
	return nil
}

// ignoreUnsupported drops the error of a host whose libvirt has no driver for such objects.
func ignoreUnsupported(err error) error {
	if conn.IsUnsupported(err) {
		return nil
	}
	return err
}
