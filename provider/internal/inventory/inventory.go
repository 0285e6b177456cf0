// Package inventory lists the domains, networks and pools of hosts.
package inventory

import (
	"context"
	"io"
	"sort"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
)

// Report is the answer of all hosts.
type Report = exchange.Answers[Host]

// Host is the answer of one host. If Error is set, the host could not be asked, and the lists are empty.
type Host struct {
	Name     string   `json:"name"`
	URI      string   `json:"uri"`
	Error    string   `json:"error"`
	Domains  []Domain `json:"domains"`
	Networks []Object `json:"networks"`
	Pools    []Object `json:"pools"`
}

// Domain is a virtual machine. Its memory is in KiB.
type Domain struct {
	Name      string   `json:"name"`
	UUID      string   `json:"uuid"`
	State     string   `json:"state"`
	VCPU      int      `json:"vcpu"`
	Memory    uint64   `json:"memory"`
	Addresses []string `json:"addresses"`
}

// Object is a pool or a network.
type Object struct {
	Name   string `json:"name"`
	Active bool   `json:"active"`
}

// Run reads an exchange.HostsRequest and writes a Report.
func Run(ctx context.Context, in io.Reader, out io.Writer) error {
	hosts, err := exchange.ReadHosts("inventory", in)
	if err != nil {
		return err
	}
	return exchange.Encode(out, Report{Hosts: exchange.AskAll(ctx, hosts, ask)})
}

func ask(ctx context.Context, name string, host exchange.Host) Host {
	empty := Host{Name: name, URI: host.URI, Domains: []Domain{}, Networks: []Object{}, Pools: []Object{}}
	report := empty
	if err := host.Ask(ctx, name, report.read); err != nil {
		empty.Error = err.Error()
		return empty
	}
	return report
}

func (h *Host) read(l *libvirt.Libvirt) error {
	// An object that is removed meanwhile is left out.
	domains, _, err := l.ConnectListAllDomains(1, 0)
	if err != nil {
		return err
	}
	for _, d := range domains {
		if seen, err := observe.ReadOverview(l, d); err == nil {
			h.Domains = append(h.Domains, Domain(seen))
		} else if !conn.IsNotFound(err) {
			return err
		}
	}
	networks, _, err := l.ConnectListAllNetworks(1, 0)
	if err != nil {
		return err
	}
	for _, n := range networks {
		if active, err := l.NetworkIsActive(n); err == nil {
			h.Networks = append(h.Networks, Object{n.Name, active == 1})
		} else if !conn.IsNotFound(err) {
			return err
		}
	}
	pools, _, err := l.ConnectListAllStoragePools(1, 0)
	if err != nil {
		return err
	}
	for _, p := range pools {
		if active, err := l.StoragePoolIsActive(p); err == nil {
			h.Pools = append(h.Pools, Object{p.Name, active == 1})
		} else if !conn.IsNotFound(err) {
			return err
		}
	}
	sort.Slice(h.Domains, func(i, j int) bool { return h.Domains[i].Name < h.Domains[j].Name })
	sort.Slice(h.Networks, func(i, j int) bool { return h.Networks[i].Name < h.Networks[j].Name })
	sort.Slice(h.Pools, func(i, j int) bool { return h.Pools[i].Name < h.Pools[j].Name })
	return nil
}
