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
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// PreviewResult is what a plan reports about a migration.
type PreviewResult struct {
	How      string      // "migrates live from alpha to beta (vda is copied to pool vms)"
	Effect   string      // the effect on the guest
	Findings []string    // all reasons why the migration is not possible
	Missing  []Missing   // what the new host does not have yet; the same apply may create it
	Needs    room.Demand // the memory of a running or saved guest
}

// Missing is an object that the new host does not have, or that is not active there.
type Missing struct {
	Resource string // the table of the resource that creates such objects; "" if there is none
	Name     string
	Text     string // for messages: `network "lan"`
}

// Preview describes a migration before it happens. A host that cannot be asked is one of the findings.
func Preview(ctx context.Context, r *Request) (PreviewResult, error) {
	s, err := inspect(ctx, r)
	if errors.Is(err, conn.ErrUnreachable) {
		return PreviewResult{Findings: []string{err.Error()}}, nil
	}
	if errors.Is(err, conn.ErrNotFound) {
		// A migration that an earlier apply started may have ended since the domain was read.
		if target, _ := readPresence(ctx, r.To, r); target.defined {
			return PreviewResult{How: fmt.Sprintf("has already moved from %s to %s", r.From.Name, r.To.Name),
				Effect: "A migration that an earlier apply started has ended; this apply completes it."}, nil
		}
	}
	if err != nil {
		return PreviewResult{}, err
	}
	o := PreviewResult{Findings: s.findings, Missing: s.missing, Needs: s.needs}
	switch way := fmt.Sprintf("from %s to %s", r.From.Name, r.To.Name); {
	case s.saved:
		o.How, o.Effect = "moves "+way+" with its saved state", "Its saved memory moves with it."
	case s.paused:
		o.How, o.Effect = "migrates "+way, "It stays paused while it moves."
	case s.active:
		o.How, o.Effect = "migrates live "+way, "The guest keeps running while it moves."
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

// Move brings the domain to its new host, and returns the paths of its disks there. The domain may have moved even if
// Move returns an error.
func Move(ctx context.Context, r *Request) (files map[string]string, moved bool, err error) {
	done, err := reserve(ctx, r)
	if err != nil {
		return nil, false, err
	}
	defer func() { done(moved) }()
	release, err := admit(ctx, r.From, r.To)
	if err != nil {
		return nil, false, err
	}
	defer release()
	where, err := locate(ctx, r)
	switch moved = where == atTarget; {
	case err != nil:
	case moved:
		if err = restoreCheckpoints(context.WithoutCancel(ctx), r); err == nil {
			err = removeSources(context.WithoutCancel(ctx), r)
		}
	default:
		moved, err = move(ctx, r)
	}
	err = diag.Wrap("migrate", err)
	if moved {
		var readErr error
		files, readErr = readFiles(context.WithoutCancel(ctx), r)
		err = errors.Join(err, readErr)
	}
	return files, moved, err
}

func move(ctx context.Context, r *Request) (moved bool, err error) {
	s, err := inspect(ctx, r)
	if err != nil {
		return false, diag.Wrap("migrate", err)
	}
	if reasons := append(s.findings, missingFinding(r, s.missing)...); len(reasons) > 0 {
		return false, diag.New("migrate", "Nothing was moved.", "it cannot move from %s to %s:\n- %s",
			r.From.Name, r.To.Name, strings.Join(reasons, "\n- "))
	}
	switch {
	case s.active:
		return s.migrate(ctx, r)
	case s.saved:
		return s.moveSaved(ctx, r)
	default:
		return s.moveOffline(ctx, r)
	}
}

// readFiles returns the files of the disks on the new host.
func readFiles(ctx context.Context, r *Request) (files map[string]string, err error) {
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

// missingFinding returns a finding for what the new host does not have.
func missingFinding(r *Request, missing []Missing) []string {
	if len(missing) == 0 {
		return nil
	}
	texts := make([]string, len(missing))
	for i, m := range missing {
		texts[i] = m.Text
	}
	return []string{fmt.Sprintf("%s has no active %s", r.To.Name, strings.Join(texts, ", no "))}
}

// migrate moves a running or paused domain.
func (s *inspection) migrate(ctx context.Context, r *Request) (moved bool, err error) {
	t := &targets{request: r}
	if err := s.prepare(ctx, r, t); err != nil {
		return false, s.undo(ctx, r, t, err)
	}
	live, err := s.targetXML(s.live, r)
	if err != nil {
		return false, s.undo(ctx, r, t, err)
	}
	persist, err := s.targetXML(s.inactive, r)
	if err != nil {
		return false, s.undo(ctx, r, t, err)
	}
	transfer := &transfer{Request: r, domain: s.domain, live: live, persist: persist, disks: copied(s.disks), thin: t.thin, paused: s.paused}
	failed := transfer.perform(ctx)
	if failed != nil {
		// A reported failure may still be a success: only the hosts know.
		switch where, err := locate(context.WithoutCancel(ctx), r); {
		case where == atSource:
			return false, s.undo(ctx, r, t, errors.Join(failed, err))
		case where != atTarget:
			return false, diag.Wrap("migrate", errors.Join(failed, fmt.Errorf("unable to determine which host has it now: %w", err)))
		}
	}
	return true, s.complete(context.WithoutCancel(ctx), r)
}

// prepare creates the volumes on the new host, after recording them in the journal.
func (s *inspection) prepare(ctx context.Context, r *Request, t *targets) error {
	var homes []volume
	for _, d := range s.disks {
		if !d.shared {
			homes = append(homes, d.home)
		}
	}
	err := r.From.Do(ctx, func(l *libvirt.Libvirt) error { return writeJournal(l, s.domain, r.To.Name, homes) })
	if err == nil {
		err = t.create(ctx, copied(s.disks), s.ours)
	}
	if err == nil {
		err = t.copyMedia(ctx, s.disks)
	}
	return diag.Wrap("prepare the migration of", err)
}

// undo restores what an attempt has changed.
func (s *inspection) undo(ctx context.Context, r *Request, t *targets, failed error) error {
	ctx = context.WithoutCancel(ctx)
	err := t.remove(ctx)
	if err == nil {
		err = r.From.Do(ctx, func(l *libvirt.Libvirt) error {
			if err := dropJournal(l, s.domain); err != nil {
				return err
			}
			return resume(l, s)
		})
	}
	if err != nil {
		failed = fmt.Errorf("%w\n(unable to undo what was prepared on %s: %w)", failed, r.To.Name, err)
	}
	return diag.Wrap("migrate", failed)
}

// resume resumes a guest that an attempt to move it left paused.
func resume(l *libvirt.Libvirt, s *inspection) error {
	state, _, err := l.DomainGetState(s.domain, 0)
	if err != nil || s.paused || libvirt.DomainState(state) != libvirt.DomainPaused {
		return err
	}
	return l.DomainResume(s.domain)
}

// complete does what remains after the domain has arrived.
func (s *inspection) complete(ctx context.Context, r *Request) error {
	err := r.To.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := l.DomainLookupByUUID(r.UUID)
		if err == nil && s.active {
			err = resume(l, &inspection{domain: d, paused: s.paused})
		}
		if err == nil && s.autostart {
			err = l.DomainSetAutostart(d, conn.Flag(true))
		}
		return err
	})
	if err == nil {
		err = restoreCheckpoints(ctx, r)
	}
	if err != nil {
		return diag.Wrap("finish the migration of", err)
	}
	return diag.Wrap("remove the copied disks of", removeSources(ctx, r))
}
