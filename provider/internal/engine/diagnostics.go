package engine

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// diagnose returns the diagnostic of an error of one object.
func diagnose(k Resource, m table.Model, err error) []*tfprotov6.Diagnostic {
	summary, detail := diag.Format(err, k.Table().Name, m.Str("name"), k.ImportID(m))
	return []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}}
}

// warnings returns a diagnostic for each text, whose first line is the summary.
func warnings(texts []string) []*tfprotov6.Diagnostic {
	var out []*tfprotov6.Diagnostic
	for _, t := range texts {
		summary, detail, _ := strings.Cut(diag.Shorten(t), "\n")
		out = append(out, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: summary, Detail: detail})
	}
	return out
}

func problems(ps []table.Problem) []*tfprotov6.Diagnostic {
	var out []*tfprotov6.Diagnostic
	for _, p := range ps {
		out = append(out, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Invalid value",
			Detail: diag.Shorten(p.Text), Attribute: p.Path})
	}
	return out
}

// refusals returns a diagnostic for each reason why an operation on an object is not possible. No value of the configuration is wrong.
func refusals(verb string, k Resource, m table.Model, ps []table.Problem) []*tfprotov6.Diagnostic {
	out := problems(ps)
	for _, d := range out {
		d.Summary = fmt.Sprintf("Unable to %s %s %q", verb, strings.ReplaceAll(k.Table().Name, "_", " "), m.Str("name"))
	}
	return out
}
