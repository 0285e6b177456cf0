//go:build acceptance

package acceptance

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// attrs maps a resource's attributes by name; config maps a stack's resources by address ("libvirt_pool.p").
type (
	attrs  map[string]any
	config map[string]attrs
)

// with returns a copy with changes; nil removes an attribute.
func (a attrs) with(changes attrs) attrs {
	c := attrs{}
	maps.Copy(c, a)
	maps.Copy(c, changes)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

// stack is a directory with a configuration and its state.
type stack struct {
	t     *testing.T
	dir   string
	env   []string
	as    *syscall.Credential // the user who runs Terraform; nil: the user of the tests
	hosts map[string]string   // name -> URI
	peers bool                // whether the hosts may reach each other's libvirt
	last  config

	migrationURIs map[string]string // migration URIs to use instead, by host

	process atomic.Int64 // the ID of the running command's process
}

// newStack creates an empty stack with the lab's hosts. It destroys what is left in the stack when the test ends.
func newStack(t *testing.T) *stack {
	t.Helper()
	unlessOver(t)
	theEnds.begins(t)
	s := &stack{t: t, dir: t.TempDir(), hosts: map[string]string{}}
	for _, h := range theLab.Hosts {
		s.hosts[h.Name] = cmp.Or(h.SSHURI, h.URI)
	}
	t.Cleanup(s.cleanUp)
	return s
}

func (s *stack) cleanUp() {
	if len(s.resources()) > 0 {
		if o := s.run("destroy", "-auto-approve", "-json"); o.code != 0 {
			s.t.Errorf("cleaning up: %s", o.errors())
		}
	}
}

// write writes the configuration for Terraform; blocks are further top-level blocks.
func (s *stack) write(c config, blocks attrs) {
	s.t.Helper()
	s.last = c
	hosts := map[string]any{}
	for name, uri := range s.hosts {
		hosts[name] = attrs{"uri": uri}
	}
	for _, h := range theLab.Hosts {
		if a, there := hosts[h.Name].(attrs); there && s.peers {
			a["migration_uri"] = h.TCPURI
		}
		if a, uri := hosts[h.Name], s.migrationURIs[h.Name]; uri != "" {
			a.(attrs)["migration_uri"] = uri
		}
	}
	resources := map[string]map[string]attrs{}
	for address, a := range c {
		kind, name, _ := strings.Cut(address, ".")
		if resources[kind] == nil {
			resources[kind] = map[string]attrs{}
		}
		resources[kind][name] = a
	}
	document := attrs{
		"terraform": attrs{"required_providers": attrs{"libvirt": attrs{"source": source}}},
		"provider":  attrs{"libvirt": attrs{"hosts": hosts}},
	}
	if len(resources) > 0 {
		document["resource"] = resources
	}
	maps.Copy(document, blocks)
	text, err := json.Marshal(document)
	if err == nil {
		err = os.WriteFile(filepath.Join(s.dir, "main.tf.json"), text, 0o644)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stack) run(args ...string) outcome {
	s.t.Helper()
	return theTerraform.command(s.t, s.dir, s.as, s.env, func(process int) { s.process.Store(int64(process)) }, args...)
}

// interrupt sends Ctrl-C to the running command.
func (s *stack) interrupt() {
	suffers(s.t, "Ctrl-C", "terraform")
	s.signal(int(s.process.Load()), syscall.SIGINT)
}

// kill kills the running command and its providers at once.
func (s *stack) kill() {
	suffers(s.t, "terraform and provider killed", "terraform")
	s.signal(-int(s.process.Load()), syscall.SIGKILL)
}

func (s *stack) signal(to int, what syscall.Signal) {
	s.t.Helper()
	if err := syscall.Kill(to, what); err != nil {
		s.t.Fatal(err)
	}
}

// apply runs an apply that must succeed.
func (s *stack) apply(c config) outcome {
	s.t.Helper()
	s.write(c, nil)
	o := s.run("apply", "-auto-approve", "-json")
	if o.code != 0 {
		s.t.Fatalf("apply failed:\n%s", o.errors())
	}
	return o
}

// applyPlanned applies the last plan, which must succeed. It spares a second refresh.
func (s *stack) applyPlanned() {
	s.t.Helper()
	if o := s.run("apply", "-json", "plan"); o.code != 0 {
		s.t.Fatalf("apply failed:\n%s", o.errors())
	}
}

// applyPlannedFails applies the last plan, which must fail with each of these texts in its errors.
func (s *stack) applyPlannedFails(says ...string) {
	s.t.Helper()
	o := s.run("apply", "-json", "plan")
	if o.code == 0 {
		s.t.Fatal("apply succeeded")
	}
	s.says(o.errors(), says)
}

// applyFails runs an apply that must fail with each of these texts in its errors. If it says that nothing was changed, the state must be as it was,
// but for what a refresh finds.
func (s *stack) applyFails(c config, says ...string) (errors string) {
	s.t.Helper()
	s.write(c, nil)
	file := filepath.Join(s.dir, "terraform.tfstate")
	before, _ := os.ReadFile(file) // there may be none
	was := s.resources()
	o := s.run("apply", "-auto-approve", "-json")
	if o.code == 0 {
		s.t.Fatal("apply succeeded")
	}
	s.says(o.errors(), says)
	is := s.resources()
	if !strings.Contains(o.errors(), "Nothing was changed") || reflect.DeepEqual(was, is) {
		return o.errors()
	}
	after, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, before, 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.run("refresh")
	if refreshed := s.resources(); !reflect.DeepEqual(refreshed, is) {
		s.t.Errorf("the message says that nothing was changed, and the state changed from\n%v\nto\n%v", refreshed, is)
	}
	if err := os.WriteFile(file, after, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return o.errors()
}

func (s *stack) says(text string, wanted []string) {
	s.t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			s.t.Errorf("expected %q in\n%s", w, text)
		}
	}
}

// settled asserts that there is nothing to change.
func (s *stack) settled() {
	s.t.Helper()
	if o := s.plan(s.last); o.code != 0 {
		s.t.Errorf("the plan is not empty after an apply:\n%s%s", o.errors(), s.planned())
	}
}

// plan makes a plan. Its exit code is 0 for an empty plan, 2 for changes, 1 for an error.
func (s *stack) plan(c config) outcome {
	s.t.Helper()
	s.write(c, nil)
	return s.run("plan", "-json", "-detailed-exitcode", "-out=plan")
}

// planned returns the last plan as a reviewer reads it.
func (s *stack) planned() string {
	s.t.Helper()
	return s.run("show", "-no-color", "plan").stdout
}

// shows asserts that the plan has changes and contains these words, apart from whitespace.
func (s *stack) shows(c config, words ...string) string {
	s.t.Helper()
	o := s.plan(c)
	if o.code != 2 {
		s.t.Fatalf("expected a plan with changes, got exit code %d\n%s", o.code, o.errors())
	}
	text := s.planned()
	flat := strings.Join(strings.Fields(text), " ")
	for _, w := range words {
		if !strings.Contains(flat, w) {
			s.t.Errorf("expected %q in the plan:\n%s", w, text)
		}
	}
	return text
}

// planFails asserts that a plan fails and that its errors contain each of these texts. It returns the errors.
func (s *stack) planFails(c config, says ...string) (errors string) {
	s.t.Helper()
	o := s.plan(c)
	if o.code != 1 {
		s.t.Fatalf("expected the plan to fail, got exit code %d", o.code)
	}
	s.says(o.errors(), says)
	return o.errors()
}

// destroy destroys all resources.
func (s *stack) destroy() {
	s.t.Helper()
	if o := s.run("destroy", "-auto-approve", "-json"); o.code != 0 {
		s.t.Fatalf("destroy failed:\n%s", o.errors())
	}
	if left := s.resources(); len(left) > 0 {
		s.t.Errorf("still in the state: %v", slices.Collect(maps.Keys(left)))
	}
}

// importable asserts that importing every resource by its ID, into an empty state, gives a plan without changes. It removes the attributes
// in 'without' from the configuration, because no host can know them.
func (s *stack) importable(without ...string) {
	s.t.Helper()
	other := &stack{t: s.t, dir: s.t.TempDir(), hosts: s.hosts}
	var imports []attrs
	c := config{}
	for address, a := range s.last {
		if isUnconfined(a) { // no host knows the reason that the configuration must have
			continue
		}
		imports = append(imports, attrs{"to": address, "id": s.state(address)["id"]})
		c[address] = maps.Clone(a)
		if screen, has := a["graphics"].(attrs); has { // the host does not reveal the password
			c[address]["graphics"] = screen.with(attrs{"password": nil, "password_version": nil})
		}
		for _, name := range without {
			if _, group := a[name].(attrs); group && name == "source" { // the source of a pool, which its host does know
				continue
			}
			delete(c[address], name)
			if name == "source" && a[name] != nil {
				c[address]["capacity"] = s.state(address)["capacity"] // otherwise it would be an empty volume without a size
			}
		}
	}
	other.write(c, attrs{"import": imports})
	o := other.run("plan", "-json", "-out=plan")
	want := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", len(imports))
	if text := other.planned(); o.code != 0 || !strings.Contains(text, want) {
		s.t.Errorf("import: expected %q\n%s%s", want, o.errors(), text)
	}
}

// resources returns the state by address; a tainted resource has "tainted": true among its attributes.
func (s *stack) resources() map[string]attrs {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "terraform.tfstate"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct {
				Status     string
				Attributes attrs
			}
		}
	}
	if err == nil {
		err = json.Unmarshal(text, &state)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	found := map[string]attrs{}
	for _, r := range state.Resources {
		for _, i := range r.Instances {
			if i.Status == "tainted" {
				i.Attributes["tainted"] = true
			}
			found[r.Type+"."+r.Name] = i.Attributes
		}
	}
	return found
}

// state returns one resource of the state.
func (s *stack) state(address string) attrs {
	s.t.Helper()
	a := s.resources()[address]
	if a == nil {
		s.t.Fatalf("%s is not in the state", address)
	}
	return a
}
