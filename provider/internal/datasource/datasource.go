// Package datasource implements the data sources for existing objects that Terraform does not manage: pools, networks, volumes and domains,
// by name.
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

// All returns the data sources, in the order of the docs.
func All() []engine.DataSource {
	return []engine.DataSource{
		source{Pool, pool}, source{Network, network}, source{Volume, volume}, source{Domain, domainOf},
	}
}

// source is one data source.
type source struct {
	table *table.Table
	read  func(l *libvirt.Libvirt, config table.Model) (table.Model, error)
}

// Table returns its table.
func (s source) Table() *table.Table { return s.table }

// Hosts returns the name of the one host.
func (source) Hosts(config table.Model) []string { return []string{config.Str("host")} }

// Read asks the host.
func (s source) Read(ctx context.Context, hosts []*conn.Host, config table.Model) (table.Model, error) {
	var seen table.Model
	err := hosts[0].Do(ctx, func(l *libvirt.Libvirt) (err error) {
		seen, err = s.read(l, config)
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

// names lists the objects of one type. The list is not cached, since a name is missing.
type names func(l *libvirt.Libvirt, satisfied func(hostinfo.Names) bool) (hostinfo.Names, error)

// missing returns the error for an object that does not exist; it lists the objects that do.
func missing(l *libvirt.Libvirt, err error, what, name, where string, all names) error {
	if !conn.IsNotFound(err) {
		return err
	}
	have, err := all(l, hostinfo.Has(name))
	if err != nil {
		return err
	}
	return diag.New("look up", "Correct the name, or create the object first. If this configuration creates it, refer to that resource instead.",
		"%s %q does not exist%s; existing: %s", what, name, where, have.Nearest(name))
}

// described reads the rows from an object's XML.
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

// truth returns a bool that libvirt returns as 0 or 1.
func truth(n int32, err error) (bool, error) { return n == 1, err }

// Rows that all four data sources have.

func idRow(form string) table.Attr {
	return table.Attr{Name: "id", Type: table.String, Mode: table.Computed,
		Doc: fmt.Sprintf("The id that `terraform import` takes for the resource of this object: `%s`.", form)}
}

func hostRow() table.Attr {
	return table.Attr{Name: "host", Type: table.String, Mode: table.Required, Doc: "The host, as named in the provider's `hosts`."}
}

func nameRow(what string) table.Attr {
	return table.Attr{Name: "name", Type: table.String, Mode: table.Required, Check: table.ObjectName, Doc: "The " + what + "'s name."}
}

// computed returns a computed row.
func computed(name string, typ table.Type, xml table.Codec, doc string) table.Attr {
	return table.Attr{Name: name, Type: typ, Mode: table.Computed, XML: xml, Doc: doc}
}
