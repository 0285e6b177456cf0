package table

import (
	"errors"
	"testing"
)

// renamed is a made-up resource, whose 'label' became 'title', and whose 'mib' then became 'bytes'.
var renamed = &Table{Name: "thing", Attrs: []Attr{{Name: "title", Type: String}, {Name: "bytes", Type: Int}}, Upgrades: []Upgrade{
	{Changes: []string{"label"}, Apply: func(state map[string]any) error {
		state["title"] = state["label"]
		delete(state, "label")
		return nil
	}},
	{Changes: []string{"mib"}, Apply: func(state map[string]any) error {
		if state["mib"] != "9007199254740993" {
			return errors.New("no size")
		}
		state["bytes"] = state["mib"]
		delete(state, "mib")
		return nil
	}},
}}

func TestStatesAreUpgradedOneVersionAfterTheOther(t *testing.T) {
	for name, c := range map[string]struct {
		version     int64
		state, want string
	}{
		"two versions": {0, `{"label":"a","mib":"9007199254740993","large":9007199254740993}`,
			`{"bytes":"9007199254740993","large":9007199254740993,"title":"a"}`},
		"one version": {1, `{"title":"a","mib":"9007199254740993","on":null}`, `{"bytes":"9007199254740993","on":null,"title":"a"}`},
		"no version":  {2, `{"title": "a"}`, `{"title": "a"}`},
	} {
		if got, err := renamed.UpgradeState(c.version, []byte(c.state)); err != nil || string(got) != c.want {
			t.Errorf("%s: %v: got %s, want %s", name, err, got, c.want)
		}
	}
	if v := renamed.Schema().Version; v != 2 {
		t.Errorf("the schema has version %d, want 2", v)
	}
}

func TestStatesThatCannotBeUpgraded(t *testing.T) {
	const other = "the state of a libvirt_thing must have a schema version from 0 to 2, got "
	for name, c := range map[string]struct {
		version     int64
		state, want string
	}{
		"a later version":         {3, `{}`, other + "3; use the version of the provider that wrote it, or a newer one"},
		"no version":              {-1, `{}`, other + "-1; use the version of the provider that wrote it, or a newer one"},
		"no object":               {0, `[]`, "json: cannot unmarshal array into Go value of type map[string]interface {}"},
		"an upgrade that refuses": {0, `{}`, "upgrading the state of a libvirt_thing from schema version 1: no size"},
	} {
		if got, err := renamed.UpgradeState(c.version, []byte(c.state)); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, c.want)
		}
	}
}
