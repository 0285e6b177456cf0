package domain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// waitLook is how often a guest that was started is looked at: libvirt (9.0) tells when it stops and when its agent connects, and of no
// address.
const waitLook = time.Second

// await waits for what wait_for says, where the plan is to wait, and notes in the plan what came of it. The guest goes on in any case.
func (r run) await(ctx context.Context, plan table.Model) error {
	w := plan.Group("wait_for")
	if w == nil || w["reached"] != table.Unknown {
		return nil
	}
	if w["reached"] = nil; plan.Str("state") != running {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, time.Duration(w.Int("timeout"))*time.Second)
	defer cancel()
	l := &lookout{run: r, wanted: w, began: time.Now()}
	ended := l.keep(within)
	if w["reached"] = ended == nil; ended == nil {
		return nil
	}
	return &diag.Error{Verb: "finish waiting for", Err: unmet{l.report(ctx, ended)}, Remedy: fmt.Sprintf("The domain stays as it is, and the next apply waits again. Look what the guest does "+
		"(virsh console %s), or give it more time in 'wait_for.timeout'.", r.domain.Name)}
}

// unmet is an error that says nothing against what was done.
type unmet struct{ error }

func (u unmet) Unwrap() []error { return []error{u.error, engine.ErrWaitTimeout} }

// lookout looks at a guest until it has what is wanted.
type lookout struct {
	run
	wanted table.Model
	began  time.Time

	nics    []NIC
	agent   bool     // it is connected
	used    uint64   // the processor time of the guest, in ns
	lacking []string // what was missing when it was looked at last
	trouble error    // why it could not be looked at
}

var errHalted = errors.New("the guest has stopped")

// keep looks until all is there.
func (l *lookout) keep(ctx context.Context) error {
	connected, leave, err := l.host.WhenAgent(ctx, l.domain.UUID)
	if err != nil {
		return err
	}
	defer func() { leave() }()
	look := time.NewTicker(waitLook)
	defer look.Stop()
	for {
		if l.trouble = l.look(ctx); l.trouble == nil && len(l.lacking) == 0 {
			return nil
		}
		if errors.Is(l.trouble, errHalted) {
			return l.trouble
		}
		if ctx.Err() != nil {
			l.trouble = nil // only that there was no time for it
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-connected: // or it stopped, or the connection was lost: the next look tells
			leave()
			if connected, leave, err = l.host.WhenAgent(ctx, l.domain.UUID); err != nil {
				connected, leave = nil, func() {}
			}
		case <-look.C:
		}
	}
}

// look finds out what is missing.
func (l *lookout) look(ctx context.Context) error {
	return l.host.Do(ctx, func(c *libvirt.Libvirt) error {
		now, _, err := observe(c, l.domain)
		if err != nil {
			return err
		}
		if now != running {
			return errHalted
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
		l.agent, l.nics, l.lacking = AgentConnected(root), NICs(root), nil
		source := l.wanted.Str("source")
		byAgent := l.wanted["address"] != nil && source == FromAgent
		if (l.wanted.Bool("guest_agent") || byAgent) && !l.agent {
			l.lacking = append(l.lacking, "the guest agent is not connected")
		}
		if l.wanted["address"] == nil || byAgent && !l.agent {
			return nil
		}
		return l.lookForAddress(c, source)
	})
}

func (l *lookout) lookForAddress(c *libvirt.Libvirt, source string) error {
	nics, err := Addressed(c, l.domain, l.nics, source)
	if err != nil {
		return err
	}
	key := l.wanted.Str("address")
	wanted := slices.DeleteFunc(nics, func(n NIC) bool { return key != anyInterface && n.Key != key })
	if slices.ContainsFunc(wanted, func(n NIC) bool { return len(n.Addresses) > 0 }) {
		return nil
	}
	var names []string
	for _, n := range wanted {
		names = append(names, n.String())
	}
	if len(names) == 0 {
		names = []string{key + ", which the running guest does not have"}
	}
	l.lacking = append(l.lacking, noAddress[source]+strings.Join(names, ", "))
	return nil
}

var noAddress = map[string]string{FromLease: "there is no lease for ", FromAgent: "the guest agent tells no address of ", FromARP: "the host has heard no address of "}

// report says what was waited for, and what was seen instead.
func (l *lookout) report(ctx context.Context, ended error) error {
	var wanted []string
	if key := l.wanted.Str("address"); key == anyInterface {
		wanted = append(wanted, "an address of any interface ("+l.wanted.Str("source")+")")
	} else if key != "" {
		wanted = append(wanted, fmt.Sprintf("an address of interfaces[%q] (%s)", key, l.wanted.Str("source")))
	}
	if l.wanted.Bool("guest_agent") {
		wanted = append(wanted, "the guest agent")
	}
	what := fmt.Sprintf("on %s: waited %s for %s", l.host.Name, time.Since(l.began).Round(time.Second), strings.Join(wanted, " and "))
	seen := slices.Clone(l.lacking)
	switch {
	case errors.Is(ended, errHalted):
		seen = []string{errHalted.Error()}
	case l.trouble != nil && ctx.Err() == nil:
		return fmt.Errorf("%s, and could not look: %w", what, l.trouble)
	default:
		seen = append(seen, fmt.Sprintf("the guest runs, and has used %.1f s of processor time", time.Duration(l.used).Seconds()))
	}
	if ctx.Err() != nil {
		what += ", until it was interrupted"
	}
	return fmt.Errorf("%s; %s", what, strings.Join(seen, "; "))
}
