package snapshot

import (
	"context"
	"fmt"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// revertRun is a revert in progress. libvirt can revert external snapshots only since 9.9, and then changes the
// snapshot's record differently; this code uses what every version supports.
type revertRun struct {
	files
	d     libvirt.Domain
	s     libvirt.DomainSnapshot
	r     *record
	root  *etree.Element      // the inactive definition
	state string              // what the guest did at the snapshot
	was   libvirt.DomainState // what it does now
	fresh map[string]string   // by target: the overlays that it is to write to
}

// revert reverts the domain to the snapshot. It never writes to the frozen files: it creates fresh overlays over them. The definition names
// either the old overlays or the fresh ones. The old ones are removed last, and the copies of other state stay, so an interrupted revert can
// be repeated from the beginning.
func revert(ctx context.Context, host *conn.Host, plan table.Model) error {
	// An interruption does not end it: a partial revert is worse than the wait.
	return host.Stream(context.WithoutCancel(ctx), copyLimit, func(l *libvirt.Libvirt) (err error) {
		g, err := prepare(ctx, files{host, l}, plan)
		if err != nil {
			return err
		}
		done, err := g.reserveRoom(ctx)
		if err != nil {
			return err
		}
		defer func() { done(err == nil) }()
		if err := g.make(); err != nil {
			return g.undo(err)
		}
		if g.was != libvirt.DomainShutoff {
			if err := l.DomainDestroyFlags(g.d, libvirt.DomainDestroyDefault); err != nil && !conn.IsInactive(err) {
				return g.undo(err)
			}
		}
		if err := g.define(); err != nil {
			return g.restart(g.undo(err))
		}
		if err := redefine(l, g.d, g.s, g.r); err != nil {
			return err
		}
		if err := g.bringBack(g.r.stateFiles()); err != nil {
			return err
		}
		if err := g.start(); err != nil {
			return diag.Wrap("start the guest after reverting to", err)
		}
		return g.cleanUp()
	})
}

func prepare(ctx context.Context, f files, plan table.Model) (*revertRun, error) {
	l := f.l
	d, s, err := find(l, plan)
	if err != nil {
		return nil, err
	}
	if err := untouched(ctx, f.host, l, d, "revert to", "It was not reverted"); err != nil {
		return nil, err
	}
	if err := notSaved(l, d, "revert to"); err != nil {
		return nil, err
	}
	g := &revertRun{files: f, d: d, s: s, state: plan.Str("state"), fresh: map[string]string{}}
	if g.r, err = fetch(l, s, libvirt.DomainSnapshotXMLSecure); err != nil {
		return nil, err
	}
	if err := f.obstacle(s, g.r); err != nil {
		return nil, err
	}
	now, _, err := l.DomainGetState(d, 0)
	if err != nil {
		return nil, err
	}
	g.was = libvirt.DomainState(now)
	if g.root, err = describe(l, d, libvirt.DomainXMLInactive|libvirt.DomainXMLSecure); err != nil {
		return nil, err
	}
	return g, g.check()
}

// check refuses a domain whose disks are not what the snapshot has left.
func (g *revertRun) check() error {
	disks := disksOf(g.root)
	for _, target := range g.r.targets() {
		is := g.r.layers[target]
		if disks[target] == nil {
			return fmt.Errorf("disk %q is no longer in the domain; attach %s again, or destroy the snapshot", target, is.overlay)
		}
		active := imageOf(disks[target]).file
		if under, ok := below([]*record{g.r}, target, active, backingOf(disks[target])); !ok || under != is.frozen {
			return fmt.Errorf("disk %q uses %s, which does not depend on the frozen file of the snapshot, %s; point the disk at an image "+
				"that does, or destroy the snapshot", target, active, is.frozen.file)
		}
	}
	return nil
}

// make makes the fresh overlays.
func (g *revertRun) make() error {
	for _, target := range g.r.targets() {
		l := g.r.layers[target]
		file, err := g.freshOverlay(l.overlay, l.frozen)
		if err != nil {
			return fmt.Errorf("unable to create a fresh overlay over %s: %w", l.frozen.file, err)
		}
		g.fresh[target] = file
	}
	return nil
}

// undo removes the fresh overlays, where it is sure that nothing names them.
func (g *revertRun) undo(err error) error {
	if root, look := describe(g.l, g.d, libvirt.DomainXMLInactive); look == nil {
		for target, disk := range disksOf(root) {
			if file := g.fresh[target]; file != "" && imageOf(disk).file != file {
				_ = g.remove(file) // the error that led here matters more
			}
		}
	}
	return err
}

// define puts the fresh overlays into the definition, and into the snapshot's own record.
func (g *revertRun) define() error {
	for target, disk := range disksOf(g.root) {
		if file := g.fresh[target]; file != "" {
			over(disk, file, g.r.layers[target].frozen)
		}
	}
	for _, disk := range g.r.diskElements() {
		if file := g.fresh[disk.SelectAttrValue("name", "")]; file != "" {
			xmlmodel.At("source@file").Write(disk, file)
		}
	}
	xml, err := xmlmodel.Text(g.root)
	if err != nil {
		return err
	}
	_, err = g.l.DomainDefineXMLFlags(xml, 0)
	return err
}

// restart has the guest run again as it was before, after a revert that failed before anything was changed.
func (g *revertRun) restart(err error) error {
	if g.was == libvirt.DomainShutoff {
		return err
	}
	if start := g.l.DomainCreate(g.d); start != nil {
		return fmt.Errorf("%w; the guest was stopped for the revert, and starting it again failed: %w", err, start)
	}
	return fmt.Errorf("%w; the revert was undone, but the guest was restarted", err)
}

// start brings the guest to what it did at the snapshot.
func (g *revertRun) start() error {
	switch {
	case g.r.memory != "":
		return g.restore()
	case g.state == running:
		return g.l.DomainCreate(g.d)
	case g.state == paused:
		_, err := g.l.DomainCreateWithFlags(g.d, uint32(libvirt.DomainStartPaused))
		return err
	default:
		return nil
	}
}

// restore has the guest go on from its memory, as it was then in all but the files that its disks are on.
func (g *revertRun) restore() error {
	root, err := describeSaved(g.l, g.r.memory, libvirt.DomainSaveImageXMLSecure)
	if err != nil {
		return err
	}
	for target, disk := range disksOf(root) {
		if file := g.fresh[target]; file != "" {
			over(disk, file, g.r.layers[target].frozen)
		}
	}
	xml, err := xmlmodel.Text(root)
	if err != nil {
		return err
	}
	flags := libvirt.DomainSaveRunning
	if g.state == paused {
		flags = libvirt.DomainSavePaused
	}
	return g.l.DomainRestoreFlags(g.r.memory, libvirt.OptString{xml}, uint32(flags))
}

// describeSaved returns the definition in a memory image.
func describeSaved(l *libvirt.Libvirt, file string, flags libvirt.DomainSaveImageXMLFlags) (*etree.Element, error) {
	text, err := l.DomainSaveImageGetXMLDesc(file, uint32(flags))
	if err != nil {
		return nil, err
	}
	return xmlmodel.Parse(text)
}

// cleanUp removes the overlays that are not written to any more.
func (g *revertRun) cleanUp() error {
	for _, target := range g.r.targets() {
		if err := g.sweep(g.fresh[target], g.r.layers[target].frozen); err != nil {
			return diag.New("clean up after reverting to", "The domain was reverted, and the next revert removes the files.",
				"unable to remove overlays beside %s: %w", g.fresh[target], err)
		}
	}
	return nil
}
