//go:build acceptance

package acceptance

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// truth is a change of one attribute of a running guest. The plan must predict its effect.
type truth struct {
	path    string // includes the keys of maps: disks.vdb.file
	value   any    // nil unsets it
	where   string // where virsh shows it; "" for an attribute that libvirt does not have
	is      string // what virsh shows after the change
	running string // what virsh shows for the running guest, where that differs
	lacking string // what this machine lacks to test it
}

// truthGuest is a guest and the changes that one apply makes to it.
type truthGuest struct {
	base    attrs
	changes []truth
	lacking string // what this machine lacks to test it
}

const (
	liveChange = "live"
	nextBoot   = "next boot"
)

// told lists the attributes that TestDomainPlan does not check on a running guest, and says where they are checked or why they are not.
var told = map[string]string{
	"host":    "live migration has tests of its own",
	"name":    "TestDomainRename: a running guest is renamed by a restart",
	"protect": "the host does not know it",
	"state":   "run states have tests of their own",

	"wait_for.address":     "waiting has tests of its own",
	"wait_for.source":      "waiting has tests of its own",
	"wait_for.guest_agent": "waiting has tests of its own",
	"wait_for.timeout":     "waiting has tests of its own",

	"rollout.group":           "rolling groups have tests of their own",
	"rollout.max_unavailable": "rolling groups have tests of their own",
	"rollout.min_available":   "rolling groups have tests of their own",

	"memory":              "TestDomainMemoryLive: the guest must follow",
	"memory_devices.node": "the guest has one node",

	"cpu.check":                             "libvirt shows every running guest's CPU as checked in full",
	"cpu.topology.clusters":                 "x86 has none",
	"memory_backing.numatune.nodeset":       "TestDomainNUMA: the host may have one node",
	"memory_backing.numatune.cells.nodeset": "the host may have one node",
	"memory_backing.numatune.placement":     "numad may not run on the host",
	"seclabel":                              "TestDomainConfinement, as all that is in it",
	"seclabel.type":                         "TestDomainConfinement",
	"seclabel.label":                        "TestDomainConfinement",
	"seclabel.baselabel":                    "the host may not have SELinux",
	"seclabel.relabel":                      "the guest keeps the user that it has",
	"seclabel.reason":                       "the host does not know it",
	"disks.options.seclabel.relabel":        "the host may change no owner",
	"disks.options.seclabel.label":          "the host may change no owner",
	"cputune.cachetune":                     "the host may not have resctrl",
	"cputune.cachetune.caches.level":        "the host may not have resctrl",
	"cputune.cachetune.caches.size":         "the host may not have resctrl",
	"cputune.memorytune":                    "the host may not have resctrl",
	"cputune.memorytune.nodes.bandwidth":    "the host may not have resctrl",
	"cputune.partition":                     "the control group has to exist on the host",
	"cputune.emulatorsched.priority":        "the host may not permit real time",
	"cputune.vcpusched.priority":            "the host may not permit real time",
	"cputune.iothreads.priority":            "the host may not permit real time",
}

func TestDomainPlan(t *testing.T) {
	t.Parallel()
	guests := truthGuests(t)
	maps.Copy(guests, diskTruthGuests(t))
	maps.Copy(guests, otherTruthGuests(t))
	maps.Copy(guests, processorTruthGuests(t))
	held := map[string]bool{}
	for _, g := range guests {
		for _, c := range g.changes {
			held[rowOf(c.path)] = true
		}
	}
	settable := map[string]*table.Attr{}
	collect(schema.Table.Attrs, "", settable)
	for path, a := range settable {
		if !held[path] && told[path] == "" && a.Change != table.Replace && a.Type != table.Object {
			t.Errorf("no case for %q", path)
		}
	}
	for name, g := range guests {
		g.changes = slices.DeleteFunc(g.changes, func(c truth) bool {
			if c.lacking != "" {
				t.Logf("%s is not tried: this machine has no %s", c.path, c.lacking)
			}
			return c.lacking != ""
		})
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if g.lacking != "" {
				t.Skipf("this machine has no %s", g.lacking)
			}
			g.hold(t)
		})
	}
}

