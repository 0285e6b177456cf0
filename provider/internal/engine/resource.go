package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// ValidateResourceConfig checks a configuration against the table.
func (s *Server) ValidateResourceConfig(_ context.Context,
	req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	k, err := s.resource(req.TypeName)
	if err != nil {
		return nil, err
	}
	found, err := validate(k, req.Config)
	if err == nil && (req.ClientCapabilities == nil || !req.ClientCapabilities.WriteOnlyAttributesAllowed) {
		var config table.Model
		config, err = decode(k.Table().Attrs, req.Config)
		found = append(found, problems(writeOnlyUnsupported(k.Table().Attrs, config, tftypes.NewAttributePath()))...)
	}
	return &tfprotov6.ValidateResourceConfigResponse{Diagnostics: found}, err
}

// validate checks a configuration against the rows, then against the rules between them.
func validate(of interface{ Table() *table.Table }, value *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
	attrs := of.Table().Attrs
	config, err := decode(attrs, value)
	if err != nil {
		return nil, err
	}
	found := table.Validate(attrs, config, tftypes.NewAttributePath())
	if v, ok := of.(Validator); ok && len(found) == 0 {
		found = v.Validate(config)
	}
	return problems(found), nil
}

// UpgradeResourceState decodes a state. There is one version of it so far.
func (s *Server) UpgradeResourceState(_ context.Context,
	req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	k, err := s.resource(req.TypeName)
	if err != nil {
		return nil, err
	}
	typ := table.TFType(k.Table().Attrs)
	v, err := req.RawState.UnmarshalWithOpts(typ,
		tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}})
	if err != nil {
		return nil, err
	}
	s.tracker.recordState(k.Table().Name, v)
	out, err := tfprotov6.NewDynamicValue(typ, v)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &out}, err
}

// ReadResource reads the object from its host. It removes an object from the state only if a host answers 'not found'.
func (s *Server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	ctx, done := s.stoppable(ctx)
	defer done()
	k, err := s.resource(req.TypeName)
	if err != nil {
		return nil, err
	}
	attrs := k.Table().Attrs
	state, err := decode(attrs, req.CurrentState)
	if err != nil {
		return nil, err
	}
	resp := &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private}
	fleet := s.hosts()
	if state == nil || fleet.Pending(state.Str("host")) {
		return resp, nil
	}
	s.journal.Forget(journalKey(k, state))
	now, err := s.readOrFind(conn.WithBulkReads(ctx), k, fleet, state)
	switch {
	case errors.Is(err, conn.ErrNotFound):
		now = nil
	case errors.Is(err, conn.ErrInactive):
		return resp, nil // for example a volume in a stopped pool: libvirt cannot read it now, so the state is kept
	case err != nil:
		resp.Diagnostics = diagnose(k, state, err)
		return resp, nil
	}
	resp.NewState, err = encode(attrs, now)
	return resp, err
}

// readOrFind reads an object and, if its host does not have it, looks for it on the other hosts.
func (s *Server) readOrFind(ctx context.Context, k Resource, fleet *conn.Fleet, state table.Model) (table.Model, error) {
	host, err := fleet.Host(state.Str("host"))
	if err != nil {
		return nil, diag.Wrap("read", err)
	}
	seen, err := k.Read(ctx, host, state)
	relocatable, relocates := k.(Relocatable)
	if errors.Is(err, conn.ErrNotFound) && relocates {
		now, findErr := relocatable.FindElsewhere(ctx, fleet, state)
		if findErr != nil {
			return nil, diag.Wrap("find", findErr)
		}
		if now == nil {
			return nil, err
		}
		state = state.Clone()
		maps.Copy(state, now)
		if host, err = fleet.Host(state.Str("host")); err != nil {
			return nil, diag.Wrap("read", err)
		}
		seen, err = k.Read(ctx, host, state)
	}
	if err != nil {
		return nil, diag.Wrap("read", err)
	}
	seen["id"] = k.ImportID(state)
	return refresh(k.Table().Attrs, state, seen), nil
}

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

// ApplyResourceChange creates, changes or destroys an object.
func (s *Server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	ctx, done := s.stoppable(ctx)
	defer done()
	k, err := s.resource(req.TypeName)
	if err != nil {
		return nil, err
	}
	attrs := k.Table().Attrs
	prior, err := decode(attrs, req.PriorState)
	if err != nil {
		return nil, err
	}
	plan, err := decode(attrs, req.PlannedState)
	if err != nil {
		return nil, err
	}
	config, err := decode(attrs, req.Config)
	if err != nil {
		return nil, err
	}
	prior, plan = withWriteOnly(attrs, config, prior, plan)
	after, failure := s.apply(ctx, k, prior, plan)
	resp := &tfprotov6.ApplyResourceChangeResponse{Private: req.PlannedPrivate}
	if failure != nil {
		named := plan
		if named == nil {
			named = prior
		}
		resp.Diagnostics = diagnose(k, named, failure)
		if prior == nil && errors.Is(failure, ErrWaitTimeout) {
			resp.Diagnostics[0].Severity = tfprotov6.DiagnosticSeverityWarning
		}
	}
	resp.NewState, err = encode(attrs, after)
	return resp, err
}

