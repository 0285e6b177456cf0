package engine

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

type m = table.Model

var rows = []table.Attr{
	{Name: "id", Type: table.String, Mode: table.Computed},
	{Name: "host", Type: table.String, Mode: table.Required, Change: table.Replace},
	{Name: "name", Type: table.String, Mode: table.Required, Change: table.Replace},
	{Name: "title", Type: table.String, Mode: table.Optional},
	{Name: "on", Type: table.Bool, Mode: table.Optional, Default: true},
	table.ProtectRow("thing"),
	{Name: "machine", Type: table.String, Mode: table.OptionalComputed, Same: func(config, host string) bool { return host == config+"-7.2" }},
	{Name: "cpu", Type: table.Object, Mode: table.Optional, Implied: func(v any) bool { return table.Equal(v, m{"mode": "implied"}) }, Attrs: []table.Attr{
		{Name: "mode", Type: table.String, Mode: table.Required},
		{Name: "model", Type: table.String, Mode: table.Optional},
		{Name: "cores", Type: table.Int, Mode: table.Optional, Default: int64(1)},
	}},
	{Name: "base", Type: table.Object, Mode: table.Optional, Change: table.Replace, Attrs: []table.Attr{{Name: "path", Type: table.String, Mode: table.Required}}},
	{Name: "nics", Type: table.Map, Mode: table.Optional, Attrs: []table.Attr{
		{Name: "network", Type: table.String, Mode: table.Required},
		{Name: "mac", Type: table.String, Mode: table.OptionalComputed},
		{Name: "model", Type: table.String, Mode: table.Optional, Default: "virtio"},
	}},
}

func TestWhatIsPlanned(t *testing.T) {
	u := table.Unknown
	least := m{"host": "alpha", "name": "it"}
	with := func(base, more m) m {
		c := base.Clone()
		for k, v := range more {
			c[k] = v
		}
		return c
	}
	for name, c := range map[string]struct{ config, prior, want m }{
		"a new one":                    {least, nil, with(least, m{"id": u, "on": true, "machine": u})},
		"what was computed stays":      {least, m{"id": "i", "machine": "q35-7.2"}, with(least, m{"id": "i", "on": true, "machine": "q35-7.2"})},
		"what was set is unset":        {least, with(least, m{"title": "a", "cpu": m{"mode": "x"}, "nics": m{"lan": m{"network": "n"}}}), with(least, m{"id": u, "on": true, "machine": u})},
		"a default is not the user's":  {with(least, m{"on": false}), with(least, m{"on": true}), with(least, m{"id": u, "on": false, "machine": u})},
		"a group's default":            {with(least, m{"cpu": m{"mode": "x"}}), nil, with(least, m{"id": u, "on": true, "machine": u, "cpu": m{"mode": "x", "cores": int64(1)}})},
		"an entry that is new":         {with(least, m{"nics": m{"lan": m{"network": "n"}}}), nil, with(least, m{"id": u, "on": true, "machine": u, "nics": m{"lan": m{"network": "n", "mac": u, "model": "virtio"}}})},
		"an entry keeps what it got":   {with(least, m{"nics": m{"lan": m{"network": "n2"}}}), with(least, m{"nics": m{"lan": m{"network": "n", "mac": "aa"}}}), with(least, m{"id": u, "on": true, "machine": u, "nics": m{"lan": m{"network": "n2", "mac": "aa", "model": "virtio"}}})},
		"another key is another entry": {with(least, m{"nics": m{"wan": m{"network": "n"}}}), with(least, m{"nics": m{"lan": m{"network": "n", "mac": "aa"}}}), with(least, m{"id": u, "on": true, "machine": u, "nics": m{"wan": m{"network": "n", "mac": u, "model": "virtio"}}})},
		"unknown":                      {with(least, m{"title": u, "on": u, "cpu": u, "nics": u}), nil, with(least, m{"id": u, "title": u, "on": u, "machine": u, "cpu": u, "nics": u})},
		"an entry unknown as a whole":  {with(least, m{"nics": m{"lan": u}}), nil, with(least, m{"id": u, "on": true, "machine": u, "nics": m{"lan": u}})},
		"no entries":                   {with(least, m{"nics": m{}}), nil, with(least, m{"id": u, "on": true, "machine": u, "nics": m{}})},
	} {
		if got := planGroup(rows, c.config, c.prior); !table.Equal(got, c.want) {
			t.Errorf("%s: got\n%v\nwant\n%v", name, got, c.want)
		}
	}
}

func TestWhatChanged(t *testing.T) {
	base := m{"host": "alpha", "title": "a", "cpu": m{"mode": "x", "cores": int64(1)}, "base": m{"path": "/a"}, "nics": m{"lan": m{"network": "n", "mac": "aa"}}}
	with := func(name string, v any) m { c := base.Clone(); c[name] = v; return c }
	for name, c := range map[string]struct {
		plan m
		want string
	}{
		"nothing":                   {base.Clone(), ""},
		"null is missing":           {with("machine", nil), ""},
		"a value":                   {with("title", "b"), "title"},
		"a value that goes":         {with("title", nil), "title"},
		"a value that comes":        {with("machine", "pc"), "machine"},
		"in a group":                {with("cpu", m{"mode": "y", "cores": int64(1)}), "cpu.mode"},
		"a group that goes":         {with("cpu", nil), "cpu.mode cpu.cores"},
		"in a group that is one":    {with("base", m{"path": "/b"}), "base"},
		"in an entry":               {with("nics", m{"lan": m{"network": "n2", "mac": "aa"}}), "nics[lan].network"},
		"an entry that comes":       {with("nics", m{"lan": m{"network": "n", "mac": "aa"}, "wan": m{"network": "n"}}), "nics[wan]"},
		"an entry that goes":        {with("nics", m{}), "nics[lan]"},
		"all entries":               {with("nics", nil), "nics[lan]"},
		"several, and unknown ones": {with("nics", m{"lan": m{"network": "n", "mac": table.Unknown}, "wan": m{}}), "nics[lan].mac nics[wan]"},
	} {
		var got []string
		for _, change := range table.Changes(rows, base, c.plan) {
			got = append(got, spell(change.Path))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %s", name, got, c.want)
		}
	}
}

