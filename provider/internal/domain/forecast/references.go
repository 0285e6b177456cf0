package forecast

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// capability is an attribute whose value has to be one that the host's domain capabilities list. A row that the table does not have is none.
type capability struct {
	row     string   // "disks.*.bus": any key of a map
	what    string   // for people
	enum    string   // libvirt's name of the enumeration
	element []string // and where it stands
}

// https://libvirt.org/formatdomaincaps.html
var capabilities = []capability{
	{"disks.*.bus", "disk bus", "bus", []string{"devices", "disk"}},
	{"disks.*.device", "disk device", "diskDevice", []string{"devices", "disk"}},
	{"graphics.type", "graphics", "type", []string{"devices", "graphics"}},
	{"devices.video.model", "video model", "modelType", []string{"devices", "video"}},
	{"devices.tpm.model", "TPM model", "model", []string{"devices", "tpm"}},
	{"devices.tpm.backend", "TPM backend", "backendModel", []string{"devices", "tpm"}},
}

// reference is an attribute that names something on the host.
type reference struct {
	row    string
	kind   string // the resource that makes such; "" where this provider has none
	what   string
	names  func(l *libvirt.Libvirt, hoped func(hostinfo.Names) bool) (hostinfo.Names, error)
	active bool // it has to run
}

const filterRow = "interfaces.*.filter"

var references = []reference{
	{"interfaces.*.network", "network", "network", hostinfo.Networks, true},
	{filterRow, "nwfilter", "network filter", hostinfo.Filters, false},
	{"interfaces.*.bridge", "", "bridge", hostinfo.Links, false},
	{"interfaces.*.direct.dev", "", "network device", hostinfo.Links, false},
	{"disks.*.source.pool", "pool", "pool", hostinfo.Pools, true},
	{"disks.*.source.secret", "secret", "secret", hostinfo.Secrets, false},
	{"disks.*.source.encryption_secret", "secret", "secret", hostinfo.Secrets, false},
}

// newValue is a value that is new, and where it stands.
type newValue struct {
	path       *tftypes.AttributePath
	value      string
	capability capability
}

// newValues are the texts at a row that are known and not what they were.
func newValues(row string, prior, plan table.Model) []newValue {
	var found []newValue
	var walk func(parts []string, at *tftypes.AttributePath, was, is table.Model)
	walk = func(parts []string, at *tftypes.AttributePath, was, is table.Model) {
		names := []string{parts[0]}
		if parts[0] == "*" {
			names = table.Keys(is)
		}
		for _, name := range names {
			path := at.WithAttributeName(name)
			if parts[0] == "*" {
				path = at.WithElementKeyString(name)
			}
			if len(parts) > 1 {
				if next := is.Group(name); next != nil {
					walk(parts[1:], path, was.Group(name), next)
				}
			} else if text := is.Str(name); text != "" && text != was.Str(name) {
				found = append(found, newValue{path: path, value: text})
			}
		}
	}
	walk(strings.Split(row, "."), tftypes.NewAttributePath(), prior, plan)
	return found
}

// requestedCapabilities are the values that the host's capabilities have to list.
func (e *preflight) requestedCapabilities() []newValue {
	var found []newValue
	for _, o := range capabilities {
		for _, s := range newValues(o.row, e.prior, e.plan) {
			s.capability = o
			found = append(found, s)
		}
	}
	return found
}

// checkReferences holds what the plan names against what is there. A guest that goes to another host is held against that when its way is foreseen.
func (e *preflight) checkReferences(l *libvirt.Libvirt) error {
	if e.prior != nil && e.prior["host"] != e.plan["host"] {
		return nil
	}
	for _, r := range references {
		for _, s := range newValues(r.row, e.prior, e.plan) {
			if r.kind != "" && engine.IsPlanned(e.ctx, r.kind, e.host+"/"+s.value) {
				continue
			}
			if err := e.checkReference(l, r, s); err != nil {
				return err
			}
		}
	}
	return e.checkFiles(l)
}

func (e *preflight) checkReference(l *libvirt.Libvirt, r reference, s newValue) error {
	there := func(n hostinfo.Names) bool {
		is, known := n[s.value]
		return known && (!r.active || is == hostinfo.Active)
	}
	names, err := r.names(l, there)
	if err != nil || there(names) {
		return ignoreUnsupported(err)
	}
	_, known := names[s.value]
	switch {
	case known:
		e.missing = append(e.missing, fmt.Sprintf("an active %s %q (%s)", r.what, s.value, table.PathString(s.path)))
	default:
		e.missing = append(e.missing, fmt.Sprintf("%s %q (%s), but %s", r.what, s.value, table.PathString(s.path), names.Nearest(s.value)))
	}
	return nil
}

// checkFilterSupport: a host that can't filter takes an interface with a filter, and fails when the guest starts.
func (e *preflight) checkFilterSupport(l *libvirt.Libvirt) error {
	asked := newValues(filterRow, e.prior, e.plan)
	if len(asked) == 0 {
		return nil
	}
	lacks, err := hostinfo.MissingFilterSupport(l)
	if err != nil || lacks == "" {
		return err
	}
	for _, s := range asked {
		e.addProblem(s.path, "%s %s; or choose another host", e.host, lacks)
	}
	return nil
}

// ignoreUnsupported: a host whose libvirt lacks the driver for such things has nothing to say of them.
func ignoreUnsupported(err error) error {
	var said libvirt.Error
	if errors.As(err, &said) {
		return nil
	}
	return err
}

// checkFiles are images that should be in a pool, and are not: libvirt knows of no others.
func (e *preflight) checkFiles(l *libvirt.Libvirt) error {
	for _, s := range newValues("disks.*.file", e.prior, e.plan) {
		dir := path.Dir(s.value)
		pools, err := hostinfo.Directories(l, func(n hostinfo.Names) bool { _, there := n[dir]; return there })
		if err != nil {
			return err
		}
		pool, inPool := pools[dir]
		if !inPool {
			continue
		}
		files, err := hostinfo.Volumes(l, pool, hostinfo.Has(path.Base(s.value)))
		if err != nil {
			return err
		}
		if _, there := files[path.Base(s.value)]; !there {
			e.missing = append(e.missing, fmt.Sprintf("a volume at %s (%s), in the pool %q as libvirt saw it last, but %s", s.value, table.PathString(s.path), pool, files.Nearest(path.Base(s.value))))
		}
	}
	return nil
}
