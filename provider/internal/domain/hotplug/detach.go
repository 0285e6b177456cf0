package hotplug

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// removalTimeout is how long a guest may take to release a device.
const removalTimeout = 30 * time.Second

// detach removes an entry of a map of devices from the running guest, and from the definition once the guest has released the device. An
// entry that the guest does not have is removed from the definition only: the guest may have released it after an earlier wait had ended.
func detach(ctx context.Context, g guest, row *table.Attr, key string) error {
	what := fmt.Sprintf("%s[%q]", row.Name, key)
	el, err := findRunningEntry(ctx, g, row, key)
	if err == nil && el != nil {
		err = requestRemoval(ctx, g, what, el)
	}
	if err != nil {
		return err
	}
	was, is := table.Model{row.Name: table.Model{key: g.prior.Group(row.Name)[key]}}, table.Model{row.Name: table.Model{}}
	return Define(ctx, g.host, g.domain, g.inDomain(was), g.inDomain(is), g.soon)
}

// findRunningEntry returns an entry of a map of devices as the running guest has it, nil if the guest does not have it.
func findRunningEntry(ctx context.Context, g guest, row *table.Attr, key string) (*etree.Element, error) {
	root, err := runningRoot(ctx, g)
	if err != nil {
		return nil, err
	}
	if g.group != "" {
		root = xmlmodel.Ensure(root, g.group)
	}
	if r, own := row.Entries.(schema.RunningFinder); own {
		return r.FindRunning(root, key, g.prior.Group(row.Name)), nil
	}
	keys, elements := row.Entries.Elements(root)
	for i, k := range keys {
		if k == key {
			return elements[i], nil
		}
	}
	return nil, nil
}

// runningRoot returns the definition that the guest runs with.
func runningRoot(ctx context.Context, g guest) (root *etree.Element, err error) {
	err = g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		xml, err := l.DomainGetXMLDesc(g.domain, libvirt.DomainXMLSecure)
		if err == nil {
			root, err = xmlmodel.Parse(xml)
		}
		return err
	})
	return root, err
}

// requestRemoval asks the guest to release a device and waits for its answer. libvirt's own call waits for some seconds and then reports
// success.
func requestRemoval(ctx context.Context, g guest, what string, device *etree.Element) error {
	alias := xmlmodel.At("alias@name").Text(device)
	removed, release, err := g.host.WhenRemoved(ctx, g.domain.UUID, alias)
	if err != nil {
		return err
	}
	defer release()
	err = g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		return l.DomainDetachDeviceAlias(g.domain, alias, uint32(libvirt.DomainAffectLive))
	})
	if err != nil {
		return err
	}
	timeout := time.NewTimer(removalTimeout)
	defer timeout.Stop()
	const asBefore = "it is still attached, and the definition is as it was"
	const next = "The guest's system must be up and must support removal. Free the device in the guest and apply again, or shut the guest down first."
	select {
	case err := <-removed:
		if errors.Is(err, conn.ErrRefused) {
			return diag.New("take "+what+" out of", next, "the guest refused to let go of %s; %s", what, asBefore)
		}
		return err
	case <-timeout.C:
		return diag.New("take "+what+" out of", next, "the guest did not let go of %s within %s; %s", what, inSeconds(removalTimeout), asBefore)
	case <-ctx.Done():
		return fmt.Errorf("interrupted while waiting for the guest to let go of %s; %s: %w", what, asBefore, ctx.Err())
	}
}

func inSeconds(d time.Duration) string { return fmt.Sprintf("%d s", int(d/time.Second)) }
