package engine

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

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
