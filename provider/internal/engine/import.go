package engine

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// ImportResourceState imports an object that exists.
func (s *Server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	ctx, done := s.stoppable(ctx)
	defer done()
	k, err := s.resource(req.TypeName)
	if err != nil {
		return nil, err
	}
	resp := &tfprotov6.ImportResourceStateResponse{}
	state, err := Import(ctx, k, s.hosts(), req.ID)
	if err != nil {
		summary, detail := diag.Format(err, k.Table().Name, req.ID, req.ID)
		resp.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}}
		return resp, nil
	}
	v, err := encode(k.Table().Attrs, state)
	resp.ImportedResources = []*tfprotov6.ImportedResource{{TypeName: req.TypeName, State: v}}
	return resp, err
}

// Import reads an object by its import ID. It returns the state that the object has after an import.
func Import(ctx context.Context, k Resource, fleet *conn.Fleet, id string) (table.Model, error) {
	form := k.Table().Import
	parts := strings.Split(id, "/")
	if len(parts) != strings.Count(form, "/")+1 {
		return nil, diag.New("import", "", "the id must have the form %s, got %q", form, id)
	}
	host, err := fleet.Host(parts[0])
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
