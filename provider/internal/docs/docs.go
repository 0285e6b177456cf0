// Package docs writes the provider's documentation from its tables, in the layout of the Terraform registry.
package docs

import (
	"fmt"
	"path"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Examples reads a file of provider/examples, such as "resources/libvirt_pool/resource.tf".
type Examples func(file string) (string, error)

// Pages returns the text of every page by its file name below docs/.
func Pages(kinds []engine.Resource, data []engine.DataSource, examples Examples) (map[string]string, error) {
	pages := map[string]string{}
	index, err := indexPage(examples)
	if err != nil {
		return nil, err
	}
	pages["index.md"] = index
	for _, k := range kinds {
		text, err := resourcePage(k.Table(), examples)
		if err != nil {
			return nil, err
		}
		pages["resources/"+k.Table().Name+".md"] = text
	}
	for _, d := range data {
		text, err := dataSourcePage(d.Table(), examples)
		if err != nil {
			return nil, err
		}
		pages["data-sources/"+d.Table().Name+".md"] = text
	}
	return pages, nil
}

func indexPage(examples Examples) (string, error) {
	example, err := examples("provider/provider.tf")
	if err != nil {
		return "", err
	}
	return head("libvirt Provider", about) + "# libvirt Provider\n\n" + about + "\n\n" + requirements + "\n" + exampleUsage(example) +
		schema(engine.Provider) +
		"\n" + transports + "\n" + environment, nil
}

func resourcePage(t *table.Table, examples Examples) (string, error) {
	folder := path.Join("resources", t.TypeName())
	example, err := examples(path.Join(folder, "resource.tf"))
	if err != nil {
		return "", err
	}
	command, err := examples(path.Join(folder, "import.sh"))
	if err != nil {
		return "", err
	}
	imports, err := importSection(t, strings.TrimSpace(command))
	if err != nil {
		return "", err
	}
	return page(t, "Resource", example, imports), nil
}

func dataSourcePage(t *table.Table, examples Examples) (string, error) {
	example, err := examples(path.Join("data-sources", t.TypeName(), "data-source.tf"))
	if err != nil {
		return "", err
	}
	return page(t, "Data Source", example, ""), nil
}

func page(t *table.Table, kind, example, imports string) string {
	return head(fmt.Sprintf("%s %s - libvirt", t.TypeName(), kind), t.Doc) +
		fmt.Sprintf("# %s (%s)\n\n%s\n\nSee also %s\n\n", t.TypeName(), kind, t.Doc, t.See) +
		exampleUsage(example) + schema(t.Attrs) + imports
}

// head is the front matter by which the registry lists a page.
func head(title, doc string) string {
	first, _, _ := strings.Cut(doc, "\n")
	if end := strings.Index(first, ". "); end >= 0 {
		first = first[:end+1]
	}
	return fmt.Sprintf("---\npage_title: %q\ndescription: |-\n  %s\n---\n\n", title, first)
}

func exampleUsage(example string) string {
	return "## Example Usage\n\n```terraform\n" + strings.TrimSpace(example) + "\n```\n"
}

// importSection shows the command of an example, and the same as an import block.
func importSection(t *table.Table, command string) (string, error) {
	words := strings.Fields(command)
	if len(words) != 4 || strings.Count(words[3], "/") != strings.Count(t.Import, "/") {
		return "", fmt.Errorf("the import of %s must be 'terraform import ADDRESS %s', got '%s'", t.TypeName(), t.Import, command)
	}
	return fmt.Sprintf("\n## Import\n\nThe id has the form `%s`.\n\n```shell\n%s\n```\n\nThe same in a "+
		"configuration:\n\n```terraform\nimport {\n  to = %s\n  id = %q\n}\n```\n",
		t.Import, command, words[2], words[3]), nil
}
