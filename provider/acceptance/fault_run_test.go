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
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

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

// kill keeps the journal's files as they are on disk: the code continues to run in this process, and must not clean them up.
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

// sees records a message of the operation.
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

// judge applies the fault to the message that it is aimed at.
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

// newRun brings the host to the state in which the operation begins.
func newRun(o operation, source string) (*faultRun, error) {
	n := serialNumber.Add(1)
	name := fmt.Sprintf("fault-%d-%05d", os.Getpid(), n)
	whose.Store(name, o.name)
	theCrashes.begins(name)
	r := &faultRun{operation: o, ground: ground{name: name, dir: images + "/" + name, net: subnet(), source: source}}
	r.journal = filepath.Join(filepath.Dir(source), name)
	err := r.prepare()
	if err != nil {
		return r, err
	}
	first, err := newCore(site().URI, r.journal, nil)
	for _, is := range o.before(r.ground) {
		err = errors.Join(err, first.apply(is.kind, is.a))
	}
	err = errors.Join(err, first.close())
	if err != nil {
		return r, err
	}
	if r.proxy, err = openProxy(site(), r.judge); err != nil {
		return r, err
	}
	r.proxy.sees = r.sees
	r.core, err = newCore(r.proxy.uri, r.journal, first.state)
	return r, err
}

func (r *faultRun) goal() attrs { return r.configuration(r.after) }

// configuration returns what the resource that the operation changes is in a list of resources; nil if it is not there.
func (r *faultRun) configuration(all func(ground) []resource) attrs {
	for _, is := range all(r.ground) {
		if is.kind == r.changes {
			return is.a
		}
	}
	return nil
}

// operate runs the operation through the proxy. Terraform gets no answer from a provider that was killed.
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
	if r.sequel != nil {
		defer r.sequel(r)
	}
	if r.prelude != nil {
		r.prelude(r)
	}
	r.arm(true)
	err = r.core.change(r.changes, was, planned, want)
	r.arm(false)
	if r.killed {
		r.core.state = before
		return errors.New("killed")
	}
	return err
}

// converge is the next apply: a new process on a good connection applies again, and then has nothing left to do.
func (r *faultRun) converge() (*core, error) { return r.convergeTo(r.after) }

// convergeTo is converge with these resources in the configuration.
func (r *faultRun) convergeTo(all func(ground) []resource) (*core, error) {
	next, err := newCore(site().URI, r.journal, r.core.state)
	if err != nil {
		return next, err
	}
	if err := next.apply(r.changes, r.configuration(all)); err != nil {
		return next, fmt.Errorf("the next apply fails: %w", err)
	}
	for _, is := range all(r.ground) {
		if err := next.settled(is.kind, is.a); err != nil {
			return next, fmt.Errorf("the next apply does not converge: %w", err)
		}
	}
	return next, nil
}

// end destroys everything, and returns what is left.
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
	_, err := theCrashes.soFar()
	theCrashes.ends(r.ground.name)
	if r.core != nil {
		err = errors.Join(err, r.core.close())
	}
	if r.proxy != nil {
		err = errors.Join(err, r.proxy.close())
	}
	return errors.Join(err, os.RemoveAll(filepath.Join(site().path(images), r.ground.name)))
}
