package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Provider is the table of the provider block.
var Provider = []table.Attr{{
	Name: "hosts", Type: table.Map, Mode: table.Required, Doc: "The hosts of the fleet, by the names that resources use.",
	Attrs: []table.Attr{{
		Name: "uri", Type: table.String, Mode: table.Required, Check: checkURI,
		Doc: "The address of libvirt: `qemu:///system`, `qemu+unix:///system?socket=/path/to/libvirt-sock`, " +
			"`qemu+ssh://[user@]host[:port]/system`, `qemu+tls://host[:port]/system`, `qemu+tcp://host[:port]/system` or " +
			"`qemu:///session`. Both libvirtd and the " +
			"modular daemons are supported. The section Transports of the provider's documentation lists the parameters of each transport.",
	}, {
		Name: "migration_uri", Type: table.String, Mode: table.Optional, Check: notEmpty,
		Doc: "The uri at which the other hosts reach this host's libvirt, for live migration from host to host: any remote uri that libvirt " +
			"accepts. Unset: `uri`, if its transport is tcp, or tls, for which the hosts need certificates of their own. With any other transport, " +
			"such as ssh, the machine that runs Terraform connects the two hosts.",
	}, {
		Name: "migration_address", Type: table.String, Mode: table.Optional, Check: notEmpty,
		Doc: "The name or IP address to which a guest's memory and disks are sent during a live migration, for example one on a network for " +
			"migrations. Unset: the address in the host's own `qemu.conf`, or the host's name.",
	}, {
		Name: "memory_overcommit", Type: table.Int, Mode: table.Optional, Check: table.Between(1, 10000),
		Doc: "How much memory the guests of the host may use together, in percent of the memory that the host has. 100: all guests can use all " +
			"of their memory at any time; less keeps a part for the host itself; more is for hosts on which guests share pages (KSM) or do " +
			"not use what they have. Unset: what one run brings to the host has to fit in the memory that is available then, and what the " +
			"guests that run there have not used yet is a warning.",
	}},
}}

func notEmpty(v any) error {
	if v == "" {
		return errors.New("must not be empty; remove it")
	}
	return nil
}

func checkURI(v any) error {
	_, err := conn.ParseURI(v.(string))
	return err
}

// Server serves the provider to Terraform.
type Server struct {
	unimplemented
	resources map[string]Resource
	order     []Resource
	data      []DataSource

	mu      sync.RWMutex
	fleet   *conn.Fleet
	journal *journal.Journal

	tracker    planTracker
	destroying bool // Terraform was asked to destroy everything
	room       *room.Ledger

	stop    context.Context
	stopAll context.CancelFunc
}

// NewServer returns a server for these resources.
func NewServer(resources []Resource) *Server {
	s := &Server{resources: map[string]Resource{}, order: resources, fleet: conn.NewFleet(nil)}
	for _, k := range resources {
		s.resources[k.Table().TypeName()] = k
	}
	s.stop, s.stopAll = context.WithCancel(context.Background())
	return s
}

var capabilities = &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true, PlanDestroy: true}

// ForDestroy tells the server whether Terraform was asked to destroy everything. Before Terraform plans that, it plans the whole configuration
// in order to read the objects, and an error in that plan would refuse the destruction: checks of what that plan would make are left out.
func (s *Server) ForDestroy(yes bool) *Server {
	s.destroying = yes
	return s
}

// GetMetadata names the resources and data sources.
func (s *Server) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	resp := &tfprotov6.GetMetadataResponse{ServerCapabilities: capabilities, DataSources: s.dataMetadata()}
	for _, k := range s.order {
		resp.Resources = append(resp.Resources, tfprotov6.ResourceMetadata{TypeName: k.Table().TypeName()})
	}
	return resp, nil
}

// GetProviderSchema derives the schema from the tables.
func (s *Server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	resp := &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: capabilities,
		Provider: &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{
			Description:     "Manages KVM hosts through libvirt: one provider block holds every host of the fleet.",
			DescriptionKind: tfprotov6.StringKindMarkdown,
			Attributes:      table.SchemaAttributes(Provider),
		}},
		ResourceSchemas:   map[string]*tfprotov6.Schema{},
		DataSourceSchemas: s.dataSchemas(),
	}
	for _, k := range s.order {
		resp.ResourceSchemas[k.Table().TypeName()] = k.Table().Schema()
	}
	return resp, nil
}

// ValidateProviderConfig checks the hosts' names and uris.
func (s *Server) ValidateProviderConfig(_ context.Context,
	req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	resp := &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: req.Config}
	config, err := decode(Provider, req.Config)
	if err != nil {
		return nil, err
	}
	resp.Diagnostics = problems(table.Validate(Provider, config, tftypes.NewAttributePath()))
	return resp, nil
}

// ConfigureProvider sets up the fleet. It opens no connection.
func (s *Server) ConfigureProvider(_ context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	config, err := decode(Provider, req.Config)
	if err != nil {
		return nil, err
	}
	uris := map[string]*conn.URI{}
	for name, v := range config.Group("hosts") {
		uris[name] = nil
		text, known := asGroup(v)["uri"].(string)
		if !known {
			continue
		}
		uri, err := conn.ParseURI(text)
		if err != nil {
			return nil, fmt.Errorf("hosts[%q]: %w", name, err)
		}
		uris[name] = &uri
	}
	fleet := conn.NewFleet(uris)
	for name, v := range config.Group("hosts") {
		if host, err := fleet.Host(name); err == nil {
			host.Migration = conn.Migration{URI: asGroup(v).Str("migration_uri"), Address: asGroup(v).Str("migration_address")}
			host.MemoryOvercommit = asGroup(v).Int("memory_overcommit")
		}
	}
	s.mu.Lock()
	s.fleet.Close()
	s.fleet = fleet
	s.mu.Unlock()
	s.BeginRun()
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

// BeginRun forgets the objects of an earlier plan or apply. Terraform configures a provider at the beginning of each.
func (s *Server) BeginRun() { s.tracker.reset() }

// StopProvider ends the calls that are running: Terraform was interrupted.
func (s *Server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.journal.KeepAll()
	s.stopAll()
	return &tfprotov6.StopProviderResponse{}, nil
}

// stoppable returns a context that StopProvider cancels too.
func (s *Server) stoppable(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	detach := context.AfterFunc(s.stop, cancel)
	return ctx, func() { detach(); cancel() }
}

func (s *Server) hosts() *conn.Fleet {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.fleet
}

func (s *Server) resource(typeName string) (Resource, error) {
	k := s.resources[typeName]
	if k == nil {
		return nil, fmt.Errorf("no resource %q in this provider", typeName)
	}
	return k, nil
}

func decode(attrs []table.Attr, v *tfprotov6.DynamicValue) (table.Model, error) {
	if v == nil {
		return nil, nil
	}
	value, err := v.Unmarshal(table.TFType(attrs))
	if err != nil {
		return nil, err
	}
	return table.FromTF(value)
}

func encode(attrs []table.Attr, m table.Model) (*tfprotov6.DynamicValue, error) {
	v, err := tfprotov6.NewDynamicValue(table.TFType(attrs), table.ToTF(attrs, m))
	return &v, err
}
