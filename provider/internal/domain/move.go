package domain

import (
	"context"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/forecast"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/migration"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Move migrates the domain.
func (Resource) Move(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (engine.Moved, error) {
	request, err := forecast.MigrationRequest(fleet, prior, plan)
	if err != nil {
		return engine.Moved{}, err
	}
	files, moved, err := migration.Move(ctx, request)
	if !moved {
		return engine.Moved{}, err
	}
	return engine.Moved{Prior: onNewHost(prior, prior, files, plan.Str("host")), Plan: onNewHost(plan, prior, files, plan.Str("host"))}, err
}

// onNewHost is a model with the disks that moved where they are now.
func onNewHost(m, prior table.Model, files map[string]string, host string) table.Model {
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
