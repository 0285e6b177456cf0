package docs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

const writeOnlyPage = "https://developer.hashicorp.com/terraform/language/resources/ephemeral/write-only"

// sections are the parts of a schema, in order.
var sections = []struct {
	title string
	modes []table.Mode
}{
	{"Required", []table.Mode{table.Required}},
	{"Optional", []table.Mode{table.Optional, table.OptionalComputed}},
	{"Read-Only", []table.Mode{table.Computed}},
}

// nested is a group of attributes that has a section of its own.
type nested struct {
	path string
	attr *table.Attr
	said []string // what the groups around it, and it itself, say of a change
}

// schema describes the attributes of a page: those at the top, and then each nested group, linked from the attribute that holds it.
func schema(attrs []table.Attr) string {
	var b strings.Builder
	b.WriteString("\n## Schema\n")
	waiting := attributes(&b, attrs, "", "\n### %s\n\n", nil)
	for len(waiting) > 0 {
		n := waiting[0]
		fmt.Fprintf(&b, "\n<a id=\"%s\"></a>\n\n### Nested Schema for `%s`\n", anchor(n.path), n.path)
		inner := attributes(&b, n.attr.Attrs, n.path, "\n%s:\n\n", n.said)
		waiting = append(inner, waiting[1:]...)
	}
	return b.String()
}

// attributes writes a line for each attribute of a group, and returns the groups in it. It leaves out what every attribute repeats of the
// groups around: that a change waits for the guest's next start, say.
func attributes(b *strings.Builder, attrs []table.Attr, path, title string, said []string) []nested {
	said = slices.DeleteFunc(slices.Clone(said), func(sentence string) bool { return !allSay(attrs, sentence) })
	var groups []nested
	for _, s := range sections {
		begun := false
		for i := range attrs {
			a := &attrs[i]
			if !slices.Contains(s.modes, a.Mode) {
				continue
			}
			if !begun {
				fmt.Fprintf(b, title, s.title)
				begun = true
			}
			text := a.Describe()
			for _, sentence := range said {
				text = strings.TrimSuffix(text, " "+sentence)
			}
			if len(a.Attrs) > 0 {
				at := strings.TrimPrefix(path+"."+a.Name, ".")
				text += fmt.Sprintf(" (see [below for nested schema](#%s))", anchor(at))
				groups = append(groups, nested{at, a, appendIf(said, a.ChangeText())})
			}
			fmt.Fprintf(b, "- `%s` (%s) %s\n", a.Name, typeName(a), text)
		}
	}
	return groups
}

func allSay(attrs []table.Attr, sentence string) bool {
	return !slices.ContainsFunc(attrs, func(a table.Attr) bool { return a.Mode != table.Computed && a.ChangeText() != sentence })
}

func appendIf(said []string, sentence string) []string {
	if sentence == "" || slices.Contains(said, sentence) {
		return said
	}
	return append(slices.Clone(said), sentence)
}

func anchor(path string) string { return "nestedatt--" + strings.ReplaceAll(path, ".", "--") }

func typeName(a *table.Attr) string {
	name := map[table.Type]string{
		table.String: "String", table.Int: "Number", table.Bool: "Boolean", table.Object: "Attributes", table.Map: "Attributes Map",
		table.Strings: "List of String", table.StringMap: "Map of String",
	}[a.Type]
	if a.Sensitive {
		name += ", Sensitive"
	}
	if a.WriteOnly {
		name += ", [Write-only](" + writeOnlyPage + ")"
	}
	return name
}
