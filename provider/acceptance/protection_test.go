//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/provider"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// protectedObject is an object that 'protect' keeps.
type protectedObject struct {
	address string
	config  attrs
	row     string // a change of this row replaces it
	changed any
}

// protectedObjects returns an object of every resource that has the row 'protect'. Each needs those before it.
func protectedObjects(t *testing.T) []protectedObject {
	t.Helper()
	pool, domain := poolAttrs(t, alpha()), unique(t)
	disk := attrs{"vda": attrs{"file": pool["path"].(string) + "/it.qcow2", "format": "qcow2"}}
	return []protectedObject{
		{aSecret, secretAttrs(t, alpha()), "name", unique(t)},
		{aPool, pool, "name", unique(t)},
		{aVolume, attrs{"host": alpha().Name, "pool": pool["name"], "name": "it.qcow2", "capacity": mib}, "name", "other.qcow2"},
		{aDomain, attrs{"host": alpha().Name, "name": domain, "type": "qemu", "vcpu": 1, "memory": 65536, "state": "stopped", "disks": disk},
			"uuid", "0e1f2a3b-0003-4000-8000-000000000003"},
		{aSnapshot, attrs{"host": alpha().Name, "domain": domain, "name": "it"}, "name", "other"},
	}
}

// TestProtection asserts for every resource with the row 'protect' that nothing destroys or replaces a protected object.
func TestProtection(t *testing.T) {
	t.Parallel()
	objects := protectedObjects(t)
	for _, k := range provider.Resources() {
		has := slices.ContainsFunc(k.Table().Attrs, func(a table.Attr) bool { return a.Name == "protect" })
		tested := slices.ContainsFunc(objects, func(o protectedObject) bool { return strings.HasPrefix(o.address, k.Table().TypeName()+".") })
		if has != tested {
			t.Fatalf("%s has 'protect': %t, is tested: %t", k.Table().TypeName(), has, tested)
		}
	}
	// Each object has a stack of its own: Terraform does not ask about an object if what depends on it is kept.
	stacks := make([]*stack, len(objects))
	for i, o := range objects {
		s := newStack(t)
		stacks[i] = s
		t.Cleanup(func() { // so that a failed test leaves nothing behind
			if len(s.resources()) > 0 {
				s.write(config{o.address: o.config}, nil)
				s.run("apply", "-auto-approve", "-json")
			}
		})
		s.apply(config{o.address: o.config.with(attrs{"protect": true})})
	}
	for i, o := range objects {
		stacks[i].keeps(o)
	}
	for i, o := range slices.Backward(objects) {
		stacks[i].apply(config{o.address: o.config.with(attrs{"protect": false})})
		stacks[i].settled()
		stacks[i].destroy()
	}
}

// keeps asserts that nothing destroys or replaces the object of the stack.
func (s *stack) keeps(o protectedObject) {
	s.t.Helper()
	kept := config{o.address: o.config.with(attrs{"protect": true})}
	before := fmt.Sprint(s.state(o.address))
	kind, _, _ := strings.Cut(strings.TrimPrefix(o.address, "libvirt_"), ".")
	refused := func(verb string) string {
		return fmt.Sprintf("Unable to %s %s %q", verb, strings.ReplaceAll(kind, "_", " "), o.config["name"])
	}
	fails := func(says []string, args ...string) {
		s.t.Helper()
		s.write(kept, nil)
		o := s.run(append(args, "-auto-approve", "-json")...)
		expect(s.t, "the exit code of "+strings.Join(args, " "), fmt.Sprint(o.code), "1")
		s.says(o.errors(), says)
	}

	s.settled()
	s.planFails(config{}, refused("destroy"), "'protect' is true in the state", "set 'protect' to false, and apply; then destroy it")
	fails([]string{refused("destroy")}, "destroy")
	s.planFails(config{o.address: kept[o.address].with(attrs{o.row: o.changed})}, refused("replace"),
		fmt.Sprintf("a change of '%s' replaces the object", o.row))
	s.planFails(config{o.address: o.config.with(attrs{o.row: o.changed})}, refused("replace"))
	fails([]string{refused("replace"), "'-replace' names it"}, "apply", "-replace="+o.address)
	s.run("taint", o.address)
	s.planFails(kept, refused("replace"), "keep it with 'terraform untaint'")
	s.run("untaint", o.address)
	s.apply(kept)
	s.settled()
	expect(s.t, "what is kept", fmt.Sprint(s.state(o.address)), before)
}

// TestProtectionOfAFailedCreation asserts that an object whose creation failed can be replaced: it holds nothing.
func TestProtectionOfAFailedCreation(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), poolAttrs(t, alpha())
	file := a["path"].(string)
	// A file is in place of a directory: the pool can be defined, but not built.
	if err := os.WriteFile(alpha().path(file), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a = a.with(attrs{"path": file + "/below", "protect": true})
	s.applyFails(config{aPool: a}, "Unable to create the directory of pool")
	if s.state(aPool)["tainted"] != true {
		t.Error("it is not marked to be made again")
	}
	if err := os.Remove(alpha().path(file)); err != nil {
		t.Fatal(err)
	}
	s.apply(config{aPool: a})
	s.settled()
	s.planFails(config{}, "Unable to destroy pool")
	s.apply(config{aPool: a.with(attrs{"protect": nil})})
	s.destroy()
}
