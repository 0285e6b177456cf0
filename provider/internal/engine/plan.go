package engine

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// PlanResourceChange plans the creation, the change or the destruction of an object.
func (s *Server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	ctx, done := s.stoppable(ctx)
	defer done()
	defer s.room.Begin(room.Plans)()
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
	ctx = s.room.Attach(s.tracker.attach(ctx))
	resp := &tfprotov6.PlanResourceChangeResponse{PlannedState: req.ProposedNewState}
	if config == nil {
		resp.Diagnostics, resp.PlannedPrivate = s.planRemoval(ctx, k, prior), removal
		return resp, nil
	}
	plan := planGroup(attrs, config, prior)
	if problem := s.unknownHost(prior, plan); problem != nil && !s.destroying {
		resp.Diagnostics = problems(problem)
		return resp, nil
	}
	n, mark := s.tracker.planned(k, req.PriorPrivate, prior)
	if prior == nil {
		resp.Diagnostics = s.planCreate(ctx, k, n, plan)
	} else {
		resp.PlannedPrivate = mark
		s.planChange(ctx, k, n, config, plan, resp)
	}
	if s.destroying {
		resp.Diagnostics = nil // Terraform only reads the objects, and nothing of this plan will be made
	}
	if prior == nil && !s.destroying {
		resp.Diagnostics = append(resp.Diagnostics, s.refuseRecreate(k, plan)...)
	}
	s.tracker.recordPlan(k, plan)
	resp.PlannedState, err = encode(attrs, plan)
	return resp, err
}

// unknownHost returns a problem if the plan names another host that the provider does not have.
func (s *Server) unknownHost(prior, plan table.Model) []table.Problem {
	name, known := plan["host"].(string)
	fleet := s.hosts()
	if !known || name == prior.Str("host") || fleet.Known(name) || fleet.Pending(name) {
		return nil
	}
	_, err := fleet.Host(name)
	return []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("host"), Text: err.Error()}}
}

// planCreate plans a new object: the only one at its address, or the one that replaces the present object.
func (s *Server) planCreate(ctx context.Context, k Resource, n *node, plan table.Model) []*tfprotov6.Diagnostic {
	if s.destroying {
		return nil
	}
	if left := s.journal.Leftover(journalKey(k, plan)); left != "" {
		if id := idOf(k, named(plan, left)); id != "" {
			s.tracker.inState.LoadOrStore(objectKey{k.Table().Name, id}, true) // an interrupted apply created it
		}
	}
	found := append(s.planReplaced(ctx, k, n, plan), s.checkKeys(ctx, k, n, plan, true)...)
	var advice Advice
	if p, ok := k.(Preflighter); ok {
		advice = p.Preflight(ctx, s.hosts(), plan)
	}
	found = append(found, problems(advice.Problems)...)
	return append(found, warnings(advice.Warnings)...)
}

// planChange plans the change of an object that exists.
func (s *Server) planChange(ctx context.Context, k Resource, n *node, config, plan table.Model, resp *tfprotov6.PlanResourceChangeResponse) {
	attrs, prior := k.Table().Attrs, n.prior
	if prior.Bool(table.NeedsRepair) {
		plan[table.NeedsRepair] = false
	}
	var advice Advice
	if p, ok := k.(Planner); ok {
		advice = p.Plan(ctx, s.hosts(), prior, config, plan)
	}
	changes := advice.Changes
	if changes == nil {
		changes = table.Changes(attrs, prior, plan)
	}
	if id, there := prior["id"].(string); there && id == k.ImportID(prior) && len(changes) > 0 {
		plan["id"] = k.ImportID(plan)
	}
	if len(changes) > 0 {
		resp.RequiresReplace = advice.Replace
	}
	for _, c := range changes {
		if c.Cost == table.Replace && !slices.Contains(advice.InPlace, c.Attr.Name) {
			resp.RequiresReplace = append(resp.RequiresReplace, c.Path)
		}
	}
	n.replaced = len(resp.RequiresReplace) > 0
	if !n.replaced || advice.AlsoOnReplace {
		resp.Diagnostics = append(problems(advice.Problems), warnings(advice.Warnings)...)
	}
	if s.destroying {
		return
	}
	alreadyThere := len(advice.InPlace) > 0
	resp.Diagnostics = append(resp.Diagnostics, s.checkKeys(ctx, k, n, plan, !n.replaced && !alreadyThere)...)
	if !n.replaced {
		s.tracker.protected.move(k, prior, plan)
		return
	}
	refused := refuseReplace(k, prior, plan, resp.RequiresReplace)
	if refused == nil {
		refused = s.planDestroy(ctx, k, prior)
	}
	resp.Diagnostics = append(resp.Diagnostics, refused...)
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
		if config[a.Name] == nil && a.HasDefault() && !a.WriteOnly {
			plan[a.Name] = a.DefaultFor(config)
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
