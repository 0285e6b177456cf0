package table

import (
	"encoding/json"
	"testing"
)

func TestConfigurationLeavesOutWhatNobodyHasToState(t *testing.T) {
	rows := []Attr{
		{Name: "name", Type: String, Mode: Required},
		{Name: "id", Type: String, Mode: Computed},
		{Name: "state", Type: String, Mode: Optional, Default: "running"},
		{Name: "password", Type: String, Mode: Optional, Sensitive: true},
		{Name: "note", Type: String, Mode: Optional},
		{Name: "tags", Type: Strings, Mode: Optional},
		{Name: "nics", Type: Map, Mode: Optional, Attrs: []Attr{
			{Name: "model", Type: String, Mode: Optional, Default: "virtio"},
			{Name: "mac", Type: String, Mode: OptionalComputed},
		}},
		{Name: "options", Type: Object, Mode: Optional, Attrs: []Attr{{Name: "io", Type: String, Mode: Optional}}},
	}
	seen := Model{"name": "web", "id": "alpha/web", "state": "running", "password": "secret", "note": nil, "tags": ListOf("a", "b"),
		"nics": Model{"lan": Model{"model": "virtio", "mac": "52:54:00:00:00:01"}}, "options": Model{"io": nil}}
	got, err := json.Marshal(Configuration(rows, seen))
	const want = `{"name":"web","nics":{"lan":{"mac":"52:54:00:00:00:01"}},"options":{},"tags":["a","b"]}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}
