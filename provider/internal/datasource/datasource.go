// Package datasource is what hosts have already, and nobody here manages: pools, networks, volumes and domains, each by its name.
package datasource

import (
	"context"
	"fmt"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// All are the data sources, in the order of the docs.
func All() []engine.DataSource {
	return []engine.DataSource{
		source{Pool, pool}, source{Network, network}, source{Volume, volume}, source{Domain, domainOf},
	}
}

// source is one data source.
type source struct {
	table *table.Table
	look  func(l *libvirt.Libvirt, config table.Model) (table.Model, error)
}

// Table returns its table.
func (s source) Table() *table.Table { return s.table }

// Hosts names the one host.
func (source) Hosts(config table.Model) []string { return []string{config.Str("host")} }

// Read asks it.
func (s source) Read(ctx context.Context, hosts []*conn.Host, config table.Model) (table.Model, error) {
	var seen table.Model
	err := hosts[0].Do(ctx, func(l *libvirt.Libvirt) (err error) {
		seen, err = s.look(l, config)
		return err
	})
	if err != nil {
		return nil, diag.Wrap("look up", err)
	}
	seen["id"] = hosts[0].Name + "/" + config.Str("name")
	if pool := config.Str("pool"); pool != "" {
		seen["id"] = hosts[0].Name + "/" + pool + "/" + config.Str("name")
	}
	return seen, nil
}

// names lists what there is of a kind. Nothing that was answered before is good enough: something is missing.
type names func(l *libvirt.Libvirt, hoped func(hostinfo.Names) bool) (hostinfo.Names, error)

// missing says of an object that is not there what there is.
func missing(l *libvirt.Libvirt, err error, what, name, where string, all names) error {
	if !conn.IsNotFound(err) {
		return err
	}
	have, err := all(l, hostinfo.Has(name))
	if err != nil {
		return err
	}
	return diag.New("look up", "Correct the name, or make it first. Where this configuration makes it, refer to that resource instead.",
		"there is no %s %q%s, but %s", what, name, where, have.Nearest(name))
}

// described reads what the table finds in an object's XML.
func described(rows []table.Attr, xml string, err error) (*etree.Element, table.Model, error) {
	if err != nil {
		return nil, nil, err
	}
	el, err := xmlmodel.Parse(xml)
	if err != nil {
		return nil, nil, err
	}
	return el, xmlmodel.Read(rows, el), nil
}

// truth is what libvirt counts as 0 and 1.
func truth(n int32, err error) (bool, error) { return n == 1, err }

// Rows in the words of all four.

func idRow(form string) table.Attr {
	return table.Attr{Name: "id", Type: table.String, Mode: table.Computed, Doc: fmt.Sprintf("What `terraform import` takes for such an object: `%s`.", form)}
}

func hostRow() table.Attr {
	return table.Attr{Name: "host", Type: table.String, Mode: table.Required, Doc: "The host, as named in the provider's `hosts`."}
}

func nameRow(what string) table.Attr {
	return table.Attr{Name: "name", Type: table.String, Mode: table.Required, Check: table.ObjectName, Doc: "The " + what + "'s name."}
}

// told is a row of what the host says.
func told(name string, kind table.Type, xml table.Codec, doc string) table.Attr {
	return table.Attr{Name: name, Type: kind, Mode: table.Computed, XML: xml, Doc: doc}
}
