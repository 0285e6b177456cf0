package patchtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Subject is what the laws are tested on.
type Subject struct {
	Rows  []table.Attr
	Rules func(config table.Model) []table.Problem // the rules between rows; nil: none
	Seeds []string                                 // definitions that libvirt accepts
	// Patch writes a plan into XML, given the prior plan.
	Patch func(xml string, prior, plan table.Model) (string, error)
	// Read corrects a model that was read by what the configuration says; nil: nothing to correct.
	Read func(seen, config table.Model)
	// Fixed are top-level rows that the tests never change: another value means another object.
	Fixed []string
	// Sweeping are the paths of the rows for which a new value also removes something that no row describes: for example a device with
	// its address, which gets another address when it is added again.
	Sweeping []string
}

// Seeds reads the definitions in a directory.
func Seeds(tb testing.TB, dir string) []string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	files = slices.DeleteFunc(files, func(file string) bool { return strings.HasSuffix(file, ".live.xml") }) // these are never patched
	if err != nil || len(files) == 0 {
		tb.Fatalf("no definitions in %s: %v", dir, err)
	}
	var seeds []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		seeds = append(seeds, string(text))
	}
	return seeds
}

// spread is the number of models that the plain test tries on each seed.
const spread = 40

// Fuzz tests the laws on definitions that are made of a seed and what is patched into it.
func Fuzz(f *testing.F, s Subject) {
	f.Helper()
	for i := range s.Seeds {
		for j := range spread {
			f.Add(uint8(i), noise(i, j, 0), noise(i, j, 1), noise(i, j, 2))
		}
	}
	f.Fuzz(func(t *testing.T, seed uint8, base, one, other []byte) {
		s.hold(t, s.Seeds[int(seed)%len(s.Seeds)], base, one, other)
	})
}

// noise returns bytes that look random but are the same each time.
func noise(at ...int) []byte {
	state := uint32(2166136261)
	for _, n := range at {
		state = (state ^ uint32(n+1)) * 16777619
	}
	out := make([]byte, 200)
	for i := range out {
		state = state*1664525 + 1013904223
		out[i] = byte(state >> 24)
	}
	return out
}

func (s Subject) hold(t *testing.T, xml string, base, one, other []byte) {
	t.Helper()
	if start := s.change(base, nil); s.valid(start) {
		xml = s.patched(t, xml, nil, filled(s.Rows, start))
	}
	same := func(law, got, want string) {
		t.Helper()
		g, err1 := Canonical(got)
		w, err2 := Canonical(want)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if d := difference(w, g); len(d) > 0 {
			t.Errorf("%s:\n%s\nof\n%s", law, strings.Join(d, "\n"), xml)
		}
	}
	seen, err := xmlmodel.ReadText(s.Rows, xml)
	if err != nil {
		t.Fatal(err)
	}
	same("a patch of nothing changes something", s.patched(t, xml, nil, table.Model{}), xml)
	same("what was read, written, is not the same", s.patched(t, xml, seen, seen), xml)

	configured := s.change(one, nil)
	if !s.valid(configured) {
		return
	}
	a := filled(s.Rows, configured)
	withA := s.patched(t, xml, nil, a)
	same(fmt.Sprintf("patched twice is not patched once with %v", a), s.patched(t, withA, a, a), withA)
	now, err := xmlmodel.ReadText(s.Rows, withA)
	if err != nil {
		t.Fatal(err)
	}
	if s.Read != nil {
		s.Read(now, a)
	}
	if missing := missing(s.Rows, now, a, ""); len(missing) > 0 {
		t.Errorf("what was written is not read: %v\nof\n%s", missing, withA)
	}
	configured = s.change(other, configured)
	if !s.valid(configured) {
		return
	}
	b := filled(s.Rows, configured)
	withB := s.patched(t, withA, a, b)
	same(fmt.Sprintf("%v, then %v, and both again, is not the same as once", a, b), s.patched(t, s.patched(t, withB, b, a), a, b), withB)
	if alike(s.Rows, a, b, s.Sweeping, "") {
		unplugged := func(xml string) string { return address.ReplaceAllString(xml, "") } // a device that was replaced by another loses its address
		same(fmt.Sprintf("%v and then %v is not the same as only that", a, b), unplugged(s.patched(t, withA, a, b)),
			unplugged(s.patched(t, xml, nil, b)))
	}
}

