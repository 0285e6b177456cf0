package engine

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// readState says how a state is decoded: it may have attributes that later versions no longer have.
var readState = tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}}

// UpgradeResourceState decodes a state. There is one version of it so far.
func (s *Server) UpgradeResourceState(_ context.Context,
	req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	k, err := s.resource(req.TypeName)
	if err != nil {
		return nil, err
	}
	typ := table.TFType(k.Table().Attrs)
	v, err := req.RawState.UnmarshalWithOpts(typ, readState)
	if err != nil {
		return nil, err
	}
	s.tracker.recordState(k, v, req.RawState)
	out, err := tfprotov6.NewDynamicValue(typ, v)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &out}, err
}
