//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// These files exist in the directory of every run of the fault suite before it begins: the disk of a guest, the backing file of a clone,
// and a file that the provider must not touch.
const (
	guestFile  = "guest.img"
	baseFile   = "base.img"
	theirsFile = "theirs.img"
)

// ground is the names, paths and addresses that one run of an operation uses.
type ground struct {
	name   string // part of the name of everything that the run creates
	dir    string // the directory on the host
	net    string // the first three bytes of the run's network
	source string // a local image
}

// bridgeOfRun returns the name of the bridge of the run with this name.
func bridgeOfRun(name string) string { return "kff" + name[len(name)-5:] }

// resource is one resource of a run. A run creates its resources in order, and has at most one of each kind.
type resource struct {
	kind string
	a    attrs
}

// operation is a change of one resource.
type operation struct {
	name          string
	changes       string
	before, after func(g ground) []resource
	costly        bool // inject faults only into messages that change something
	oneWay        bool // the former configuration does not bring back what was there: a volume does not shrink, and what the host chose stays
	alone         bool // no other operation may run at the same time: the host breaks
	// prelude runs between the plan and the apply, sequel after the apply, whatever its outcome; nil: nothing.
	prelude, sequel func(r *faultRun)
}

// forward marks operations as one-way.
func forward(all []operation) []operation {
	for i := range all {
		all[i].oneWay = true
	}
	return all
}

// isUpdate reports whether the operation changes a resource that exists before and after it.
func (o operation) isUpdate() bool {
	has := func(all []resource) bool {
		return slices.ContainsFunc(all, func(r resource) bool { return r.kind == o.changes })
	}
	return has(o.before(ground{name: "fault-0-00000"})) && has(o.after(ground{name: "fault-0-00000"}))
}

func (g ground) pool(more attrs) resource {
	return resource{"libvirt_pool", attrs{"host": site().Name, "name": g.name, "path": g.dir}.with(more)}
}

func (g ground) volume(more attrs) resource {
	return resource{"libvirt_volume", attrs{"host": site().Name, "pool": g.name, "name": "it.img"}.with(more)}
}

func (g ground) network(more attrs) resource {
	return resource{"libvirt_network", attrs{"host": site().Name, "name": g.name}.with(more)}
}

func (g ground) seed(more attrs) resource {
	return resource{"libvirt_seed", attrs{"host": site().Name, "pool": g.name, "name": "it.iso", "cloud_init": attrs{"user_data": "#cloud-config\n", "meta_data": "{}"}}.with(more)}
}

func (g ground) domain(more attrs) resource {
	return resource{"libvirt_domain", attrs{"host": site().Name, "name": g.name, "type": theLab.Accelerator, "vcpu": 1, "memory": 32 << 10, "shutdown": attrs{"timeout": 0},
		"state": "stopped", "disks": attrs{"vda": attrs{"file": g.dir + "/" + guestFile, "format": "raw"}}}.with(more)}
}

func (g ground) secret(more attrs) resource {
	return resource{"libvirt_secret", attrs{"host": site().Name, "usage": "ceph", "name": g.name, "value": "sesame", "value_version": 1}.with(more)}
}

func (g ground) filter(more attrs) resource {
	port := func(n int) attrs {
		return attrs{"action": "accept", "direction": "out", "protocol": "tcp", "match": []string{fmt.Sprintf("dstportstart=%d", n)}}
	}
	return resource{"libvirt_nwfilter", attrs{"host": site().Name, "name": g.name, "rules": attrs{"web": port(443)}}.with(more)}
}

func always(more attrs, of func(g ground, more attrs) resource) func(ground) resource {
	return func(g ground) resource { return of(g, more) }
}

// lists returns a function that creates the resources of a run.
func lists(of ...func(ground) resource) func(ground) []resource {
	return func(g ground) []resource {
		var all []resource
		for _, r := range of {
			all = append(all, r(g))
		}
		return all
	}
}

// life returns the operations that create a resource, change it in some ways, and delete it.
func life(kind string, on []func(ground) resource, is func(ground) resource, becomes map[string]func(ground) resource) []operation {
	with := func(r func(ground) resource) func(ground) []resource {
		return lists(append(on[:len(on):len(on)], r)...)
	}
	all := []operation{{name: "create", changes: kind, before: lists(on...), after: with(is)}, {name: "delete", changes: kind, before: with(is), after: lists(on...)}}
	for name, then := range becomes {
		all = append(all, operation{name: name, changes: kind, before: with(is), after: with(then)})
	}
	return all
}