// hold makes all changes at once, and compares the plan with what happens.
func (g truthGuest) hold(t *testing.T) {
	s, before := newStack(t), g.base
	s.apply(config{aDomain: before})
	counted := countsOn(t, before, 0)
	name, run := before["name"].(string), pid(t, before)
	was := hostOf(before).xml(t, "dumpxml", name, "--security-info")

	after := before
	for _, c := range g.changes {
		after = put(after, strings.Split(c.path, "."), c.value)
	}
	waiting := s.waiting(config{aDomain: after})
	said := map[string]string{}
	for _, c := range g.changes {
		said[c.path] = liveChange
		if i := slices.Index(waiting, spelled(c.path)); i >= 0 {
			said[c.path] = nextBoot
			waiting = slices.Delete(waiting, i, i+1)
		}
	}
	if len(waiting) > 0 {
		t.Errorf("the plan says that something waits of which there is no change: %v", waiting)
	}
	s.apply(config{aDomain: after})
	s.settled()

	now, defined := hostOf(before).xml(t, "dumpxml", name, "--security-info"), definition(t, after)
	var waits []string
	for _, c := range g.changes {
		if said[c.path] == nextBoot {
			waits = append(waits, spelled(c.path))
		}
		if c.where == "" {
			continue
		}
		expect(t, c.path+" is defined", at(defined, c.where), c.is)
		old, got, want := at(was, c.where), at(now, c.where), cmp.Or(c.running, c.is)
		if old == want {
			t.Errorf("%s: it does not change: %q", c.path, old)
		}
		switch happened := map[string]string{want: liveChange, old: nextBoot}[got]; {
		case happened == "":
			t.Errorf("%s: the running guest has %q, which is neither what it had, %q, nor what it was to get, %q", c.path, got, old, want)
		case happened != said[c.path]:
			t.Errorf("%s: the plan says %q, and it is %q", c.path, said[c.path], happened)
		}
	}
	expect(t, "the process that runs the guest", pid(t, after), run)
	countsOn(t, before, counted)
	slices.Sort(waits)
	s.pendingIs(orNil(strings.Join(waits, ", ")))

	if len(waits) > 0 {
		s.apply(config{aDomain: after.with(attrs{"state": "stopped", "shutdown": attrs{"timeout": 0}})})
		s.apply(config{aDomain: after})
		s.pendingIs(nil)
		now = hostOf(before).xml(t, "dumpxml", name, "--security-info")
		for _, c := range g.changes {
			if c.where != "" && said[c.path] == nextBoot {
				expect(t, c.path+" after the next boot", at(now, c.where), cmp.Or(c.running, c.is))
			}
		}
	}
	s.destroy()
}

// waiting returns the attributes that wait according to the plan.
func (s *stack) waiting(c config) []string {
	s.t.Helper()
	o := s.plan(c)
	if o.code != 2 {
		s.t.Fatalf("expected a plan with changes, got exit code %d\n%s", o.code, o.errors())
	}
	_, list, found := strings.Cut(o.warnings(), " keeps running as it is: ")
	if !found {
		if o.warnings() != "" {
			s.t.Errorf("the plan warns: %s", o.warnings())
		}
		return nil
	}
	list, _, _ = strings.Cut(list, "\n")
	return strings.Split(list, ", ")
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// pid returns the ID of the process that runs a guest.
func pid(t *testing.T, a attrs) string {
	t.Helper()
	return hostOf(a).inside(t, "cat", "/run/libvirt/qemu/"+a["name"].(string)+".pid")
}

// put returns a copy with another value at a path.
func put(a attrs, path []string, v any) attrs {
	if len(path) == 1 {
		return a.with(attrs{path[0]: v})
	}
	inner, _ := a[path[0]].(attrs)
	return a.with(attrs{path[0]: put(inner, path[1:], v)})
}

// walk follows a path through the table, and calls step with each name and whether it is the key of a map.
func walk(path string, step func(name string, key bool)) {
	rows, key := schema.Table.Attrs, false
	for name := range strings.SplitSeq(path, ".") {
		step(name, key)
		if key {
			key = false
			continue
		}
		for i := range rows {
			if rows[i].Name == name {
				key, rows = rows[i].Type == table.Map, rows[i].Attrs
				break
			}
		}
	}
}

// rowOf returns the table row of a path.
func rowOf(path string) string {
	var names []string
	walk(path, func(name string, key bool) {
		if !key {
			names = append(names, name)
		}
	})
	return strings.Join(names, ".")
}

// spelled returns a path as the plan writes it.
func spelled(path string) string {
	var b strings.Builder
	walk(path, func(name string, key bool) {
		switch {
		case key:
			fmt.Fprintf(&b, "[%q]", name)
		case b.Len() > 0:
			b.WriteString("." + name)
		default:
			b.WriteString(name)
		}
	})
	return b.String()
}
