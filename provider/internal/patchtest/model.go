// Package patchtest tests that patching XML obeys its laws, whatever the XML and the plan contain. It generates its models from the rows
// of a table.
package patchtest

import (
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// choices are bytes that make decisions; when none are left, the first option is taken.
type choices struct{ bytes []byte }

func (c *choices) of(n int) int {
	if len(c.bytes) == 0 || n < 2 {
		return 0
	}
	b := c.bytes[0]
	c.bytes = c.bytes[1:]
	return int(b) % n
}

// texts and numbers are the candidates for values: each row uses those that its own check accepts.
var texts = strings.Split("a|b-1|it's <b> & \"c\"|/srv/a.img|/srv/b|0|1|0-1|1,3|vda|sdb|hda|net1|lan|br0|tap7|10.0.0.1|10.0.9.20|fd00::1|"+
	"fd00::20|10.0.0.0/24|fd00:1::/64|52:54:00:12:34:56|52:54:00:ab:cd:0e|8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d99|"+
	"0c0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d98|server.example.org|iqn.2026-01.org.example:one|https://example.org/x|0000:00:02.0|0000:03:1f.7|"+
	"0x1af4|0xbeef|q35|pc|pc-q35-7.2|x86_64|host|Nehalem|<a xmlns=\"urn:a\"/>|<owner group=\"x\"><mail>y</mail></owner>|urn:a|serial-7|"+
	"5000c50015ea71ad|name=value|GMT|Europe/Paris|2026-01-31T00:00:00Z|+0:+0|tag|clean-traffic|1:2|aa|.example.org|_sip", "|")

var numbers = []int64{1, 2, 3, 4, 7, 16, 60, 100, 512, 1000, 1024, 4096, 5900, 32768, 65536, 131072, 262144, 1 << 20, 4 << 20, 0, -1}

// model returns a configuration in which the choices determine what is set; required attributes are always set.
func model(attrs []table.Attr, c *choices) table.Model {
	m := table.Model{}
	for i := range attrs {
		a := &attrs[i]
		if a.Mode == table.Computed || a.WriteOnly || (a.XML == nil && a.Group == nil && a.Entries == nil) {
			continue
		}
		if a.Mode == table.Required || c.of(6) == 1 {
			set(m, a, c)
		}
	}
	return m
}

// filled returns what Terraform plans for a configuration: with its defaults.
func filled(attrs []table.Attr, m table.Model) table.Model {
	out := table.Model{}
	for i := range attrs {
		a := &attrs[i]
		group := m.Group(a.Name)
		switch {
		case group != nil && a.Type == table.Object:
			out[a.Name] = filled(a.Attrs, group)
		case group != nil:
			entries := table.Model{}
			for key := range group {
				entries[key] = filled(a.Attrs, group.Group(key))
			}
			out[a.Name] = entries
		case m[a.Name] != nil:
			out[a.Name] = m[a.Name]
		case a.HasDefault() && (a.XML != nil || a.Group != nil || a.Entries != nil):
			out[a.Name] = a.Default
		}
	}
	return out
}

func set(m table.Model, a *table.Attr, c *choices) {
	switch a.Type {
	case table.Object:
		m[a.Name] = model(a.Attrs, c)
	case table.Map:
		entries := table.Model{}
		for range 1 + c.of(2) {
			if key, ok := pick(c, len(texts), func(i int) (any, bool) { return texts[i], a.Check == nil || a.Check(texts[i]) == nil }); ok {
				entries[key.(string)] = model(a.Attrs, c)
			}
		}
		if len(entries) > 0 {
			m[a.Name] = entries
		}
	case table.Strings:
		var items []string
		for range 1 + c.of(2) {
			if item, ok := value(a, c); ok {
				items = append(items, item.(string))
			}
		}
		if len(items) > 0 {
			m[a.Name] = table.ListOf(items...)
		}
	case table.StringMap:
		if v, ok := value(a, c); ok {
			m[a.Name] = table.TextsOf(map[string]string{"key": v.(string)})
		}
	default:
		if v, ok := value(a, c); ok {
			m[a.Name] = v
		}
	}
}

func value(a *table.Attr, c *choices) (any, bool) {
	passes := func(v any) (any, bool) { return v, a.Check == nil || a.Check(v) == nil }
	switch {
	case len(a.Enum) > 0:
		return a.Enum[c.of(len(a.Enum))], true
	case a.Type == table.Bool:
		return c.of(2) == 0, true
	case a.Type == table.Int:
		return pick(c, len(numbers), func(i int) (any, bool) { return passes(numbers[i]) })
	default:
		return pick(c, len(texts), func(i int) (any, bool) { return passes(texts[i]) })
	}
}

// pick returns the first candidate that is suitable, starting at a chosen one.
func pick(c *choices, n int, try func(i int) (any, bool)) (any, bool) {
	first := c.of(n)
	for i := range n {
		if v, ok := try((first + i) % n); ok {
			return v, true
		}
	}
	return nil, false
}

// vary returns a model that sets what another model sets, to other values.
func vary(attrs []table.Attr, like table.Model, c *choices) table.Model {
	m := table.Model{}
	for i := range attrs {
		a := &attrs[i]
		was, there := like[a.Name]
		if !there {
			continue
		}
		switch a.Type {
		case table.Object:
			m[a.Name] = vary(a.Attrs, was.(table.Model), c)
		case table.Map:
			entries := table.Model{}
			for _, key := range table.Keys(was.(table.Model)) {
				entries[key] = vary(a.Attrs, was.(table.Model).Group(key), c)
			}
			m[a.Name] = entries
		default:
			set(m, a, c)
		}
	}
	return m
}
