package pool

import (
	"context"
	"fmt"
	"path"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// warnUnopenable warns about a directory of files to which the user of QEMU has no way, which may be meant for other programs, and about a new
// pool whose server may not let libvirt give files to that user.
func warnUnopenable(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) (warnings []string) {
	dir := plan.Str("path")
	isNew := prior == nil || prior["path"] != plan["path"] || !table.Equal(prior[storage.Permissions], plan[storage.Permissions])
	host, err := fleet.Host(plan.Str("host"))
	if err != nil || !poolTypes[plan.Str("type")].files || !path.IsAbs(dir) || !isNew {
		return nil
	}
	engine.CheckHost(ctx, fleet, prior, plan, false, func(c *engine.HostCheck, l *libvirt.Libvirt) error {
		user, err := hostinfo.ReadGuestUser(l)
		if err != nil || !user.IsOrdinary() {
			return err
		}
		inside := path.Join(dir, "volume")
		want := plan.Group(storage.Permissions)
		if planned := want["owner"] != nil && want["mode"] != nil; planned {
			inside = dir
		}
		closed, err := storage.ClosedTo(host, l, user, inside)
		if closed == "" && storage.IsClosed(user, want) {
			closed = dir
		}
		switch {
		case closed != "":
			warnings = []string{closedText(plan.Str("name"), c.Host, closed, user)}
		case prior == nil && storage.MountsNFS(plan.Str("type"), plan.Group("source").Str("format")):
			warnings = []string{storage.SquashText(plan.Str("name"), c.Host, user)}
		}
		return err
	})
	return warnings
}

func closedText(pool, host, closed string, user hostinfo.GuestUser) string {
	return fmt.Sprintf("Guests cannot open the volumes of pool %q\nQEMU on %s runs as user %d, who may not search %s. Let others search that "+
		"directory (chmod o+x %s), or choose another path for the pool: a directory in /var/lib/libvirt/images or /srv.",
		pool, host, user.User, closed, closed)
}
