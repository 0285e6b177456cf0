package room

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
)

// Rollout is the membership of a domain in a group whose guests are interrupted a few at a time.
type Rollout struct {
	Group, Member  string
	MaxUnavailable int64 // how many members may be unavailable; 0: any number
	MinAvailable   int64 // how many members must be available
}

// Members are the members of a group that exist, by what they are able to do.
type Members struct{ Ready, Unready []string }

// MemberReader finds the members of a group on all hosts.
type MemberReader func(ctx context.Context) (Members, error)

// rollout is what one run does to the members of a group.
type rollout struct {
	account
	reading sync.Mutex // held while the hosts are asked and a member is admitted

	// Guarded by reading: what the hosts said last, and the event that makes it old.
	members Members
	until   <-chan struct{}

	// Guarded by Ledger.mu.
	down    map[string]bool // members that this run has interrupted, and that are not ready again
	wanted  map[string]int  // members that wait, and how often
	failure string          // why no further member is interrupted
}

// rollout returns the record of a group. The caller holds mu.
func (l *Ledger) rollout(group string) *rollout {
	g := l.rollouts[group]
	if g == nil {
		g = &rollout{down: map[string]bool{}, wanted: map[string]int{}}
		l.rollouts[group] = g
	}
	return g
}

// TakeDown waits until the guest of a member may be interrupted. The caller calls done with nil when the guest is ready again, or with the reason
// why it is not: then no further member of the group is interrupted. A member that is replaced is ready when its successor is: see Arrives.
func TakeDown(ctx context.Context, verb string, r Rollout, read MemberReader) (done func(error), err error) {
	l := from(ctx)
	if l == nil || r.Group == "" {
		return func(error) {}, nil
	}
	l.mu.Lock()
	g := l.rollout(r.Group)
	g.wanted[r.Member]++
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if g.wanted[r.Member]--; g.wanted[r.Member] == 0 {
			delete(g.wanted, r.Member)
		}
		signal(&l.freed) // for the next in order
	}()
	for ended := again; ; {
		l.mu.Lock()
		freed := l.freed
		l.mu.Unlock()
		obstacle, final, err := l.interrupt(ctx, g, r, read, freed)
		if err != nil {
			return nil, diag.Wrap(verb, err)
		}
		if obstacle == "" {
			return func(failure error) { l.isBack(g, r, failure) }, nil
		}
		if final || ended == alone {
			return nil, diag.New(verb, "It is as it was before. "+remedy(final), "rolling group %q: %s", r.Group, obstacle)
		}
		if ended = l.wait(ctx, &g.account, false, freed); ended == interrupted {
			return nil, diag.New(verb, "It is as it was before.", "interrupted while it waited for its turn in the rolling group %q: %w",
				r.Group, ctx.Err())
		}
	}
}

func remedy(final bool) string {
	if final {
		return "Correct what keeps that member from becoming ready, then run the command again: it continues with the rest."
	}
	return "When enough members are available, run the command again: it continues with the rest. If this run took the other member down, " +
		"Terraform could not create it again in the same run, for one of two reasons. It destroys what members no longer refer to, such as a " +
		"former image, before it creates any of them again: keep that in the configuration until all members are changed. And it makes 10 " +
		"changes at a time unless '-parallelism' says otherwise, of which members that wait are some."
}

// interrupt admits a member if its guest may be interrupted now. Otherwise it returns the reason, and whether waiting cannot help. All members wake
// at the same event, freed, so the hosts are asked once for all of them until the next one.
func (l *Ledger) interrupt(
	ctx context.Context, g *rollout, r Rollout, read MemberReader, freed <-chan struct{},
) (obstacle string, final bool, err error) {
	g.reading.Lock()
	defer g.reading.Unlock()
	l.mu.Lock()
	failure, first := g.failure, g.first(r.Member)
	l.mu.Unlock()
	if failure != "" {
		return failure, true, nil
	}
	if g.until != freed {
		if g.members, err = read(ctx); err != nil {
			return "", false, err
		}
		g.until = freed
	}
	members := g.members
	l.mu.Lock()
	defer l.mu.Unlock()
	if g.failure != "" { // meanwhile
		return g.failure, true, nil
	}
	down := map[string]bool{}
	for _, name := range members.Unready {
		down[name] = true
	}
	for name := range g.down {
		down[name] = true
	}
	if !down[r.Member] { // a guest that is down already can be changed at any time
		others := sorted(down)
		up := slices.DeleteFunc(slices.Clone(members.Ready), func(name string) bool { return down[name] || name == r.Member })
		switch {
		case r.MaxUnavailable > 0 && int64(len(others)) >= r.MaxUnavailable:
			return fmt.Sprintf("%s not ready, and at most %d may be so at a time", isOrAre(others), r.MaxUnavailable), false, nil
		case int64(len(up)) < r.MinAvailable:
			return fmt.Sprintf("without it %d members are ready, and %d must be", len(up), r.MinAvailable), false, nil
		case !first:
			return "another member is changed before it", false, nil
		}
	}
	g.down[r.Member] = true
	return "", false, nil
}

// first reports whether no member that waits comes before this one. The caller holds Ledger.mu.
func (g *rollout) first(member string) bool {
	for name := range g.wanted {
		if name < member {
			return false
		}
	}
	return true
}

// Arrives records that a member is created: a new one, or the successor of one that was taken down to be replaced. The caller calls done as
// for TakeDown.
func Arrives(ctx context.Context, r Rollout) (done func(error)) {
	l := from(ctx)
	if l == nil || r.Group == "" {
		return func(error) {}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.rollout(r.Group)
	g.down[r.Member] = true
	return func(failure error) { l.isBack(g, r, failure) }
}

// isBack records that a member is ready again, or why it is not.
func (l *Ledger) isBack(g *rollout, r Rollout, failure error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if failure == nil {
		delete(g.down, r.Member)
	} else if g.failure == "" {
		g.failure = fmt.Sprintf("%s is not ready after its change (%s), so no further member is changed", r.Member, firstLine(failure))
	}
	signal(&l.freed)
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func isOrAre(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}
	return strings.Join(names, ", ") + " are"
}

func sorted(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
