package network

import (
	"context"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Keys returns what a network has for itself: its own bridge, and the addresses of an active network.
func (Resource) Keys(_ context.Context, m table.Model) []engine.Key {
	var keys []engine.Key
	if bridge := m.Str("bridge"); bridge != "" && linkTypeIn(m) == ownBridge {
		keys = append(keys, engine.Key{What: "bridge", Row: "bridge", Value: bridge})
	}
	for _, family := range []string{"ipv4", "ipv6"} {
		if block, has := blockOf(m.Group(family)); has && m.Bool("active") {
			keys = append(keys, engine.Key{What: "address block", Row: family + ".address", Value: block.String()})
		}
	}
	return keys
}
