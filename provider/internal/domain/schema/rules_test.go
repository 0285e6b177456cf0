package schema

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// problemsOf is what one set of rules finds.
func problemsOf(rules func(table.Problems, table.Model), config table.Model) []table.Problem {
	p := table.NewProblems()
	rules(p, config)
	return p.List()
}
