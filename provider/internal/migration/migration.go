package migration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// PreviewResult is what a plan says of a migration.
type PreviewResult struct {
	How      string   // "migrates live from alpha to beta (vda is copied to pool vms)"
	Effect   string   // what that means for the guest
	Findings []string // why it can't be done, all at once
	Missing  []string // what the other host does not have yet: the same apply may make it
}

// Preview says what a migration will be. A host that can't be asked is a finding too.
func Preview(ctx context.Context, r *Request) (PreviewResult, error) {
	s, err := look(ctx, r)
	if errors.Is(err, conn.ErrUnreachable) {
		return PreviewResult{Findings: []string{err.Error()}}, nil
	}
	if errors.Is(err, conn.ErrNotFound) {
		// A migration that was under way without us may have ended since the domain was read.
		if over, _ := ask(ctx, r.To, r); over.defined {
			return PreviewResult{How: fmt.Sprintf("has gone from %s to %s by itself", r.From.Name, r.To.Name), Effect: "A migration that had begun before has ended; what remains of it is done."}, nil
		}
	}
	if err != nil {
		return PreviewResult{}, err
	}
	o := PreviewResult{Findings: s.findings, Missing: s.missing}
	switch way := fmt.Sprintf("from %s to %s", r.From.Name, r.To.Name); {
	case s.saved:
		o.How, o.Effect = "moves "+way+" with its saved state", "What is in its memory stays as it was saved."
	case s.paused:
		o.How, o.Effect = "migrates "+way, "It is paused, and stays so while it moves."
	case s.active:
		o.How, o.Effect = "migrates live "+way, "The guest goes on while it moves."
	default:
		o.How, o.Effect = "moves "+way, "It is off while it moves."
	}
	byPool := map[string][]string{}
	for _, d := range copied(s.disks) {
		byPool[d.home.pool] = append(byPool[d.home.pool], d.target)
	}
	for _, pool := range slices.Sorted(maps.Keys(byPool)) {
		o.Effect += fmt.Sprintf(" Copied to pool %q of %s, and removed from %s: %s.", pool, r.To.Name, r.From.Name, strings.Join(byPool[pool], ", "))
	}
	return o, nil
}

// Move brings the domain to its new host, and says where its disks are there. It may have moved also where there is an error.
func Move(ctx context.Context, r *Request) (files map[string]string, moved bool, err error) {
	release, err := admit(ctx, r.From, r.To)
	if err != nil {
		return nil, false, err
	}
	defer release()
	where, err := locate(ctx, r)
	switch moved = where == arrived; {
	case err != nil:
	case moved:
		err = removeSources(context.WithoutCancel(ctx), r)
	default:
		moved, err = move(ctx, r)
	}
	err = diag.Wrap("migrate", err)
	if moved {
		var look error
		files, look = filesAt(context.WithoutCancel(ctx), r)
		err = errors.Join(err, look)
	}
	return files, moved, err
}

func move(ctx context.Context, r *Request) (moved bool, err error) {
	s, err := look(ctx, r)
	if err != nil {
		return false, diag.Wrap("migrate", err)
	}
	if why := append(s.findings, lacking(r, s.missing)...); len(why) > 0 {
		return false, diag.New("migrate", "Nothing was moved.", "it can't go from %s to %s:\n- %s", r.From.Name, r.To.Name, strings.Join(why, "\n- "))
	}
	switch {
	case s.active:
		return s.migrate(ctx, r)
	case s.saved:
		return s.withSavedState(ctx, r)
	default:
		return s.carryOff(ctx, r)
	}
}

// filesAt are the files of the disks on the new host.
func filesAt(ctx context.Context, r *Request) (files map[string]string, err error) {
	files = map[string]string{}
	err = r.To.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := l.DomainLookupByUUID(r.UUID)
		if err != nil {
			return err
		}
		source, err := l.DomainGetXMLDesc(d, libvirt.DomainXMLInactive)
		if err != nil {
			return err
		}
		domain, err := xmlmodel.Parse(source)
		if err != nil {
			return err
		}
		for _, el := range xmlmodel.Ensure(domain, "devices").SelectElements("disk") {
			if file := xmlmodel.At("source@file").Text(el); file != "" {
				files[xmlmodel.At("target@dev").Text(el)] = file
			}
		}
		return nil
	})
	return files, diag.Wrap("find the disks of", err)
}

