//go:build acceptance

package acceptance

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// The fault matrix: a good run of every operation shows its calls to libvirt. Then the operation runs again for each call and each fault,
// with the fault before the call arrives and before its answer does.

// fault is one way in which things go wrong, and the points at which it is tried.
type fault struct {
	name string
	do   func(r *faultRun) verdict
	at   func(p point) bool
}

// faults lists what goes wrong with a message. For a question, a lost answer is equivalent to a question that was never asked, and to the
// same question asked a second time. A change is tried before and after it is carried out.
var faults = []fault{
	{"connection cut", func(*faultRun) verdict { return cutBefore }, func(p point) bool { return p.changes() || p.kind == reply && p.nth == 1 }},
	{"host gone", func(r *faultRun) verdict { r.proxy.away = true; return cutBefore }, func(p point) bool { return p.kind == reply && p.changes() }},
	{"provider killed", func(r *faultRun) verdict { r.kill(); return cutBefore }, point.changes},
	{"Ctrl-C", func(r *faultRun) verdict { r.stop(); return pass }, func(p point) bool { return p.kind == call && p.changes() }},
	{"XML refused", func(*faultRun) verdict { return spoil }, func(p point) bool { return p.kind == call && p.xml }},
}

// point is one message of an operation.
type point struct {
	message
	nth int // its number among the messages of its kind in the operation
	xml bool
}

// question matches the name of a call that changes nothing.
var question = regexp.MustCompile(`Lookup|Get|Is[A-Z]|List|Has|NumOf|Auth|ConnectOpen|Download`)

// changes reports whether the message changes something, or may. In an upload, some of the first and of the last packets count.
func (p point) changes() bool {
	name := procedures()[p.procedure]
	if question.MatchString(name) {
		return false
	}
	return p.kind != data || p.nth == 2 || p.nth == 10 || p.nth == 13
}

func (p point) String() string {
	when := map[uint32]string{call: "before", reply: "after", data: "at data of"}[p.kind]
	return fmt.Sprintf("%s %s (%d)", when, procedures()[p.procedure], p.nth)
}

// learned is the messages of a good run, and the inventories of the host before and after it.
type learned struct {
	points        []point
	before, after inventory
}

func learn(t *testing.T, o operation, source string) (learned, error) {
	t.Helper()
	unlessOver(t)
	return steadily(t, o.alone, func() (learned, error) { return learnOnce(o, source) })
}

func learnOnce(o operation, source string) (l learned, err error) {
	r, err := newRun(o, source)
	defer func() { err = errors.Join(err, r.close()) }()
	if err != nil {
		return l, err
	}
	if l.before, err = take(r.ground.name); err != nil {
		return l, err
	}
	if err := r.operate(); err != nil {
		return l, err
	}
	l.points = r.points
	if l.after, err = take(r.ground.name); err != nil {
		return l, err
	}
	next, err := r.converge()
	if err != nil {
		return l, err
	}
	left, err := r.end(next)
	if len(left) > 0 {
		err = errors.Join(err, fmt.Errorf("left behind: %v", left))
	}
	return l, err
}

// inject runs the operation with one fault, and returns the outcome and the losses.
func inject(t *testing.T, o operation, source string, l learned, p point, do func(r *faultRun) verdict) (outcome string, losses []string, err error) {
	t.Helper()
	c, err := steadily(t, o.alone, func() (c consequence, err error) {
		c.outcome, c.losses, err = injectOnce(o, source, l, p, do)
		return c, err
	})
	return c.outcome, c.losses, err
}

// consequence is the outcome and the losses of a fault.
type consequence struct {
	outcome string
	losses  []string
}

func injectOnce(o operation, source string, l learned, p point, do func(r *faultRun) verdict) (outcome string, losses []string, err error) {
	r, err := newRun(o, source)
	defer func() { err = errors.Join(err, r.close()) }()
	if err != nil {
		return "", nil, err
	}
	whose.Store(r.ground.name, fmt.Sprintf("%s of %s; %s", o.name, o.changes, p))
	if do != nil {
		r.aim, r.do = &p, do
	}
	failure := r.operate()
	r.mu.Lock()
	reached := r.reached
	r.mu.Unlock()
	now, err := take(r.ground.name)
	if err != nil {
		return "", nil, err
	}
	losses = append(r.lost(l, now, failure), untrue(l.before.differences(now), failure)...)
	switch {
	case !reached && do != nil:
		outcome = notReached
	case failure == nil:
		outcome = "succeeded"
	case r.killed:
		outcome = "killed"
	case r.core.state[r.changes].tainted:
		outcome = "failed, to be made again"
	default:
		outcome = "failed"
	}
	next, failure := r.converge()
	if failure != nil {
		losses = append(losses, failure.Error())
	} else {
		if now, err = take(r.ground.name); err != nil {
			return outcome, losses, err
		}
		for _, d := range l.after.differences(now) {
			losses = append(losses, "after the next apply, "+d)
		}
	}
	left, err := r.end(next)
	for _, l := range left {
		losses = append(losses, "after everything was destroyed, "+l)
	}
	if err != nil {
		losses = append(losses, "destroying it: "+err.Error())
	}
	return outcome, losses, nil
}

