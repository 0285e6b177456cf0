package exchange

import (
	"strings"
	"testing"
)

type request struct {
	Hosts Hosts  `json:"hosts"`
	Items []item `json:"items"`
}

type item struct {
	Name  string   `json:"name"`
	Ports []uint16 `json:"ports"`
}

func TestExchangeDecode(t *testing.T) {
	const hosts = `"hosts": {"alpha": {"uri": "qemu:///system"}}`
	for text, want := range map[string]string{
		`{` + hosts + `, "items": [{"name": "a", "ports": [1]}]}`:   "",
		`{` + hosts + `, "items": []} `:                             "",
		`{` + hosts + `, "items": [], "more": 1}`:                   `json: unknown field "more"`,
		`{` + hosts + `}`:                                           `missing field "items"`,
		`{` + hosts + `, "items": null}`:                            "",
		`{` + hosts + `, "items": [{"name": "a"}]}`:                 `missing field "items[0].ports"`,
		`{` + hosts + `, "items": [{"name": "a", "port": [1]}]}`:    `json: unknown field "port"`,
		`{"hosts": {"alpha": {}}, "items": []}`:                     `missing field "hosts[\"alpha\"].uri"`,
		`{"hosts": {"alpha": {"uri": "", "url": ""}}, "items": []}`: `json: unknown field "url"`,
		`{"hosts": null, "items": []}`:                              `"hosts" must be an object`,
		`{` + hosts + `, "items": []} {}`:                           "unexpected text after the value",
		`null`:                                                      "the value must be an object",
		`{`:                                                         "unexpected EOF",
	} {
		var r request
		got := ""
		if err := Decode(strings.NewReader(text), &r); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestExchangeFleet(t *testing.T) {
	fleet, err := Hosts{"alpha": {"qemu:///system"}, "beta": {"qemu+ssh://beta/system"}}.Fleet()
	if err != nil || strings.Join(fleet.Names(), " ") != "alpha beta" {
		t.Errorf("got %v, %v", fleet, err)
	}
	if _, err := (Hosts{"alpha": {"xen:///system"}}).Fleet(); err == nil || !strings.HasPrefix(err.Error(), `host "alpha": must use the QEMU driver`) {
		t.Errorf("got %v", err)
	}
}
