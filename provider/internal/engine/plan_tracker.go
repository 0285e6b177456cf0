package engine

import (
	"context"
	"fmt"
	"sync"

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
	inState sync.Map // objects of the state
	planned sync.Map // objects that exist after the apply
}

type objectKey struct{ kind, id string }

type planTrackerKey struct{}

func (r *planTracker) attach(ctx context.Context) context.Context {
	return context.WithValue(ctx, planTrackerKey{}, r)
}

// recordState records an object of the state.
func (r *planTracker) recordState(kind string, state tftypes.Value) {
	var fields map[string]tftypes.Value
	if state.IsNull() || state.As(&fields) != nil {
		return
	}
	var id *string
	if v := fields["id"]; v.IsKnown() && v.As(&id) == nil && id != nil {
		r.inState.Store(objectKey{kind, *id}, true)
	}
}

// recordPlan records an object that is planned.
func (r *planTracker) recordPlan(k Resource, plan table.Model) {
	if id, known := plan["id"].(string); known {
		r.planned.Store(objectKey{k.Table().Name, id}, true)
	} else if plan.Str("host") != "" && plan.Str("name") != "" {
		r.planned.Store(objectKey{k.Table().Name, k.ImportID(plan)}, true)
	}
}

// IsPlanned reports whether an object, given by the name of its table and its id, exists after the apply. It knows the
// objects that were planned before the one that ctx plans.
func IsPlanned(ctx context.Context, kind, id string) bool {
	tracker, there := ctx.Value(planTrackerKey{}).(*planTracker)
	if there {
		_, there = tracker.planned.Load(objectKey{kind, id})
	}
	return there
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
