package room

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// group is a rolling group of which a run changes members, as Terraform does: a number of calls at a time, in any order.
type group struct {
	mu      sync.Mutex
	up      map[string]bool
	lowest  int
	changed []string
	refused map[string]string
}

func newGroup(members int) (*group, []string) {
	g := &group{up: map[string]bool{}, lowest: members, refused: map[string]string{}}
	var names []string
	for i := range members {
		names = append(names, fmt.Sprintf("web-%02d", i))
		g.up[names[i]] = true
	}
	return g, names
}

func (g *group) read(context.Context) (m Members, _ error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for name, up := range g.up {
		if up {
			m.Ready = append(m.Ready, name)
		} else {
			m.Unready = append(m.Unready, name)
		}
	}
	return m, nil
}

func (g *group) set(name string, up bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.up[name] = up
	now := 0
	for _, is := range g.up {
		if is {
			now++
		}
	}
	g.lowest = min(g.lowest, now)
}

// restart changes a member, which then comes up unless it is broken.
func (g *group) restart(ctx context.Context, l *Ledger, r Rollout, broken bool) {
	defer l.Begin(Changes)()
	done, err := TakeDown(ctx, "restart", r, g.read)
	if err != nil {
		g.mu.Lock()
		g.refused[r.Member] = err.Error()
		g.mu.Unlock()
		return
	}
	g.set(r.Member, false)
	time.Sleep(20 * time.Second)
	if broken {
		done(errors.New("there is no lease"))
		return
	}
	g.set(r.Member, true)
	done(nil)
	g.mu.Lock()
	g.changed = append(g.changed, r.Member)
	g.mu.Unlock()
}

// run restarts members, as many calls at a time as workers, in the reverse of their order.
func (g *group) run(l *Ledger, names []string, workers int, rule Rollout, broken string) {
	ctx := l.Attach(context.Background())
	slots, all := make(chan struct{}, workers), sync.WaitGroup{}
	for _, name := range slices.Backward(names) {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			r := rule
			r.Group, r.Member = "web", name
			g.restart(ctx, l, r, name == broken)
		})
	}
	all.Wait()
}

func TestRolloutRestartsAFewAtATime(t *testing.T) {
	for _, c := range []struct {
		rule   Rollout
		lowest int
	}{{Rollout{MaxUnavailable: 1}, 5}, {Rollout{MaxUnavailable: 2}, 4}, {Rollout{MinAvailable: 3}, 3}, {Rollout{MaxUnavailable: 3, MinAvailable: 5}, 5}} {
		synctest.Test(t, func(t *testing.T) {
			g, names := newGroup(6)
			g.run(NewLedger(nil), names, 10, c.rule, "")
			if g.lowest != c.lowest || len(g.changed) != 6 || len(g.refused) > 0 {
				t.Errorf("%+v: %d members were up at least, want %d; changed %v, refused %v", c.rule, g.lowest, c.lowest, g.changed, g.refused)
			}
			if c.rule.MaxUnavailable == 1 && !slices.IsSorted(g.changed[1:]) { // the first is the one that asks first
				t.Errorf("changed in the order %v", g.changed)
			}
		})
	}
}

func TestRolloutStopsAtAMemberThatIsNotReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, names := newGroup(5)
		g.run(NewLedger(nil), names, 10, Rollout{MaxUnavailable: 1}, "web-01")
		if len(g.changed)+len(g.refused) != 4 || len(g.refused) < 2 || g.lowest != 4 { // another may be before it
			t.Errorf("changed %v, refused %v, %d were up at least", g.changed, g.refused, g.lowest)
		}
		for name, text := range g.refused {
			if !strings.Contains(text, "web-01 is not ready after its change (there is no lease)") {
				t.Errorf("the message for %s: %s", name, text)
			}
		}
		// The next run begins with the member that is down, whatever its place in the order is.
		g.changed, g.refused, g.lowest = nil, map[string]string{}, 5
		g.run(NewLedger(nil), names, 10, Rollout{MaxUnavailable: 1}, "")
		if len(g.changed) != 5 || g.changed[0] != "web-01" || g.lowest != 4 {
			t.Errorf("the next run changed %v, refused %v, %d were up at least", g.changed, g.refused, g.lowest)
		}
	})
}

func TestRolloutIsRefusedIfNothingMakesMembersReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, names := newGroup(3)
		g.up["web-02"] = false
		g.run(NewLedger(nil), names[:2], 10, Rollout{MaxUnavailable: 1}, "")
		if len(g.changed) != 0 || !strings.Contains(g.refused["web-00"], "web-02 is not ready, and at most 1 may be so at a time") {
			t.Errorf("changed %v, refused %v", g.changed, g.refused)
		}
	})
}

// A replacement is several calls: the domain is destroyed, its disk is created, which no rolling group counts, and the domain is created.
func TestRolloutReplaces(t *testing.T) {
	for _, workers := range []int{1, 2, 3, 10} {
		synctest.Test(t, func(t *testing.T) {
			g, names := newGroup(6)
			l := NewLedger(nil)
			ctx := l.Attach(context.Background())
			slots, all := make(chan struct{}, workers), sync.WaitGroup{}
			call := func(kind Call, act func() bool) bool {
				slots <- struct{}{}
				defer func() { <-slots }()
				defer l.Begin(kind)()
				return act()
			}
			for _, name := range names {
				r := Rollout{Group: "web", Member: name, MaxUnavailable: 1}
				all.Go(func() {
					_ = call(Changes, func() bool {
						_, err := TakeDown(ctx, "replace", r, g.read)
						if err != nil {
							g.mu.Lock()
							defer g.mu.Unlock()
							g.refused[name] = err.Error()
							return false
						}
						g.set(name, false)
						return true
					}) && call(Other, func() bool { time.Sleep(time.Minute); return true }) && call(Changes, func() bool {
						done := Arrives(ctx, r)
						time.Sleep(10 * time.Second)
						g.set(name, true)
						done(nil)
						g.mu.Lock()
						defer g.mu.Unlock()
						g.changed = append(g.changed, name)
						return true
					})
				})
			}
			all.Wait()
			if g.lowest != 5 || len(g.changed)+len(g.refused) != 6 || len(g.changed) == 0 || workers == 10 && len(g.refused) > 0 {
				t.Errorf("with %d calls at a time: changed %v, refused %v, %d were up at least", workers, g.changed, g.refused, g.lowest)
			}
		})
	}
}
