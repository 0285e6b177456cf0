package persistent

import (
	"context"
	"fmt"
	"slices"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
)

// PlanDestroy warns about running guests that use the object and that the state does not have: nothing in this run stops them. The apply refuses to
// destroy the object while they run. It is no error, because the same apply may detach a guest that Terraform mentions later.
func (c *Calls[T]) PlanDestroy(ctx context.Context, fleet *conn.Fleet, prior table.Model) engine.Advice {
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return engine.Advice{}
	}
	var users []usage.User
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		t, err := c.Lookup(l, prior.Str("name"))
		if err != nil {
			return err
		}
		xml, err := c.Running(l, t)
		if err == nil {
			users, err = c.runningUsers(l, xml, prior.Str("name"))
		}
		return err
	})
	users = slices.DeleteFunc(users, func(u usage.User) bool { return engine.IsInState(ctx, "domain", host.Name+"/"+u.Name) })
	if err != nil || len(users) == 0 {
		return engine.Advice{}
	}
	return engine.Advice{Warnings: []string{fmt.Sprintf("Running guests use %s %q: %s\nIt is not destroyed while they use it. If this plan "+
		"does not stop, move or detach them, do that first.", c.Table.Name, prior.Str("name"), usage.Names(users))}}
}
