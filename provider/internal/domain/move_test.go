package domain

import (
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/migration"
)

// The schema needs no connection and so does not import the migration: both name the same choices.
func TestMigrationChoices(t *testing.T) {
	for name, want := range map[string][]string{
		"on_timeout": {migration.OnTimeoutAbort, migration.OnTimeoutSuspend, migration.OnTimeoutForce},
		"storage":    {migration.StorageAuto, migration.StorageShared, migration.StorageCopy},
	} {
		if got := schema.Row("migration", name).Enum; !slices.Equal(got, want) {
			t.Errorf("migration.%s allows %q, and a migration knows %q", name, got, want)
		}
	}
}
