package engine

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// unimplemented answers the calls of the protocol that this provider does not support: functions, ephemeral resources,
// identities, and moves from other resources.
type unimplemented struct{}

func notSupported(what, name string) error {
	return fmt.Errorf("this provider has no %s %q", what, name)
}

func (unimplemented) GetResourceIdentitySchemas(context.Context,
	*tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (unimplemented) UpgradeResourceIdentity(_ context.Context,
	r *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return nil, notSupported("identity of", r.TypeName)
}

func (unimplemented) MoveResourceState(_ context.Context, r *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return nil, notSupported("move to", r.TargetTypeName)
}

func (unimplemented) GenerateResourceConfig(_ context.Context,
	r *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return nil, notSupported("generated configuration of", r.TypeName)
}

func (unimplemented) CallFunction(_ context.Context, r *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	return nil, notSupported("function", r.Name)
}

func (unimplemented) GetFunctions(context.Context, *tfprotov6.GetFunctionsRequest) (*tfprotov6.GetFunctionsResponse, error) {
	return &tfprotov6.GetFunctionsResponse{}, nil
}

func (unimplemented) ValidateEphemeralResourceConfig(_ context.Context,
	r *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return nil, notSupported("ephemeral resource", r.TypeName)
}

func (unimplemented) OpenEphemeralResource(_ context.Context,
	r *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return nil, notSupported("ephemeral resource", r.TypeName)
}

func (unimplemented) RenewEphemeralResource(_ context.Context,
	r *tfprotov6.RenewEphemeralResourceRequest) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return nil, notSupported("ephemeral resource", r.TypeName)
}

func (unimplemented) CloseEphemeralResource(_ context.Context,
	r *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return nil, notSupported("ephemeral resource", r.TypeName)
}
