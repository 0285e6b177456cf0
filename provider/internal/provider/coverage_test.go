package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/network"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/pool"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/rawxml"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/rngtest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/secret"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/volume"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// covered is a kind of definition whose places in libvirt's schema are counted.
type covered struct {
	file   string
	root   string
	rows   []table.Attr
	format *rawxml.Format // nil: the resource has no 'xml'
}

var coveredKinds = []covered{
	{"domain", "domain", schema.Table.Attrs, schema.RawXML},
	{"network", "network", network.Table.Attrs, network.RawXML},
	{"storagepool", "pool", pool.Table.Attrs, pool.RawXML},
	{"storagevol", "volume", volume.Table.Attrs, volume.RawXML},
	{"secret", "secret", secret.Table.Attrs, nil},
}

// unreached are the places that nothing sets, and why.
var unreached = map[string]string{
	"storagepool capacity":   "libvirt computes it",
	"storagepool allocation": "libvirt computes it",
	"storagepool available":  "libvirt computes it",

	"storagevol key":               "libvirt computes it",
	"storagevol physical":          "libvirt computes it",
	"storagevol source":            "libvirt computes it",
	"storagevol target/timestamps": "libvirt computes it",
}

const coveragePage = "../../../docs/coverage.md"

// TestCoverage counts what libvirt's schemas have: every element and attribute must be set by a row, or by 'xml'. It writes the page with the counts.
func TestCoverage(t *testing.T) {
	roots := rngtest.Roots()
	if len(roots) == 0 {
		t.Skip("this machine has no schemas of libvirt")
	}
	page, err := os.ReadFile(coveragePage)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(page), "\n"), "\n")
	for _, root := range roots {
		for _, k := range coveredKinds {
			s, err := rngtest.Load(filepath.Join(root.Dir, rngtest.Schemas, k.file+".rng"))
			if err != nil {
				t.Fatal(err)
			}
			count := map[string]int{}
			for _, p := range s.Places() {
				kind := "elements"
				if strings.Contains(p.Path, "@") {
					kind = "attributes"
				}
				by, why := reach(k, p)
				if reason := unreached[k.file+" "+p.Path]; by == "neither" && reason == "" {
					t.Errorf("libvirt %s: nothing sets %s of a %s: %s", root.Version, p.Path, k.root, why)
				} else if by != "neither" && reason != "" {
					t.Errorf("libvirt %s: %s of a %s is set by %s; take it out of the list", root.Version, p.Path, k.root, by)
				}
				count[kind]++
				count[kind+" "+by]++
			}
			begin := fmt.Sprintf("| %s | %s |", root.Version, k.root)
			line := begin
			for _, kind := range []string{"elements", "attributes"} {
				line += fmt.Sprintf(" %d | %d | %d | %d |", count[kind], count[kind+" row"], count[kind+" xml"], count[kind+" neither"])
			}
			if i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, begin) }); i >= 0 {
				lines[i] = line
			} else {
				t.Errorf("docs/coverage.md has no line %s", begin)
			}
		}
	}
	goldentest.Compare(t, coveragePage, strings.Join(lines, "\n")+"\n")
}

// reach says what can set a place: a row, the attribute 'xml', or neither.
func reach(k covered, p *rngtest.Place) (by, why string) {
	for _, doc := range p.Documents {
		if isRow(k, doc) {
			return "row", ""
		}
	}
	for _, doc := range p.Documents {
		if why = inXML(k, doc); why == "" {
			return "xml", ""
		}
	}
	if strings.HasSuffix(why, "use that attribute") {
		return "row", "" // it depends on what the smallest document does not have
	}
	return "neither", why
}

// rowsOf returns the rows of a kind without that of 'xml'.
func rowsOf(k covered) []table.Attr {
	return slices.DeleteFunc(slices.Clone(k.rows), func(a table.Attr) bool { return a.Name == "xml" })
}

// isRow reports whether a row reads a place of a document.
func isRow(k covered, doc rngtest.Document) bool {
	return doc.Element == doc.Root && doc.Attribute == "" || len(placeChanges(rowsOf(k), doc)) > 0
}

// placeChanges returns the changes that a place makes to what rows read.
func placeChanges(rows []table.Attr, doc rngtest.Document) []table.Change {
	with := xmlmodel.Read(rows, doc.Root)
	switch parent := doc.Element.Parent(); {
	case doc.Attribute != "":
		defer doc.Element.CreateAttr(doc.Attribute, doc.Value)
		doc.Element.RemoveAttr(doc.Attribute)
	case parent == nil:
		return nil
	default:
		at := doc.Element.Index()
		parent.RemoveChildAt(at)
		defer parent.InsertChildAt(at, doc.Element)
	}
	return table.Changes(rows, xmlmodel.Read(rows, doc.Root), with)
}

