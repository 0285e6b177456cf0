package table

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Schema returns the Terraform schema of a table.
func (r *Table) Schema() *tfprotov6.Schema {
	doc := r.Doc
	if r.Import != "" {
		doc += "\n\nImport: `" + r.Import + "`."
	}
	return &tfprotov6.Schema{Version: r.SchemaVersion(), Block: &tfprotov6.SchemaBlock{
		Description:     doc + "\n\nSee " + r.See,
		DescriptionKind: tfprotov6.StringKindMarkdown,
		Attributes:      SchemaAttributes(r.Attrs),
	}}
}

// SchemaAttributes returns the Terraform schema of a group of rows.
func SchemaAttributes(attrs []Attr) []*tfprotov6.SchemaAttribute {
	out := make([]*tfprotov6.SchemaAttribute, 0, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		s := &tfprotov6.SchemaAttribute{
			Name:            a.Name,
			Description:     a.Describe(),
			DescriptionKind: tfprotov6.StringKindMarkdown,
			Required:        a.Mode == Required,
			Optional:        a.Mode == Optional || a.Mode == OptionalComputed,
			Computed:        a.Mode == Computed || a.Mode == OptionalComputed || a.HasDefault(),
			Sensitive:       a.Sensitive,
			WriteOnly:       a.WriteOnly,
		}
		switch a.Type {
		case Object:
			s.NestedType = &tfprotov6.SchemaObject{Nesting: tfprotov6.SchemaObjectNestingModeSingle, Attributes: SchemaAttributes(a.Attrs)}
		case Map:
			s.NestedType = &tfprotov6.SchemaObject{Nesting: tfprotov6.SchemaObjectNestingModeMap, Attributes: SchemaAttributes(a.Attrs)}
		default:
			s.Type = a.tfType()
		}
		out = append(out, s)
	}
	return out
}

// Version returns the name of the row whose change causes a write-only value to be written again.
func (a *Attr) Version() string { return a.Name + "_version" }

// Describe returns the row's text with what follows from the row itself: values, default, cost of a change.
func (a *Attr) Describe() string {
	parts := []string{a.Doc}
	if a.Text == Lines {
		parts = append(parts, "It can have several lines.")
	}
	if len(a.Enum) > 0 {
		parts = append(parts, "One of `"+strings.Join(a.Enum, "`, `")+"`.")
	}
	if a.HasDefault() {
		parts = append(parts, fmt.Sprintf("Default: `%v`.", a.Default))
	}
	if since := a.OnHost.Since; since > 0 {
		parts = append(parts, fmt.Sprintf("It requires libvirt %d.%d.", since/1_000_000, since/1_000%1_000))
	}
	if a.DefaultDoc != "" {
		parts = append(parts, a.DefaultDoc)
	}
	if a.WriteOnly {
		parts = append(parts, fmt.Sprintf("It is not stored in the plan or the state. It is applied when the object is "+
			"created, and again when `%s` changes.", a.Version()))
	}
	if change := a.ChangeText(); change != "" {
		parts = append(parts, change)
	}
	return strings.Join(parts, " ")
}

// ChangeText returns the sentence that says what a change of the value requires; it is empty if the change takes effect at once.
func (a *Attr) ChangeText() string {
	switch {
	case a.Mode == Computed:
		return ""
	case a.CostDoc != "":
		return a.CostDoc
	case a.Change == Replace:
		return "A change replaces the object."
	case a.Change == NextBoot:
		return "A change is in effect after the guest's next start."
	default:
		return ""
	}
}
