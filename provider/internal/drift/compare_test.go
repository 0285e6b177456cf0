package drift

import (
	"encoding/json"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

type m = table.Model

var rows = []table.Attr{
	{Name: "id", Type: table.String, Mode: table.Computed},
	{Name: "title", Type: table.String, Mode: table.Optional},
	{Name: "machine", Type: table.String, Mode: table.OptionalComputed},
	{Name: "run", Type: table.Int, Mode: table.Computed},
	{Name: "undeclared", Type: table.String, Mode: table.Computed, ShowsDrift: true},
	table.NeedsRepairRow("always"),
	{Name: "key", Type: table.String, Mode: table.Optional, Sensitive: true},
	{Name: "token", Type: table.String, Mode: table.Optional, WriteOnly: true},
	{Name: "tags", Type: table.Strings, Mode: table.Optional},
	{Name: "effect", Type: table.Object, Mode: table.Computed, Attrs: []table.Attr{{Name: "action", Type: table.String, Mode: table.Computed}}},
	{Name: "cpu", Type: table.Object, Mode: table.Optional, Attrs: []table.Attr{{Name: "model", Type: table.String, Mode: table.Optional}}},
	{Name: "disks", Type: table.Map, Mode: table.Optional, Attrs: []table.Attr{
		{Name: "file", Type: table.String, Mode: table.Optional},
		{Name: "bus", Type: table.String, Mode: table.Optional},
		{Name: "alias", Type: table.String, Mode: table.Computed},
		{Name: "key", Type: table.String, Mode: table.Optional, Sensitive: true},
	}},
}

func TestDifferences(t *testing.T) {
	for name, c := range map[string]struct {
		was, now  m
		sensitive string // a path that the configuration made sensitive
		want      string
	}{
		"nothing": {m{"title": "a"}, m{"title": "a"}, "", `null`},
		"another value": {m{"title": "a"}, m{"title": "b"}, "",
			`[{"path":"title","was":"a","is":"b","sensitive":false}]`},
		"a value that the host chose before": {m{"machine": "q35-7"}, m{"machine": "q35-8"}, "",
			`[{"path":"machine","was":"q35-7","is":"q35-8","sensitive":false}]`},
		"a value that is gone": {m{"title": "a"}, m{"title": nil}, "",
			`[{"path":"title","was":"a","is":null,"sensitive":false}]`},
		"what the host changes by itself": {m{"id": "a", "run": int64(1), "effect": m{"action": "live"}}, m{"id": "b", "run": int64(2), "effect": nil}, "", `null`},
		"a computed value that somebody changed": {m{}, m{"undeclared": "disk vdb"}, "",
			`[{"path":"undeclared","was":null,"is":"disk vdb","sensitive":false}]`},
		"a need of repair": {m{"needs_repair": false}, m{"needs_repair": true}, "",
			`[{"path":"needs_repair","was":false,"is":true,"sensitive":false}]`},
		"a need of repair that is over": {m{"needs_repair": true}, m{"needs_repair": false}, "", `null`},
		"a secret":                      {m{"key": "sesame"}, m{"key": "other"}, "", `[{"path":"key","was":null,"is":null,"sensitive":true}]`},
		"a value from a sensitive variable": {m{"title": "sesame"}, m{"title": "other"}, "title",
			`[{"path":"title","was":null,"is":null,"sensitive":true}]`},
		"a value in a sensitive group": {m{"cpu": m{"model": "sesame"}}, m{"cpu": m{"model": "other"}}, "cpu",
			`[{"path":"cpu.model","was":null,"is":null,"sensitive":true}]`},
		"a name that begins like a sensitive one": {m{"title": "a"}, m{"title": "b"}, "tit",
			`[{"path":"title","was":"a","is":"b","sensitive":false}]`},
		"a write-only value": {m{"token": "a"}, m{"token": nil}, "", `null`},
		"a list": {m{"tags": table.ListOf("a")}, m{"tags": table.ListOf("a", "b")}, "",
			`[{"path":"tags","was":["a"],"is":["a","b"],"sensitive":false}]`},
		"an entry that was added": {m{"disks": m{}}, m{"disks": m{"vdb": m{"file": "/b", "bus": nil, "alias": "x", "key": "sesame"}}}, "",
			`[{"path":"disks[\"vdb\"]","was":null,"is":{"file":"/b","key":"(sensitive)"},"sensitive":false}]`},
		"an entry with a value from a sensitive variable": {m{"disks": m{"vdb": m{"file": "sesame", "bus": "ide"}}}, m{"disks": m{}}, `disks["vdb"].file`,
			`[{"path":"disks[\"vdb\"]","was":{"bus":"ide","file":"(sensitive)"},"is":null,"sensitive":false}]`},
		"a value in an entry": {m{"disks": m{"a.b": m{"bus": "ide"}}}, m{"disks": m{"a.b": m{"bus": "scsi"}}}, "",
			`[{"path":"disks[\"a.b\"].bus","was":"ide","is":"scsi","sensitive":false}]`},
	} {
		o := object{}
		if c.sensitive != "" {
			o.sensitive = []string{c.sensitive}
		}
		got, err := json.Marshal(differences(rows, c.was, c.now, o.isSensitive))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %v: got\n%s\nwant\n%s", name, err, got, c.want)
		}
	}
}
