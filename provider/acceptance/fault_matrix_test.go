//go:build acceptance

package acceptance

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The fault matrix: of every operation, each call to libvirt is learned from a good run. Then the operation is run again for each of them, with
// each fault, before the call arrives and before its answer does.

// fault is one way in which things go wrong, and where it is tried.
type fault struct {
	name string
	do   func(r *faultRun) verdict
	at   func(p point) bool
}

// faults are what goes wrong with a message. A question whose answer is lost is as one that was never asked, and as the same question a second
// time; what changes something is tried before and after it.
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
	nth int // of its kind in the operation
	xml bool
}

// question is the name of a call that changes nothing.
var question = regexp.MustCompile(`Lookup|Get|Is[A-Z]|List|Has|NumOf|Auth|ConnectOpen|Download`)

// changes: it changes something, or may. Of what goes up, some of the first and of the last packets do.
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

// faultRun is one run of an operation.
type faultRun struct {
	operation
	ground
	core    *core
	proxy   *proxy
	journal string
	killed  bool

	mu      sync.Mutex
	armed   bool
	points  []point
	aim     *point
	reached bool
	do      func(r *faultRun) verdict
}

// kill leaves what is on disk as it is: the code goes on in this process, and must not tidy up.
func (r *faultRun) kill() {
	r.killed, r.proxy.away = true, true
	was := os.DirFS(r.journal)
	r.journal += "-killed"
	if err := os.CopyFS(r.journal, was); err != nil && !errors.Is(err, fs.ErrNotExist) {
		panic(err)
	}
}

func (r *faultRun) stop() {
	_, _ = r.core.server.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
}

// sees learns what the operation asks.
func (r *faultRun) sees(m message, xml bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.armed || m.kind != call && m.kind != reply && m.kind != data {
		return
	}
	p := point{message: m, nth: 1, xml: xml}
	for _, before := range r.points {
		if before.message == m {
			p.nth++
		}
	}
	r.points = append(r.points, p)
}

// judge lets the fault happen where it is aimed.
func (r *faultRun) judge(m message) verdict {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.aim == nil || r.reached || len(r.points) == 0 || r.points[len(r.points)-1] != *r.aim || m != r.aim.message {
		return pass
	}
	r.reached = true
	return r.do(r)
}

func (r *faultRun) arm(yes bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.armed = yes
}

// newRun brings the host to where the operation begins.
func newRun(o operation, source string) (*faultRun, error) {
	n := serialNumber.Add(1)
	name := fmt.Sprintf("fault-%d-%05d", os.Getpid(), n)
	r := &faultRun{operation: o, ground: ground{name: name, dir: images + "/" + name, net: subnet(), source: source}}
	r.journal = filepath.Join(filepath.Dir(source), name)
	err := r.prepare()
	if err != nil {
		return r, err
	}
	first, err := newCore(alpha().URI, r.journal, nil)
	for _, is := range o.before(r.ground) {
		err = errors.Join(err, first.apply(is.kind, is.a))
	}
	err = errors.Join(err, first.close())
	if err != nil {
		return r, err
	}
	if r.proxy, err = openProxy(alpha(), r.judge); err != nil {
		return r, err
	}
	r.proxy.sees = r.sees
	r.core, err = newCore(r.proxy.uri, r.journal, first.state)
	return r, err
}

func (r *faultRun) goal() attrs {
	for _, is := range r.after(r.ground) {
		if is.kind == r.changes {
			return is.a
		}
	}
	return nil
}

// operate does it, through the proxy. Of a provider that was killed, Terraform hears nothing.
func (r *faultRun) operate() error {
	want := r.goal()
	was, err := r.core.refresh(r.changes)
	if err != nil {
		return err
	}
	planned := tftypes.NewValue(r.core.typ(r.changes), nil)
	if want != nil {
		if planned, _, err = r.core.plan(r.changes, was, want); err != nil {
			return err
		}
	}
	before := maps.Clone(r.core.state)
	r.arm(true)
	err = r.core.change(r.changes, was, planned, want)
	r.arm(false)
	if r.killed {
		r.core.state = before
		return errors.New("killed")
	}
	return err
}

