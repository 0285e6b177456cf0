package xmlmodel

import (
	"testing"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

type m = table.Model

var rows = []table.Attr{
	{Name: "title", Type: table.String, Mode: table.Optional, XML: At("title")},
	{Name: "size", Type: table.Int, Mode: table.Optional, XML: At("os/size@value")},
	{Name: "secure", Type: table.Bool, Mode: table.Optional, XML: At("@secure")},
	{Name: "log", Type: table.Bool, Mode: table.Optional, Default: false, XML: Words{At: "log@append", Yes: "on", No: "off"}},
	{Name: "uuid", Type: table.String, Mode: table.Computed, XML: At("uuid")},
	{Name: "machine", Type: table.String, Mode: table.OptionalComputed, XML: At("machine"), Same: func(config, host string) bool { return host == config+"-7.2" }},
	{Name: "cpu", Type: table.Object, Mode: table.Optional, Group: Element{"cpu"}, Attrs: []table.Attr{
		{Name: "mode", Type: table.String, Mode: table.Required, XML: At("@mode")},
		{Name: "model", Type: table.String, Mode: table.Optional, XML: At("model")},
	}},
	{Name: "disks", Type: table.Map, Mode: table.Optional, Entries: disks{}, Attrs: []table.Attr{
		{Name: "file", Type: table.String, Mode: table.Required, XML: At("source@file")},
	}},
	{Name: "host", Type: table.String, Mode: table.Required}, // not in the XML
}

type disks struct{}

func (disks) Elements(el *etree.Element) (keys []string, elements []*etree.Element) {
	for _, d := range el.SelectElements("disk") {
		keys, elements = append(keys, d.SelectAttrValue("dev", "")), append(elements, d)
	}
	return keys, elements
}

func (disks) Make(el *etree.Element, key string, _ table.Model) *etree.Element {
	d := el.CreateElement("disk")
	d.CreateAttr("dev", key)
	return d
}

const whole = `<domain secure="yes"><title>web</title><os><size value="5"/><boot/></os><uuid>u</uuid><machine>q35-7.2</machine><log append="on" file="/l"/>` +
	`<cpu mode="custom" check="none"><model fallback="allow">Nehalem</model><feature name="x"/></cpu><disk dev="vda" cache="none"><source file="/a" index="1"/></disk>` +
	`<disk dev="vdb"><source file="/b"/></disk><metadata><mine/></metadata></domain>`

func seen() m {
	return m{"title": "web", "size": int64(5), "secure": true, "log": true, "uuid": "u", "machine": "q35-7.2", "cpu": m{"mode": "custom", "model": "Nehalem"},
		"disks": m{"vda": m{"file": "/a"}, "vdb": m{"file": "/b"}}}
}

func parsed(t *testing.T, xml string) *etree.Element {
	t.Helper()
	root, err := Parse(xml)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func text(t *testing.T, el *etree.Element) string {
	t.Helper()
	s, err := Text(el)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRead(t *testing.T) {
	if got := Read(rows, parsed(t, whole)); !table.Equal(got, seen()) {
		t.Errorf("got %v", got)
	}
	got := Read(rows, parsed(t, `<domain/>`))
	if want := (m{"log": false}); !table.Equal(got, want) {
		t.Errorf("an empty document reads as %v", got)
	}
	if _, observed := got["host"]; observed {
		t.Error("what is not in the XML was observed")
	}
	if got := Read(rows, parsed(t, `<domain><os><size value="much"/></os><cpu/></domain>`)); got["size"] != nil || got.Group("cpu") == nil {
		t.Errorf("what is no number reads as %v, an empty group as %v", got["size"], got["cpu"])
	}
}

func TestPatch(t *testing.T) {
	with := func(path string, v any) m { c := seen(); c[path] = v; return c }
	for name, c := range map[string]struct {
		xml         string
		prior, plan m
		want        string
	}{
		"nothing":                        {whole, seen(), seen(), whole},
		"unset is left alone":            {whole, nil, m{}, whole},
		"unknown is left alone":          {whole, nil, m{"title": table.Unknown, "size": table.Unknown, "cpu": table.Unknown, "disks": table.Unknown}, whole},
		"computed is never written":      {whole, seen(), with("uuid", "other"), whole},
		"the same by another name":       {whole, seen(), with("machine", "q35"), whole},
		"a text":                         {`<d><title>a</title><x/></d>`, m{"title": "a"}, m{"title": "b & <c>"}, `<d><title>b &amp; &lt;c&gt;</title><x/></d>`},
		"a text that is new":             {`<d/>`, nil, m{"title": "a"}, `<d><title>a</title></d>`},
		"a text that goes":               {`<d><title>a</title><x/></d>`, m{"title": "a"}, m{}, `<d><x/></d>`},
		"a number deep down":             {`<d><os a="1"/></d>`, nil, m{"size": int64(7)}, `<d><os a="1"><size value="7"/></os></d>`},
		"a number that goes":             {`<d><os><size value="7" unit="KiB"/></os></d>`, m{"size": int64(7)}, m{}, `<d><os><size unit="KiB"/></os></d>`},
		"a word":                         {`<d><log append="on" file="/l"/></d>`, nil, m{"log": false}, `<d><log append="off" file="/l"/></d>`},
		"a word that is so already":      {`<d/>`, nil, m{"log": false}, `<d/>`},
		"a group that is new":            {`<d/>`, nil, m{"cpu": m{"mode": "maximum"}}, `<d><cpu mode="maximum"/></d>`},
		"a group's attribute":            {`<d><cpu mode="a" check="none"><feature/></cpu></d>`, m{"cpu": m{"mode": "a"}}, m{"cpu": m{"mode": "b"}}, `<d><cpu mode="b" check="none"><feature/></cpu></d>`},
		"a group's attribute that goes":  {`<d><cpu mode="a"><model>n</model></cpu></d>`, m{"cpu": m{"mode": "a", "model": "n"}}, m{"cpu": m{"mode": "a"}}, `<d><cpu mode="a"/></d>`},
		"a group's attribute left alone": {`<d><cpu mode="a"><model>n</model></cpu></d>`, m{"cpu": m{"mode": "a"}}, m{"cpu": m{"mode": "a"}}, `<d><cpu mode="a"><model>n</model></cpu></d>`},
		"a group that goes":              {`<d><cpu mode="a"/><x/></d>`, m{"cpu": m{"mode": "a"}}, m{}, `<d><x/></d>`},
		"an entry":                       {`<d><disk dev="vda" cache="none"><source file="/a" index="1"/></disk></d>`, m{"disks": m{"vda": m{"file": "/a"}}}, m{"disks": m{"vda": m{"file": "/b"}}}, `<d><disk dev="vda" cache="none"><source file="/b" index="1"/></disk></d>`},
		"an entry that is new":           {`<d><disk dev="vda"/></d>`, m{"disks": m{"vda": m{}}}, m{"disks": m{"vda": m{}, "vdb": m{"file": "/b"}}}, `<d><disk dev="vda"/><disk dev="vdb"><source file="/b"/></disk></d>`},
		"an entry that goes":             {`<d><disk dev="vda"/><disk dev="vdb"/></d>`, m{"disks": m{"vda": m{}, "vdb": m{}}}, m{"disks": m{"vdb": m{}}}, `<d><disk dev="vdb"/></d>`},
		"all entries go":                 {`<d><disk dev="vda"/><disk dev="vdb"/></d>`, m{"disks": m{"vda": m{}, "vdb": m{}}}, m{}, `<d/>`},
		"an entry that came meanwhile":   {`<d><disk dev="vda"/><disk dev="vdz"/></d>`, m{"disks": m{"vda": m{}}}, m{"disks": m{}}, `<d><disk dev="vdz"/></d>`},
		"an entry that went meanwhile":   {`<d/>`, m{"disks": m{"vda": m{"file": "/a"}}}, m{"disks": m{"vda": m{"file": "/a"}}}, `<d><disk dev="vda"><source file="/a"/></disk></d>`},
		"what changed meanwhile":         {`<d><title>somebody's</title></d>`, m{"title": "a"}, m{"title": "a"}, `<d><title>a</title></d>`},
	} {
		t.Run(name, func(t *testing.T) {
			el := parsed(t, c.xml)
			Patch(rows, el, c.prior, c.plan)
			if got := text(t, el); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			Patch(rows, el, c.plan, c.plan)
			if got := text(t, el); got != c.want {
				t.Errorf("the same again changes it to\n%s", got)
			}
		})
	}
}

func TestTheLastPatchWins(t *testing.T) {
	plans := []m{
		{"title": "a", "size": int64(1), "secure": true, "log": true, "cpu": m{"mode": "a", "model": "n"}, "disks": m{"vda": m{"file": "/1"}}},
		{"title": "b", "size": int64(2), "secure": false, "log": false, "cpu": m{"mode": "b"}, "disks": m{"vda": m{"file": "/2"}, "vdb": m{"file": "/3"}}},
		{"log": false},
	}
	for i, a := range plans {
		for j, b := range plans {
			el := parsed(t, whole)
			Patch(rows, el, seen(), a)
			Patch(rows, el, a, b)
			got := Read(rows, el)
			for _, name := range []string{"title", "size", "secure", "log", "cpu", "disks"} {
				if !table.Equal(got[name], b[name]) {
					t.Errorf("%d then %d: %s is %v, want %v", i, j, name, got[name], b[name])
				}
			}
			if Find(el, "metadata", "mine") == nil || Find(el, "os", "boot") == nil {
				t.Errorf("%d then %d: what a person added is gone", i, j)
			}
		}
	}
}

func TestWhatIsNoXML(t *testing.T) {
	for xml, want := range map[string]string{
		"":         "unable to read XML: it has no root element",
		"<a>":      "unable to read XML: etree: invalid XML format",
		"<!-- -->": "unable to read XML: it has no root element",
	} {
		if _, err := Parse(xml); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", xml, err, want)
		}
	}
}
