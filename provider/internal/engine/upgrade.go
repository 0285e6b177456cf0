package engine

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// readState says how a state is decoded: it may have attributes that later versions no longer have.
var readState = tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}}

// UpgradeResourceState makes a state of the current schema version out of one that this or an earlier version of the provider wrote. Terraform
// refuses those of a later schema version itself.
func (s *Server) UpgradeResourceState(_ context.Context,
	req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	k, err := s.resource(req.TypeName)
	if err != nil {
		return nil, err
	}
	text, err := k.Table().UpgradeState(req.Version, req.RawState.JSON)
	if err != nil {
		return &tfprotov6.UpgradeResourceStateResponse{Diagnostics: []*tfprotov6.Diagnostic{{
			Severity: tfprotov6.DiagnosticSeverityError, Summary: "Unable to read the state", Detail: err.Error()}}}, nil
	}
	raw := &tfprotov6.RawState{JSON: text}
	typ := table.TFType(k.Table().Attrs)
	v, err := raw.UnmarshalWithOpts(typ, readState)
	if err != nil {
		return nil, err
	}
	s.tracker.recordState(k, v, raw)
	out, err := tfprotov6.NewDynamicValue(typ, v)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &out}, err
}
