package engine

import (
	"context"
	"errors"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// ReadResource reads the object from its host. It removes an object from the state only if a host answers 'not found'.
func (s *Server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	ctx, done := s.stoppable(ctx)
	defer done()
	defer s.room.Begin(room.Plans)()
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
	state = s.uncertain(k, state)
	now, err := Observe(conn.WithBulkReads(ctx), k, fleet, state)
	switch {
	case errors.Is(err, conn.ErrNotFound):
		now = nil
	case errors.Is(err, conn.ErrInactive):
		return resp, nil // for example a volume in a stopped pool: libvirt cannot read it now, so the state is kept
	case err != nil:
		resp.Diagnostics = diagnose(k, state, err)
		if errors.Is(err, xmlmodel.ErrUnreadable) { // the state is kept: one object must not block the others, nor their destruction
			resp.Diagnostics[0].Severity = tfprotov6.DiagnosticSeverityWarning
			resp.Diagnostics[0].Detail += "\n\nThe state is unchanged, and this plan does not show what has changed on the host since."
		}
		return resp, nil
	}
	s.tracker.protected.move(k, state, now)
	resp.NewState, err = encode(attrs, now)
	return resp, err
}

// Observe reads an object and, if its host does not have it, looks for it on the other hosts. It returns the state as it is after a refresh.
func Observe(ctx context.Context, k Resource, fleet *conn.Fleet, state table.Model) (table.Model, error) {
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
