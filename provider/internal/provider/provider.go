// Package provider is the list of what this provider manages, and of what it knows.
package provider

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/addresses"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/cloudinit"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/datasource"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/network"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/nwfilter"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/pool"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/secret"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/volume"
)

// Kinds are the resources, in the order of the docs.
func Kinds() []engine.Resource {
	return []engine.Resource{secret.Resource{}, pool.New(), volume.Resource{}, network.New(), nwfilter.Resource{}, cloudinit.Resource{}, domain.Resource{}, snapshot.Resource{}}
}

// Data are the data sources, in the order of the docs.
func Data() []engine.DataSource {
	return append([]engine.DataSource{hostinfo.Host{}, hostinfo.Baseline{}, addresses.Data{}}, datasource.All()...)
}

// New makes the provider's server.
func New() *engine.Server { return engine.NewServer(Kinds()).WithDataSources(Data()...) }
