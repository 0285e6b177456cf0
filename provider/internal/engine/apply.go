package engine

import (
	"bytes"
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
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
	call := room.Other
	if _, uses := k.(MemoryUser); uses {
		call = room.Changes
	}
	defer s.room.Begin(call)()
	ctx = s.room.Attach(ctx)
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
	if plan == nil && !bytes.Equal(req.PlannedPrivate, removal) {
		ctx = context.WithValue(ctx, replacementKey{}, true)
	}
	after, failure := s.apply(ctx, k, prior, plan)
	resp := &tfprotov6.ApplyResourceChangeResponse{} // private data is only the mark of a plan, see planTracker.planned and removal
	if failure == nil {
		s.tracker.applied(ctx, k, prior, after)
	} else {
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
	attrs := k.Table().Attrs
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
		if err := refuseDestroy(prior); err != nil { // the plan may come from a Terraform that does not ask about destroying
			return prior, err
		}
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
		made, err := s.readBack(ctx, k, host, plan, err)
		if err != nil && !errors.Is(err, ErrWaitTimeout) {
			made = unprotected(made)
		}
		return made, err
	case onlyProtection(prior, plan):
		return plan, nil
	default:
		moved, err := s.move(ctx, k, prior, plan)
		if err != nil {
			return moved.Prior, diag.Wrap("move", err)
		}
		note := func() error { return s.recordUnobserved(k, moved.Prior, moved.Plan) }
		if hasWriteOnly(attrs) {
			if err := note(); err != nil {
				return moved.Prior, diag.Wrap("update", err)
			}
		}
		err = k.Update(journal.WithReplacing(ctx, note), host, moved.Prior, moved.Plan)
		if err != nil && !errors.Is(err, ErrWaitTimeout) {
			after := withoutVersions(attrs, moved.Prior, moved.Plan, s.readAfterFailure(ctx, k, host, moved))
			s.correctUnobserved(k, after)
			return after, diag.Wrap("update", err)
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

// readAfterFailure returns the state after a failed update: a part of the change may have been made, and what is neither in the state nor in the
// next configuration would never be seen. It returns the prior state if the host does not say what it has.
func (s *Server) readAfterFailure(ctx context.Context, k Resource, host *conn.Host, object Moved) table.Model {
	attrs := k.Table().Attrs
	// An interrupted update may have made a part of the change, too.
	seen, err := k.Read(context.WithoutCancel(ctx), host, either(attrs, object.Prior, object.Plan))
	if err != nil {
		return object.Prior
	}
	after := settle(attrs, object.Prior, object.Plan, seen)
	if after["id"] = object.Prior["id"]; after["id"] == k.ImportID(object.Prior) {
		after["id"] = k.ImportID(after) // a failed change may have renamed it
	}
	return after
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
