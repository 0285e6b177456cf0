package hotplug

import (
	"context"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// balloonTimeout is how long a guest may take to accept memory or to give it back.
const balloonTimeout = 30 * time.Second

// pageKiB is the unit by which a balloon grows and shrinks.
const pageKiB = 4

// changeMemory asks the guest's balloon driver for the new size and waits until the guest has it. libvirt only passes the request on: if
// the guest does not follow, changeMemory takes the request back.
func changeMemory(ctx context.Context, g guest, _ []table.Change) error {
	root, err := runningRoot(ctx, g)
	if err != nil {
		return err
	}
	target := schema.BalloonTarget(root, g.plan.Int("memory"))
	reached := func(now int64) bool { return now > target-pageKiB && now < target+pageKiB }
	changed, release, err := g.host.WhenBalloon(ctx, g.domain.UUID, reached)
	if err != nil {
		return err
	}
	defer release()
	if err := setMemory(ctx, g, target); err != nil {
		return err
	}
	if root, err = runningRoot(ctx, g); err != nil {
		return err
	}
	if reached(schema.BalloonNow(root)) {
		return nil
	}
	timeout := time.NewTimer(balloonTimeout)
	defer timeout.Stop()
	select {
	case err = <-changed:
		return err
	case <-timeout.C:
		err = diag.New("change the memory of", "Its balloon driver (virtio_balloon) must be running. Apply again when it is, "+
			"or shut the guest down first.",
			"the guest did not follow within %s; the definition is as it was", inSeconds(balloonTimeout))
	case <-ctx.Done():
		err = fmt.Errorf("interrupted while the guest was changing its memory; the definition is as it was: %w", ctx.Err())
	}
	if undo := setMemory(context.WithoutCancel(ctx), g, schema.BalloonTarget(root, g.prior.Int("memory"))); undo != nil {
		return fmt.Errorf("%w; taking the wish back failed too: %w", err, undo)
	}
	return err
}

func setMemory(ctx context.Context, g guest, kib int64) error {
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		return l.DomainSetMemoryFlags(g.domain, uint64(kib), uint32(liveAndConfig))
	})
}
