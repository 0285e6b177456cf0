package engine

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Preflighter is implemented by resources whose new objects are checked against their host in the plan.
type Preflighter interface {
	// Preflight reports what prevents creating the planned object. It may ask the host; a host that cannot be asked
	// prevents nothing.
	Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) Advice
}

// planTracker records the objects that Terraform has mentioned in this run. Terraform plans an object after everything
// that the object refers to.
type planTracker struct {
	inState sync.Map // objects of the state, as formerState
	exist   sync.Map // objects that exist after the apply

	protected protectedObjects

	mu    sync.Mutex
	nodes map[string]*node      // by their marks
	users map[objectKey][]*node // the nodes that use a key
}

// reset forgets everything: Terraform configures a provider at the beginning of each plan and each apply.
func (r *planTracker) reset() {
	r.inState.Clear()
	r.exist.Clear()
	r.protected.known.Clear()
	r.mu.Lock()
	r.nodes, r.users = nil, nil
	r.mu.Unlock()
}

type objectKey struct{ kind, id string }

type planTrackerKey struct{}

func (r *planTracker) attach(ctx context.Context) context.Context {
	return context.WithValue(ctx, planTrackerKey{}, r)
}

// formerState is an object as the state had it before this run refreshed it.
type formerState struct {
	raw *tfprotov6.RawState
	typ tftypes.Type
}

// recordState records an object of the state. raw is the same object as Terraform sent it: of a thousand domains, it takes much less memory.
func (r *planTracker) recordState(k Resource, state tftypes.Value, raw *tfprotov6.RawState) {
	var fields map[string]tftypes.Value
	if state.IsNull() || state.As(&fields) != nil {
		return
	}
	var id *string
	if v := fields["id"]; v.IsKnown() && v.As(&id) == nil && id != nil {
		r.inState.Store(objectKey{k.Table().Name, *id}, formerState{raw, state.Type()})
	}
	if fields[protect].Equal(tftypes.NewValue(tftypes.Bool, true)) {
		if m, err := table.FromTF(state); err == nil {
			r.protected.move(k, m, m)
		}
	}
}

// hasState reports whether the state has an object.
func (r *planTracker) hasState(k Resource, id string) bool {
	_, there := r.inState.Load(objectKey{k.Table().Name, id})
	return there
}

// recordPlan records an object that is planned.
func (r *planTracker) recordPlan(k Resource, plan table.Model) {
	if id, known := plan["id"].(string); known {
		r.exist.Store(objectKey{k.Table().Name, id}, true)
	} else if id := idOf(k, plan); id != "" {
		r.exist.Store(objectKey{k.Table().Name, id}, true)
	}
}

// IsPlanned reports whether an object, given by the name of its table and its id, exists after the apply. It knows the
// objects that were planned before the one that ctx plans.
func IsPlanned(ctx context.Context, kind, id string) bool {
	tracker, there := ctx.Value(planTrackerKey{}).(*planTracker)
	if there {
		_, there = tracker.exist.Load(objectKey{kind, id})
	}
	return there
}

// plannedOn returns the names of the objects of a kind that exist on a host after the apply, of those that were planned before the one that
// ctx plans.
func plannedOn(ctx context.Context, kind, host string) (names []string) {
	tracker, there := ctx.Value(planTrackerKey{}).(*planTracker)
	if !there {
		return nil
	}
	tracker.exist.Range(func(key, _ any) bool {
		if k := key.(objectKey); k.kind == kind && strings.HasPrefix(k.id, host+"/") {
			names = append(names, strings.TrimPrefix(k.id, host+"/"))
		}
		return true
	})
	return names
}

// IsInState reports whether the state has an object, given by the name of its table and its id: for example one that
// is about to be replaced.
func IsInState(ctx context.Context, kind, id string) bool {
	tracker, there := ctx.Value(planTrackerKey{}).(*planTracker)
	if there {
		_, there = tracker.inState.Load(objectKey{kind, id})
	}
	return there
}

// StateBefore returns an object, given by the name of its table and its id, as the state had it before this run refreshed it; nil if the
// state does not have it.
func StateBefore(ctx context.Context, kind, id string) table.Model {
	tracker, there := ctx.Value(planTrackerKey{}).(*planTracker)
	if !there {
		return nil
	}
	found, _ := tracker.inState.Load(objectKey{kind, id})
	former, there := found.(formerState)
	if !there {
		return nil
	}
	value, err := former.raw.UnmarshalWithOpts(former.typ, readState)
	if err != nil {
		return nil
	}
	m, err := table.FromTF(value)
	if err != nil {
		return nil
	}
	return m
}

// MissingReferences returns a warning for each object that the host lacks and that the same apply may create. The
// summary is the same for every object that refers to it: Terraform shows warnings with one summary once, and a
// thousand machines may refer to one network.
func MissingReferences(host, object, what string, missing []string) []string {
	var out []string
	for _, m := range missing {
		out = append(out, fmt.Sprintf("%s does not have %s\n%s refers to it, and no resource planned earlier creates it. If this apply creates it, "+
			"refer to that resource's attribute, so that Terraform creates it first; otherwise the apply fails when the %s.", host, m, object, what))
	}
	return out
}
