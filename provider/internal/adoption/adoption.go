package adoption

import (
	"cmp"
	"context"
	"io"
	"slices"
	"sync"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// The types of the resources that are read.
const (
	domainType  = "libvirt_domain"
	networkType = "libvirt_network"
	poolType    = "libvirt_pool"
	volumeType  = "libvirt_volume"
)

// readers is how many objects of a host are read at the same time.
const readers = 8

// Run reads an exchange.HostsRequest and writes a Report.
func Run(ctx context.Context, resources []engine.Resource, in io.Reader, out io.Writer) error {
	hosts, err := exchange.ReadHosts("adoptable", in)
	if err != nil {
		return err
	}
	fleet, err := hosts.Fleet()
	if err != nil {
		return err
	}
	defer fleet.Close()
	kinds := map[string]engine.Resource{}
	for _, k := range resources {
		kinds[k.Table().TypeName()] = k
	}
	ask := func(ctx context.Context, name string, host exchange.Host) Host {
		h := reader{ctx: ctx, fleet: fleet, kinds: kinds, Host: empty(name, host.URI)}
		if err := h.read(); err != nil {
			failed := empty(name, host.URI)
			failed.Error = diag.Shorten(err.Error())
			return failed
		}
		return h.Host
	}
	return exchange.Encode(out, Report{Hosts: exchange.AskAll(ctx, hosts, ask)})
}

func empty(name, uri string) Host {
	return Host{Name: name, URI: uri, Domains: []Domain{}, Networks: []Object{}, Pools: []Pool{}, Volumes: []Volume{}, Filters: []string{},
		Secrets: []Secret{}}
}

// reader reads one host.
type reader struct {
	Host
	ctx   context.Context
	fleet *conn.Fleet
	kinds map[string]engine.Resource
}

func (r *reader) read() error {
	host, err := r.fleet.Host(r.Name)
	if err != nil {
		return err
	}
	if err := host.Do(r.ctx, r.list); err != nil {
		return err
	}
	var wait sync.WaitGroup
	queue := make(chan func())
	for range readers {
		wait.Go(func() {
			for read := range queue {
				read()
			}
		})
	}
	for i := range r.Domains {
		queue <- func() { r.readDomain(&r.Domains[i]) }
	}
	for i := range r.Networks {
		queue <- func() { r.readObject(networkType, &r.Networks[i]) }
	}
	for i := range r.Pools {
		queue <- func() { r.readObject(poolType, &r.Pools[i].Object) }
	}
	close(queue)
	wait.Wait()
	return r.readVolumes(host)
}

// list lists what the host has. A host without one of these drivers has no such objects.
func (r *reader) list(l *libvirt.Libvirt) error {
	object := func(name string, isDefined int32, err error) (Object, error) {
		if conn.IsNotFound(err) { // it was removed meanwhile: the read says so
			err = nil
		}
		return Object{Name: name, ID: r.Name + "/" + name, Transient: isDefined == 0}, err
	}
	domains, _, err := l.ConnectListAllDomains(1, 0)
	if err != nil {
		return err
	}
	for _, d := range domains {
		defined, err := l.DomainIsPersistent(d)
		o, err := object(d.Name, defined, err)
		if err != nil {
			return err
		}
		r.Domains = append(r.Domains, Domain{Object: o})
	}
	networks, _, err := l.ConnectListAllNetworks(1, 0)
	if err != nil && !conn.IsUnsupported(err) {
		return err
	}
	for _, n := range networks {
		defined, err := l.NetworkIsPersistent(n)
		o, err := object(n.Name, defined, err)
		if err != nil {
			return err
		}
		r.Networks = append(r.Networks, o)
	}
	if err := r.listPools(l, object); err != nil {
		return err
	}
	filters, _, err := l.ConnectListAllNwfilters(1, 0)
	if err != nil && !conn.IsUnsupported(err) {
		return err
	}
	for _, f := range filters {
		r.Filters = append(r.Filters, f.Name)
	}
	secrets, _, err := l.ConnectListAllSecrets(1, 0)
	if err != nil && !conn.IsUnsupported(err) {
		return err
	}
	for _, s := range secrets {
		r.Secrets = append(r.Secrets, Secret{UUID: conn.FormatUUID(s.UUID), Usage: s.UsageID})
	}
	slices.SortFunc(r.Domains, func(a, b Domain) int { return cmp.Compare(a.Object.Name, b.Object.Name) })
	slices.SortFunc(r.Networks, func(a, b Object) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(r.Pools, func(a, b Pool) int { return cmp.Compare(a.Object.Name, b.Object.Name) })
	slices.Sort(r.Filters)
	slices.SortFunc(r.Secrets, func(a, b Secret) int { return cmp.Compare(a.UUID, b.UUID) })
	return nil
}

func (r *reader) listPools(l *libvirt.Libvirt, object func(name string, isDefined int32, err error) (Object, error)) error {
	pools, _, err := l.ConnectListAllStoragePools(1, 0)
	if err != nil && !conn.IsUnsupported(err) {
		return err
	}
	for _, p := range pools {
		defined, err := l.StoragePoolIsPersistent(p)
		o, err := object(p.Name, defined, err)
		if err != nil {
			return err
		}
		count, err := l.StoragePoolNumOfVolumes(p)
		if _, refused := conn.Message(err); err != nil && !refused { // a stopped pool has none
			return err
		}
		r.Pools = append(r.Pools, Pool{Object: o, Volumes: int(count)})
	}
	return nil
}

// readObject reads an object as an import does, and returns its state; nil if that failed.
func (r *reader) readObject(typ string, o *Object) table.Model {
	o.Config = map[string]any{}
	k := r.kinds[typ]
	state, err := engine.Import(r.ctx, k, r.fleet, o.ID)
	if err != nil {
		o.Error = diag.Shorten(err.Error())
		return nil
	}
	o.Config = table.Configuration(k.Table().Attrs, state)
	return state
}

func (r *reader) readDomain(d *Domain) {
	if state := r.readObject(domainType, &d.Object); state != nil {
		d.State, d.Pending, d.Undeclared = state.Str("state"), state.Str("pending_restart"), state.Str("undeclared")
	}
}

// readVolumes reads the volumes that are disks of the domains, and the images below them. A file that is in no pool is no volume.
func (r *reader) readVolumes(host *conn.Host) error {
	var paths []string
	for _, d := range r.Domains {
		paths = append(paths, disksOf(d.Object.Config)...)
	}
	known := map[string]bool{}
	for len(paths) > 0 {
		path := paths[0]
		paths = paths[1:]
		if known[path] {
			continue
		}
		known[path] = true
		v, err := volumeAt(r.ctx, host, path)
		if err != nil {
			return err
		}
		if v == nil {
			continue
		}
		volume := Volume{Pool: v.Pool, Path: path, Object: Object{Name: v.Name, ID: r.Name + "/" + v.Pool + "/" + v.Name}}
		if state := r.readObject(volumeType, &volume.Object); state.Group("backing_store") != nil {
			paths = append(paths, state.Group("backing_store").Str("path"))
		}
		r.Volumes = append(r.Volumes, volume)
	}
	slices.SortFunc(r.Volumes, func(a, b Volume) int { return cmp.Compare(a.Object.ID, b.Object.ID) })
	return nil
}