// apply returns the state that is true afterwards, even if it failed.
func (s *Server) apply(ctx context.Context, k Resource, prior, plan table.Model) (table.Model, error) {
	named := plan
	if plan == nil {
		named = prior
	}
	host, err := s.hosts().Host(named.Str("host"))
	if err != nil {
		return prior, diag.Wrap("find the host of", err)
	}
	switch {
	case plan == nil:
		if err := k.Delete(ctx, host, prior); err != nil {
			return prior, diag.Wrap("destroy", err)
		}
		return nil, nil
	case prior == nil:
		begun, err := s.create(ctx, k, host, plan)
		err = diag.Wrap("create", err)
		if begun && errors.Is(err, conn.ErrLost) {
			// The object did not exist when the request was sent, so one that exists now was created by it.
			_, readErr := k.Read(ctx, host, plan)
			begun = !errors.Is(readErr, conn.ErrNotFound)
		}
		if err != nil && !begun {
			return nil, err
		}
		return s.readBack(ctx, k, host, plan, err)
	default:
		moved, err := s.move(ctx, k, prior, plan)
		if err != nil {
			return moved.Prior, diag.Wrap("move", err)
		}
		err = k.Update(ctx, host, moved.Prior, moved.Plan)
		if err != nil && !errors.Is(err, ErrWaitTimeout) {
			return moved.Prior, diag.Wrap("update", err)
		}
		return s.readBack(ctx, k, host, plan, err)
	}
}

// move brings an object to the plan's host if it is on another one.
func (s *Server) move(ctx context.Context, k Resource, prior, plan table.Model) (Moved, error) {
	stays := Moved{prior, plan}
	m, moves := k.(Mover)
	if !moves || prior.Str("host") == plan.Str("host") {
		return stays, nil
	}
	moved, err := m.Move(ctx, s.hosts(), prior, plan)
	if moved.Prior == nil {
		return stays, err
	}
	moved.Prior["id"] = k.ImportID(moved.Prior)
	return moved, err
}

// readBack returns the plan with the values that only the host knows. After a failure the object is still in the
// state.
func (s *Server) readBack(ctx context.Context, k Resource, host *conn.Host, plan table.Model, failure error) (table.Model, error) {
	if errors.Is(failure, ErrWaitTimeout) {
		ctx = context.WithoutCancel(ctx) // after an interrupted wait the state must still be read
	}
	seen, err := k.Read(ctx, host, plan)
	if errors.Is(err, conn.ErrLost) { // the change was made: without a second read Terraform would taint a new object
		seen, err = k.Read(ctx, host, plan)
	}
	if err != nil {
		seen = table.Model{}
		if failure == nil {
			failure = diag.Wrap("read back", err)
		}
	}
	seen["id"] = k.ImportID(plan)
	return fill(k.Table().Attrs, plan, seen), failure
}

// ImportResourceState imports an object that exists.
func (s *Server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	ctx, done := s.stoppable(ctx)
	defer done()
	k, err := s.resource(req.TypeName)
	if err != nil {
		return nil, err
	}
	resp := &tfprotov6.ImportResourceStateResponse{}
	state, err := s.importState(ctx, k, req.ID)
	if err != nil {
		summary, detail := diag.Format(err, k.Table().Name, req.ID, req.ID)
		resp.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}}
		return resp, nil
	}
	v, err := encode(k.Table().Attrs, state)
	resp.ImportedResources = []*tfprotov6.ImportedResource{{TypeName: req.TypeName, State: v}}
	return resp, err
}

func (s *Server) importState(ctx context.Context, k Resource, id string) (table.Model, error) {
	form := k.Table().Import
	parts := strings.Split(id, "/")
	if len(parts) != strings.Count(form, "/")+1 {
		return nil, diag.New("import", "", "the id must have the form %s, got %q", form, id)
	}
	host, err := s.hosts().Host(parts[0])
	if err != nil {
		return nil, diag.Wrap("import", err)
	}
	m, err := k.ParseImportID(parts[1:])
	if err != nil {
		return nil, diag.Wrap("import", err)
	}
	m["host"] = parts[0]
	seen, err := k.Read(ctx, host, m)
	if err != nil {
		return nil, diag.Wrap("import", err)
	}
	for name, v := range m {
		seen[name] = v
	}
	seen["id"] = k.ImportID(m)
	return adopt(k.Table().Attrs, seen), nil
}

// diagnose returns the diagnostic of an error of one object.
func diagnose(k Resource, m table.Model, err error) []*tfprotov6.Diagnostic {
	summary, detail := diag.Format(err, k.Table().Name, m.Str("name"), k.ImportID(m))
	return []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}}
}

// warnings returns a diagnostic for each text, whose first line is the summary.
func warnings(texts []string) []*tfprotov6.Diagnostic {
	var out []*tfprotov6.Diagnostic
	for _, t := range texts {
		summary, detail, _ := strings.Cut(t, "\n")
		out = append(out, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: summary, Detail: detail})
	}
	return out
}
