package engine

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

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
