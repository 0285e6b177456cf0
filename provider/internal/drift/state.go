package drift

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
)

// stateVersion is the version of the format of states since Terraform 0.12. OpenTofu has the same.
const stateVersion = 4

// stateFile is the part of a state that is read.
type stateFile struct {
	Version   int             `json:"version"`
	Resources []stateResource `json:"resources"`
}

type stateResource struct {
	Module    string     `json:"module"`
	Mode      string     `json:"mode"` // managed or data
	Type      string     `json:"type"`
	Name      string     `json:"name"`
	Provider  string     `json:"provider"`
	Instances []instance `json:"instances"`
}

type instance struct {
	Key        any             `json:"index_key"`
	Deposed    string          `json:"deposed"`
	Version    int64           `json:"schema_version"`
	Attributes json.RawMessage `json:"attributes"`
	Sensitive  [][]step        `json:"sensitive_attributes"`
}

// step is one step of the path of an attribute that the configuration made sensitive.
type step struct {
	Value json.RawMessage `json:"value"` // the name of an attribute, or {"value": KEY, "type": "string"}
}

// object is an object of a state, and what was found out about it.
type object struct {
	Object
	resource   engine.Resource
	compare    bool
	attributes json.RawMessage
	identity   identity
	sensitive  []string // the paths of values that the configuration made sensitive

	isAt        string // the host on which it was read; "" if it was not
	gone        bool
	inactive    bool // libvirt cannot read it now
	err         error
	differences []Attribute
}

// identity is how libvirt knows an object.
type identity struct {
	Host string `json:"host"`
	Name string `json:"name"`
	UUID string `json:"uuid"`
}

// ours is in the address of this provider, wherever it was installed from.
const ours = `/kvm-fleet/libvirt"]`

// objectsIn returns the objects of this provider in the states of all stacks. Those of data sources are declared, and not compared.
func objectsIn(resources []engine.Resource, stacks []Stack) ([]*object, error) {
	kinds := map[string]engine.Resource{}
	for _, k := range resources {
		kinds[k.Table().TypeName()] = k
	}
	var all []*object
	for _, s := range stacks {
		file, err := s.read()
		if err != nil {
			return nil, err
		}
		for _, r := range file.Resources {
			k := kinds[r.Type]
			if k == nil || !strings.Contains(r.Provider, ours) {
				continue
			}
			for _, i := range r.Instances {
				o, err := s.object(k, r, i)
				if err != nil {
					return nil, err
				}
				all = append(all, o)
			}
		}
	}
	return all, nil
}

// read decodes the state. That of a stack that was never deployed has nothing.
func (s Stack) read() (file stateFile, err error) {
	if s.State == "" {
		return file, nil
	}
	if err := json.Unmarshal([]byte(s.State), &file); err != nil {
		return file, fmt.Errorf("the state of stack %q is not JSON: %w", s.Name, err)
	}
	if file.Version != stateVersion {
		const text = "the state of stack %q must have the version %d, got %d; use Terraform or OpenTofu 1.x"
		return file, fmt.Errorf(text, s.Name, stateVersion, file.Version)
	}
	return file, nil
}

func (s Stack) object(k engine.Resource, r stateResource, i instance) (*object, error) {
	o := &object{
		Object:     Object{Stack: s.Name, Address: i.address(r.Module, r.Type, r.Name), Type: r.Type, Resource: r.Name},
		resource:   k,
		compare:    s.Compare && r.Mode == "managed",
		attributes: i.Attributes,
		sensitive:  pathsOf(i.Sensitive),
	}
	if r.Mode == "managed" { // the data source of the same name has another table
		upgraded, err := k.Table().UpgradeState(i.Version, i.Attributes)
		if err != nil {
			return nil, fmt.Errorf("%s in the state of stack %q: %w", o.Address, s.Name, err)
		}
		o.attributes = upgraded
	}
	if err := json.Unmarshal(o.attributes, &o.identity); err != nil {
		return nil, fmt.Errorf("the state of stack %q has unreadable attributes of %s: %w", s.Name, o.Address, err)
	}
	o.Host = o.identity.Host
	return o, nil
}

// address returns the address of an object as Terraform prints it.
func (i instance) address(module, typeName, name string) string {
	address := typeName + "." + name
	if module != "" {
		address = module + "." + address
	}
	switch key := i.Key.(type) {
	case string:
		address += fmt.Sprintf("[%q]", key)
	case float64:
		address += fmt.Sprintf("[%d]", int(key))
	}
	if i.Deposed != "" {
		address += fmt.Sprintf(" (deposed object %s)", i.Deposed)
	}
	return address
}

// pathsOf returns paths of a state in the form of table.PathString. A path into a list ends at the list.
func pathsOf(paths [][]step) []string {
	var all []string
	for _, steps := range paths {
		path := ""
		for _, s := range steps {
			path += s.text()
		}
		all = append(all, strings.TrimPrefix(path, "."))
	}
	return all
}

func (s step) text() string {
	var name string
	if json.Unmarshal(s.Value, &name) == nil {
		return "." + name
	}
	var key struct {
		Value string `json:"value"`
	}
	if json.Unmarshal(s.Value, &key) == nil {
		return fmt.Sprintf("[%q]", key.Value)
	}
	return ""
}

// isSensitive reports whether the configuration made the value at a path, or what the value is in, sensitive.
func (o *object) isSensitive(path string) bool {
	for _, s := range o.sensitive {
		if rest, below := strings.CutPrefix(path, s); below && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}
