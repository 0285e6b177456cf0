package table

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestText(t *testing.T) {
	attrs := []Attr{
		{Name: "line", Type: String, Mode: Optional},
		{Name: "required", Type: String, Mode: Required},
		{Name: "lines", Type: String, Mode: Optional, Text: Lines},
		{Name: "anything", Type: String, Mode: Optional, Text: Anything},
		{Name: "list", Type: Strings, Mode: Optional},
		{Name: "map", Type: Map, Mode: Optional},
		{Name: "absent", Type: String, Mode: Optional, Default: ""},
		{Name: "one_of", Type: String, Mode: Optional, Enum: []string{"a"}},
	}
	const oneLine = ` must be one line without tabs, got "a\nb"; remove the line breaks and tabs`
	for _, c := range []struct {
		name string
		v    any
		want string // "" for a valid value
	}{
		{"line", `it's <&> "\U0001F600" %s`, ""},
		{"line", " a ", ""},
		{"line", "", "'line' must not be empty; leave it out to have none"},
		{"required", "", "'required' must not be empty; give it a value"},
		{"absent", "", ""},
		{"line", "a\nb", "'line'" + oneLine},
		{"line", "a\tb", `'line' must be one line without tabs, got "a\tb"; remove the line breaks and tabs`},
		{"line", "a\rb", `'line' must be one line without tabs, got "a\rb"; remove the line breaks and tabs`},
		{"line", "a\x00b", `'line' must not contain the character U+0000, which XML cannot hold, got "a\x00b"; remove it`},
		{"line", "a\x1Bb", `'line' must not contain the character U+001B, which XML cannot hold, got "a\x1bb"; remove it`},
		{"line", "a\uFFFEb", `'line' must not contain the character U+FFFE, which XML cannot hold, got "a\ufffeb"; remove it`},
		{"lines", "a\n\tb\n", ""},
		{"lines", "", "'lines' must not be empty; leave it out to have none"},
		{"lines", "a\r\nb", `'lines' must not contain carriage returns, got "a\r\nb"; remove them, for example with replace(TEXT, "\r", "")`},
		{"lines", "a\x01", `'lines' must not contain the character U+0001, which XML cannot hold, got "a\x01"; remove it`},
		{"anything", "\x00\r\n\uFFFE", ""},
		{"anything", "", ""},
		{"list", ListOf("a", "a\nb"), "'list'" + oneLine},
		{"list", ListOf("a\x00b"), `'list' must not contain the character U+0000, which XML cannot hold, got "a\x00b"; remove it`},
		{"map", Model{"a\nb": Model{}}, "a key of 'map'" + oneLine},
	} {
		got := ""
		for _, p := range Validate(attrs, Model{c.name: c.v}, tftypes.NewAttributePath()) {
			got += p.Text
		}
		if got != c.want {
			t.Errorf("%s = %q: got\n%s\nwant\n%s", c.name, c.v, got, c.want)
		}
	}
}
