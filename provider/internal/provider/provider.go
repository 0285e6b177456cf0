// Package provider lists the resources and data sources of the provider.
package provider

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/addresses"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/datasource"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostmemory"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/network"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/nwfilter"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/pool"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/secret"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/seed"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/volume"
)

// Resources returns the resources, in the order of the docs.
func Resources() []engine.Resource {
	return []engine.Resource{secret.Resource{}, pool.New(), volume.Resource{}, network.New(), nwfilter.Resource{}, seed.Resource{},
		domain.Resource{}, snapshot.Resource{}}
}

// DataSources returns the data sources, in the order of the docs.
func DataSources() []engine.DataSource {
	return append([]engine.DataSource{hostinfo.Host{}, hostinfo.Baseline{}, addresses.Data{}}, datasource.All()...)
}

// New returns the provider's server.
func New() *engine.Server {
	return engine.NewServer(Resources()).WithDataSources(DataSources()...).WithRoom(room.NewLedger(hostmemory.Read))
}
