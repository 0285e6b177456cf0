package docs_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/docs"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/provider"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

const root = "../.."

func TestPagesMatchTheTables(t *testing.T) {
	pages, err := docs.Pages(provider.Resources(), provider.DataSources(), readExample)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range pages {
		have, err := os.ReadFile(filepath.Join(root, "docs", name))
		if err != nil || string(have) != want {
			t.Errorf("docs/%s does not match the tables (%v); run 'go generate ./...' in provider/ and commit the result", name, err)
		}
	}
}

// An address in an import command that the example does not declare would send the reader to a resource that is not on the page.
func TestImportsNameAResourceOfTheExample(t *testing.T) {
	for _, k := range provider.Resources() {
		name := k.Table().TypeName()
		command, err := readExample(filepath.Join("resources", name, "import.sh"))
		if err != nil {
			t.Fatal(err)
		}
		example, err := readExample(filepath.Join("resources", name, "resource.tf"))
		if err != nil {
			t.Fatal(err)
		}
		label, isAddress := strings.CutPrefix(strings.Fields(command)[2], name+".")
		if declared := fmt.Sprintf("resource %q %q", name, label); !isAddress || !strings.Contains(example, declared) {
			t.Errorf("the import command of %s names %q, which its example does not declare", name, strings.Fields(command)[2])
		}
	}
}

func TestExamplesHaveAPage(t *testing.T) {
	known := map[string]bool{"provider/provider.tf": true}
	for _, k := range provider.Resources() {
		known["resources/"+k.Table().TypeName()+"/resource.tf"] = true
		known["resources/"+k.Table().TypeName()+"/import.sh"] = true
	}
	for _, d := range provider.DataSources() {
		known["data-sources/"+d.Table().TypeName()+"/data-source.tf"] = true
	}
	examples := os.DirFS(filepath.Join(root, "examples"))
	err := fs.WalkDir(examples, ".", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !known[file] {
			t.Errorf("examples/%s is on no page", file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readExample(file string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, "examples", file))
	return string(text), err
}

func TestEveryAttributeIsDescribed(t *testing.T) {
	tables := map[string][]table.Attr{"provider": engine.Provider}
	for _, k := range provider.Resources() {
		tables[k.Table().Name] = k.Table().Attrs
	}
	for _, d := range provider.DataSources() {
		tables[d.Table().Name] = d.Table().Attrs
	}
	for name, attrs := range tables {
		walk(t, name, attrs)
	}
}

func walk(t *testing.T, at string, attrs []table.Attr) {
	for i := range attrs {
		a := &attrs[i]
		if !strings.HasSuffix(a.Doc, ".") && !strings.HasSuffix(a.Doc, "...") {
			t.Errorf("%s.%s: 'Doc' must end with a period, got %q", at, a.Name, a.Doc)
		}
		walk(t, at+"."+a.Name, a.Attrs)
	}
}
