package engine

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// DataSource reads from hosts and changes nothing.
type DataSource interface {
	Table() *table.Table
	// Hosts names the hosts that a configuration refers to.
	Hosts(config table.Model) []string
	// Read asks the hosts, which come in the order of Hosts. The configuration has its defaults filled in; the result
	// has the computed attributes.
	Read(ctx context.Context, hosts []*conn.Host, config table.Model) (table.Model, error)
}

// WithDataSources adds data sources to the server.
func (s *Server) WithDataSources(data ...DataSource) *Server {
	s.data = append(s.data, data...)
	return s
}

func (s *Server) dataNamed(typeName string) (DataSource, error) {
	for _, d := range s.data {
		if d.Table().TypeName() == typeName {
			return d, nil
		}
	}
	return nil, notSupported("data source", typeName)
}

func (s *Server) dataMetadata() []tfprotov6.DataSourceMetadata {
	var all []tfprotov6.DataSourceMetadata
	for _, d := range s.data {
		all = append(all, tfprotov6.DataSourceMetadata{TypeName: d.Table().TypeName()})
	}
	return all
}

func (s *Server) dataSchemas() map[string]*tfprotov6.Schema {
	all := map[string]*tfprotov6.Schema{}
	for _, d := range s.data {
		all[d.Table().TypeName()] = d.Table().Schema()
	}
	return all
}

// ValidateDataResourceConfig checks a configuration against the table.
func (s *Server) ValidateDataResourceConfig(_ context.Context,
	req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	d, err := s.dataNamed(req.TypeName)
	if err != nil {
		return nil, err
	}
	found, err := validate(d, req.Config)
	return &tfprotov6.ValidateDataResourceConfigResponse{Diagnostics: found}, err
}

// ReadDataSource asks the hosts. Terraform calls it in every plan, once the whole configuration is known.
func (s *Server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	ctx, done := s.stoppable(ctx)
	defer done()
	d, err := s.dataNamed(req.TypeName)
	if err != nil {
		return nil, err
	}
	attrs := d.Table().Attrs
	config, err := decode(attrs, req.Config)
	if err != nil {
		return nil, err
	}
	answer := planGroup(attrs, config, nil)
	resp := &tfprotov6.ReadDataSourceResponse{}
	fleet, names := s.hosts(), d.Hosts(config)
	if slices.ContainsFunc(names, fleet.Pending) && req.ClientCapabilities != nil && req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &tfprotov6.Deferred{Reason: tfprotov6.DeferredReasonProviderConfigUnknown}
		resp.State, err = encode(attrs, answer)
		return resp, err
	}
	seen, err := readFromHosts(ctx, d, fleet, names, answer)
	if err != nil {
		named := cmp.Or(config.Str("name"), strings.Join(names, ", ")) // an object, or a whole host
		summary, detail := diag.Format(diag.Wrap("read", err), d.Table().Name, named, "")
		resp.Diagnostics = []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}}
		return resp, nil
	}
	resp.State, err = encode(attrs, fill(attrs, answer, seen))
	return resp, err
}

func readFromHosts(ctx context.Context, d DataSource, fleet *conn.Fleet, names []string, config table.Model) (table.Model, error) {
	hosts := make([]*conn.Host, len(names))
	for i, name := range names {
		if fleet.Pending(name) {
			return nil, diag.New("read", "Apply the resource that provides the uri first (terraform apply -target=ADDRESS), or name it in the "+
				"data source's depends_on: then the provider asks the host during the apply.", "the uri of host %q is not known yet", name)
		}
		host, err := fleet.Host(name)
		if err != nil {
			return nil, err
		}
		hosts[i] = host
	}
	return d.Read(ctx, hosts, config)
}
