// Package docs writes the provider's documentation from its tables, in the layout of the Terraform registry.
package docs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// environment is what the provider takes from there.
const environment = "## Environment\n\n- `" + conn.AssumeDown + "` names hosts, with commas between them, on which nothing runs although they can't be asked. No domain that another host " +
	"may be running is started: all hosts of the fleet are asked before, and one that does not answer may have it. Where a host is down for certain, say so for one apply: `" + conn.AssumeDown +
	"=beta terraform apply`. Should the host run the domain all the same, two of it write to the same disks.\n"

// Pages returns every page by its file name below docs/. example returns the example that a page shows.
func Pages(kinds []engine.Resource, data []engine.DataSource, example func(page string) (string, error)) (map[string]string, error) {
	pages := map[string]string{}
	index, err := page("libvirt provider", "Manages KVM hosts through libvirt. One provider block holds every host of the fleet; each resource names its host.",
		"provider", transports+"\n"+environment, engine.Provider, example)
	if err != nil {
		return nil, err
	}
	pages["index.md"] = index
	for _, k := range kinds {
		t := k.Table()
		tail := fmt.Sprintf("## Import\n\n```shell\nterraform import %s.example %s\n```\n\nThe id has the form `%s`.\n\nSee %s\n", t.TypeName(), sample(t.Import), t.Import, t.See)
		text, err := page(t.TypeName(), t.Doc, t.Name, tail, t.Attrs, example)
		if err != nil {
			return nil, err
		}
		pages["resources/"+t.Name+".md"] = text
	}
	for _, d := range data {
		t := d.Table()
		text, err := page(t.TypeName(), t.Doc, "data_"+t.Name, "See "+t.See+"\n", t.Attrs, example)
		if err != nil {
			return nil, err
		}
		pages["data-sources/"+t.Name+".md"] = text
	}
	return pages, nil
}

func page(title, doc, name, tail string, attrs []table.Attr, example func(string) (string, error)) (string, error) {
	shown, err := example(name)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n## Example\n\n```terraform\n%s\n```\n", title, doc, strings.TrimSpace(shown))
	group(&b, attrs, "", 2)
	if tail != "" {
		b.WriteString("\n" + tail)
	}
	return b.String(), nil
}

func group(b *strings.Builder, attrs []table.Attr, at string, level int) {
	sections := []struct {
		title string
		modes []table.Mode
	}{
		{"Required", []table.Mode{table.Required}},
		{"Optional", []table.Mode{table.Optional, table.OptionalComputed}},
		{"Read-only", []table.Mode{table.Computed}},
	}
	for _, s := range sections {
		var rows []string
		for i := range attrs {
			if a := &attrs[i]; slices.Contains(s.modes, a.Mode) {
				rows = append(rows, fmt.Sprintf("- `%s` (%s) %s", a.Name, kind(a), a.Describe()))
			}
		}
		if len(rows) == 0 {
			continue
		}
		title := s.title
		if at != "" {
			title += " in `" + at + "`"
		}
		fmt.Fprintf(b, "\n%s %s\n\n%s\n", strings.Repeat("#", level), title, strings.Join(rows, "\n"))
	}
	for i := range attrs {
		a := &attrs[i]
		if len(a.Attrs) == 0 {
			continue
		}
		inner := a.Name
		if at != "" {
			inner = at + "." + a.Name
		}
		if a.Type == table.Map {
			inner += "[...]"
		}
		group(b, a.Attrs, inner, level+1)
	}
}

func kind(a *table.Attr) string {
	name := map[table.Type]string{table.String: "string", table.Int: "number", table.Bool: "bool", table.Object: "object", table.Map: "map of objects", table.Strings: "list of strings"}[a.Type]
	switch {
	case a.WriteOnly:
		name += ", write-only"
	case a.Sensitive:
		name += ", sensitive"
	}
	return name
}

func sample(form string) string {
	return strings.NewReplacer("host", "alpha", "pool", "images", "domain", "web-1", "name", "example").Replace(form)
}
