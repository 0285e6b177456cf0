package hotplug

import (
	"context"
	"fmt"
	"time"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// requestInterval is how often the size of a virtio-mem device is read while the guest takes or returns memory. The Go library for libvirt's protocol
// does not pass on the event of it (VIR_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE).
const requestInterval = 250 * time.Millisecond

// changeMemoryRequest asks the guest to have more or less of a virtio-mem device, and waits until it has. If the guest does not follow, it takes the
// request back.
func changeMemoryRequest(ctx context.Context, g guest, e entry) error {
	device, err := findRunningEntry(ctx, g, e.row, e.key)
	if err != nil || device == nil {
		return err // if only the definition has the device, the device as a whole waits for the next start
	}
	before, err := xmlmodel.Text(device)
	if err != nil {
		return err
	}
	if err := updateDevice(ctx, g, e, schema.StepRequest); err != nil {
		return err
	}
	err = e.awaitRequest(ctx, g)
	if err == nil {
		return nil
	}
	undo := updateRunningDevice(ctx, g, before)
	if undo == nil {
		was, is := e.liveParts(schema.StepRequest)
		undo = e.define(ctx, g, is, was)
	}
	if undo != nil {
		return fmt.Errorf("%w; taking the request back failed too: %w", err, undo)
	}
	return err
}

// awaitRequest waits until the guest has as much of a virtio-mem device as is requested.
func (e entry) awaitRequest(ctx context.Context, g guest) error {
	timeout, again := time.NewTimer(balloonTimeout), time.NewTicker(requestInterval)
	defer timeout.Stop()
	defer again.Stop()
	for {
		device, err := findRunningEntry(ctx, g, e.row, e.key)
		if err != nil {
			return err
		}
		if device == nil || isTaken(device) {
			return nil
		}
		select {
		case <-again.C:
		case <-timeout.C:
			_, taken := schema.MemoryRequest(device)
			return diag.New("change "+e.String()+" of", "Its driver (virtio_mem) must be running, and memory that it is to return must be free. "+
				"Apply again when it is, or shut the guest down first.",
				"the guest did not follow within %s, and has %d KiB of the device; the definition is as it was", inSeconds(balloonTimeout), taken)
		case <-ctx.Done():
			return fmt.Errorf("interrupted while the guest was changing its memory; the definition is as it was: %w", ctx.Err())
		}
	}
}

func isTaken(device *etree.Element) bool {
	requested, taken := schema.MemoryRequest(device)
	return requested == taken
}