func lacking(r *Request, missing []string) []string {
	if len(missing) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s has no active %s", r.To.Name, strings.Join(missing, ", no "))}
}

// migrate moves a running or paused domain.
func (s *survey) migrate(ctx context.Context, r *Request) (moved bool, err error) {
	t := &targets{request: r}
	if err := s.prepare(ctx, r, t); err != nil {
		return false, s.takeBack(ctx, r, t, err)
	}
	live, err := there(s.live, r, s.disks)
	if err != nil {
		return false, s.takeBack(ctx, r, t, err)
	}
	persist, err := there(s.inactive, r, s.disks)
	if err != nil {
		return false, s.takeBack(ctx, r, t, err)
	}
	transfer := &transfer{Request: r, domain: s.domain, live: live, persist: persist, disks: copied(s.disks), thin: t.thin, paused: s.paused}
	failed := transfer.perform(ctx)
	if failed != nil {
		// Whoever reports a failure may have missed the success: only the hosts know.
		switch where, err := locate(context.WithoutCancel(ctx), r); {
		case where == stayed:
			return false, s.takeBack(ctx, r, t, errors.Join(failed, err))
		case where != arrived:
			return false, diag.Wrap("migrate", errors.Join(failed, fmt.Errorf("where it is now could not be found out: %w", err)))
		}
	}
	return true, s.leaveBehind(context.WithoutCancel(ctx), r)
}

// prepare makes room at the other host, and writes down what it makes before it does.
func (s *survey) prepare(ctx context.Context, r *Request, t *targets) error {
	var homes []volume
	for _, d := range s.disks {
		if !d.shared {
			homes = append(homes, d.home)
		}
	}
	err := r.From.Do(ctx, func(l *libvirt.Libvirt) error { return writeJournal(l, s.domain, r.To.Name, homes) })
	if err == nil {
		err = t.make(ctx, copied(s.disks), s.ours)
	}
	if err == nil {
		err = t.bringMedia(ctx, s.disks)
	}
	return diag.Wrap("prepare the migration of", err)
}

// takeBack leaves everything as it was before the attempt.
func (s *survey) takeBack(ctx context.Context, r *Request, t *targets, failed error) error {
	ctx = context.WithoutCancel(ctx)
	err := t.drop(ctx)
	if err == nil {
		err = r.From.Do(ctx, func(l *libvirt.Libvirt) error {
			if err := dropJournal(l, s.domain); err != nil {
				return err
			}
			return goOn(l, s)
		})
	}
	if err != nil {
		failed = fmt.Errorf("%w\n(what was prepared at %s could not be taken back: %w)", failed, r.To.Name, err)
	}
	return diag.Wrap("migrate", failed)
}

// goOn lets a guest run again that an attempt to move it has left paused.
func goOn(l *libvirt.Libvirt, s *survey) error {
	state, _, err := l.DomainGetState(s.domain, 0)
	if err != nil || s.paused || libvirt.DomainState(state) != libvirt.DomainPaused {
		return err
	}
	return l.DomainResume(s.domain)
}

// leaveBehind is what remains to be done when the domain has arrived.
func (s *survey) leaveBehind(ctx context.Context, r *Request) error {
	err := r.To.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := l.DomainLookupByUUID(r.UUID)
		if err == nil && s.active {
			err = goOn(l, &survey{domain: d, paused: s.paused})
		}
		if err == nil && s.autostart {
			err = l.DomainSetAutostart(d, conn.Flag(true))
		}
		return err
	})
	if err != nil {
		return diag.Wrap("finish the migration of", err)
	}
	return diag.Wrap("remove the disks that were copied of", removeSources(ctx, r))
}
