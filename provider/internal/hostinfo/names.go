package hostinfo

import (
	"sync"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// Names are objects of one kind that a host has, by name; what of each is wanted beside is its value.
type Names map[string]string

// A list is asked for again when it is this old: one that says what was hoped for may be older than one that does not. A plan that makes a
// thousand domains would otherwise ask a thousand times.
const (
	goodFor = 5 * time.Second
	badFor  = 200 * time.Millisecond
)

type list struct {
	mu    sync.Mutex
	at    time.Time
	names Names
}

var lists sync.Map

// within asks for a list, or gives what was answered not long ago. hoped says whether an older list says what was hoped for.
func within(l *libvirt.Libvirt, what string, hoped func(Names) bool, ask func() (Names, error)) (Names, error) {
	kept, _ := lists.LoadOrStore(question{l, what}, &list{})
	known := kept.(*list)
	known.mu.Lock()
	defer known.mu.Unlock()
	age := time.Since(known.at)
	if known.names != nil && (age < badFor || age < goodFor && hoped(known.names)) {
		return known.names, nil
	}
	names, err := ask()
	if err == nil {
		known.names, known.at = names, time.Now()
	}
	return names, err
}

// Has is a hope for Networks and the like: all of these are there.
func Has(wanted ...string) func(Names) bool {
	return func(n Names) bool {
		for _, name := range wanted {
			if _, there := n[name]; !there {
				return false
			}
		}
		return true
	}
}

// Domains are all domains, with their UUIDs.
func Domains(l *libvirt.Libvirt, hoped func(Names) bool) (Names, error) {
	return within(l, "domains", hoped, func() (Names, error) {
		all, _, err := l.ConnectListAllDomains(1, 0)
		names := Names{}
		for _, d := range all {
			names[d.Name] = uuid.UUID(d.UUID).String()
		}
		return names, err
	})
}

// Active is the value of what runs.
const Active = "active"

// Networks are all networks, with Active for those that run.
func Networks(l *libvirt.Libvirt, hoped func(Names) bool) (Names, error) {
	return within(l, "networks", hoped, func() (Names, error) {
		return both(
			func() ([]libvirt.Network, uint32, error) { return l.ConnectListAllNetworks(1, 0) },
			func() ([]libvirt.Network, uint32, error) {
				return l.ConnectListAllNetworks(1, libvirt.ConnectListNetworksActive)
			},
			func(n libvirt.Network) string { return n.Name })
	})
}

// Pools are all pools, with Active for those that run.
func Pools(l *libvirt.Libvirt, hoped func(Names) bool) (Names, error) {
	return within(l, "pools", hoped, func() (Names, error) {
		return both(
			func() ([]libvirt.StoragePool, uint32, error) { return l.ConnectListAllStoragePools(1, 0) },
			func() ([]libvirt.StoragePool, uint32, error) {
				return l.ConnectListAllStoragePools(1, libvirt.ConnectListStoragePoolsActive)
			},
			func(p libvirt.StoragePool) string { return p.Name })
	})
}

func both[T any](all, active func() ([]T, uint32, error), name func(T) string) (Names, error) {
	every, _, err := all()
	if err != nil {
		return nil, err
	}
	running, _, err := active()
	names := Names{}
	for _, t := range every {
		names[name(t)] = ""
	}
	for _, t := range running {
		names[name(t)] = Active
	}
	return names, err
}

// Filters are all network filters.
func Filters(l *libvirt.Libvirt, hoped func(Names) bool) (Names, error) {
	return within(l, "filters", hoped, func() (Names, error) {
		all, _, err := l.ConnectListAllNwfilters(1, 0)
		names := Names{}
		for _, f := range all {
			names[f.Name] = ""
		}
		return names, err
	})
}

// Secrets are all secrets, by UUID and by usage.
func Secrets(l *libvirt.Libvirt, hoped func(Names) bool) (Names, error) {
	return within(l, "secrets", hoped, func() (Names, error) {
		all, _, err := l.ConnectListAllSecrets(1, 0)
		names := Names{}
		for _, s := range all {
			names[conn.FormatUUID(s.UUID)] = s.UsageID
			if s.UsageID != "" {
				names[s.UsageID] = conn.FormatUUID(s.UUID)
			}
		}
		return names, err
	})
}

// Links are all network links of the host itself: its bridges are among them.
func Links(l *libvirt.Libvirt, hoped func(Names) bool) (Names, error) {
	return within(l, "links", hoped, func() (Names, error) {
		all, _, err := l.ConnectListAllInterfaces(1, 0)
		names := Names{}
		for _, i := range all {
			names[i.Name] = ""
		}
		return names, err
	})
}

// Directories are the directories that active pools are, with the pools' names.
func Directories(l *libvirt.Libvirt, hoped func(Names) bool) (Names, error) {
	return within(l, "directories", hoped, func() (Names, error) {
		names := Names{}
		err := EachPool(l, libvirt.ConnectListStoragePoolsActive, 0, func(name string, root *etree.Element) {
			if dir := textAt(root, "target", "path"); dir != "" {
				names[dir] = name
			}
		})
		return names, err
	})
}

// Volumes are all volumes of a pool.
func Volumes(l *libvirt.Libvirt, pool string, hoped func(Names) bool) (Names, error) {
	return within(l, "volumes\n"+pool, hoped, func() (Names, error) {
		p, err := l.StoragePoolLookupByName(pool)
		if err != nil {
			return nil, err
		}
		all, _, err := l.StoragePoolListAllVolumes(p, 1, 0)
		names := Names{}
		for _, v := range all {
			names[v.Name] = ""
		}
		return names, err
	})
}

// Nearest lists them, first those spelled most like what was wanted.
func (n Names) Nearest(wanted string) string {
	var all []string
	for name := range n {
		all = append(all, name)
	}
	return nearest(wanted, all)
}
