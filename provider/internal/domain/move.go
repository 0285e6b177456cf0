package domain

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/migration"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Move migrates the domain.
func (Resource) Move(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (engine.Moved, error) {
	request, err := moving(fleet, prior, plan)
	if err != nil {
		return engine.Moved{}, err
	}
	files, moved, err := migration.Move(ctx, request)
	if !moved {
		return engine.Moved{}, err
	}
	return engine.Moved{Prior: arrived(prior, prior, files, plan.Str("host")), Plan: arrived(plan, prior, files, plan.Str("host"))}, err
}

// arrived is a model with the disks that moved where they are now.
func arrived(m, prior table.Model, files map[string]string, host string) table.Model {
	m = m.Clone()
	m["host"] = host
	for target, file := range files {
		d, was := m.Group("disks").Group(target), prior.Group("disks").Group(target)
		if d != nil && d["file"] == was["file"] {
			d["file"] = file
		}
	}
	return m
}

// moving is the migration that a change of the host asks for.
func moving(fleet *conn.Fleet, prior, plan table.Model) (*migration.Request, error) {
	from, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return nil, err
	}
	to, err := fleet.Host(plan.Str("host"))
	if err != nil {
		return nil, err
	}
	id, err := uuid.Parse(prior.Str("uuid"))
	if err != nil {
		return nil, err
	}
	pools := map[string]string{}
	for target, v := range plan.Group("disks") {
		if d, ok := v.(table.Model); ok && d.Str("target_pool") != "" {
			pools[target] = d.Str("target_pool")
		}
	}
	o := plan.Group("migration")
	return &migration.Request{
		Name: prior.Str("name"), UUID: libvirt.UUID(id), From: from, To: to, TargetPools: pools,
		Adapt: func(domain *etree.Element) { adapt(domain, prior, plan) },
		Options: migration.Options{
			Bandwidth: o.Int("bandwidth"), Downtime: time.Duration(o.Int("downtime")) * time.Millisecond, AutoConverge: o.Bool("auto_converge"), PostCopy: o.Bool("post_copy"),
			Compression: o.Str("compression"), Connections: o.Int("parallel_connections"), TLS: o.Bool("tls"),
			Timeout: time.Duration(o.Int("timeout")) * time.Second, OnTimeout: o.Str("on_timeout"), Storage: o.Str("storage"),
		},
	}, nil
}

// adapt connects the interfaces as they are to be on the new host.
func adapt(domain *etree.Element, prior, plan table.Model) {
	keys, elements := interfaces{}.Elements(domain)
	for i, key := range keys {
		was, is := connected(prior, key), connected(plan, key)
		if len(is) > 0 && !table.Equal(was, is) && table.Equal(was, connected(table.Model{"interfaces": table.Model{key: xmlmodel.Read(connectionRows, elements[i])}}, key)) {
			xmlmodel.Patch(connectionRows, elements[i], was, is)
		}
	}
}

// connected is what one interface is connected to.
func connected(m table.Model, key string) table.Model {
	found := table.Model{}
	for i := range connectionRows {
		if v := m.Group("interfaces").Group(key)[connectionRows[i].Name]; v != nil {
			found[connectionRows[i].Name] = v
		}
	}
	return found
}

// foresee says what moving to another host will be, or why it can't be done.
func foresee(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (way notice, findings string) {
	from, to := prior.Str("host"), plan.Str("host")
	if plan["host"] == table.Unknown {
		return notice{"may move to another host", "Which one is not known yet; what that takes is checked before anything moves."}, ""
	}
	if fleet.Pending(from) || fleet.Pending(to) {
		return notice{fmt.Sprintf("moves from %s to %s", from, to), "Where they are is not known yet; what that takes is checked before anything moves."}, ""
	}
	request, err := moving(fleet, prior, plan)
	if err != nil {
		return notice{}, err.Error()
	}
	outlook, err := migration.Preview(ctx, request)
	if err != nil {
		return notice{}, err.Error()
	}
	if len(outlook.Findings) > 0 {
		return notice{}, fmt.Sprintf("%s can't go from %s to %s:\n- %s", request.Name, from, to, strings.Join(outlook.Findings, "\n- "))
	}
	way = notice{outlook.How, outlook.Effect}
	if len(outlook.Missing) > 0 {
		way.detail += fmt.Sprintf(" %s has no active %s yet: unless this apply makes it, nothing is moved.", to, strings.Join(outlook.Missing, ", no "))
	}
	return way, ""
}
