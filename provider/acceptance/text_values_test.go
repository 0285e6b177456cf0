//go:build acceptance

package acceptance

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// hostileText is a text that a program may lose, change or misread on the way to libvirt and back.
type hostileText struct {
	what, text string
	parts      []hostileText // tried one by one if an attribute cannot have them together
}

// hostileTexts lists the contents that every text attribute is tried with.
var hostileTexts = []hostileText{
	combined("punctuation", hostile("quotes", `it's "it"`), hostile("markup", `<b>&amp;]]>&`), hostile("a format", `%s%d%n`), hostile("backslashes", `a\b\n\`),
		hostile("a shell's", "$(id);`id`|&"), hostile("separators", `a,b=c:d`), hostile("emoji", "\U0001F600\U0001F469\u200D\U0001F467")),
	combined("odd Unicode", hostile("a line separator", "a\u2028b"), hostile("a combining mark", "\u0301a"), hostile("a direction", "a\u202Eb"),
		hostile("a byte order mark", "\uFEFFa"), hostile("NEL", "a\u0085b"), hostile("DEL", "a\x7Fb")),
	hostile("a control character", "a\x01b"), hostile("NUL", "a\x00b"), hostile("U+FFFE", "a\uFFFEb"), hostile("U+FFFF", "a\uFFFFb"),
	hostile("a tab", "a\tb"), hostile("LF", "a\nb"), hostile("a final LF", "a\n"), hostile("CR", "a\rb"), hostile("CR LF", "a\r\nb"),
	combined("blanks around it", hostile("a leading blank", " a"), hostile("a trailing blank", "a ")),
	hostile("only blanks", "   "), hostile("nothing", ""), hostile("dots", ".."), hostile("200 characters", strings.Repeat("x", 200)),
	hostile("10000 characters", strings.Repeat("ä", 10_000)),
}

func hostile(what, text string) hostileText { return hostileText{what: what, text: text} }

func combined(what string, parts ...hostileText) hostileText {
	all := hostileText{what: what, parts: parts}
	for _, p := range parts {
		all.text += p.text
	}
	if what == "blanks around it" {
		all.text = " a "
	}
	return all
}

// place is where a table has a text: an attribute, the first element of a list, or the key of the first entry of a map.
type place struct {
	path string
	attr *table.Attr
}

// texts lists the places of texts in a table.
func texts(attrs []table.Attr, prefix string) []place {
	var found []place
	for i := range attrs {
		a := &attrs[i]
		if a.Mode == table.Computed {
			continue
		}
		if a.Type == table.String || a.Type == table.Strings || a.Type == table.Map {
			found = append(found, place{prefix + a.Name, a})
		}
		found = append(found, texts(a.Attrs, prefix+a.Name+".")...)
	}
	return found
}

// everyText asserts that each text attribute of a table either refuses hostile contents in the plan, or has them on the host as the configuration
// does: made, read back without a difference, and destroyed. It takes valid objects from the cases of the attributes.
func everyText(t *testing.T, rows *table.Table, base func(name string) attrs, cases map[string]update) {
	t.Helper()
	inParallel(t, texts(rows.Attrs, ""), func(c *core, p place) {
		if p.path == "host" || p.path == "name" {
			return // a host is one of the provider block; names have a test of their own
		}
		valid := exemplar(t, p, base, cases)
		if valid == nil {
			return
		}
		for _, h := range sample(rows.TypeName()+" "+p.path, hostileTexts) {
			tryText(t, c, rows, p, valid, h)
		}
	})
}

// exemplar returns a valid object in which the text is set.
func exemplar(t *testing.T, p place, base func(name string) attrs, cases map[string]update) attrs {
	t.Helper()
	candidates := []string{p.path}
	for _, path := range slices.Sorted(maps.Keys(cases)) {
		if strings.HasPrefix(path, p.path+".") {
			candidates = append(candidates, path)
		}
	}
	for _, path := range append(candidates, slices.Sorted(maps.Keys(cases))...) {
		for _, s := range cases[path].steps {
			if a := base(unique(t)).with(s.set); !isEmpty(lookup(a, p.path)) {
				return a
			}
		}
	}
	return nil
}

func isEmpty(v any) bool {
	a, group := v.(attrs)
	return v == nil || group && len(a) == 0
}

// tryText tries one text by itself, and after the valid text if it is refused by itself: only then the form of the whole is right.
func tryText(t *testing.T, c *core, rows *table.Table, p place, valid attrs, h hostileText) {
	t.Helper()
	alone := tryValue(t, c, rows, p, valid, h, func(string) string { return h.text })
	if alone || h.text == "" {
		return
	}
	appended := tryValue(t, c, rows, p, valid, h, func(was string) string { return was + h.text })
	if !appended {
		for _, one := range h.parts {
			tryText(t, c, rows, p, valid, one)
		}
	}
}

// tryValue makes an object with a text, reads it back and destroys it. It reports false if the plan refused the text.
func tryValue(t *testing.T, c *core, rows *table.Table, p place, valid attrs, h hostileText, text func(was string) string) bool {
	t.Helper()
	kind, what := rows.TypeName(), fmt.Sprintf("%s of %s with %s", p.path, rows.TypeName(), h.what)
	want := withValue(valid.with(attrs{"name": unique(t)}), p.path, func(v any) any {
		switch v := v.(type) {
		case string:
			return text(v)
		case []string:
			return append([]string{text(v[0])}, v[1:]...)
		default:
			entries := v.(attrs)
			first := slices.Sorted(maps.Keys(entries))[0]
			renamed := attrs{text(first): entries[first]}
			return entries.with(attrs{first: nil}).with(renamed)
		}
	})
	err := c.validate(kind, want)
	planned, _, planErr := c.plan(kind, instance{}, want)
	if err = errors.Join(err, planErr); err != nil {
		refusedWell(t, what, p, h, err)
		return false
	}
	err = c.change(kind, instance{}, planned, want)
	if err != nil && missing.MatchString(err.Error()) {
		t.Logf("%s: the plan cannot know what exists when it is applied: %.300s", what, err)
	} else if err != nil {
		t.Errorf("%s: the plan is green, and the apply fails: %v", what, err)
	} else if err := c.settled(kind, want); err != nil {
		t.Errorf("%s: it is not read back as it was written: %v", what, err)
	}
	if err := c.apply(kind, nil); err != nil {
		t.Errorf("%s: it cannot be destroyed: %v", what, err)
		delete(c.state, kind)
	}
	return true
}

// missing matches the failures of a text that names an object that does not exist, or an element that libvirt does not know.
var missing = regexp.MustCompile(`not found|o such file or directory|must be a file|no storage pool|libvirt ignored xml`)

// refusedWell asserts that a refusal names the attribute or shows its value, and is short.
func refusedWell(t *testing.T, what string, p place, h hostileText, err error) {
	t.Helper()
	text := err.Error()
	named := strings.Contains(text, "'"+p.attr.Name+"'") || strings.Contains(text, "'"+p.path+"'") || strings.Contains(text, beginning(h.text))
	if !named {
		t.Errorf("%s: the message does not name the attribute: %.300s", what, text)
	} else if len(text) > 4000 {
		t.Errorf("%s: the message has %d bytes: %.300s", what, len(text), text)
	}
}

// beginning returns the beginning of a text as messages quote it.
func beginning(text string) string {
	const enough = 10
	quoted := []rune(strings.Trim(strconv.Quote(text), `"`))
	return string(quoted[:min(enough, len(quoted))])
}

// withValue returns a copy of a configuration with another value at a path, in the entry in which lookup finds it.
func withValue(a attrs, path string, with func(v any) any) attrs {
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return a.with(attrs{name: with(a[name])})
	}
	inner := a[name].(attrs)
	next, _, _ := strings.Cut(rest, ".")
	if _, direct := inner[next]; !direct {
		for _, k := range slices.Sorted(maps.Keys(inner)) {
			if entry, is := inner[k].(attrs); is && lookup(entry, rest) != nil {
				return a.with(attrs{name: inner.with(attrs{k: withValue(entry, rest, with)})})
			}
		}
	}
	return a.with(attrs{name: withValue(inner, rest, with)})
}

// inParallel does something with each item, in a few workers that each have a provider in this process.
func inParallel[T any](t *testing.T, items []T, do func(c *core, item T)) {
	t.Helper()
	began := time.Now()
	queue := make(chan T)
	var wait sync.WaitGroup
	for range 3 {
		c, err := newCore(alpha().URI, t.TempDir(), nil)
		if err != nil {
			t.Fatal(err)
		}
		wait.Go(func() {
			for item := range queue {
				do(c, item)
			}
			if err := c.close(); err != nil {
				t.Error(err)
			}
		})
	}
	for _, item := range items {
		if isOver() {
			break
		}
		queue <- item
	}
	close(queue)
	wait.Wait()
	t.Logf("%d items in %s", len(items), time.Since(began).Round(time.Millisecond))
}
