package hotplug

import (
	"context"
	"strconv"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// changeVCPUs adds processors to the guest or removes them, one by one, each in the definition too: with several in one call, libvirt
// (9.0) would leave the first changed when the second fails, and the definition unchanged.
func changeVCPUs(ctx context.Context, g guest, _ []table.Change) error {
	was, is := g.prior.Int("vcpu"), g.plan.Int("vcpu")
	if is < was {
		return removeVCPUs(ctx, g, was, is)
	}
	pins := g.plan.Group("cputune").Group("vcpupin")
	for n := was; n < is; n++ {
		if err := setVCPUs(ctx, g, n+1); err != nil {
			return err
		}
		if pin := pins.Group(strconv.FormatInt(n, 10)); pin != nil {
			if err := pinVCPU(ctx, g, uint32(n), pin.Str("cpuset")); err != nil {
				return diag.Wrap("pin a new virtual CPU of", err)
			}
		}
	}
	return nil
}

func setVCPUs(ctx context.Context, g guest, n int64) error {
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		return l.DomainSetVcpusFlags(g.domain, uint32(n), uint32(liveAndConfig))
	})
}

// removeVCPUs removes processors one by one. libvirt (9.0) waits 5 s for the guest's answer to each.
func removeVCPUs(ctx context.Context, g guest, was, is int64) error {
	for n := was; n > is; n-- {
		if err := setVCPUs(ctx, g, n-1); err != nil {
			return diag.New("take virtual CPUs out of", "The guest's system must be up and must support removal. Apply again, "+
				"or shut the guest down first.",
				"the guest did not let go of virtual CPU %d; it has %d, and so has the definition: %w", n-1, n, err)
		}
	}
	return nil
}