// takeBack runs an update with one fault, takes the change out of the configuration, and applies that: what was there before must be there again.
func takeBack(t *testing.T, f fault, name string, o operation, source string, l learned, p point) {
	t.Helper()
	stays, err := steadily(t, o.alone, func() ([]string, error) { return takeBackOnce(o, source, l, p, f.do) })
	if err != nil {
		t.Errorf("%s; %s; %s; taken back: %v", f.name, name, p, err)
	}
	injected(t, f.name, name, p.String(), "taken back", nil)
	stuck(t, f.name, name+", "+p.String(), stays)
}

func takeBackOnce(o operation, source string, l learned, p point, do func(r *faultRun) verdict) (stays []string, err error) {
	r, err := newRun(o, source)
	defer func() { err = errors.Join(err, r.close()) }()
	if err != nil {
		return nil, err
	}
	whose.Store(r.ground.name, fmt.Sprintf("%s of %s; %s; taken back", o.name, o.changes, p))
	r.aim, r.do = &p, do
	_ = r.operate() // its outcome is inject's
	next, failure := r.convergeTo(r.before)
	if failure != nil {
		stays = append(stays, failure.Error())
	} else {
		now, err := take(r.ground.name)
		if err != nil {
			return nil, err
		}
		stays = l.before.differences(now)
	}
	left, err := r.end(next)
	return append(stays, left...), err
}

// lost compares the inventory right after a fault with the one before, and with the one that a good run leaves.
func (r *faultRun) lost(l learned, now inventory, failure error) []string {
	var losses []string
	created := r.core.state[r.changes]
	inState := !created.value.IsNull()
	for what, was := range l.before {
		_, there := now[what]
		_, stays := l.after[what]
		switch {
		case there || !stays || staged(now, what):
		case failure == nil:
			losses = append(losses, what+" was lost")
		case strings.HasPrefix(what, "file ") && was != "" || !strings.HasPrefix(what, "file "):
			losses = append(losses, what+" was lost by what failed")
		}
	}
	if failure == nil {
		for _, d := range l.after.differences(now) {
			losses = append(losses, "succeeded, and "+d)
		}
		return losses
	}
	if r.killed || inState {
		return losses
	}
	for what := range now {
		if _, was := l.before[what]; !was && !strings.HasPrefix(what, "file /etc") {
			losses = append(losses, what+" is an orphan: the state does not have it")
		}
	}
	return losses
}

// untrue returns the changes that a message denies.
func untrue(changes []string, failure error) []string {
	if failure == nil || !strings.Contains(failure.Error(), "Nothing was changed") || len(changes) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("it says %q, and %s", failure, strings.Join(changes, ", "))}
}

// staged reports whether the complete new content of a volume is next to it, from where the next apply continues.
func staged(now inventory, volume string) bool {
	for what := range now {
		if strings.HasPrefix(what, volume+".kvm-fleet-new-") {
			return true
		}
	}
	return false
}

// each runs the operation once for each point of a fault.
func (f fault) each(t *testing.T, name string, o operation, source string, l learned, run func(one func())) {
	t.Helper()
	var points []point
	for _, p := range l.points {
		if f.at(p) && (!o.costly || p.changes()) {
			points = append(points, p)
		}
	}
	for _, p := range sample(f.name+" "+name, points) {
		if isOver() {
			return
		}
		run(func() {
			outcome, losses, err := inject(t, o, source, l, p, f.do)
			if err != nil {
				t.Errorf("%s; %s; %s: %v", f.name, name, p, err)
			}
			injected(t, f.name, name, p.String(), outcome, losses)
			if outcome != notReached && o.isUpdate() && !o.oneWay {
				takeBack(t, f, name, o, source, l, p)
			}
		})
	}
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	source, _ := image(t, "raw", mib)
	for what, all := range operations() {
		for _, o := range all {
			name := what + " " + o.name
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				l, err := learn(t, o, source)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range faults {
					t.Run(f.name, func(t *testing.T) { f.each(t, name, o, source, l, func(one func()) { one() }) })
				}
			})
		}
	}
}

// TestFaultSilence runs all operations at the same time, since each waits for the whole time limit of a call.
func TestFaultSilence(t *testing.T) {
	t.Parallel()
	source, _ := image(t, "raw", mib)
	silent := fault{"connection black-holed", func(*faultRun) verdict { return silence }, point.changes}
	var wait sync.WaitGroup
	defer wait.Wait()
	for what, all := range operations() {
		if patient[what] {
			continue
		}
		for _, o := range all {
			l, err := learn(t, o, source)
			if err != nil {
				t.Error(err)
				continue
			}
			silent.each(t, what+" "+o.name, o, source, l, wait.Go)
		}
	}
}
