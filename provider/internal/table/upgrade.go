package table

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Upgrade makes the state of an object out of one of the schema version before.
type Upgrade struct {
	// Changes names the attributes at the top of the older version that Apply renames, converts or removes. The test of older states finds every
	// other attribute again, with its value; these have tests of their own.
	Changes []string
	// Apply changes the attributes, which are as JSON has them: groups are maps, and numbers are json.Number. A group that is unset is nil.
	Apply func(state map[string]any) error
}

// SchemaVersion returns the version of the states that this provider writes.
func (r *Table) SchemaVersion() int64 { return int64(len(r.Upgrades)) }

// UpgradeState returns the attributes of a state, as JSON, in the current schema version.
func (r *Table) UpgradeState(version int64, attributes []byte) ([]byte, error) {
	current := r.SchemaVersion()
	switch {
	case version == current:
		return attributes, nil
	case version < 0 || version > current:
		return nil, fmt.Errorf("the state of a %s must have a schema version from 0 to %d, got %d; "+
			"use the version of the provider that wrote it, or a newer one", r.TypeName(), current, version)
	}
	dec := json.NewDecoder(bytes.NewReader(attributes))
	dec.UseNumber() // a float would round large numbers
	var state map[string]any
	if err := dec.Decode(&state); err != nil {
		return nil, err
	}
	for ; version < current; version++ {
		if err := r.Upgrades[version].Apply(state); err != nil {
			return nil, fmt.Errorf("upgrading the state of a %s from schema version %d: %w", r.TypeName(), version, err)
		}
	}
	return json.Marshal(state)
}
