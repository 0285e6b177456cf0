package power

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// waitInterval is how often a guest that was started is checked: libvirt (9.0) has events for the stop of the guest and for the
// connection of its agent, but none for an address.
const waitInterval = time.Second

// AwaitReady waits for the conditions in wait_for if the plan says to wait, and records the result in the plan. The guest keeps running
// in any case.
func (r *Controller) AwaitReady(ctx context.Context, plan table.Model) error {
	w := plan.Group("wait_for")
	if w == nil || w["reached"] != table.Unknown {
		return nil
	}
	if w["reached"] = nil; plan.Str("state") != schema.Running {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, time.Duration(w.Int("timeout"))*time.Second)
	defer cancel()
	l := &waiter{Controller: r, wanted: w, began: time.Now()}
	ended := l.poll(within)
	if w["reached"] = ended == nil; ended == nil {
		return nil
	}
	return &diag.Error{
		Verb: "finish waiting for", Err: timeoutError{l.report(ctx, ended)},
		Remedy: fmt.Sprintf("The domain stays as it is, and the next apply waits again. Look what the guest does "+
			"(virsh console %s), or give it more time in 'wait_for.timeout'.", r.domain.Name),
	}
}

// noteLeases records the leases of a guest that is about to be started, if the plan waits for one: what the guest requests is a new lease, or
// a later end of the former one. Without an answer of the host, a former lease counts as one of the guest.
func (r *Controller) noteLeases(ctx context.Context, plan table.Model) {
	w := plan.Group("wait_for")
	if w["address"] == nil || w["source"] != schema.FromLease || w["reached"] != table.Unknown {
		return
	}
	_ = r.host.Do(ctx, func(l *libvirt.Libvirt) error {
		text, err := l.DomainGetXMLDesc(r.domain, libvirt.DomainXMLInactive)
		if err != nil {
			return err
		}
		root, err := xmlmodel.Parse(text)
		if err != nil {
			return err
		}
		r.formerLeases, err = observe.Leases(l, observe.NICs(root))
		return err
	})
}

// withoutFormerLeases leaves out interfaces that have only a lease of a former guest.
func (l *waiter) withoutFormerLeases(c *libvirt.Libvirt, nics []observe.NIC) ([]observe.NIC, error) {
	if len(l.formerLeases) == 0 {
		return nics, nil
	}
	now, err := observe.Leases(c, nics)
	if err != nil {
		return nil, err
	}
	for i, n := range nics {
		// A lease without an end is the same before and after it is requested again.
		if was, had := l.formerLeases[n.MAC]; had && was != 0 && now[n.MAC] == was {
			nics[i].Addresses = nil
		}
	}
	return nics, nil
}

// timeoutError marks an error that does not mean that the changes themselves failed.
type timeoutError struct{ error }

func (u timeoutError) Unwrap() []error { return []error{u.error, engine.ErrWaitTimeout} }

// waiter checks a guest until it has everything that is wanted.
type waiter struct {
	*Controller
	wanted table.Model
	began  time.Time

	nics    []observe.NIC
	agent   bool     // the agent is connected
	used    uint64   // the processor time of the guest, in ns
	missing []string // what was missing at the last check
	failure error    // why the last check was not possible
}

var errStopped = errors.New("the guest has stopped")

// poll checks the guest until nothing is missing.
func (l *waiter) poll(ctx context.Context) error {
	connected, leave, err := l.host.WhenAgent(ctx, l.domain.UUID)
	if err != nil {
		return err
	}
	defer func() { leave() }()
	look := time.NewTicker(waitInterval)
	defer look.Stop()
	for {
		if l.failure = l.check(ctx); l.failure == nil && len(l.missing) == 0 {
			return nil
		}
		if errors.Is(l.failure, errStopped) {
			return l.failure
		}
		if ctx.Err() != nil {
			l.failure = nil // the check failed only because there was no time left
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-connected: // or the guest stopped, or the connection was lost: the next check tells
			leave()
			if connected, leave, err = l.host.WhenAgent(ctx, l.domain.UUID); err != nil {
				connected, leave = nil, func() {}
			}
		case <-look.C:
		}
	}
}

// check determines what is missing.
func (l *waiter) check(ctx context.Context) error {
	return l.host.Do(ctx, func(c *libvirt.Libvirt) error {
		now, _, err := observe.RunState(c, l.domain)
		if err != nil {
			return err
		}
		if now != schema.Running {
			return errStopped
		}
		if _, _, _, _, l.used, err = c.DomainGetInfo(l.domain); err != nil {
			return err
		}
		text, err := c.DomainGetXMLDesc(l.domain, 0)
		if err != nil {
			return err
		}
		root, err := xmlmodel.Parse(text)
		if err != nil {
			return err
		}
		l.agent, l.nics, l.missing = observe.AgentConnected(root), observe.NICs(root), nil
		source := l.wanted.Str("source")
		byAgent := l.wanted["address"] != nil && source == schema.FromAgent
		if (l.wanted.Bool("guest_agent") || byAgent) && !l.agent {
			l.missing = append(l.missing, "the guest agent is not connected")
		}
		if l.wanted["address"] == nil || byAgent && !l.agent {
			return nil
		}
		return l.checkAddress(c, source)
	})
}

func (l *waiter) checkAddress(c *libvirt.Libvirt, source string) error {
	nics, err := observe.WithAddresses(c, l.domain, l.nics, source)
	if err != nil {
		return err
	}
	if source == schema.FromLease {
		if nics, err = l.withoutFormerLeases(c, nics); err != nil {
			return err
		}
	}
	key := l.wanted.Str("address")
	wanted := slices.DeleteFunc(nics, func(n observe.NIC) bool { return key != schema.AnyInterface && n.Key != key })
	if slices.ContainsFunc(wanted, func(n observe.NIC) bool { return len(n.Addresses) > 0 }) {
		return nil
	}
	var names []string
	for _, n := range wanted {
		names = append(names, n.String())
	}
	if len(names) == 0 {
		names = []string{key + ", which the running guest does not have"}
	}
	l.missing = append(l.missing, noAddress[source]+strings.Join(names, ", "))
	return nil
}

var noAddress = map[string]string{
	schema.FromLease: "there is no new lease for ", schema.FromAgent: "the guest agent tells no address of ",
	schema.FromARP: "the host has heard no address of ",
}

// report describes what was waited for, and what was seen instead.
func (l *waiter) report(ctx context.Context, ended error) error {
	var wanted []string
	if key := l.wanted.Str("address"); key == schema.AnyInterface {
		wanted = append(wanted, "an address of any interface ("+l.wanted.Str("source")+")")
	} else if key != "" {
		wanted = append(wanted, fmt.Sprintf("an address of interfaces[%q] (%s)", key, l.wanted.Str("source")))
	}
	if l.wanted.Bool("guest_agent") {
		wanted = append(wanted, "the guest agent")
	}
	what := fmt.Sprintf("on %s: waited %s for %s", l.host.Name, time.Since(l.began).Round(time.Second), strings.Join(wanted, " and "))
	seen := slices.Clone(l.missing)
	switch {
	case errors.Is(ended, errStopped):
		seen = []string{errStopped.Error()}
	case l.failure != nil && ctx.Err() == nil:
		return fmt.Errorf("%s, and could not look: %w", what, l.failure)
	default:
		seen = append(seen, fmt.Sprintf("the guest runs, and has used %.1f s of processor time", time.Duration(l.used).Seconds()))
	}
	if ctx.Err() != nil {
		what += ", until it was interrupted"
	}
	return fmt.Errorf("%s; %s", what, strings.Join(seen, "; "))
}
