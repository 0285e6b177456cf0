package engine

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// PlanResourceChange plans the creation, the change or the destruction of an object.
func (s *Server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	ctx, done := s.stoppable(ctx)
	defer done()
	k, err := s.resource(req.TypeName)
	if err != nil {
		return nil, err
	}
	attrs := k.Table().Attrs
	config, err := decode(attrs, req.Config)
	if err != nil {
		return nil, err
	}
	prior, err := decode(attrs, req.PriorState)
	if err != nil {
		return nil, err
	}
	resp := &tfprotov6.PlanResourceChangeResponse{PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate}
	if config == nil {
		return resp, nil // a destroy
	}
	plan := planGroup(attrs, config, prior)
	if host, named := plan["host"].(string); named && host != prior.Str("host") {
		if fleet := s.hosts(); !fleet.Known(host) && !fleet.Pending(host) {
			_, err := fleet.Host(host)
			resp.Diagnostics = problems([]table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("host"), Text: err.Error()}})
			return resp, nil
		}
	}
	ctx = s.tracker.attach(ctx)
	if prior == nil && s.journal.Leftover(journalKey(k, plan)) != "" {
		s.tracker.inState.Store(objectKey{k.Table().Name, k.ImportID(plan)}, true) // an interrupted apply created it, though no state has it
	}
	if n, ok := k.(Preflighter); ok && prior == nil {
		advice := n.Preflight(ctx, s.hosts(), plan)
		resp.Diagnostics = append(problems(advice.Problems), warnings(advice.Warnings)...)
	} else if prior != nil {
		s.planChange(ctx, k, prior, config, plan, resp)
	}
	s.tracker.recordPlan(k, plan)
	resp.PlannedState, err = encode(attrs, plan)
	return resp, err
}

// planChange plans the change of an object that exists.
func (s *Server) planChange(ctx context.Context, k Resource, prior, config, plan table.Model, resp *tfprotov6.PlanResourceChangeResponse) {
	attrs := k.Table().Attrs
	var advice Advice
	if p, ok := k.(Planner); ok {
		advice = p.Plan(ctx, s.hosts(), prior, config, plan)
	}
	changes := advice.Changes
	if changes == nil {
		changes = table.Changes(attrs, prior, plan)
	}
	if len(changes) == 0 {
		resp.Diagnostics = append(problems(advice.Problems), warnings(advice.Warnings)...)
		return
	}
	if id, there := prior["id"].(string); there && id == k.ImportID(prior) {
		plan["id"] = k.ImportID(plan)
	}
	resp.RequiresReplace = advice.Replace
	for _, c := range changes {
		if c.Cost == table.Replace && !slices.Contains(advice.InPlace, c.Attr.Name) {
			resp.RequiresReplace = append(resp.RequiresReplace, c.Path)
		}
	}
	if len(resp.RequiresReplace) == 0 || advice.AlsoOnReplace {
		resp.Diagnostics = append(problems(advice.Problems), warnings(advice.Warnings)...)
	}
}

// planGroup returns the planned values of a group: the configuration, defaults for unset attributes, and the host's
// earlier choice where the host chooses.
func planGroup(attrs []table.Attr, config, prior table.Model) table.Model {
	plan := make(table.Model, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		chosen := a.Mode == table.Computed || a.Mode == table.OptionalComputed && config[a.Name] == nil
		if was, there := prior[a.Name]; there && chosen { // null was also the host's choice
			plan[a.Name] = was
			continue
		}
		plan[a.Name] = planValue(a, config[a.Name], prior[a.Name])
	}
	return plan
}

func planValue(a *table.Attr, config, prior any) any {
	if a.WriteOnly {
		return nil
	}
	if config == nil {
		switch {
		case a.HasDefault():
			return a.Default
		case a.Mode != table.Computed && a.Mode != table.OptionalComputed:
			return nil
		case prior != nil:
			return prior
		default:
			return table.Unknown
		}
	}
	group, ok := config.(table.Model)
	if !ok {
		return config
	}
	had, _ := prior.(table.Model)
	if a.Type == table.Object {
		return planGroup(a.Attrs, group, had)
	}
	entries := make(table.Model, len(group))
	for k, v := range group {
		entry, ok := v.(table.Model)
		if !ok {
			entries[k] = v
			continue
		}
		old, _ := had[k].(table.Model)
		entries[k] = planGroup(a.Attrs, entry, old)
	}
	return entries
}

func asGroup(v any) table.Model { m, _ := v.(table.Model); return m }
