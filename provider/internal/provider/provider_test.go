package provider

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestEveryRowIsComplete(t *testing.T) {
	for _, k := range Resources() {
		r := k.Table()
		if r.Doc == "" || !strings.HasPrefix(r.See, "https://") {
			t.Errorf("%s has no text, or no page of libvirt's", r.TypeName())
		}
		each(r.Attrs, r.TypeName(), func(path string, a *table.Attr) {
			if !strings.HasSuffix(a.Doc, ".") {
				t.Errorf("%s: the text must be sentences, got %q", path, a.Doc)
			}
			if a.HasDefault() && a.Mode != table.Optional {
				t.Errorf("%s has a default, and is not optional", path)
			}
			if nested := a.Type == table.Object || a.Type == table.Map; nested != (len(a.Attrs) > 0) {
				t.Errorf("%s is a group without attributes, or the other way round", path)
			}
			if a.Type == table.Object && a.XML != nil || a.Type != table.Object && a.Group != nil || a.Type != table.Map && a.Entries != nil {
				t.Errorf("%s has a codec of another type", path)
			}
		})
	}
}

func TestEveryDefaultIsAGoodValue(t *testing.T) {
	for _, k := range Resources() {
		each(k.Table().Attrs, k.Table().TypeName(), func(path string, a *table.Attr) {
			if !a.HasDefault() {
				return
			}
			one := []table.Attr{*a}
			for _, p := range table.Validate(one, table.Model{a.Name: a.Default}, tftypes.NewAttributePath()) {
				t.Errorf("%s: %s", path, p.Text)
			}
			table.ToTF(one, table.Model{a.Name: a.Default}) // panics where the type is another
		})
	}
}

// A plan's time and memory grow with the attributes at the top of the schema; those in a group that is unset cost nothing.
func TestTheSchemaStaysSmall(t *testing.T) {
	const most = 60
	for _, k := range Resources() {
		if n := len(k.Table().Attrs); n > most {
			t.Errorf("%s has %d attributes outside of groups, more than %d", k.Table().TypeName(), n, most)
		}
	}
}

func TestImportIDsLeadBackToTheObject(t *testing.T) {
	for _, k := range Resources() {
		parts := strings.Split(k.Table().Import, "/")
		m, err := k.ParseImportID(parts[1:])
		if err != nil {
			t.Fatal(err)
		}
		m["host"] = parts[0]
		if id := k.ImportID(m); id != k.Table().Import {
			t.Errorf("%s: %s became %s", k.Table().TypeName(), k.Table().Import, id)
		}
	}
}

// namesASecret are rows that say which secret of the host it is, by its UUID or by what it is for, and give nothing away.
var namesASecret = regexp.MustCompile(`_uuid$|^libvirt_domain\.disks\.source\.(encryption_)?secret$`)

func TestWhatIsSecretIsMarked(t *testing.T) {
	for _, k := range Resources() {
		each(k.Table().Attrs, k.Table().TypeName(), func(path string, a *table.Attr) {
			for _, word := range []string{"password", "secret", "user_data", "token"} {
				if strings.Contains(a.Name, word) && !a.Sensitive && !a.WriteOnly && a.Type == table.String && !namesASecret.MatchString(path) {
					t.Errorf("%s is not marked as sensitive", path)
				}
			}
		})
	}
}

func each(attrs []table.Attr, at string, visit func(path string, a *table.Attr)) {
	for i := range attrs {
		a := &attrs[i]
		visit(at+"."+a.Name, a)
		each(a.Attrs, at+"."+a.Name, visit)
	}
}
