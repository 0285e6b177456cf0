package drift

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/pool"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/provider"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// stateOf returns a state with these resources, as Terraform writes it.
func stateOf(resources string) string {
	return `{"version": 4, "terraform_version": "1.11.4", "serial": 3, "outputs": {}, "resources": [` + resources + `]}`
}

// resource returns a resource of a state.
func resource(mode, typeName, name, instances string) string {
	return `{"mode": "` + mode + `", "type": "` + typeName + `", "name": "` + name +
		`", "provider": "provider[\"registry.terraform.io/kvm-fleet/libvirt\"].other", "instances": [` + instances + `]}`
}

func TestObjectsOfAState(t *testing.T) {
	const pool = `"attributes": {"host": "alpha", "name": "fast", "path": "/p"}`
	for name, c := range map[string]struct {
		resource  string
		addresses []string
		compared  bool
	}{
		"a resource": {resource("managed", "libvirt_pool", "p", `{`+pool+`}`), []string{"libvirt_pool.p"}, true},
		"several objects of a resource": {resource("managed", "libvirt_pool", "p", `{"index_key": 0, `+pool+`}, {"index_key": "a.b", `+pool+`}`),
			[]string{"libvirt_pool.p[0]", `libvirt_pool.p["a.b"]`}, true},
		"an object that is about to be destroyed": {resource("managed", "libvirt_pool", "p", `{"deposed": "0a1b2c3d", `+pool+`}`),
			[]string{"libvirt_pool.p (deposed object 0a1b2c3d)"}, true},
		"a module": {`{"module": "module.m[\"x\"]", ` + resource("managed", "libvirt_pool", "p", `{`+pool+`}`)[1:],
			[]string{`module.m["x"].libvirt_pool.p`}, true},
		"a data source":                    {resource("data", "libvirt_pool", "p", `{`+pool+`}`), []string{"libvirt_pool.p"}, false},
		"a data source without a resource": {resource("data", "libvirt_host", "h", `{"attributes": {"host": "alpha"}}`), nil, false},
		"another provider": {`{"mode": "managed", "type": "libvirt_pool", "name": "p", "provider": "provider[\"registry.terraform.io/dmacvicar/libvirt\"]", ` +
			`"instances": [{` + pool + `}]}`, nil, false},
	} {
		objects, err := objectsIn(provider.Resources(), []Stack{{Name: "s", State: stateOf(c.resource), Compare: true}, {Name: "new", Compare: true}})
		var addresses []string
		for _, o := range objects {
			addresses = append(addresses, o.Address)
			if o.compare != c.compared || o.Stack != "s" || o.Host != "alpha" || o.at() != (place{poolType, "alpha", "fast"}) {
				t.Errorf("%s: got %+v", name, o)
			}
		}
		if err != nil || !slices.Equal(addresses, c.addresses) {
			t.Errorf("%s: %v: got %q, want %q", name, err, addresses, c.addresses)
		}
	}
}

func TestStatesThatCannotBeRead(t *testing.T) {
	for state, want := range map[string]string{
		`{`:              `the state of stack "s" is not JSON: unexpected end of JSON input`,
		`{"version": 3}`: `the state of stack "s" must have the version 4, got 3; use Terraform or OpenTofu 1.x`,
		stateOf(resource("managed", "libvirt_pool", "p", `{"attributes": {"name": 1}}`)): `the state of stack "s" has unreadable attributes of libvirt_pool.p: ` +
			`json: cannot unmarshal number into Go struct field identity.name of type string`,
		stateOf(resource("managed", "libvirt_pool", "p", `{"schema_version": 99, "attributes": {}}`)): `libvirt_pool.p in the state of stack "s": ` +
			`the state of a libvirt_pool must have a schema version from 0 to 0, got 99; use the version of the provider that wrote it, or a newer one`,
	} {
		if _, err := objectsIn(provider.Resources(), []Stack{{Name: "s", State: state}}); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", state, err, want)
		}
	}
}

// relocated is a pool whose host was called 'machine' in an earlier version.
type relocated struct{ engine.Resource }

func (r relocated) Table() *table.Table {
	t := *r.Resource.Table()
	t.Upgrades = []table.Upgrade{{Changes: []string{"machine"}, Apply: func(state map[string]any) error {
		state["host"] = state["machine"]
		return nil
	}}}
	return &t
}

func TestObjectsOfAStateOfAnEarlierVersion(t *testing.T) {
	text := stateOf(resource("managed", "libvirt_pool", "p", `{"schema_version": 0, "attributes": {"machine": "alpha", "name": "fast"}}`) + ", " +
		resource("data", "libvirt_pool", "p", `{"schema_version": 0, "attributes": {"host": "beta", "name": "fast"}}`))
	objects, err := objectsIn([]engine.Resource{relocated{pool.New()}}, []Stack{{Name: "s", State: text, Compare: true}})
	if err != nil || len(objects) != 2 || objects[0].Host != "alpha" || objects[1].Host != "beta" {
		t.Errorf("%v: got %+v", err, objects)
	}
}

func TestSensitivePathsOfAState(t *testing.T) {
	const paths = `[
		[{"type": "get_attr", "value": "title"}],
		[{"type": "get_attr", "value": "disks"}, {"type": "index", "value": {"value": "a.b", "type": "string"}}, {"type": "get_attr", "value": "file"}],
		[{"type": "get_attr", "value": "tags"}, {"type": "index", "value": {"value": 0, "type": "number"}}]
	]`
	var steps [][]step
	if err := json.Unmarshal([]byte(paths), &steps); err != nil {
		t.Fatal(err)
	}
	if got, want := pathsOf(steps), []string{"title", `disks["a.b"].file`, "tags"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
