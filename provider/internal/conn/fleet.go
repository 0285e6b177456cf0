package conn

import (
	"fmt"
	"sort"
	"strings"
)

// Fleet is the set of hosts that the provider block names.
type Fleet struct {
	hosts   map[string]*Host
	pending map[string]bool // hosts whose uri is not known yet
}

// NewFleet returns a fleet. A nil uri is one that only the apply knows.
func NewFleet(uris map[string]*URI) *Fleet {
	f := &Fleet{hosts: map[string]*Host{}, pending: map[string]bool{}}
	for name, uri := range uris {
		if uri == nil {
			f.pending[name] = true
		} else {
			f.hosts[name] = NewHost(name, *uri)
			f.hosts[name].fleet = f
		}
	}
	return f
}

// Host returns the host with this name.
func (f *Fleet) Host(name string) (*Host, error) {
	if h := f.hosts[name]; h != nil {
		return h, nil
	}
	if f.pending[name] {
		return nil, fmt.Errorf("the uri of host %q is not known yet; apply the resource that provides it first", name)
	}
	if len(f.hosts) == 0 {
		return nil, fmt.Errorf("no host %q: the provider block names no host; add it to 'hosts'", name)
	}
	return nil, fmt.Errorf("no host %q: the provider block names %s; add it to 'hosts' or correct the name", name, strings.Join(f.Names(), ", "))
}

// Known reports whether the fleet has the host and knows its uri.
func (f *Fleet) Known(name string) bool { return f.hosts[name] != nil }

// Pending reports whether the host's uri is not known yet.
func (f *Fleet) Pending(name string) bool { return f.pending[name] }

// Names returns the names of the hosts whose uri is known, in order.
func (f *Fleet) Names() []string {
	names := make([]string, 0, len(f.hosts))
	for n := range f.hosts {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Close closes all connections.
func (f *Fleet) Close() {
	for _, h := range f.hosts {
		h.Close()
	}
}
