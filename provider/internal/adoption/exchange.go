// Package adoption tells what hosts have, each object as the configuration that an import of it needs. It changes nothing.
package adoption

import "github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"

// Report is the answer of all hosts.
type Report = exchange.Answers[Host]

// Host is the answer of one host. If Error is set, the host could not be asked, and the lists are empty. Volumes are those that are disks of a
// domain, and the images that these are clones of.
type Host struct {
	Name     string   `json:"name"`
	URI      string   `json:"uri"`
	Error    string   `json:"error"`
	Domains  []Domain `json:"domains"`
	Networks []Object `json:"networks"`
	Pools    []Pool   `json:"pools"`
	Volumes  []Volume `json:"volumes"`
	Filters  []string `json:"filters"` // the names of the network filters
	Secrets  []Secret `json:"secrets"`
}

// Object is an object of a host. If Error is set, it could not be read, and Config is empty.
type Object struct {
	Name      string `json:"name"`
	ID        string `json:"id"`        // the import ID
	Transient bool   `json:"transient"` // libvirt keeps no definition of it, so that it is gone when it stops
	Config    any    `json:"config"`    // the attributes of the resource
	Error     string `json:"error"`
}

// Domain is a domain, with what an attribute cannot say of it.
type Domain struct {
	Object     Object `json:"object"`
	State      string `json:"state"`
	Pending    string `json:"pending"`    // the attributes that wait for the next start of the guest
	Undeclared string `json:"undeclared"` // the devices and settings for which there is no attribute
}

// Pool is a pool.
type Pool struct {
	Object  Object `json:"object"`
	Volumes int    `json:"volumes"` // how many it has
}

// Volume is a volume.
type Volume struct {
	Object Object `json:"object"`
	Pool   string `json:"pool"`
	Path   string `json:"path"`
}

// Secret is a secret, without its value.
type Secret struct {
	UUID  string `json:"uuid"`
	Usage string `json:"usage"` // the name by which libvirt's objects refer to it
}
