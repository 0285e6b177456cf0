package domain

import (
	"context"
	"errors"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/forecast"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/hotplug"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/power"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// update is one change of a domain.
type update struct {
	host        *conn.Host
	domain      libvirt.Domain
	power       *power.Controller
	prior, plan table.Model
	former      observe.Former // the domain before the change
	summary     forecast.ChangeSummary
	live        bool // the running guest may have been changed, so that the former definition is not that of the guest
}

// Update patches the definition, changes a running guest as far as it can be changed, and then what the domain is doing. If the guest does not
// start with its new definition, Update puts the former one back.
func (Resource) Update(ctx context.Context, host *conn.Host, prior, plan table.Model) (failed error) {
	u := &update{host: host, prior: prior, plan: plan}
	err := host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		if u.domain, err = observe.Find(l, prior); err != nil {
			return err
		}
		return keepDefined(l, u.domain)
	})
	if err == nil {
		err = snapshot.CheckDiskChanges(ctx, host, u.domain, prior.Group("disks"), plan.Group("disks"), schema.SameImage)
	}
	if err == nil {
		prior, err = attachCutOff(ctx, host, u.domain, prior, plan)
	}
	if err != nil {
		return diag.Wrap("update", err)
	}
	u.prior = prior
	u.power = power.New(host, u.domain, plan)
	o := forecast.Summarize(prior, plan)
	admitted, err := reserve(ctx, host, o)
	if err != nil {
		return err
	}
	defer func() { admitted(failed == nil || errors.Is(failed, engine.ErrWaitTimeout)) }()
	u.power.HasRoom = o.PriorState() != schema.Saved
	if o.PriorState() == schema.Saved && o.GuestContinues() && !o.Restarts() { // resumed first, it takes over what can be changed live
		if err := u.power.TransitionTo(ctx, o.PlannedState()); err != nil {
			return err
		}
	}
	if err := u.look(ctx); err != nil {
		return diag.Wrap("update", err)
	}
	var group room.Rollout
	if u.summary.Restarts() || plan.Group("wait_for")["reached"] == table.Unknown {
		group = schema.RolloutOf(plan)
	}
	if u.summary.Restarts() {
		isBack, err := takeDown(ctx, host, "restart", plan)
		if err != nil {
			return err
		}
		defer func() { isBack(failed) }()
	}
	return rolling(ctx, u.power, group, func() error {
		if err := u.make(ctx); err != nil {
			return u.putBack(context.WithoutCancel(ctx), err)
		}
		if u.summary.Renames() {
			if err := removeVariables(ctx, host, prior.Str("name")); err != nil {
				return err
			}
		}
		return u.power.AwaitReady(ctx, plan)
	})
}

// look reads the domain before the change, and counts what the change costs.
func (u *update) look(ctx context.Context) error {
	return u.host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		if u.former, err = observe.ReadFormer(l, u.domain); err == nil {
			u.summary, err = forecast.SummarizeRunning(l, u.former, u.prior, u.plan)
		}
		return err
	})
}

// make makes the change.
func (u *update) make(ctx context.Context) error {
	o := u.summary
	if o.ComesUp() {
		if err := forecast.CheckStart(ctx, u.host, u.prior, u.plan); err != nil {
			return err
		}
	}
	if err := u.change(ctx); err != nil {
		return diag.Wrap("update", err)
	}
	if o.Restarts() || o.Renames() && o.PlannedState() == schema.Stopped {
		if err := u.power.ShutDown(ctx); err != nil {
			return err
		}
	}
	if o.Renames() {
		if err := rename(ctx, u.host, u.domain, u.prior, u.plan.Str("name")); err != nil {
			return err
		}
	}
	return u.power.ApplyRunState(ctx, u.prior, u.plan)
}

// change changes the definition, and the guest as far as it can be changed while it runs.
func (u *update) change(ctx context.Context) error {
	o := u.summary
	// To a guest that is about to stop, nothing need be done live.
	if schema.GuestIsUp(u.former.State) && o.PlannedState() != schema.Stopped && !o.Restarts() {
		// What libvirt would not take for the next start is refused before anything has changed.
		later := hotplug.WithoutLiveChanges(u.prior, u.plan, o.Changes)
		if err := hotplug.Define(ctx, u.host, u.domain, u.prior, later, u.plan); err != nil {
			return err
		}
		u.live = o.IsLive()
		if err := hotplug.Apply(ctx, u.host, u.domain, o.Running(), u.plan, o.Changes); err != nil {
			return err
		}
	}
	if err := hotplug.Define(ctx, u.host, u.domain, u.prior, u.plan, nil); err != nil {
		return err
	}
	return verifyXMLAccepted(ctx, u.host, u.domain, u.plan)
}
