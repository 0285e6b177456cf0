package secret

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

type m = table.Model

func TestBadConfigurations(t *testing.T) {
	for name, c := range map[string]struct {
		config m
		want   string
	}{
		"without a value":    {m{"usage": "ceph", "name": "it"}, ""},
		"with a value":       {m{"usage": "ceph", "name": "it", "value": "x", "value_version": int64(1)}, ""},
		"with an encoded":    {m{"usage": "ceph", "name": "it", "value": "AA==", "value_encoding": "base64", "value_version": int64(1)}, ""},
		"not known yet":      {m{"usage": table.Unknown, "name": table.Unknown, "value": table.Unknown, "value_version": table.Unknown}, ""},
		"an unknown code":    {m{"usage": "ceph", "name": "it", "value": "x", "value_encoding": table.Unknown, "value_version": int64(1)}, ""},
		"no name":            {m{"usage": "ceph", "name": ""}, "'name' must not be empty; give it a value"},
		"a path":             {m{"usage": "ceph", "name": "/it"}, `'name' must not contain '/' or a line break, got "/it"; remove it`},
		"another usage":      {m{"usage": "none", "name": "it"}, `'usage' must be one of "ceph", "iscsi", "volume", "tls", "vtpm", got "none"`},
		"a relative volume":  {m{"usage": "volume", "name": "it"}, `'name' must be an absolute path with 'usage' "volume", got "it"; set the path of the volume`},
		"not a UUID":         {m{"usage": "ceph", "name": "it", "uuid": "1"}, `'uuid' must be a UUID in lower case like c7a5fdbd-cdaf-9455-926a-d65c16db1809, got "1"`},
		"no version":         {m{"usage": "ceph", "name": "it", "value": "x"}, "'value' requires 'value_version'; begin with 1, and increase it with each new value"},
		"a version of none":  {m{"usage": "ceph", "name": "it", "value_version": int64(1)}, "'value_version' requires 'value'; set it, or remove 'value_version'"},
		"version 0":          {m{"usage": "ceph", "name": "it", "value": "x", "value_version": int64(0)}, "'value_version' must be at least 1, got 0"},
		"an empty value":     {m{"usage": "ceph", "name": "it", "value": "", "value_version": int64(1)}, "'value' must not be empty"},
		"kept in memory":     {m{"usage": "ceph", "name": "it", "protect": true, "ephemeral": true}, "'protect' cannot be combined with 'ephemeral': libvirt loses an ephemeral secret when it restarts; remove one of them"},
		"a text, not base64": {m{"usage": "ceph", "name": "it", "value": "hush!", "value_encoding": "base64", "value_version": int64(1)}, `'value' must be valid base64 with 'value_encoding' "base64"; correct it, or remove 'value_encoding'`},
	} {
		var got []string
		found := table.Validate(Table.Attrs, c.config, tftypes.NewAttributePath())
		if len(found) == 0 { // as the engine does
			found = Resource{}.Validate(c.config)
		}
		for _, p := range found {
			got = append(got, p.Text)
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestTheNameOfEachUsage(t *testing.T) {
	for usage, want := range map[string]string{
		"ceph": "<name>it</name>", "iscsi": "<target>it</target>", "volume": "<volume>it</volume>", "tls": "<name>it</name>", "vtpm": "<name>it</name>",
	} {
		root, err := xmlmodel.Parse("<secret/>")
		if err != nil {
			t.Fatal(err)
		}
		xmlmodel.Patch(Table.Attrs, root, nil, m{"usage": usage, "name": "it", "value": "hush"})
		text, err := xmlmodel.Text(root)
		if want = `<secret><usage type="` + usage + `">` + want + `</usage></secret>`; err != nil || text != want {
			t.Errorf("got %s %v, want %s", text, err, want)
		}
		if got := xmlmodel.Read(Table.Attrs, root)["name"]; got != "it" {
			t.Errorf("%s: read back %v", usage, got)
		}
	}
}

func TestWhatIsNoLongerPrivateIsReplaced(t *testing.T) {
	for was, want := range map[bool]table.Cost{true: table.Replace, false: table.Live} {
		if got := costOfPrivate(table.ValueChange{Was: was, Is: !was}); got != want {
			t.Errorf("from %v: %s", was, got)
		}
	}
}

func TestALostValueIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		prior, plan m
		want        any
	}{
		"there":              {m{"has_value": true, "value_version": int64(1)}, m{"has_value": true, "value_version": int64(1)}, true},
		"another":            {m{"has_value": true, "value_version": int64(1)}, m{"has_value": true, "value_version": int64(2)}, true},
		"never had":          {m{"has_value": false}, m{"has_value": false}, false},
		"lost, written anew": {m{"has_value": false}, m{"has_value": false, "value_version": int64(1)}, table.Unknown},
	} {
		Resource{}.Plan(context.Background(), nil, c.prior, nil, c.plan)
		if c.plan["has_value"] != c.want {
			t.Errorf("%s: %v", name, c.plan["has_value"])
		}
	}
}
