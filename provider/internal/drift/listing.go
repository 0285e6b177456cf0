package drift

import (
	"context"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
)

// The types of objects that are listed.
const (
	domainType  = "libvirt_domain"
	networkType = "libvirt_network"
	poolType    = "libvirt_pool"
)

// listing is what a host has.
type listing struct {
	objects    []listed
	transients map[string]bool // the UUIDs of the running domains whose definitions were removed
}

// listed is an object of a host. state asks for its state.
type listed struct {
	typ, name, uuid string
	state           func(l *libvirt.Libvirt) (string, error)
}

// list lists the domains, networks and pools of a host. A host without one of these drivers has no such objects.
func list(ctx context.Context, host *conn.Host) (found listing, err error) {
	found.transients = map[string]bool{}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		domains, _, err := l.ConnectListAllDomains(1, 0)
		if err != nil {
			return err
		}
		for _, d := range domains {
			state := func(l *libvirt.Libvirt) (string, error) { s, _, err := observe.RunState(l, d); return s, err }
			found.objects = append(found.objects, listed{domainType, d.Name, uuid.UUID(d.UUID).String(), state})
		}
		transients, _, err := l.ConnectListAllDomains(1, libvirt.ConnectListDomainsTransient)
		if err != nil {
			return err
		}
		for _, d := range transients {
			found.transients[uuid.UUID(d.UUID).String()] = true
		}
		networks, _, err := l.ConnectListAllNetworks(1, 0)
		if err != nil && !conn.IsUnsupported(err) {
			return err
		}
		for _, n := range networks {
			state := func(l *libvirt.Libvirt) (string, error) { return activity(l.NetworkIsActive(n)) }
			found.objects = append(found.objects, listed{networkType, n.Name, uuid.UUID(n.UUID).String(), state})
		}
		pools, _, err := l.ConnectListAllStoragePools(1, 0)
		if err != nil && !conn.IsUnsupported(err) {
			return err
		}
		for _, p := range pools {
			state := func(l *libvirt.Libvirt) (string, error) { return activity(l.StoragePoolIsActive(p)) }
			found.objects = append(found.objects, listed{poolType, p.Name, uuid.UUID(p.UUID).String(), state})
		}
		return nil
	})
	return found, err
}

func activity(active int32, err error) (string, error) {
	if active == 1 {
		return "active", err
	}
	return "inactive", err
}

// place is where an object is, by what libvirt identifies it: a domain by its UUID, and the others by their names. An empty host is any host.
type place struct{ typ, host, id string }

func (l listed) at(host string) place {
	if l.typ == domainType {
		return place{l.typ, host, l.uuid}
	}
	return place{l.typ, host, l.name}
}

// at returns the place of an object of a state. Only where an object was read it is certain on which host it is.
func (o *object) at() place {
	switch {
	case o.Type != domainType || o.identity.UUID == "":
		return place{o.Type, o.Host, o.identity.Name}
	default:
		return place{o.Type, o.isAt, o.identity.UUID}
	}
}

// findUndeclared lists the objects of the host that no state has there, sorted by type and name. An object that was removed meanwhile is left out.
func (h *host) findUndeclared(ctx context.Context, declared map[place]bool) {
	others := slices.DeleteFunc(slices.Clone(h.found.objects), func(o listed) bool { return declared[o.at(h.Name)] || declared[o.at("")] })
	if len(others) == 0 {
		return
	}
	slices.SortFunc(others, func(a, b listed) int { return strings.Compare(a.typ+"/"+a.name, b.typ+"/"+b.name) })
	h.err = h.Do(ctx, func(l *libvirt.Libvirt) error {
		for _, o := range others {
			state, err := o.state(l)
			if conn.IsNotFound(err) {
				continue
			}
			if err != nil {
				return err
			}
			h.undeclared = append(h.undeclared, Undeclared{Type: o.typ, Host: h.Name, Name: o.name, UUID: o.uuid, State: state})
		}
		return nil
	})
}

// addRemovedDefinition adds a difference to a running domain whose definition was removed: no attribute stands for the definition as a whole.
func (o *object) addRemovedDefinition(on listing) {
	if o.Type == domainType && on.transients[o.identity.UUID] {
		o.differences = append(o.differences, Attribute{Path: "definition", Was: "defined", Is: "removed"})
	}
}