var address = regexp.MustCompile(`<address [^>]*/>`)

// alike copies the values of the rows at some paths from a to b. It reports whether anything still differs.
func alike(attrs []table.Attr, a, b table.Model, paths []string, at string) bool {
	for i := range attrs {
		name := attrs[i].Name
		path := at + name
		switch v := a[name].(type) {
		case table.Model:
			if slices.Contains(paths, path) {
				b[name] = v.Clone()
			} else if attrs[i].Type == table.Object {
				alike(attrs[i].Attrs, v, b.Group(name), paths, path+".")
			} else {
				for key := range v {
					alike(attrs[i].Attrs, v.Group(key), b.Group(name).Group(key), paths, path+".")
				}
			}
		case nil:
		default:
			if slices.Contains(paths, path) {
				b[name] = v
			}
		}
	}
	return !table.Equal(a, b)
}

// change generates a model without the rows that are never changed; if another model is given, only with the rows that it sets.
func (s Subject) change(bytes []byte, like table.Model) table.Model {
	rows := slices.DeleteFunc(slices.Clone(s.Rows), func(a table.Attr) bool { return slices.Contains(s.Fixed, a.Name) })
	c := &choices{bytes}
	if like != nil {
		return vary(rows, like, c)
	}
	m := model(rows, c)
	for _, name := range table.Keys(m) { // remove what the rules reject, one attribute after the other
		if s.valid(m) {
			break
		}
		if less := m.Clone(); optional(rows, name) {
			delete(less, name)
			if s.problems(less) < s.problems(m) {
				m = less
			}
		}
	}
	return m
}

func optional(rows []table.Attr, name string) bool {
	return slices.ContainsFunc(rows, func(a table.Attr) bool { return a.Name == name && a.Mode != table.Required && !a.HasDefault() })
}

// problems counts the problems of a configuration.
func (s Subject) problems(m table.Model) int {
	n := len(table.Validate(s.Rows, m, tftypes.NewAttributePath()))
	if s.Rules != nil {
		n += len(s.Rules(m))
	}
	return n
}

func (s Subject) valid(m table.Model) bool { return s.problems(m) == 0 }

func (s Subject) patched(t *testing.T, xml string, prior, plan table.Model) string {
	t.Helper()
	out, err := s.Patch(xml, prior, plan)
	if err != nil {
		t.Fatal(err)
	}
	if len(out) > largest {
		t.Fatalf("%d bytes of XML come of %v", len(out), plan)
	}
	return out
}

// largest is the greatest size of a text that libvirt accepts.
// https://gitlab.com/libvirt/libvirt/-/blob/master/src/remote/remote_protocol.x
const largest = 4 << 20

// missing lists the values that the model want has and the model now does not have.
func missing(attrs []table.Attr, now, want table.Model, at string) []string {
	var out []string
	for i := range attrs {
		a := &attrs[i]
		w, set := want[a.Name]
		if !set || w == nil {
			continue
		}
		path, is := at+a.Name, now[a.Name]
		group, isGroup := w.(table.Model)
		switch {
		case isGroup && a.Type == table.Map:
			for _, key := range table.Keys(group) {
				out = append(out, missing(a.Attrs, now.Group(a.Name).Group(key), group.Group(key), path+"["+key+"].")...)
			}
		case isGroup:
			out = append(out, missing(a.Attrs, now.Group(a.Name), group, path+".")...)
		case is != w && !(a.Same != nil && a.Same(fmt.Sprint(w), fmt.Sprint(is))):
			out = append(out, fmt.Sprintf("%s is %v, not %v", path, is, w))
		}
	}
	return out
}