// converge is what follows: a new process on a good connection applies again, and has nothing left to do.
func (r *faultRun) converge() (*core, error) {
	next, err := newCore(alpha().URI, r.journal, r.core.state)
	if err != nil {
		return next, err
	}
	if err := next.apply(r.changes, r.goal()); err != nil {
		return next, fmt.Errorf("the next apply fails: %w", err)
	}
	for _, is := range r.after(r.ground) {
		if err := next.settled(is.kind, is.a); err != nil {
			return next, fmt.Errorf("the next apply does not converge: %w", err)
		}
	}
	return next, nil
}

// end destroys all, and says what is left.
func (r *faultRun) end(last *core) (left []string, err error) {
	for _, is := range slices.Backward(append(r.before(r.ground), r.after(r.ground)...)) {
		err = errors.Join(err, last.apply(is.kind, nil))
	}
	err = errors.Join(err, last.close())
	is, err2 := take(r.ground.name)
	for _, file := range []string{guestFile, baseFile, theirsFile} {
		delete(is, "file "+images+"/NAME/"+file)
	}
	return inventory{}.differences(is), errors.Join(err, err2)
}

func (r *faultRun) close() error {
	var err error
	if r.core != nil {
		err = r.core.close()
	}
	if r.proxy != nil {
		err = errors.Join(err, r.proxy.close())
	}
	return errors.Join(err, os.RemoveAll(filepath.Join(alpha().path(images), r.ground.name)))
}

// learned is what a good run asks, and how the host is before and after it.
type learned struct {
	points        []point
	before, after inventory
}

func learn(o operation, source string) (l learned, err error) {
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

// inject runs the operation with one fault, and says what came of it and what was lost.
func inject(o operation, source string, l learned, p point, do func(r *faultRun) verdict) (outcome string, losses []string, err error) {
	r, err := newRun(o, source)
	defer func() { err = errors.Join(err, r.close()) }()
	if err != nil {
		return "", nil, err
	}
	r.aim, r.do = &p, do
	failure := r.operate()
	r.mu.Lock()
	reached := r.reached
	r.mu.Unlock()
	now, err := take(r.ground.name)
	if err != nil {
		return "", nil, err
	}
	losses = r.lost(l, now, failure)
	switch {
	case !reached:
		outcome = "not reached"
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

// lost compares what is there right after a fault with what was before, and with what a good run makes.
func (r *faultRun) lost(l learned, now inventory, failure error) []string {
	var losses []string
	created := r.core.state[r.changes]
	inState := !created.value.IsNull()
	for what, was := range l.before {
		is, there := now[what]
		_, stays := l.after[what]
		switch {
		case there || !stays:
		case failure == nil:
			losses = append(losses, what+" was lost")
		case strings.HasPrefix(what, "file ") && was != "" || !strings.HasPrefix(what, "file "):
			losses = append(losses, what+" was lost by what failed")
		}
		_ = is
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

// each runs the operation once for each point of a fault.
func (f fault) each(t *testing.T, name string, o operation, source string, l learned, run func(one func())) {
	t.Helper()
	for _, p := range l.points {
		if !f.at(p) {
			continue
		}
		run(func() {
			outcome, losses, err := inject(o, source, l, p, f.do)
			if err != nil {
				t.Errorf("%s; %s; %s: %v", f.name, name, p, err)
			}
			injected(t, f.name, name, p.String(), outcome, losses)
		})
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	source, _ := image(t, "raw", mib)
	for what, all := range operations() {
		for _, o := range all {
			name := what + " " + o.name
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				l, err := learn(o, source)
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

// A provider that nobody answers waits as long as a host may take: here all of them wait together.
func TestSilence(t *testing.T) {
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
			l, err := learn(o, source)
			if err != nil {
				t.Error(err)
				continue
			}
			silent.each(t, what+" "+o.name, o, source, l, wait.Go)
		}
	}
}
