// Package goldentest compares what a resource writes to libvirt, and what it reads from libvirt, with files that are committed. A test that is
// run with -update writes the files again; the change is then reviewed like any other.
package goldentest

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

var update = flag.Bool("update", false, "write the golden files again")

// Define compares the XML that each configuration in testdata/define (NAME.json) gives with the file beside it (NAME.xml). Each attribute of the
// table that has a place in the XML must be set in one of them, and each must be one that a plan accepts.
func Define(t *testing.T, attrs []table.Attr, rules func(config table.Model) []table.Problem, define func(plan table.Model) (string, error)) {
	t.Helper()
	set := map[string]bool{}
	for _, file := range files(t, "testdata/define/*.json") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var values map[string]any
			if err := json.Unmarshal(text, &values); err != nil {
				t.Fatal(err)
			}
			config, err := model(attrs, values, "", set)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range append(table.Validate(attrs, config, tftypes.NewAttributePath()), rules(config)...) {
				t.Errorf("%s: %s", p.Path, p.Text)
			}
			if t.Failed() {
				return
			}
			xml, err := define(withDefaults(attrs, config))
			if err != nil {
				t.Fatal(err)
			}
			Compare(t, strings.TrimSuffix(file, ".json")+".xml", indented(t, xml))
		})
	}
	for _, path := range places(attrs, "") {
		if !set[path] {
			t.Errorf("no configuration in testdata/define sets '%s'", path)
		}
	}
}

// Read compares what is read of each definition that libvirt wrote (testdata/NAME.xml) with testdata/read/NAME.json.
func Read(t *testing.T, attrs []table.Attr) {
	t.Helper()
	for _, file := range files(t, "testdata/*.xml") {
		name := strings.TrimSuffix(filepath.Base(file), ".xml")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			seen, err := xmlmodel.ReadText(attrs, string(text))
			if err != nil {
				t.Fatal(err)
			}
			out, err := json.MarshalIndent(plain(seen), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			Compare(t, filepath.Join("testdata", "read", name+".json"), string(out)+"\n")
		})
	}
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return found
}

// Compare compares a text with a committed file.
func Compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run this test with -update to write it", err)
	}
	if got != string(want) {
		t.Errorf("%s differs; if the change is intended, run this test with -update\ngot\n%s\nwant\n%s", file, got, want)
	}
}

func indented(t *testing.T, xml string) string {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromString(xml); err != nil {
		t.Fatal(err)
	}
	doc.Indent(2)
	text, err := doc.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// model makes a configuration of what a JSON file says, by the types of the attributes, and notes the paths that it sets.
func model(attrs []table.Attr, values map[string]any, prefix string, set map[string]bool) (table.Model, error) {
	config := table.Model{}
	for name, v := range values {
		a := find(attrs, name)
		if a == nil {
			return nil, fmt.Errorf("there is no attribute '%s%s'", prefix, name)
		}
		set[prefix+name] = true
		is, err := value(a, v, prefix+name, set)
		if err != nil {
			return nil, err
		}
		config[name] = is
	}
	return config, nil
}

func value(a *table.Attr, v any, path string, set map[string]bool) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		if a.Type == table.Object {
			return model(a.Attrs, v, path+".", set)
		}
		if a.Type == table.StringMap {
			texts := map[string]string{}
			for key, text := range v {
				texts[key] = fmt.Sprint(text)
			}
			return table.TextsOf(texts), nil
		}
		entries := table.Model{}
		for key, entry := range v {
			inner, isGroup := entry.(map[string]any)
			if !isGroup {
				return nil, fmt.Errorf("'%s.%s' must be an object", path, key)
			}
			group, err := model(a.Attrs, inner, path+".", set)
			if err != nil {
				return nil, err
			}
			entries[key] = group
		}
		return entries, nil
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, fmt.Sprint(item))
		}
		return table.ListOf(items...), nil
	case float64:
		return int64(v), nil
	default:
		return v, nil
	}
}

// withDefaults is the plan that Terraform makes of a configuration.
func withDefaults(attrs []table.Attr, config table.Model) table.Model {
	plan := config.Clone()
	for i := range attrs {
		a := &attrs[i]
		inner, isSet := plan[a.Name].(table.Model)
		switch {
		case !isSet && plan[a.Name] == nil && a.HasDefault():
			plan[a.Name] = a.DefaultFor(plan)
		case isSet && a.Type == table.Object:
			plan[a.Name] = withDefaults(a.Attrs, inner)
		case isSet && a.Type == table.Map:
			for key, entry := range inner {
				inner[key] = withDefaults(a.Attrs, entry.(table.Model))
			}
		}
	}
	return plan
}

func find(attrs []table.Attr, name string) *table.Attr {
	for i := range attrs {
		if attrs[i].Name == name {
			return &attrs[i]
		}
	}
	return nil
}

// places are the paths of the attributes that have a place in the XML and that a user can set.
func places(attrs []table.Attr, prefix string) []string {
	var found []string
	for _, a := range attrs {
		if a.Mode == table.Computed || a.XML == nil && a.Group == nil && a.Entries == nil {
			continue
		}
		found = append(found, prefix+a.Name)
		found = append(found, places(a.Attrs, prefix+a.Name+".")...)
	}
	return found
}

// plain is a model as JSON spells it, without what is unset.
func plain(v any) any {
	switch v := v.(type) {
	case table.Model:
		out := map[string]any{}
		for name, inner := range v {
			if inner != nil {
				out[name] = plain(inner)
			}
		}
		return out
	case table.List:
		return v.Items()
	case table.Texts:
		return v.Map()
	default:
		return v
	}
}

// Exchange decodes a file of a request or a report into v, and fails the test unless encoding v again gives the same text. The command line's
// tests read the same files.
func Exchange(t *testing.T, file string, v any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := exchange.Decode(bytes.NewReader(text), v); err != nil {
		t.Errorf("%s: %v", file, err)
		return
	}
	again, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if string(again)+"\n" != string(text) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, again, text)
	}
}
