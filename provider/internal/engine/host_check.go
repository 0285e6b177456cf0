package engine

import (
	"context"
	"fmt"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// HostCheck compares a plan with the host that it is for. What the host cannot have is a problem. What it lacks, and may get before the apply needs
// it, is a warning.
type HostCheck struct {
	table.Problems
	Host        string
	Prior, Plan table.Model // Prior is nil if the object is new

	ctx     context.Context
	missing []string
	warned  []string
}

// HostStep is one check. An error means that the host could not be asked.
type HostStep func(c *HostCheck, l *libvirt.Libvirt) error

// CheckHost asks the plan's host, step by step. It finds nothing if the host is not known yet or cannot be asked: then the apply fails. A check that
// reads filters excludes changes of filters, which libvirt does not do by itself.
func CheckHost(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model, readsFilters bool, steps ...HostStep) *HostCheck {
	c := &HostCheck{Problems: table.NewProblems(), Prior: prior, Plan: plan, ctx: ctx}
	nothing := &HostCheck{Problems: table.NewProblems(), Prior: prior, Plan: plan, ctx: ctx}
	name, known := plan["host"].(string)
	if !known || fleet.Pending(name) {
		return nothing
	}
	host, err := fleet.Host(name)
	if err != nil {
		return nothing
	}
	c.Host = name
	if readsFilters {
		host.FilterLock.RLock()
		defer host.FilterLock.RUnlock()
	}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		for _, step := range steps {
			if err := step(c, l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nothing
	}
	return c
}

// Missing notes an object that the plan refers to and the host lacks.
func (c *HostCheck) Missing(format string, args ...any) {
	c.missing = append(c.missing, fmt.Sprintf(format, args...))
}

// Warn notes a warning about what may fail: a summary in one line, and below it the detail.
func (c *HostCheck) Warn(format string, args ...any) {
	c.warned = append(c.warned, fmt.Sprintf(format, args...))
}

// IsPlanned says whether this plan makes the object on the host.
func (c *HostCheck) IsPlanned(resource, name string) bool {
	return IsPlanned(c.ctx, resource, c.Host+"/"+name)
}

// Planned returns the names of the objects of a resource that this plan has on the host.
func (c *HostCheck) Planned(resource string) []string {
	return plannedOn(c.ctx, resource, c.Host)
}

// IsInState says whether the state has the object on the host.
func (c *HostCheck) IsInState(resource, name string) bool {
	return IsInState(c.ctx, resource, c.Host+"/"+name)
}

// StateBefore returns an object of the host as the state had it before this run refreshed it; nil if the state does not have it.
func (c *HostCheck) StateBefore(resource, name string) table.Model {
	return StateBefore(c.ctx, resource, c.Host+"/"+name)
}

// Warnings are about what is missing; what fails without it ends the sentence: "volume is created". What Warn has noted comes after them.
func (c *HostCheck) Warnings(what string) []string {
	return append(MissingReferences(c.Host, c.Plan.Str("name"), what, c.missing), c.warned...)
}
