//go:build acceptance

package acceptance

import (
	"encoding/json"
	"fmt"
	"testing"
)

// TestDomainEffect asserts that the effect in the JSON of a plan is what then happens to a running guest.
func TestDomainEffect(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha())
	s.peers = true
	for _, c := range []struct {
		what    string
		changes attrs
		action  string
		causes  []string
	}{
		{"a new domain", nil, "power-on", []string{}},
		{"a live change", attrs{"title": "other"}, "live", []string{"title"}},
		{"a change that waits", attrs{"guest_agent": true}, "next-start", []string{"guest_agent"}},
		{"the change is taken back", attrs{"guest_agent": nil}, "", nil},
		{"the guest stops", attrs{"state": "stopped"}, "power-off", []string{"state"}},
		{"a change while it is off", attrs{"description": "It."}, "none", []string{"description"}},
		{"it starts", attrs{"state": "running"}, "power-on", []string{"state"}},
		{"a change with a restart", attrs{"guest_agent": true, "on_change": "restart"}, "restart", []string{"guest_agent"}},
		{"it moves", attrs{"host": beta().Name}, "migrate-live", []string{"host"}},
		{"a change that the guest does not notice", attrs{"protect": true}, "none", []string{"protect"}},
		{"the same", attrs{"protect": false}, "none", []string{"protect"}},
		{"it is paused", attrs{"state": "paused"}, "live", []string{"state"}},
		{"it moves back", attrs{"host": alpha().Name}, "migrate-offline", []string{"host"}},
	} {
		before := observeGuest(a)
		a = a.with(c.changes)
		if o := s.plan(config{aDomain: a}); o.code != 2 {
			t.Fatalf("%s: the plan has exit code %d\n%s", c.what, o.code, o.errors())
		}
		effect, known := s.plannedEffect()
		if known != (c.action != "") {
			t.Fatalf("%s: whether the effect is known is %v", c.what, known)
		}
		if known {
			expect(t, c.what+": the effect", fmt.Sprint(effect["action"], effect["causes"]), fmt.Sprint(c.action, c.causes))
		}
		s.applyPlanned()
		after := observeGuest(a)
		if got := after.since(before, s.state(aDomain)["pending_restart"] != nil); known && got != c.action && !(got == "live" && c.action == "none") {
			t.Errorf("%s: the plan says %q, and it was %q", c.what, c.action, got)
		}
		s.settled()
	}
	s.destroy()
}

// plannedEffect returns the effect on the domain in the JSON of the last plan, and whether it is known.
func (s *stack) plannedEffect() (effect attrs, known bool) {
	s.t.Helper()
	var plan struct {
		Changes []struct {
			Address string
			Change  struct {
				After   struct{ Effect attrs }
				Unknown struct{ Effect any } `json:"after_unknown"`
			}
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(s.run("show", "-json", "plan").stdout), &plan); err != nil {
		s.t.Fatal(err)
	}
	for _, c := range plan.Changes {
		if c.Address == aDomain {
			return c.Change.After.Effect, c.Change.Unknown.Effect != true && c.Change.After.Effect != nil
		}
	}
	return nil, false
}

// guestRun is what says whether a guest went on: the host, its state and the boot of its QEMU process.
type guestRun struct{ host, state, run string }

func observeGuest(a attrs) guestRun {
	name := a["name"].(string)
	for _, h := range theLab.Hosts {
		if state, err := h.try("domstate", name); err == nil {
			run, _ := h.try("domid", name)
			return guestRun{h.Name, state, run}
		}
	}
	return guestRun{}
}

// since returns the action that brought a guest here.
func (g guestRun) since(was guestRun, waits bool) string {
	off := func(r guestRun) bool { return r.state == "" || r.state == "shut off" }
	switch {
	case off(was) && off(g):
		return "none"
	case off(was):
		return "power-on"
	case off(g):
		return "power-off"
	case was.host != g.host && was.state == "running":
		return "migrate-live"
	case was.host != g.host:
		return "migrate-offline"
	case was.run != g.run:
		return "restart"
	case waits:
		return "next-start"
	default:
		return "live"
	}
}
