package forecast

import (
	"context"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// planDefinition plans to define a running domain again whose definition was removed, and returns a warning; "" if it is defined. No attribute
// stands for the definition as a whole: the plan shows that a computed one changes.
func planDefinition(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) string {
	host, err := fleet.Host(prior.Str("host"))
	if err != nil || !schema.GuestIsUp(prior.Str("state")) || prior["host"] != plan["host"] || !observe.IsTransient(ctx, host, prior.Str("uuid")) {
		return ""
	}
	plan["undeclared"] = table.Unknown
	return prior.Str("name") + " runs, and its definition was removed\nIt would be gone when it stops. This apply defines it again as it runs; " +
		"nothing is restarted."
}
