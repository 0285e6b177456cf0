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

// going is a revert under way. libvirt can revert external snapshots since 9.9 only, and changes the snapshot's own record differently then;
// this does it with what every version has.
type going struct {
	files
	d     libvirt.Domain
	s     libvirt.DomainSnapshot
	r     *record
	root  *etree.Element      // the inactive definition
	state string              // what the guest did at the snapshot
	was   libvirt.DomainState // what it does now
	fresh map[string]string   // by target: the overlays that it is to write to
}

// revert takes the domain back. The frozen files are never written to: each time there are fresh overlays over them. The definition names
// the old overlays or the fresh ones, all at once; the old ones are removed when everything else has succeeded. One that was cut off in the
// middle can be done again from the beginning.
func revert(ctx context.Context, host *conn.Host, plan table.Model) error {
	// Not ended by an interruption: half of it is worse than the wait.
	return host.Stream(context.WithoutCancel(ctx), copyLimit, func(l *libvirt.Libvirt) error {
		g, err := prepare(ctx, files{host, l}, plan)
		if err != nil {
			return err
		}
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
		if err := g.start(); err != nil {
			return diag.Wrap("start the guest after going back to", err)
		}
		return g.cleanUp()
	})
}

func prepare(ctx context.Context, f files, plan table.Model) (*going, error) {
	l := f.l
	d, s, err := find(l, plan)
	if err != nil {
		return nil, err
	}
	if err := untouched(ctx, f.host, l, d, "go back to", "It did not go back"); err != nil {
		return nil, err
	}
	if err := notSaved(l, d, "go back to"); err != nil {
		return nil, err
	}
	g := &going{files: f, d: d, s: s, state: plan.Str("state"), fresh: map[string]string{}}
	if g.r, err = fetch(l, s, libvirt.DomainSnapshotXMLSecure); err != nil {
		return nil, err
	}
	if err := obstacle(l, s, g.r); err != nil {
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
func (g *going) check() error {
	disks := disksOf(g.root)
	for _, target := range g.r.targets() {
		is := g.r.layers[target]
		if disks[target] == nil {
			return fmt.Errorf("disk %q is not in the domain any more; attach %s again, or destroy the snapshot", target, is.overlay)
		}
		active := imageOf(disks[target]).file
		if under, ok := below([]*record{g.r}, target, active, backingOf(disks[target])); !ok || under != is.frozen {
			return fmt.Errorf("disk %q is on %s, which does not build on what the snapshot has frozen, %s", target, active, is.frozen.file)
		}
	}
	return nil
}

// make makes the fresh overlays.
func (g *going) make() error {
	for _, target := range g.r.targets() {
		l := g.r.layers[target]
		file, err := g.freshOverlay(l.overlay, l.frozen)
		if err != nil {
			return fmt.Errorf("a fresh overlay over %s could not be made: %w", l.frozen.file, err)
		}
		g.fresh[target] = file
	}
	return nil
}

// undo removes the fresh overlays, where it is sure that nothing names them.
func (g *going) undo(err error) error {
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
func (g *going) define() error {
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
func (g *going) restart(err error) error {
	if g.was == libvirt.DomainShutoff {
		return err
	}
	if start := g.l.DomainCreate(g.d); start != nil {
		return fmt.Errorf("%w; the guest was stopped for it, and did not start again: %w", err, start)
	}
	return fmt.Errorf("%w; nothing was changed, but the guest was started anew", err)
}

// start brings the guest to what it did at the snapshot.
func (g *going) start() error {
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
func (g *going) restore() error {
	saved, err := g.l.DomainSaveImageGetXMLDesc(g.r.memory, uint32(libvirt.DomainSaveImageXMLSecure))
	if err != nil {
		return err
	}
	root, err := xmlmodel.Parse(saved)
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

// cleanUp removes the overlays that are not written to any more.
func (g *going) cleanUp() error {
	for _, target := range g.r.targets() {
		if err := g.sweep(g.fresh[target], g.r.layers[target].frozen); err != nil {
			return diag.New("clean up after going back to", "It has gone back, and the next revert removes them.", "overlays beside %s could not be removed: %w", g.fresh[target], err)
		}
	}
	return nil
}