// operations returns the operations that faults are injected into, by what they change.
func operations() map[string][]operation {
	pool, network, seed, domain := ground.pool, ground.network, ground.seed, ground.domain
	inPool := []func(ground) resource{always(nil, pool)}
	type ways = map[string]func(ground) resource
	uploaded := func(g ground) resource { return g.volume(attrs{"format": "raw", "source": g.source}) }
	clone := func(g ground) resource {
		return g.volume(attrs{"format": "qcow2", "backing_store": attrs{"path": g.dir + "/" + baseFile, "format": "raw"}})
	}
	dhcp := func(end string) func(ground) resource {
		return func(g ground) resource {
			return g.network(attrs{"ipv4": ipv4(g.net, attrs{"start": g.net + ".10", "end": g.net + end})})
		}
	}
	copied := func(g ground) resource {
		return g.volume(attrs{"format": "qcow2", "clone_from": g.dir + "/" + baseFile})
	}
	raw := func(g ground) resource { return g.volume(attrs{"format": "raw", "capacity": mib}) }
	return map[string][]operation{
		"secret": life("libvirt_secret", nil, always(nil, ground.secret), ways{
			"rewrite": always(attrs{"description": "Another one.", "value": "open", "value_version": 2}, ground.secret),
		}),
		"network filter": life("libvirt_nwfilter", nil, always(nil, ground.filter), ways{
			"rewrite": always(attrs{"rules": attrs{"nothing": attrs{"action": "drop", "direction": "inout", "protocol": "all"}}}, ground.filter),
		}),
		"pool": life("libvirt_pool", nil, always(nil, pool), ways{
			"move": func(g ground) resource { return g.pool(attrs{"path": g.dir + "/other"}) },
			"stop": always(attrs{"active": false, "autostart": false}, pool),
		}),
		"network": forward(expensive(life("libvirt_network", nil, always(nil, network), ways{
			"redefine": func(g ground) resource { return g.network(attrs{"bridge": bridgeOfRun(g.name)}) },
		}))),
		"network with DHCP": {{costly: true, name: "live", changes: "libvirt_network", before: lists(dhcp(".20")), after: lists(dhcp(".30"))}},
		"volume":            forward(life("libvirt_volume", inPool, raw, ways{"grow": always(attrs{"format": "raw", "capacity": 2 * mib}, ground.volume)})),
		"uploaded volume":   life("libvirt_volume", inPool, uploaded, ways{"other content": copied}),
		"thin clone":        life("libvirt_volume", inPool, clone, nil),
		"full copy":         life("libvirt_volume", inPool, copied, nil)[:1],
		"seed":              life("libvirt_seed", inPool, always(nil, seed), ways{"rewrite": always(attrs{"cloud_init": attrs{"user_data": "#cloud-config\npackages: [vim]\n", "meta_data": "{}"}}, seed)}),
		"domain": life("libvirt_domain", nil, always(nil, domain), ways{
			"redefine": always(attrs{"description": "Another one.", "vcpu": 2, "disks": nil}, domain),
		}),
		"running domain": expensive(life("libvirt_domain", nil, always(attrs{"state": "running"}, domain), ways{
			"live": always(attrs{"state": "running", "description": "Another one.", "maximum": attrs{"memory": 64 << 10}}, domain),
			"stop": always(attrs{"state": "stopped"}, domain),
		})),
	}
}

// expensive marks slow operations as costly: libvirt waits when it stops a network, a guest has to start, a disk is written.
func expensive(all []operation) []operation {
	for i := range all {
		all[i].costly = true
	}
	return all
}

// patient lists the operations in which the provider gives a host longer to answer than this suite has: those that may write a whole disk,
// start a guest, or change the rules of a hundred guests. A dead connection is noticed before that by the transport, TCP or ssh.
var patient = map[string]bool{"pool": true, "network filter": true, "volume": true, "uploaded volume": true, "full copy": true, "cloud-init disk": true, "running domain": true}

// prepare creates the files that exist before a run.
func (g ground) prepare() error {
	if err := os.MkdirAll(site().path(g.dir), 0o755); err != nil {
		return err
	}
	for _, file := range []string{guestFile, baseFile, theirsFile} {
		if err := os.WriteFile(filepath.Join(site().path(g.dir), file), bootSector, 0o600); err != nil {
			return err
		}
	}
	return nil
}
