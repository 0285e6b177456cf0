// Package capacity tells what hosts have for guests, and what the domains of a configuration need.
package capacity

import (
	"context"
	"io"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
)

// FactsReport is the answer of all hosts.
type FactsReport = exchange.Answers[Host]

// Host is the answer of one host. If Error is set, it could not be asked, and the facts are empty.
type Host struct {
	Name  string         `json:"name"`
	Error string         `json:"error"`
	Facts hostinfo.Facts `json:"facts"`
}

// RunFacts reads an exchange.HostsRequest and writes a FactsReport.
func RunFacts(ctx context.Context, in io.Reader, out io.Writer) error {
	hosts, err := exchange.ReadHosts("facts", in)
	if err != nil {
		return err
	}
	return exchange.Encode(out, FactsReport{Hosts: exchange.AskAll(ctx, hosts, ask)})
}

func ask(ctx context.Context, name string, host exchange.Host) Host {
	h := Host{Name: name}
	err := host.Ask(ctx, name, func(l *libvirt.Libvirt) (err error) {
		h.Facts, err = hostinfo.ReadFacts(l)
		return err
	})
	if err != nil {
		return Host{Name: name, Error: err.Error(), Facts: hostinfo.Facts{Guests: []hostinfo.GuestKind{}, Cells: []hostinfo.Cell{}}}
	}
	return h
}
