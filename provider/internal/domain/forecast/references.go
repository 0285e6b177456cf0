package forecast

import (
	"errors"
	"path"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// hostReference is a kind of object that a plan can name.
type hostReference struct {
	object   table.HostObject
	resource string // the resource of this provider that creates such objects; "" if there is none
	what     string // for messages
	list     func(l *libvirt.Libvirt, enough func(hostinfo.Names) bool) (hostinfo.Names, error)
	active   bool // it must be active
}

// references lists the kinds of objects in the order in which they are checked.
var references = []hostReference{
	{table.NetworkOnHost, "network", "network", hostinfo.Networks, true},
	{table.FilterOnHost, "nwfilter", "network filter", hostinfo.Filters, false},
	{table.BridgeOnHost, "", "bridge", hostinfo.Links, false},
	{table.DeviceOnHost, "", "network device", hostinfo.Links, false},
	{table.PoolOnHost, "pool", "pool", hostinfo.Pools, true},
	{table.SecretOnHost, "secret", "secret", hostinfo.Secrets, false},
}

// naming returns a function that selects the rows whose values name objects of a kind.
func naming(object table.HostObject) func(*table.Attr) bool {
	return func(a *table.Attr) bool { return a.OnHost.Names == object }
}

// checkReferences checks that the objects which the plan names exist on the host. If the guest moves to another host, the preview of the
// migration checks them there.
func checkReferences(c *engine.HostCheck, l *libvirt.Libvirt) error {
	if c.Prior != nil && c.Prior["host"] != c.Plan["host"] {
		return nil
	}
	for _, r := range references {
		for _, v := range newValues(c, naming(r.object)) {
			if r.resource != "" && c.IsPlanned(r.resource, v.Text) {
				continue
			}
			if err := checkReference(c, l, r, v); err != nil {
				return err
			}
		}
	}
	return checkFiles(c, l)
}

func checkReference(c *engine.HostCheck, l *libvirt.Libvirt, r hostReference, v table.NewValue) error {
	there := func(n hostinfo.Names) bool {
		is, known := n[v.Text]
		return known && (!r.active || is == hostinfo.Active)
	}
	names, err := r.list(l, there)
	if err != nil || there(names) {
		return ignoreUnsupported(err)
	}
	_, known := names[v.Text]
	switch {
	case known:
		c.Missing("an active %s %q (%s)", r.what, v.Text, table.PathString(v.Path))
	default:
		c.Missing("%s %q (%s), but %s", r.what, v.Text, table.PathString(v.Path), names.Nearest(v.Text))
	}
	return nil
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

// ignoreUnsupported drops errors of a host whose libvirt has no driver for such objects.
func ignoreUnsupported(err error) error {
	var said libvirt.Error
	if errors.As(err, &said) {
		return nil
	}
	return err
}

// checkFiles reports images that should be in a pool but are not: libvirt knows no images outside of pools.
func checkFiles(c *engine.HostCheck, l *libvirt.Libvirt) error {
	for _, s := range newValues(c, naming(table.ImageOnHost)) {
		dir := path.Dir(s.Text)
		pools, err := hostinfo.Directories(l, func(n hostinfo.Names) bool { _, there := n[dir]; return there })
		if err != nil {
			return err
		}
		pool, inPool := pools[dir]
		if !inPool {
			continue
		}
		files, err := hostinfo.Volumes(l, pool, hostinfo.Has(path.Base(s.Text)))
		if err != nil {
			return err
		}
		if _, there := files[path.Base(s.Text)]; !there {
			c.Missing("a volume at %s (%s), in the pool %q as libvirt saw it last, but %s",
				s.Text, table.PathString(s.Path), pool, files.Nearest(path.Base(s.Text)))
		}
	}
	return nil
}
