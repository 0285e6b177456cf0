package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/pool"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// instance is an object as a state of Terraform has it.
type instance struct {
	SchemaVersion int64           `json:"schema_version"`
	Attributes    json.RawMessage `json:"attributes"`
}

// stateFolder has states of each version of the provider: VERSION/TYPE.N.json, where N is the schema version.
const stateFolder = "testdata/states"

func TestStates(t *testing.T) {
	if !t.Run("of every version are upgraded without loss", testStatesAreUpgraded) {
		return // -update must not write over what an upgrade loses
	}
	t.Run("of this version are kept", func(t *testing.T) {
		for _, k := range Resources() {
			attributes, err := json.Marshal(filled(k.Table().Attrs, ""))
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.MarshalIndent(instance{k.Table().SchemaVersion(), attributes}, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			file := fmt.Sprintf("%s.%d.json", k.Table().TypeName(), k.Table().SchemaVersion())
			goldentest.Compare(t, filepath.Join(stateFolder, thisVersion(t), file), string(text)+"\n")
		}
	})
}

func testStatesAreUpgraded(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(stateFolder, "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		typeName, _, _ := strings.Cut(filepath.Base(file), ".")
		for _, loss := range losses(t, New(), Resources(), typeName, text) {
			t.Errorf("a state that %s wrote: %s.\nAdd an Upgrade to the table, which keeps the value, and a test of it: docs/add-an-attribute.md describes how. "+
				"Only if %[1]s was never published, %[3]s may be removed instead, and written again with -update",
				filepath.Base(filepath.Dir(file)), loss, file)
		}
	}
}

func TestALossIsNoticed(t *testing.T) {
	text := func(version int, more string) []byte {
		return fmt.Appendf(nil, `{"schema_version": %d, "attributes": {"id": "a/b", "name": "b"%s}}`, version, more)
	}
	resources := []engine.Resource{relabelled{pool.New()}}
	for name, c := range map[string]struct {
		state []byte
		want  string
	}{
		"nothing is lost":                      {text(1, `, "source": {"name": "vg"}`), ""},
		"an attribute that an upgrade renames": {text(0, `, "label": "c"`), ""},
		"an attribute that is gone":            {text(1, `, "label": "c"`), "'label' of libvirt_pool is lost, which was c"},
		"an attribute in a group":              {text(1, `, "source": {"group": "vg"}`), "'source.group' of libvirt_pool is lost, which was vg"},
		"an item of a list":                    {text(1, `, "more": ["c", "d"]`), "'more' of libvirt_pool is lost, which was [c d]"},
		"an attribute of another type":         {text(1, `, "source": "vg"`), "it cannot be read: "},
		"a later version":                      {text(2, ``), "Unable to read the state: "},
	} {
		got := strings.Join(losses(t, engine.NewServer(resources), resources, "libvirt_pool", c.state), "\n")
		if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// relabelled is a pool whose path was called 'label' in an earlier version.
type relabelled struct{ engine.Resource }

func (r relabelled) Table() *table.Table {
	t := *r.Resource.Table()
	t.Upgrades = []table.Upgrade{{Changes: []string{"label"}, Apply: func(state map[string]any) error {
		state["path"] = state["label"]
		delete(state, "label")
		return nil
	}}}
	return &t
}

// losses upgrades a state, and returns what is lost of it, or changed without an upgrade that says so.
func losses(t *testing.T, server *engine.Server, resources []engine.Resource, typeName string, text []byte) (lost []string) {
	t.Helper()
	i := slices.IndexFunc(resources, func(k engine.Resource) bool { return k.Table().TypeName() == typeName })
	if i < 0 {
		return []string{"there is no " + typeName + " any more"}
	}
	var was instance
	if err := json.Unmarshal(text, &was); err != nil {
		t.Fatal(err)
	}
	rows := resources[i].Table()
	resp, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: typeName, Version: was.SchemaVersion, RawState: &tfprotov6.RawState{JSON: was.Attributes}})
	if err != nil {
		return []string{"it cannot be read: " + err.Error()}
	}
	for _, d := range resp.Diagnostics {
		return []string{d.Summary + ": " + d.Detail}
	}
	v, err := resp.UpgradedState.Unmarshal(table.TFType(rows.Attrs))
	if err != nil {
		t.Fatal(err)
	}
	now, err := table.FromTF(v)
	if err != nil {
		t.Fatal(err)
	}
	changed := map[string]bool{}
	for _, u := range rows.Upgrades[was.SchemaVersion:] {
		for _, name := range u.Changes {
			changed[name] = true
		}
	}
	dec := json.NewDecoder(bytes.NewReader(was.Attributes))
	dec.UseNumber() // a float would round large numbers
	var values map[string]any
	if err := dec.Decode(&values); err != nil {
		t.Fatal(err)
	}
	before, after := map[string]string{}, map[string]string{}
	flatten(before, "", values)
	flatten(after, "", now)
	for path, value := range before {
		top, _, _ := strings.Cut(path, ".")
		switch is, there := after[path]; {
		case changed[top] || is == value:
		case there:
			lost = append(lost, fmt.Sprintf("'%s' of %s is %s, which was %s", path, typeName, is, value))
		default:
			lost = append(lost, fmt.Sprintf("'%s' of %s is lost, which was %s", path, typeName, value))
		}
	}
	slices.Sort(lost)
	return lost
}

// flatten adds the values that are set in v, by their paths.
func flatten(values map[string]string, path string, v any) {
	switch v := v.(type) {
	case nil:
	case map[string]any:
		for name, inner := range v {
			flatten(values, strings.TrimPrefix(path+"."+name, "."), inner)
		}
	case table.Model:
		flatten(values, path, map[string]any(v))
	case table.List:
		values[path] = fmt.Sprint(v.Items())
	case table.Texts:
		for key, text := range v.Map() {
			values[path+"."+key] = text
		}
	default:
		values[path] = fmt.Sprint(v)
	}
}

// filled returns a state in which every attribute that a state can have is set.
func filled(attrs []table.Attr, at string) map[string]any {
	values := map[string]any{}
	for i := range attrs {
		a := &attrs[i]
		path := strings.TrimPrefix(at+"."+a.Name, ".")
		switch {
		case a.WriteOnly:
			values[a.Name] = nil
		case a.Type == table.Object:
			values[a.Name] = filled(a.Attrs, path)
		case a.Type == table.Map:
			values[a.Name] = map[string]any{"one": filled(a.Attrs, path+".one"), "two": filled(a.Attrs, path+".two")}
		case a.Type == table.Strings:
			values[a.Name] = []string{path + " one", path + " two"}
		case a.Type == table.StringMap:
			values[a.Name] = map[string]string{"one": path + " one", "two": path + " two"}
		case a.Type == table.Bool:
			values[a.Name] = true
		case a.Type == table.Int:
			values[a.Name] = 1<<53 + 1 // a float would round it
		default:
			values[a.Name] = path
		}
	}
	return values
}

// thisVersion returns the version of the provider and of the npm packages.
func thisVersion(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../package.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ Version string }
	if err := json.Unmarshal(text, &manifest); err != nil || manifest.Version == "" {
		t.Fatalf("package.json has no version: %v", err)
	}
	return manifest.Version
}
