package engine

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// DestroyPlanner is implemented by resources whose destruction is checked in the plan.
type DestroyPlanner interface {
	// PlanDestroy reports what prevents the destruction of an object of the state, as problems, and what a reviewer should know about it, as
	// warnings. The engine calls it for an object that is destroyed or replaced: in the plan, and again in the apply that replaces the object.
	// It may ask the hosts; a host that cannot be asked prevents nothing.
	PlanDestroy(ctx context.Context, fleet *conn.Fleet, prior table.Model) Advice
}

// removal is the private data of a planned destruction, by which the apply knows that nothing replaces the object.
var removal = []byte(`{"removal":true}`)

type replacementKey struct{}

// IsReplacement reports whether Delete is called for an object that another one then replaces at its address.
func IsReplacement(ctx context.Context) bool { return ctx.Value(replacementKey{}) != nil }

// planRemoval plans the destruction of an object without a successor at its address.
func (s *Server) planRemoval(ctx context.Context, k Resource, prior table.Model) []*tfprotov6.Diagnostic {
	if prior == nil {
		return nil
	}
	n, _ := s.tracker.planned(k, nil, prior)
	n.destroyed = true
	var found []*tfprotov6.Diagnostic
	if c := s.tracker.claim(n, keysOf(ctx, k, prior), nil); c != nil && !s.destroying {
		found = refusals("destroy", k, prior, c.problems(n))
	}
	if err := refuseDestroy(prior); err != nil {
		return append(found, diagnose(k, prior, err)...)
	}
	return append(found, s.planDestroy(ctx, k, prior)...)
}

// planReplaced plans the destruction of the object that a new one replaces, if it was not known when the object was planned: because it is
// tainted, or because a person asked for the replacement.
func (s *Server) planReplaced(ctx context.Context, k Resource, n *node, plan table.Model) []*tfprotov6.Diagnostic {
	prior := n.prior
	if _, ok := k.(DestroyPlanner); !ok || n.replaced {
		return nil
	}
	if prior == nil {
		prior = StateBefore(ctx, k.Table().Name, idOf(k, plan))
	}
	return s.planDestroy(ctx, k, prior)
}

// planDestroy returns what the resource says about the destruction of an object.
func (s *Server) planDestroy(ctx context.Context, k Resource, prior table.Model) []*tfprotov6.Diagnostic {
	p, ok := k.(DestroyPlanner)
	if !ok || prior == nil {
		return nil
	}
	advice := p.PlanDestroy(ctx, s.hosts(), prior)
	return append(refusals("destroy", k, prior, advice.Problems), warnings(advice.Warnings)...)
}
