package rawxml

import (
	"strings"
	"testing"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

type m = table.Model

const (
	namespaceOfOptions = ` xmlns:o="http://example.org/options"`
	shelf              = `<shelf xmlns:o="http://example.org/options"><name>it</name><book title="one"><cover color="red"/></book></shelf>`
)

// book is the first <book>, as the attribute 'book' sets it.
var book = []table.Attr{{Name: "book", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"book"}, Attrs: []table.Attr{
	{Name: "title", Type: table.String, Mode: table.Required, XML: xmlmodel.At("@title")},
}}}

// shelves have nothing but what Terraform sets: an attribute for the first book, and further books in `xml`.
var shelves = New(Format{
	Root: "shelf", Whole: true, Path: "book", Reserved: map[string]string{"name": "name"},
	Own:     []string{"light/heat"},
	Extra:   []string{"book", "book/cover", "options"},
	Repeats: func(_ []string, el *etree.Element) bool { return el.Tag == "book" || el.NamespaceURI() != "" },
}, book)

func entry(under, element string) m { return m{"under": under, "element": element} }

func patched(t *testing.T, xml string, prior, plan m) string {
	t.Helper()
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		t.Fatal(err)
	}
	shelves.Patch(root, prior, plan)
	text, err := xmlmodel.Text(root)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func read(t *testing.T, xml string, known m) m {
	t.Helper()
	seen, err := shelves.Read(xml, known)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestRecordsOfTheStateAreNotWritten(t *testing.T) {
	one := m{"title": "one"}
	for what, e := range map[string]m{ // each has the word "mine"
		"beside what an attribute sets": entry("", `<book title="mine"/>`),
		"in what an attribute sets":     entry("book", `<cover color="mine"/>`),
		"with a namespace":              entry("", "<o:options"+namespaceOfOptions+`><o:option name="mine"/></o:options>`),
		"of its own":                    entry("light/on", "<lamp>mine &amp; warm</lamp>"),
	} {
		const bare = `<shelf><name>it</name><book title="one"/></shelf>`
		plan := m{"book": one, "xml": m{"mine": e}}
		with := patched(t, bare, m{"book": one}, plan)
		if strings.Contains(with, Namespace) || with == bare {
			t.Errorf("%s: got %s", what, with)
		}
		if seen := read(t, with, plan); !table.Equal(seen, plan) {
			t.Errorf("%s: read as %v", what, seen)
		}
		if again := patched(t, with, plan, plan); again != with {
			t.Errorf("%s: written twice: %s", what, again)
		}
		if without := patched(t, with, plan, m{"book": one}); strings.Contains(without, "mine") || !table.Equal(read(t, without, nil), m{"book": one}) {
			t.Errorf("%s: it stays: %s", what, without)
		}
	}
}

func TestNew(t *testing.T) {
	got, err := shelves.New(m{"name": "it", "book": m{"title": "one"}, "xml": m{"mine": entry("book", "<cover/>")}})
	if want := `<shelf><name>it</name><book title="one"><cover/></book></shelf>`; err != nil || got != want {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestWhatNoEntryDeclaresIsRead(t *testing.T) {
	const more = `<book title="two"> <note>
 </note> </book><o:options><o:option name="a"/></o:options><unknown/></shelf>`
	xml := strings.Replace(shelf, "</shelf>", more, 1)
	want := m{"book": m{"title": "one"}, "xml": m{
		"book":    entry("", `<book title="two"><note/></book>`),
		"cover":   entry("book", `<cover color="red"/>`),
		"options": entry("", "<o:options"+namespaceOfOptions+`><o:option name="a"/></o:options>`),
	}}
	if seen := read(t, xml, nil); !table.Equal(seen, want) {
		t.Errorf("read as %v", seen)
	}
	mine := m{"xml": m{"book": want.Group("xml")["cover"], "two": entry("", `<book title='two'/>`)}}
	seen := read(t, xml, mine).Group("xml")
	if !table.Equal(seen["book"], mine.Group("xml")["book"]) || !table.Equal(seen["two"], mine.Group("xml")["two"]) || seen["options"] == nil || len(seen) != 3 {
		t.Errorf("with entries of a user: %v", seen)
	}
	if after := patched(t, xml, want, m{"book": m{"title": "one"}}); read(t, after, nil)["xml"] != nil || !strings.Contains(after, "<unknown/>") {
		t.Errorf("taken out: %s", after)
	}
}

func TestAnotherKeyChangesNothing(t *testing.T) {
	xml := strings.Replace(shelf, "</shelf>", `<book title="two"/><lamp/></shelf>`, 1)
	prior := read(t, xml, nil)
	plan := prior.Clone()
	plan["xml"] = m{"second": prior.Group("xml")["book"], "first": prior.Group("xml")["cover"]}
	if changes, err := shelves.Changes(xml, prior, plan); err != nil || changes {
		t.Errorf("got %v, %v", changes, err)
	}
	plan.Group("xml")["third"] = entry("", `<book title="three"/>`)
	if changes, err := shelves.Changes(xml, prior, plan); err != nil || !changes {
		t.Errorf("with one more: got %v, %v", changes, err)
	}
}

// An element that is gone is not mistaken for the one that an attribute sets.
func TestWhatAnAttributeSetsIsNoEntry(t *testing.T) {
	known := m{"book": m{"title": "one"}, "xml": m{"two": entry("", `<book title="two"/>`), "red": entry("book", `<cover color="red"/>`)}}
	if seen := read(t, shelf, known).Group("xml"); seen["two"] != nil || seen["red"] == nil {
		t.Errorf("read as %v", seen)
	}
	back := patched(t, shelf, m{"book": known["book"], "xml": m{"red": known.Group("xml")["red"]}}, known)
	if want := strings.Replace(shelf, "</shelf>", `<book title="two"/></shelf>`, 1); back != want {
		t.Errorf("put back: %s", back)
	}
}

func TestRulesOfWholeObjects(t *testing.T) {
	set := m{"book": m{"title": "one"}}
	for name, c := range map[string]struct {
		config         m
		under, element string
		want           string
	}{
		"a further one":          {set, "", `<book title="two"/>`, ""},
		"the first one":          {m{}, "", `<book title="two"/>`, "'element' must not be <book>, which 'book' sets; use that attribute"},
		"the first, not known":   {m{"book": table.Unknown}, "", `<lamp/>`, ""},
		"a name":                 {set, "", "<name>x</name>", "'element' must not be <name>, which 'name' sets; use that attribute"},
		"in one that is set":     {set, "book", "<cover/>", ""},
		"in one that is not set": {m{}, "book", "<cover/>", "'under' must be an element that the shelf has, and <book> requires 'book'; set 'book', got \"book\""},
		"in one not known":       {m{"book": table.Unknown}, "book", "<cover/>", ""},
		"one of libvirt's":       {set, "light", "<heat>9</heat>", "'element' must not be <heat>, which libvirt sets; remove the entry"},
		"no prefix declared":     {set, "", "<o:options/>", "'element' must declare its prefixes, got <o:options> without xmlns:o; see the example of 'element'"},
	} {
		config := c.config.Clone()
		config["xml"] = m{"it": entry(c.under, c.element)}
		p := table.NewProblems()
		shelves.Rules(p, config)
		got := ""
		for _, found := range p.List() {
			got += found.Text
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestWhatLibvirtDropsIsNamed(t *testing.T) {
	plan := m{"xml": m{"lamp": entry("light", "<lamp><bulb/></lamp>"), "two": entry("", `<book title="two" pages="9"/>`)}}
	for xml, want := range map[string]string{
		`<shelf><book title="one"/><light><lamp><bulb/></lamp></light><book title="two" pages="9" id="7"/></shelf>`: "",
		`<shelf><book title="one"/><light><lamp/></light><book title="two" pages="9"/></shelf>`:                     `on alpha: libvirt ignored xml["lamp"] under <shelf>/light`,
		`<shelf><book title="one"/><light><lamp><bulb/></lamp></light></shelf>`:                                     `on alpha: libvirt ignored xml["two"] under <shelf>`,
		`<shelf><book title="one"/><light><lamp><bulb/></lamp></light><book title="two"/></shelf>`:                  `on alpha: libvirt changed xml["two"] under <shelf> to <book title="two"/>`,
	} {
		err := shelves.VerifyAccepted("alpha", "https://example.org", xml, plan)
		if got := errorText(err); got != want {
			t.Errorf("%s: got %s, want %s", xml, got, want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// library is a shelf of books that have keys.
var library = New(Format{Root: "shelf", Whole: true, Path: "book", Extra: []string{"@locked", "book@signed"},
	Repeats: func([]string, *etree.Element) bool { return true },
}, []table.Attr{{Name: "books", Type: table.Map, Mode: table.Optional, Entries: titles{}, Attrs: []table.Attr{
	{Name: "cover", Type: table.String, Mode: table.Optional, Enum: []string{"red"}, XML: xmlmodel.At("@cover")},
}}})

type titles struct{}

func (titles) Elements(shelf *etree.Element) (keys []string, elements []*etree.Element) {
	for _, b := range shelf.SelectElements("book") {
		keys, elements = append(keys, b.SelectAttrValue("title", "")), append(elements, b)
	}
	return keys, elements
}

func (titles) Make(shelf *etree.Element, key string, _ table.Model) *etree.Element {
	b := shelf.CreateElement("book")
	b.CreateAttr("title", key)
	return b
}

func TestAttributesThatNoEntryDeclaresAreRead(t *testing.T) {
	const xml = `<shelf locked="yes"><book title="one" signed="no"/><book title="a/b" signed="yes"/></shelf>`
	want := m{
		"locked":   m{"under": "", "attributes": table.TextsOf(map[string]string{"locked": "yes"})},
		"signed":   m{"under": "book[a/b]", "attributes": table.TextsOf(map[string]string{"signed": "yes"})},
		"signed-2": m{"under": "book[one]", "attributes": table.TextsOf(map[string]string{"signed": "no"})},
	}
	seen, err := library.Read(xml, nil)
	if err != nil || !table.Equal(seen["xml"], want) {
		t.Fatalf("read as %v, %v", seen["xml"], err)
	}
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		t.Fatal(err)
	}
	mine := m{"mine": want["signed"], "lock": want["locked"]}
	if changes, err := library.Changes(xml, seen, m{"xml": m{"mine": want["signed"], "lock": want["locked"], "other": want["signed-2"]}}); err != nil || changes {
		t.Errorf("other keys: %v, %v", changes, err)
	}
	library.Patch(root, m{"xml": want}, m{"xml": mine})
	after, err := xmlmodel.Text(root)
	if err != nil || after != strings.Replace(xml, ` signed="no"`, "", 1) {
		t.Errorf("got %s, %v", after, err)
	}
}

func TestIgnoredAttributesAreNamed(t *testing.T) {
	plan := m{"xml": m{"it": m{"under": "book[one]", "attributes": table.TextsOf(map[string]string{"signed": "yes"})}}}
	for xml, want := range map[string]string{
		`<shelf><book title="one" signed="yes"/></shelf>`: "",
		`<shelf><book title="one"/></shelf>`:              `on alpha: libvirt ignored "signed" of xml["it"] under <shelf>/book[one]`,
		`<shelf><book title="one" signed="no"/></shelf>`:  `on alpha: libvirt changed "signed" of xml["it"] under <shelf>/book[one] to "no"`,
	} {
		if got := errorText(library.VerifyAccepted("alpha", "https://example.org", xml, plan)); got != want {
			t.Errorf("%s: got %s, want %s", xml, got, want)
		}
	}
}
