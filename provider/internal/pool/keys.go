package pool

import (
	"context"
	"path"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Keys returns the directory of a pool of files: libvirt has one pool in a directory.
func (Resource) Keys(_ context.Context, m table.Model) []engine.Key {
	if dir := m.Str("path"); poolTypes[m.Str("type")].files && path.IsAbs(dir) {
		return []engine.Key{{What: storage.Directory, Row: "path", Value: path.Clean(dir)}}
	}
	return nil
}