// inXML reports why no entry of 'xml' can set a place; "" if one can.
func inXML(k covered, doc rngtest.Document) string {
	if k.format == nil {
		return "it has no 'xml'"
	}
	why := "it is the root"
	if doc.Attribute != "" {
		root, el := copied(doc.Root, doc.Element)
		el.RemoveAttr(doc.Attribute)
		entry := table.Model{"under": k.format.PathOf(root, el), "attributes": table.TextsOf(map[string]string{doc.Attribute: doc.Value})}
		if why = tryEntry(k, root, entry); why == "" {
			return ""
		}
	}
	for at := doc.Element; at != doc.Root; at = at.Parent() {
		root, el := copied(doc.Root, at)
		parent := el.Parent()
		parent.RemoveChild(el)
		text, err := xmlmodel.Text(el)
		if err != nil {
			return err.Error()
		}
		entry := table.Model{"under": k.format.PathOf(root, parent), "element": text}
		if failed := tryEntry(k, root, entry); failed == "" {
			return ""
		} else if why == "it is the root" {
			why = failed
		}
	}
	return why
}

// copied copies a document, and finds the copy of one of its elements.
func copied(root, el *etree.Element) (*etree.Element, *etree.Element) {
	var indexes []int
	for at := el; at != root; at = at.Parent() {
		indexes = append(indexes, at.Index())
	}
	doc := etree.NewDocument()
	doc.SetRoot(root.Copy())
	found := doc.Root()
	for _, i := range slices.Backward(indexes) {
		found = found.Child[i].(*etree.Element)
	}
	return doc.Root(), found
}

// tryEntry reports what is wrong with an entry of 'xml' in a definition; "" if it is accepted, written, and read again.
func tryEntry(k covered, root *etree.Element, entry table.Model) string {
	known := xmlmodel.Read(k.rows, root)
	config := configured(k.rows, known)
	config["xml"] = table.Model{"it": entry}
	p := table.NewProblems()
	k.format.Rules(p, config)
	for _, found := range p.List() {
		return found.Text
	}
	k.format.Patch(root, known, config)
	text, err := xmlmodel.Text(root)
	if err != nil {
		return err.Error()
	}
	seen, err := k.format.Read(text, config)
	if err != nil {
		return err.Error()
	}
	if now := seen.Group("xml").Group("it"); !table.Equal(now, entry) {
		return fmt.Sprintf("%v is read as %v", entry, now)
	}
	return ""
}

// unsaid are the places that can only have the words of a row, and why.
var unsaid = map[string]string{
	"domain @type":                        "the others are those of libvirt's other drivers, which the driver of QEMU refuses",
	"storagevol target/format":            "the provider checks, resizes and copies images of its formats only",
	"storagevol target/format@type":       "the provider checks, resizes and copies images of its formats only",
	"storagevol backingStore/format":      "the provider checks, resizes and copies images of its formats only",
	"storagevol backingStore/format@type": "the provider checks, resizes and copies images of its formats only",
	"storagevol target/encryption":        "libvirt (9.0) creates volumes with LUKS only",
	"storagevol target/encryption@format": "libvirt (9.0) creates volumes with LUKS only",
}

// TestNoAttributeStandsForWhatItCannotSay tries each word that a schema lists for a place that a row reads. If the row does not have the word, an
// entry of 'xml' must be able to set it.
func TestNoAttributeStandsForWhatItCannotSay(t *testing.T) {
	for _, root := range rngtest.Roots() {
		for _, k := range coveredKinds {
			s, err := rngtest.Load(filepath.Join(root.Dir, rngtest.Schemas, k.file+".rng"))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range s.Places() {
				if unsaid[k.file+" "+p.Path] != "" {
					continue
				}
				for _, doc := range p.Documents {
					for _, c := range placeChanges(rowsOf(k), doc) {
						word, is := c.Value.Is.(string)
						if !is || len(c.Attr.Enum) == 0 || slices.Contains(c.Attr.Enum, word) {
							continue
						}
						if why := inXML(k, doc); why != "" {
							t.Errorf("libvirt %s: %s of a %s cannot be %q: '%s' cannot, and %s", root.Version, p.Path, k.root, word, table.PathString(c.Path), why)
						}
						break
					}
				}
			}
		}
	}
}

// configured returns what a configuration can have of what was read: no word that its row does not have.
func configured(rows []table.Attr, seen table.Model) table.Model {
	config := seen.Clone()
	for i := range rows {
		a := &rows[i]
		switch v := config[a.Name].(type) {
		case string:
			if len(a.Enum) > 0 && !slices.Contains(a.Enum, v) {
				delete(config, a.Name)
			}
		case table.Model:
			if a.Type == table.Object {
				config[a.Name] = configured(a.Attrs, v)
			} else {
				for key := range v {
					v[key] = configured(a.Attrs, v.Group(key))
				}
			}
		}
	}
	return config
}

// TestElementsThatRepeatAreKeptNextToOthers holds what replaces another element of its name against libvirt's schemas.
func TestElementsThatRepeatAreKeptNextToOthers(t *testing.T) {
	for _, root := range rngtest.Roots() {
		for _, k := range coveredKinds {
			s, err := rngtest.Load(filepath.Join(root.Dir, rngtest.Schemas, k.file+".rng"))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range s.Places() {
				path := strings.Split(p.Path, "/")
				if k.format != nil && p.Repeats && !k.format.Repeats(path[:len(path)-1], p.Documents[0].Element) {
					t.Errorf("libvirt %s: an entry with %s of a %s replaces another", root.Version, p.Path, k.root)
				}
			}
		}
	}
}
