package table

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var rows = []Attr{
	{Name: "name", Type: String, Mode: Required, Check: ObjectName},
	{Name: "size", Type: Int, Mode: Optional, Default: int64(1), Check: AtLeast(1, " bytes")},
	{Name: "on", Type: Bool, Mode: Optional},
	{Name: "kind", Type: String, Mode: OptionalComputed, Enum: []string{"a", "b"}},
	{Name: "id", Type: String, Mode: Computed},
	{Name: "group", Type: Object, Mode: Optional, Attrs: []Attr{{Name: "port", Type: Int, Mode: Required, Check: Between(1, 9)}}},
	{Name: "entries", Type: Map, Mode: Optional, Check: onlyX, Attrs: []Attr{{Name: "file", Type: String, Mode: Required, Check: AbsolutePath}}},
}

func onlyX(key any) error {
	if key != "x" {
		return errors.New("must be x")
	}
	return nil
}

func TestModelsGoThroughTerraformAndBack(t *testing.T) {
	for name, m := range map[string]Model{
		"all": {"name": "n", "size": int64(1) << 52, "on": false, "kind": "a", "id": "i", "group": Model{"port": int64(1)},
			"entries": Model{"x": Model{"file": "/a"}, "y": Model{"file": "/b"}}},
		"least":         {"name": "n"},
		"unknown":       {"name": Unknown, "size": Unknown, "on": Unknown, "group": Unknown, "entries": Unknown},
		"unknown below": {"name": "n", "group": Model{"port": Unknown}, "entries": Model{"x": Model{"file": Unknown}}},
		"empty map":     {"name": "n", "entries": Model{}},
	} {
		t.Run(name, func(t *testing.T) {
			back, err := FromTF(ToTF(rows, m))
			if err != nil {
				t.Fatal(err)
			}
			if !Equal(m, back) {
				t.Errorf("got %v, want %v", back, m)
			}
			if _, there := m["entries"]; (back["entries"] == nil) == there {
				t.Error("an empty map is not a missing one")
			}
		})
	}
	if m, err := FromTF(ToTF(rows, nil)); m != nil || err != nil {
		t.Errorf("null gives %v, %v", m, err)
	}
}

func TestANumberMustBeWhole(t *testing.T) {
	v := tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"size": tftypes.Number}},
		map[string]tftypes.Value{"size": tftypes.NewValue(tftypes.Number, big.NewFloat(1.5))})
	if _, err := FromTF(v); err == nil || err.Error() != "size: must be a whole number, got 1.5" {
		t.Errorf("got %v", err)
	}
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b any
		want bool
	}{
		{nil, nil, true}, {"a", "a", true}, {"a", "b", false}, {int64(1), int64(1), true}, {int64(1), "1", false}, {"a", nil, false},
		{Model{}, Model{}, true}, {Model{}, nil, false}, {Model{"a": nil}, Model{}, true}, {Model{}, Model{"a": nil}, true},
		{Model{"a": "x"}, Model{}, false}, {Model{}, Model{"a": "x"}, false}, {Model{"a": Model{"b": "x"}}, Model{"a": Model{"b": "x", "c": nil}}, true},
		{Model{"a": Model{"b": "x"}}, Model{"a": Model{"b": "y"}}, false}, {Unknown, Unknown, true}, {Unknown, "a", false},
	} {
		if got := Equal(c.a, c.b); got != c.want {
			t.Errorf("Equal(%v, %v) = %v", c.a, c.b, got)
		}
	}
}

func TestACloneIsIndependent(t *testing.T) {
	m := Model{"name": "n", "group": Model{"port": int64(1)}}
	c := m.Clone()
	c["name"], c.Group("group")["port"] = "other", int64(2)
	if m.Str("name") != "n" || m.Group("group").Int("port") != 1 {
		t.Errorf("the original changed: %v", m)
	}
	if Model(nil).Clone() != nil {
		t.Error("nothing was cloned into something")
	}
}

