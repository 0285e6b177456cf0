package engine

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Preflighter is a Kind whose new objects are held against their host before they are made.
type Preflighter interface {
	// Preflight says what speaks against making what is planned. It may ask the host; where that can't be asked, nothing speaks against it.
	Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) Advice
}

// planTracker is which objects there are to be, as far as Terraform has told in this run: it tells of an object after all that it refers to.
type planTracker struct {
	held    sync.Map // in the state
	planned sync.Map // to be there after the apply
}

type objectKey struct{ kind, id string }

type planTrackerKey struct{}

func (r *planTracker) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, planTrackerKey{}, r)
}

// hold notes an object of the state.
func (r *planTracker) hold(kind string, state tftypes.Value) {
	var fields map[string]tftypes.Value
	if state.IsNull() || state.As(&fields) != nil {
		return
	}
	var id *string
	if v := fields["id"]; v.IsKnown() && v.As(&id) == nil && id != nil {
		r.held.Store(objectKey{kind, *id}, true)
	}
}

// expect notes an object that is planned.
func (r *planTracker) expect(k Resource, plan table.Model) {
	if id, known := plan["id"].(string); known {
		r.planned.Store(objectKey{k.Table().Name, id}, true)
	} else if plan.Str("host") != "" && plan.Str("name") != "" {
		r.planned.Store(objectKey{k.Table().Name, k.ImportID(plan)}, true)
	}
}

// IsPlanned says whether an object, by the name of its table and its id, is to be there after the apply: it, or what refers to it, was planned
// before the object that ctx plans.
func IsPlanned(ctx context.Context, kind, id string) bool {
	r, there := ctx.Value(planTrackerKey{}).(*planTracker)
	if there {
		_, there = r.planned.Load(objectKey{kind, id})
	}
	return there
}

// IsInState says whether the state has an object, by the name of its table and its id: one that is about to be replaced, say.
func IsInState(ctx context.Context, kind, id string) bool {
	r, there := ctx.Value(planTrackerKey{}).(*planTracker)
	if there {
		_, there = r.held.Load(objectKey{kind, id})
	}
	return there
}

// MissingReferences warns of what an object refers to, its host lacks and the same apply may make. What is missing is told alike for all that refer to
// it: Terraform shows warnings of one summary once, and a thousand machines may wait for one network.
func MissingReferences(host, object, what string, missing []string) []string {
	var out []string
	for _, m := range missing {
		out = append(out, fmt.Sprintf("%s does not have %s\n%s refers to it, and nothing that was planned before makes it. Where this apply does, refer to that resource's own "+
			"attribute, so that it comes first; otherwise this will fail when the %s.", host, m, object, what))
	}
	return out
}
