package engine

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

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