func TestValidate(t *testing.T) {
	for name, c := range map[string]struct {
		config Model
		want   []string
	}{
		"good":          {Model{"name": "n", "size": int64(1), "kind": "b", "group": Model{"port": int64(9)}, "entries": Model{"x": Model{"file": "/a"}}}, nil},
		"nothing":       {Model{}, nil},
		"unknown":       {Model{"name": Unknown, "size": Unknown, "kind": Unknown, "group": Unknown, "entries": Unknown}, nil},
		"floor":         {Model{"size": int64(0)}, []string{`AttributeName("size"): 'size' must be at least 1 bytes, got 0`}},
		"enum":          {Model{"kind": "c"}, []string{`AttributeName("kind"): 'kind' must be one of "a", "b", got "c"`}},
		"range":         {Model{"group": Model{"port": int64(10)}}, []string{`AttributeName("group").AttributeName("port"): 'port' must be from 1 to 9, got 10`}},
		"key":           {Model{"entries": Model{"y": Model{"file": "/a"}}}, []string{`AttributeName("entries").ElementKeyString("y"): a key of 'entries' must be x`}},
		"entry":         {Model{"entries": Model{"x": Model{"file": "a"}}}, []string{`AttributeName("entries").ElementKeyString("x").AttributeName("file"): 'file' must be an absolute path on the host, got "a"; begin it with '/'`}},
		"unknown entry": {Model{"entries": Model{"x": Unknown}}, nil},
		"all at once": {Model{"name": "", "size": int64(0), "kind": ""}, []string{`AttributeName("name"): 'name' must not be empty; give it a name`,
			`AttributeName("size"): 'size' must be at least 1 bytes, got 0`, `AttributeName("kind"): 'kind' must be one of "a", "b", got ""`}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range Validate(rows, c.config, tftypes.NewAttributePath()) {
				got = append(got, p.Path.String()+": "+p.Text)
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestChecks(t *testing.T) {
	for name, c := range map[string]struct {
		check func(any) error
		good  []string
		bad   map[string]string
	}{
		"object name": {ObjectName, []string{"web-1", "a b", "Ünïcode"}, map[string]string{
			"":     "must not be empty; give it a name",
			"a/b":  `must not contain '/' or a line break, got "a/b"; remove it`,
			"a\nb": `must not contain '/' or a line break, got "a\nb"; remove it`,
			".":    `must not be "."; choose another name`,
			"..":   `must not be ".."; choose another name`,
			" a":   `must not begin or end with a space, got " a"; remove it`}},
		"path": {AbsolutePath, []string{"/", "/a/b"}, map[string]string{"": `must be an absolute path on the host, got ""; begin it with '/'`, "a": `must be an absolute path on the host, got "a"; begin it with '/'`}},
		"ipv4": {IPv4, []string{"10.0.0.1"}, map[string]string{
			"10.0.0": `must be an IPv4 address like 10.0.0.1, got "10.0.0"`, "fd00::1": `must be an IPv4 address like 10.0.0.1, got "fd00::1"`, "10.0.0.1/24": `must be an IPv4 address like 10.0.0.1, got "10.0.0.1/24"`}},
		"mac": {MAC, []string{"52:54:00:12:34:56", "00:00:00:00:00:01"}, map[string]string{
			"52:54:00:12:34":    `must be a MAC address in lower case like 52:54:00:12:34:56, got "52:54:00:12:34"`,
			"52-54-00-12-34-56": `must be a MAC address in lower case like 52:54:00:12:34:56, got "52-54-00-12-34-56"`,
			"01:00:5e:00:00:01": `must be a unicast MAC address (second digit even), got "01:00:5e:00:00:01"`}},
		"sha256": {SHA256, []string{strings.Repeat("0a", 32)}, map[string]string{
			"abc": `must be 64 hexadecimal digits in lower case, got "abc"; see 'sha256sum FILE'`}},
		"uuid": {UUID, []string{"c7a5fdbd-cdaf-9455-926a-d65c16db1809"}, map[string]string{
			"C7A5FDBD-CDAF-9455-926A-D65C16DB1809": `must be a UUID in lower case like c7a5fdbd-cdaf-9455-926a-d65c16db1809, got "C7A5FDBD-CDAF-9455-926A-D65C16DB1809"`,
			"c7a5fdbdcdaf9455926ad65c16db1809":     `must be a UUID in lower case like c7a5fdbd-cdaf-9455-926a-d65c16db1809, got "c7a5fdbdcdaf9455926ad65c16db1809"`}},
	} {
		for _, v := range c.good {
			if err := c.check(v); err != nil {
				t.Errorf("%s: %q: %v", name, v, err)
			}
		}
		for v, want := range c.bad {
			if err := c.check(v); err == nil || err.Error() != want {
				t.Errorf("%s: %q: got %v, want %s", name, v, err, want)
			}
		}
	}
}

func TestTheSchemaSaysWhatTheRowsSay(t *testing.T) {
	byName := map[string]struct{ required, optional, computed bool }{
		"name": {required: true}, "size": {optional: true, computed: true}, "on": {optional: true}, "kind": {optional: true, computed: true}, "id": {computed: true},
		"group": {optional: true}, "entries": {optional: true},
	}
	for _, a := range SchemaAttributes(rows) {
		want := byName[a.Name]
		if a.Required != want.required || a.Optional != want.optional || a.Computed != want.computed {
			t.Errorf("%s is required %v, optional %v, computed %v", a.Name, a.Required, a.Optional, a.Computed)
		}
		if nested := a.NestedType != nil; nested != (a.Name == "group" || a.Name == "entries") {
			t.Errorf("%s is nested: %v", a.Name, nested)
		}
	}
}

func TestDescribe(t *testing.T) {
	for want, a := range map[string]Attr{
		"Text.":                                {Doc: "Text."},
		"Text. One of `a`, `b`. Default: `a`.": {Doc: "Text.", Mode: Optional, Enum: []string{"a", "b"}, Default: "a"},
		"Text. A change replaces the object.":  {Doc: "Text.", Mode: Required, Change: Replace},
		"Text. A change is in effect after the guest's next start.": {Doc: "Text.", Mode: Required, Change: NextBoot},
		"Computed.": {Doc: "Computed.", Mode: Computed, Change: Replace},
	} {
		if got := a.Describe(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
