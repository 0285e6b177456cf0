package rawxml

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// step is a part of a path: an element by its name, and which one if there are several: by the key that it has in its attribute, or else by its
// number, from 1.
type step struct{ name, key string }

func (s step) String() string {
	if s.key == "" {
		return s.name
	}
	return s.name + "[" + s.key + "]"
}

const stepForm = `[A-Za-z_][A-Za-z0-9_-]*(?:\[[^\[\]]+\])?`

var (
	underForm = regexp.MustCompile(`^(` + stepForm + `(/` + stepForm + `)*)?$`)
	stepParts = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_-]*)(?:\[([^\[\]]+)\])?(?:/|$)`)
)

// stepsOf returns the steps of a path. A key may contain a slash.
func stepsOf(under string) (steps []step) {
	for _, parts := range stepParts.FindAllStringSubmatch(under, -1) {
		steps = append(steps, step{parts[1], parts[2]})
	}
	return steps
}

// namesOf returns the names in a path, without keys.
func namesOf(under string) (names []string) {
	for _, s := range stepsOf(under) {
		names = append(names, s.name)
	}
	return names
}

func hasKey(under string) bool { return strings.Contains(under, "[") }

func lastOf(under string) string {
	names := namesOf(under)
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// find returns the element at a path, nil if there is none.
func (f *Format) find(root *etree.Element, under string) *etree.Element {
	keys := f.keysIf(root, under)
	el := root
	for _, s := range stepsOf(under) {
		if el = child(el, s, keys); el == nil {
			return nil
		}
	}
	return el
}

// ensure is like find, and creates the elements that are missing. An element with a key belongs to another attribute: if it is missing, ensure
// returns nil.
func (f *Format) ensure(root *etree.Element, under string) *etree.Element {
	keys := f.keysIf(root, under)
	el := root
	for _, s := range stepsOf(under) {
		next := child(el, s, keys)
		if next == nil && s.key != "" {
			return nil
		}
		if next == nil {
			next = el.CreateElement(s.name)
		}
		el = next
	}
	return el
}

// matches returns the elements of a path without keys, by their paths: of elements that have keys all, and of others the first.
func (f *Format) matches(root *etree.Element, names string) map[string]*etree.Element {
	found, keys := map[string]*etree.Element{"": root}, f.keys(root)
	for _, s := range stepsOf(names) {
		next := map[string]*etree.Element{}
		for under, el := range found {
			for i, inner := range el.SelectElements(s.name) {
				if is := (step{s.name, keys[inner]}); i == 0 || is.key != "" {
					next[strings.TrimPrefix(under+"/"+is.String(), "/")] = inner
				}
			}
		}
		found = next
	}
	return found
}

func child(parent *etree.Element, s step, keys map[*etree.Element]string) *etree.Element {
	all := parent.SelectElements(s.name)
	for _, el := range all {
		if s.key == "" || keys[el] == s.key {
			return el
		}
	}
	if n, err := strconv.Atoi(s.key); err == nil && n > 0 && n <= len(all) && keys[all[n-1]] == "" {
		return all[n-1]
	}
	return nil
}

// PathOf returns the path of an element.
func (f *Format) PathOf(root, el *etree.Element) string {
	keys, path := f.keys(root), ""
	for ; el != root; el = el.Parent() {
		path = step{el.Tag, keys[el]}.String() + "/" + path
	}
	return strings.TrimSuffix(path, "/")
}

// keysIf returns the keys of elements if a path has one.
func (f *Format) keysIf(root *etree.Element, under string) map[*etree.Element]string {
	if !hasKey(under) {
		return nil
	}
	return f.keys(root)
}

// keys returns the keys that elements have in attributes.
func (f *Format) keys(root *etree.Element) map[*etree.Element]string {
	keys := map[*etree.Element]string{}
	keysIn(f.rows, root, keys)
	return keys
}

func keysIn(rows []table.Attr, el *etree.Element, keys map[*etree.Element]string) {
	for i := range rows {
		a := &rows[i]
		switch {
		case a.Entries != nil:
			names, elements := a.Entries.Elements(el)
			for j, entry := range elements {
				keys[entry] = names[j]
				keysIn(a.Attrs, entry, keys)
			}
		case a.Type == table.Object:
			inner := el
			if a.Group != nil {
				inner = a.Group.Find(el)
			}
			if inner != nil {
				keysIn(a.Attrs, inner, keys)
			}
		}
	}
}

func isNumber(key string) bool { _, err := strconv.Atoi(key); return err == nil }

// checkUnder checks the form of a path.
func (f *Format) checkUnder(v any) error {
	if s := v.(string); !underForm.MatchString(s) {
		return fmt.Errorf("must be a path of elements below <%s> like %s, got %q", f.Root, f.Path, s)
	}
	return nil
}

// problemOf returns what is wrong with a path in a planned definition, "" if nothing is: an element that has a key is named without it, or no
// entry has the key.
func (f *Format) problemOf(root *etree.Element, under string) string {
	keys := f.keys(root)
	el, at := root, ""
	for _, s := range stepsOf(under) {
		var names []string
		for _, other := range el.SelectElements(s.name) {
			if keys[other] != "" {
				names = append(names, s.name+"["+keys[other]+"]")
			}
		}
		next := child(el, s, keys)
		switch {
		case s.key == "" && len(names) > 0:
			return fmt.Sprintf("say which <%s> it means, by its key: %s%s", s.name, at, strings.Join(names, " or "+at))
		case next == nil && s.key != "" && len(names) > 0:
			return fmt.Sprintf("be of an element that the configuration has: %s%s, got %q", at, strings.Join(names, " or "+at), under)
		case next == nil && s.key != "" && (f.Whole || !isNumber(s.key)): // libvirt adds some elements to a domain
			return fmt.Sprintf("be of an element that the configuration has, and none of its attributes has <%s> with the key %q; add the entry, "+
				"or remove this one, got %q", s.name, s.key, under)
		case next == nil:
			return ""
		}
		el, at = next, at+s.String()+"/"
	}
	return ""
}

// ensureBare returns the element at a path below a new root.
func (f *Format) ensureBare(under string) (root, el *etree.Element) {
	root = etree.NewElement(f.Root)
	return root, xmlmodel.Ensure(root, namesOf(under)...)
}
