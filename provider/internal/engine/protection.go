package engine

import (
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// protect is the row of table.ProtectRow, which this file enforces for every resource that has it.
const protect = "protect"

// refuseDestroy returns an error if the state protects the object. It asks no host: the answer is in the state.
func refuseDestroy(state table.Model) error {
	if !state.Bool(protect) {
		return nil
	}
	return diag.New("destroy", "To destroy it, keep its block in the configuration, set 'protect' to false, and apply; then destroy it. If it has "+
		"another address now, keep it with a 'moved' block (constructs: 'formerly').", "'protect' is true in the state")
}

// refuseReplace returns a diagnostic if a change would replace an object that the state or the configuration protects.
func refuseReplace(k Resource, prior, plan table.Model, replaced []*tftypes.AttributePath) []*tfprotov6.Diagnostic {
	if len(replaced) == 0 || !prior.Bool(protect) && !plan.Bool(protect) {
		return nil
	}
	names := make([]string, len(replaced))
	for i, path := range replaced {
		names[i] = "'" + table.PathString(path) + "'"
	}
	refused := diagnose(k, prior, diag.New("replace", "Take the change back. To replace the object, set 'protect' to false without this change, and "+
		"apply; then apply the change.", "'protect' is true, and a change of %s replaces the object", strings.Join(names, ", ")))
	refused[0].Attribute = replaced[0]
	return refused
}

// refuseRecreate returns a diagnostic if the planned object is in the state already and protected: then Terraform replaces the object for a
// reason that it does not tell a provider.
func (s *Server) refuseRecreate(k Resource, plan table.Model) []*tfprotov6.Diagnostic {
	if !s.tracker.protected.has(k, plan) {
		return nil
	}
	return diagnose(k, plan, diag.New("replace", "If it is tainted, keep it with 'terraform untaint'. To replace it, set 'protect' to false, and "+
		"apply; "+
		"then replace it.", "'protect' is true in the state, and Terraform would replace the object: it is tainted, '-replace' names it, or "+
		"'replace_triggered_by' names another object that changes"))
}

// protectedObjects are the protected objects of the state, by what identifies them before they exist.
type protectedObjects struct{ known sync.Map }

// move records where an object of the state is now, or is planned to be: nil if its host no longer has it.
func (p *protectedObjects) move(k Resource, state, now table.Model) {
	if !state.Bool(protect) {
		return
	}
	p.known.Delete(identity(k, state))
	if now != nil {
		p.known.Store(identity(k, now), true)
	}
}

func (p *protectedObjects) has(k Resource, plan table.Model) bool {
	_, has := p.known.Load(identity(k, plan))
	return has
}

// identity returns what a configuration identifies an object by: the values of all texts that it must have. The id of a secret is not known before
// it exists.
func identity(k Resource, m table.Model) objectKey {
	var parts []string
	for _, a := range k.Table().Attrs {
		if a.Mode == table.Required && a.Type == table.String {
			parts = append(parts, m.Str(a.Name))
		}
	}
	return objectKey{k.Table().Name, strings.Join(parts, "\n")}
}

// onlyProtection reports whether a plan changes nothing but the protection, which no host knows of.
func onlyProtection(prior, plan table.Model) bool {
	object := func(m table.Model) table.Model { return m.Without(protect).Without(table.Effect) }
	return prior[protect] != plan[protect] && table.Equal(object(prior), object(plan))
}

// unprotected returns the state of an object whose creation failed: Terraform replaces it with the next apply.
func unprotected(state table.Model) table.Model {
	if state.Bool(protect) {
		state[protect] = nil
	}
	return state
}
