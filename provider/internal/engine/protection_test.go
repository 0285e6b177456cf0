package engine

import (
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func protected(changes m) m {
	c := state.Clone()
	c["protect"] = true
	for name, v := range changes {
		c[name] = v
	}
	return c
}

// configured returns a configuration for the object of the tests.
func configured(changes m) m {
	c := m{"host": "alpha", "name": "it", "title": "a"}
	for name, v := range changes {
		c[name] = v
	}
	return c
}

const (
	destroyRefused = `Unable to destroy thing "it": 'protect' is true in the state` + "\n\n" + "To destroy it, keep its block in the configuration, set " +
		"'protect' to false, and apply; then destroy it. If it has another address now, keep it with a 'moved' block (constructs: 'formerly')."
	recreateRefused = `Unable to replace thing "it": 'protect' is true in the state, and Terraform would replace the object: it is tainted, '-replace' ` +
		"names it, or 'replace_triggered_by' names another object that changes" + "\n\n" + "If it is tainted, keep it with 'terraform untaint'. To replace " +
		"it, set 'protect' to false, and apply; then replace it."
)

func replaceRefused(names string) string {
	return `Unable to replace thing "it": 'protect' is true, and a change of ` + names + " replaces the object\n\nTake the change back. To replace " +
		"the object, set 'protect' to false without this change, and apply; then apply the change."
}

func TestProtectionInPlans(t *testing.T) {
	for name, c := range map[string]struct {
		config, prior m
		says          string
	}{
		"a destroy":                           {nil, protected(nil), destroyRefused},
		"a destroy of an unprotected object":  {nil, state, ""},
		"a destroy after the protection":      {nil, protected(m{"protect": false}), ""},
		"a replacement":                       {configured(m{"protect": true, "base": m{"path": "/b"}}), protected(nil), replaceRefused("'base'")},
		"a replacement that also lifts it":    {configured(m{"protect": false, "name": "other"}), protected(nil), replaceRefused("'name'")},
		"a replacement that also protects it": {configured(m{"protect": true, "name": "other"}), state, replaceRefused("'name'")},
		"a replacement for two reasons":       {configured(m{"host": "beta", "name": "other"}), protected(nil), replaceRefused("'host', 'name'")},
		"a replacement without protection":    {configured(m{"name": "other"}), state, ""},
		"a change in place":                   {configured(m{"protect": true, "title": "b"}), protected(nil), ""},
		"the end of the protection":           {configured(nil), protected(nil), ""},
		"a new object":                        {configured(m{"protect": true}), nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, &thing{})
			resp, err := s.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{TypeName: "libvirt_thing",
				Config: value(t, c.config), PriorState: value(t, c.prior), ProposedNewState: value(t, c.config)})
			if err != nil || said(resp.Diagnostics) != c.says {
				t.Errorf("says\n%s %v\nwant\n%s", said(resp.Diagnostics), err, c.says)
			}
		})
	}
}

// Terraform plans a tainted object as if it were new, and so the second half of each other replacement.
func TestProtectionOfAnObjectThatIsPlannedAsNew(t *testing.T) {
	there := map[string]m{"alpha": {"title": "a", "on": true, "machine": "q35-7.2"}}
	for name, c := range map[string]struct {
		kind  thing
		state m
		says  string
	}{
		"in the state, and protected": {thing{on: there}, protected(nil), recreateRefused},
		"in the state":                {thing{on: there}, state, ""},
		"no longer on its host":       {thing{}, protected(nil), ""},
		"with another name":           {thing{on: there}, protected(m{"name": "other"}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, &c.kind)
			s.tracker.recordState(&c.kind, table.ToTF(rows, c.state), nil)
			if _, err := s.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "libvirt_thing", CurrentState: value(t, c.state)}); err != nil {
				t.Fatal(err)
			}
			resp, err := s.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{TypeName: "libvirt_thing",
				Config: value(t, configured(nil)), PriorState: value(t, nil), ProposedNewState: value(t, configured(nil))})
			if err != nil || said(resp.Diagnostics) != c.says {
				t.Errorf("says\n%s %v\nwant\n%s", said(resp.Diagnostics), err, c.says)
			}
		})
	}
}

func TestProtectionInApplies(t *testing.T) {
	failing := errors.New("no call was expected")
	lifted := protected(m{"protect": nil})
	fresh := m{"id": table.Unknown, "host": "alpha", "name": "it", "title": "b", "on": true, "machine": table.Unknown, "protect": true}
	for name, c := range map[string]struct {
		kind        thing
		prior, plan m
		want        m
		says        string
	}{
		"a destroy that no plan has refused":   {thing{deleteErr: failing}, protected(nil), nil, protected(nil), destroyRefused},
		"the end of the protection":            {thing{updateErr: failing}, protected(nil), lifted, lifted, ""},
		"a new object":                         {thing{}, nil, fresh, m{"protect": true}, ""},
		"a new object that was made by halves": {thing{createErr: errors.New("no"), made: true}, nil, fresh, m{"id": "alpha/it", "protect": nil}, `Unable to create thing "it": no`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, &c.kind)
			resp, err := s.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{TypeName: "libvirt_thing",
				PriorState: value(t, c.prior), PlannedState: value(t, c.plan)})
			if err != nil {
				t.Fatal(err)
			}
			outcome(t, resp.NewState, resp.Diagnostics, c.want, c.says)
		})
	}
}
