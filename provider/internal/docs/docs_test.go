package docs_test

import (
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

func TestDocsAreWhatTheTablesSay(t *testing.T) {
	pages, err := docs.Pages(provider.Kinds(), provider.Data(), func(page string) (string, error) {
		text, err := os.ReadFile(filepath.Join(root, "examples", page+".tf"))
		return string(text), err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range pages {
		have, err := os.ReadFile(filepath.Join(root, "docs", name))
		if err != nil || string(have) != want {
			t.Errorf("docs/%s is not what the tables say (%v); run 'go generate ./...' in provider/ and commit the result", name, err)
		}
	}
}

func TestEveryAttributeSaysWhatItIs(t *testing.T) {
	tables := map[string][]table.Attr{"provider": engine.Provider}
	for _, k := range provider.Kinds() {
		tables[k.Table().Name] = k.Table().Attrs
	}
	for _, d := range provider.Data() {
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
			t.Errorf("%s.%s: its text must be sentences, got %q", at, a.Name, a.Doc)
		}
		walk(t, at+"."+a.Name, a.Attrs)
	}
}
