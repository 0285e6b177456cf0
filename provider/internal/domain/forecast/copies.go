package forecast

import (
	"context"
	"fmt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// copies warns about other hosts of the fleet that also have the domain.
func copies(ctx context.Context, fleet *conn.Fleet, prior table.Model) (warnings []string) {
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return nil
	}
	name := prior.Str("name")
	for _, c := range observe.Elsewhere(ctx, host, prior.Str("uuid")) {
		what := "defined"
		if c.Runs {
			what = "running"
		}
		as := ""
		if c.Name != name {
			as = fmt.Sprintf(" as %q", c.Name)
		}
		text := fmt.Sprintf("%s is also %s on %s%s\n", name, what, c.Host, as)
		switch {
		case c.Runs && schema.GuestIsUp(prior.Str("state")):
			text += fmt.Sprintf("It runs on %s and on %s: two running copies corrupt the disks that they share. Shut one of them down now, "+
				"and remove its definition (virsh undefine).", host.Name, c.Host)
		case c.Runs:
			text += fmt.Sprintf("It does not run on %s, and no apply starts it there while the other one runs. If it moved, set 'host' to %q and "+
				"remove the definition on %s (virsh undefine); otherwise shut the other one down.", host.Name, c.Host, host.Name)
		default:
			text += fmt.Sprintf("If it is started there while it runs on %s, two running copies corrupt the disks that they share. Remove the "+
				"definition on %s: virsh undefine %s --keep-nvram --keep-tpm.", host.Name, c.Host, c.Name)
		}
		warnings = append(warnings, text)
	}
	return warnings
}
