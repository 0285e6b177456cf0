package hostinfo

import (
	"sync"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// Names are the objects of one type on a host: a value for each name.
type Names map[string]string

// The age at which a list is read again. A list that satisfies the caller may be older than one that does not. Without the cache, a plan
// that creates a thousand domains would read each list a thousand times.
const (
	satisfiedMaxAge   = 5 * time.Second
	unsatisfiedMaxAge = 200 * time.Millisecond
)

type list struct {
	mu    sync.Mutex
	at    time.Time
	names Names
}

var lists sync.Map

// Cached returns a list, read now or not long ago. satisfied reports whether a list contains what the caller expects;
// if it does not, a fresher list is read.
func Cached(l *libvirt.Libvirt, what string, satisfied func(Names) bool, ask func() (Names, error)) (Names, error) {
	kept, _ := lists.LoadOrStore(question{l, what}, &list{})
	known := kept.(*list)
	known.mu.Lock()
	defer known.mu.Unlock()
	age := time.Since(known.at)
	if known.names != nil && (age < unsatisfiedMaxAge || age < satisfiedMaxAge && satisfied(known.names)) {
		return known.names, nil
	}
	names, err := ask()
	if err == nil {
		known.names, known.at = names, time.Now()
	}
	return names, err
}

// Has returns a condition for Networks and the other lists: all these names exist.
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

// Lacks returns a condition for Networks and the other lists: the name is free.
func Lacks(name string) func(Names) bool {
	return func(n Names) bool { return !Has(name)(n) }
}

// Domains lists all domains, with their UUIDs.
func Domains(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return Cached(l, "domains", satisfied, func() (Names, error) {
		all, _, err := l.ConnectListAllDomains(1, 0)
		names := Names{}
		for _, d := range all {
			names[d.Name] = uuid.UUID(d.UUID).String()
		}
		return names, err
	})
}

// Active is the value of an active object.
const Active = "active"

// Networks lists all networks, with Active for the active ones.
func Networks(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return Cached(l, "networks", satisfied, func() (Names, error) {
		return both(
			func() ([]libvirt.Network, uint32, error) { return l.ConnectListAllNetworks(1, 0) },
			func() ([]libvirt.Network, uint32, error) {
				return l.ConnectListAllNetworks(1, libvirt.ConnectListNetworksActive)
			},
			func(n libvirt.Network) string { return n.Name })
	})
}

// Pools lists all pools, with Active for the active ones.
func Pools(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return Cached(l, "pools", satisfied, func() (Names, error) {
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

// Filters lists all network filters.
func Filters(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return Cached(l, "filters", satisfied, func() (Names, error) {
		all, _, err := l.ConnectListAllNwfilters(1, 0)
		names := Names{}
		for _, f := range all {
			names[f.Name] = ""
		}
		return names, err
	})
}

// Secrets lists all secrets, by UUID and by usage.
func Secrets(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return Cached(l, "secrets", satisfied, func() (Names, error) {
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

// Links lists all network links of the host itself, including its bridges.
func Links(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return Cached(l, "links", satisfied, func() (Names, error) {
		all, _, err := l.ConnectListAllInterfaces(1, 0)
		names := Names{}
		for _, i := range all {
			names[i.Name] = ""
		}
		return names, err
	})
}

// Directories lists the directories of active pools, with the names of the pools.
func Directories(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return Cached(l, "directories", satisfied, func() (Names, error) {
		names := Names{}
		err := EachPool(l, libvirt.ConnectListStoragePoolsActive, 0, func(name string, root *etree.Element) {
			if dir := textAt(root, "target", "path"); dir != "" {
				names[dir] = name
			}
		})
		return names, err
	})
}

// Volumes lists all volumes of a pool.
func Volumes(l *libvirt.Libvirt, pool string, satisfied func(Names) bool) (Names, error) {
	return Cached(l, "volumes\n"+pool, satisfied, func() (Names, error) {
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

// ForgetVolumes has the next caller of Volumes read the list again.
func ForgetVolumes(l *libvirt.Libvirt, pool string) { lists.Delete(question{l, "volumes\n" + pool}) }

// AllVolumes lists all volumes of active pools, as pool/name.
func AllVolumes(l *libvirt.Libvirt, satisfied func(Names) bool) (Names, error) {
	return Cached(l, "all volumes", satisfied, func() (Names, error) {
		pools, _, err := l.ConnectListAllStoragePools(1, libvirt.ConnectListStoragePoolsActive)
		if err != nil {
			return nil, err
		}
		names := Names{}
		for _, p := range pools {
			volumes, _, err := l.StoragePoolListAllVolumes(p, 1, 0)
			if err != nil && !conn.IsNotFound(err) && !conn.IsInactive(err) {
				return nil, err
			}
			for _, v := range volumes {
				names[p.Name+"/"+v.Name] = ""
			}
		}
		return names, nil
	})
}

// Nearest lists the names, the most similar to wanted first.
func (n Names) Nearest(wanted string) string {
	var all []string
	for name := range n {
		all = append(all, name)
	}
	return nearest(wanted, all)
}