func spell(path *tftypes.AttributePath) string {
	var b strings.Builder
	for _, s := range path.Steps() {
		switch s := s.(type) {
		case tftypes.AttributeName:
			b.WriteString("." + string(s))
		case tftypes.ElementKeyString:
			b.WriteString("[" + string(s) + "]")
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}

func TestWhatALookAtTheHostMakesOfTheState(t *testing.T) {
	for name, c := range map[string]struct{ state, seen, want m }{
		"the same":                            {m{"title": "a", "on": true}, m{"title": "a", "on": true}, m{"title": "a", "on": true}},
		"another":                             {m{"title": "a", "on": true}, m{"title": "b", "on": false}, m{"title": "b", "on": false}},
		"gone":                                {m{"title": "a"}, m{"title": nil}, m{}},
		"not observed":                        {m{"host": "alpha", "on": true}, m{}, m{"host": "alpha", "on": true}},
		"values that are not configured":      {m{}, m{"title": "a", "cpu": m{"mode": "x"}, "nics": m{"lan": m{"network": "n"}}}, m{}},
		"what has a default is wanted":        {m{}, m{"on": false}, m{"on": false}},
		"what the host chooses":               {m{}, m{"machine": "q35-7.2"}, m{"machine": "q35-7.2"}},
		"the same by another name":            {m{"machine": "q35"}, m{"machine": "q35-7.2"}, m{"machine": "q35"}},
		"another by another name":             {m{"machine": "q35"}, m{"machine": "pc-7.2"}, m{"machine": "pc-7.2"}},
		"in a group":                          {m{"cpu": m{"mode": "x"}}, m{"cpu": m{"mode": "y", "model": "z", "cores": int64(2)}}, m{"cpu": m{"mode": "y", "cores": int64(2)}}},
		"a group that is gone":                {m{"cpu": m{"mode": "x"}}, m{"cpu": nil}, m{}},
		"in an entry":                         {m{"nics": m{"lan": m{"network": "n"}}}, m{"nics": m{"lan": m{"network": "n2", "mac": "aa", "model": "e1000"}}}, m{"nics": m{"lan": m{"network": "n2", "mac": "aa", "model": "e1000"}}}},
		"an entry that another program added": {m{"nics": m{"lan": m{"network": "n"}}}, m{"nics": m{"lan": m{"network": "n"}, "x": m{"network": "n"}}}, m{"nics": m{"lan": m{"network": "n"}, "x": m{"network": "n", "model": "virtio"}}}},
		"an entry that is gone":               {m{"nics": m{"lan": m{"network": "n"}}}, m{"nics": nil}, m{}},
		"no entries stay no entries":          {m{"nics": m{}}, m{"nics": nil}, m{"nics": m{}}},
		"an entry where none were wanted":     {m{"nics": m{}}, m{"nics": m{"x": m{"network": "n"}}}, m{"nics": m{"x": m{"network": "n", "model": "virtio"}}}},
	} {
		got := refresh(rows, c.state, c.seen)
		if !table.Equal(got, c.want) || (got["nics"] == nil) != (c.want["nics"] == nil) {
			t.Errorf("%s: got\n%v\nwant\n%v", name, got, c.want)
		}
	}
}

func TestWhatAnApplyFillsIn(t *testing.T) {
	plan := m{"id": table.Unknown, "title": "a", "machine": table.Unknown, "cpu": m{"mode": "x", "model": table.Unknown}, "nics": m{"lan": m{"network": "n", "mac": table.Unknown}}}
	seen := m{"id": "i", "title": "not what was planned", "machine": "q35-7.2", "cpu": m{"mode": "y", "model": "z"}, "nics": m{"lan": m{"network": "o", "mac": "aa"}, "x": m{}}}
	want := m{"id": "i", "title": "a", "machine": "q35-7.2", "cpu": m{"mode": "x", "model": "z"}, "nics": m{"lan": m{"network": "n", "mac": "aa"}}}
	if got := fill(rows, plan, seen); !table.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
	if got := fill(rows, plan, m{}); got["id"] != nil || got["machine"] != nil || got.Group("nics").Group("lan")["mac"] != nil {
		t.Errorf("what could not be seen is %v", got)
	}
}

func TestWhatAnImportTakesOver(t *testing.T) {
	got := adopt(rows, m{"host": "alpha", "name": "it", "title": "a", "machine": "q35-7.2", "cpu": m{"mode": "implied"}})
	if want := (m{"host": "alpha", "name": "it", "title": "a", "on": true, "machine": "q35-7.2"}); !table.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
	got = adopt(rows, m{"on": false, "cpu": m{"mode": "x"}})
	if want := (m{"on": false, "cpu": m{"mode": "x"}}); !table.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

func TestTheNamesInAnErrorAreInOrder(t *testing.T) {
	var got []string
	before, after := m{"nics": m{"c": m{"network": "1"}, "a": m{"network": "1"}, "b": m{"network": "1"}}}, m{"nics": m{"d": m{"network": "1"}}}
	for _, c := range table.Changes(rows, before, after) {
		got = append(got, spell(c.Path))
	}
	if want := []string{"nics[a]", "nics[b]", "nics[c]", "nics[d]"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
