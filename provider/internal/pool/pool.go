package pool

import (
	"context"
	"fmt"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/fault"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/persistent"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
)

// Kind is libvirt_pool.
type Kind struct {
	*persistent.Calls[libvirt.StoragePool]
}

// New makes the kind.
func New() Kind {
	type L = libvirt.Libvirt
	type P = libvirt.StoragePool
	return Kind{&persistent.Calls[P]{
		Table:        Table,
		Lookup:       (*L).StoragePoolLookupByName,
		XML:          func(l *L, p P) (string, error) { return l.StoragePoolGetXMLDesc(p, libvirt.StorageXMLInactive) },
		Define:       func(l *L, xml string) (P, error) { return l.StoragePoolDefineXML(xml, 0) },
		Start:        func(l *L, p P) error { return l.StoragePoolCreate(p, libvirt.StoragePoolCreateNormal) },
		Stop:         (*L).StoragePoolDestroy,
		Undefine:     (*L).StoragePoolUndefine,
		IsActive:     (*L).StoragePoolIsActive,
		Autostart:    (*L).StoragePoolGetAutostart,
		SetAutostart: (*L).StoragePoolSetAutostart,
		Users: func(l *L, d table.Model) ([]usage.User, error) {
			return usage.OfPool(l, d.Str("name"), d.Str("path"), d["type"] != "dir")
		},
		// The pool's directory. It stays when the pool is destroyed, or goes to another path.
		Prepare: func(l *L, p P) error {
			return fault.In("make the directory of", l.StoragePoolBuild(p, libvirt.StoragePoolBuildNew))
		},
		Live: func(_ *L, _ P, prior, plan table.Model) (bool, error) {
			return prior["path"] == plan["path"] && table.Equal(prior["source"], plan["source"]), nil
		},
	}}
}

// Table returns the pool's table.
func (Kind) Table() *table.Resource { return Table }

// Validate checks what each type needs.
func (Kind) Validate(config table.Model) []table.Problem {
	at := tftypes.NewAttributePath().WithAttributeName("source")
	switch kind, source := config["type"], config["source"]; {
	case kind == table.Unknown:
		return nil
	case kind == "netfs" && source == nil:
		return []table.Problem{{Path: at, Text: "'source' must be set with 'type' \"netfs\"; say which host serves what directory"}}
	case kind != "netfs" && source != nil:
		return []table.Problem{{Path: at, Text: "'source' is of 'type' \"netfs\" only; take it out, or set 'type'"}}
	}
	return nil
}

// Plan tells what does not come along to another place.
func (Kind) Plan(_ context.Context, _ *conn.Fleet, prior, _, plan table.Model) engine.Advice {
	if prior["path"] == plan["path"] && table.Equal(prior["source"], plan["source"]) {
		return engine.Advice{}
	}
	return engine.Advice{Warnings: []string{fmt.Sprintf("Pool %q is of another place from now on\nWhat is in it stays where it is (%s): bring it to the new place "+
		"before this is applied, or its volumes will be missed and made anew.", prior.Str("name"), prior.Str("path"))}}
}
