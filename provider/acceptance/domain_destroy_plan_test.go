//go:build acceptance

package acceptance

import "testing"

func TestDomainDestroyPlan(t *testing.T) {
	t.Parallel()
	a := sectorGuest(t, alpha(), tallySector).with(attrs{"shutdown": attrs{"timeout": 5}})
	s, name := newStack(t), a["name"].(string)
	s.apply(config{aDomain: a})
	o := s.run("plan", "-destroy", "-json")
	s.says(o.warnings(), []string{"Domains are destroyed with what belongs to them", name + ": The guest is asked to shut down", "after 5 seconds"})

	saved := a.with(attrs{"state": "saved"})
	s.apply(config{aDomain: saved})
	o = s.run("plan", "-destroy", "-json")
	s.says(o.warnings(), []string{name + " loses its saved memory", "Its save image is discarded"})
	o = s.plan(config{aDomain: saved.with(attrs{"state": "stopped"})})
	s.says(o.warnings(), []string{name + " is resumed and shut down", "Its save image is used up"})
	o = s.plan(config{aDomain: saved.with(attrs{"state": "stopped", "shutdown": attrs{"timeout": 0}})})
	s.says(o.warnings(), []string{name + " loses its saved memory"})
}
