package table

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var jsonRows = []Attr{
	{Name: "title", Type: String}, {Name: "size", Type: Int}, {Name: "on", Type: Bool}, {Name: "tags", Type: Strings}, {Name: "labels", Type: StringMap},
	{Name: "cpu", Type: Object, Attrs: []Attr{{Name: "model", Type: String}, {Name: "count", Type: Int}}},
	{Name: "disks", Type: Map, Attrs: []Attr{{Name: "file", Type: String}, {Name: "cache", Type: Object, Attrs: []Attr{{Name: "on", Type: Bool}}}}},
}

// A comparison of a state with a host decodes states by itself, and a plan has Terraform's library decode them: both must see the same.
func TestAStateIsDecodedAsTerraformDoes(t *testing.T) {
	for _, text := range []string{
		`{}`,
		`{"title": null, "size": null, "on": null, "tags": null, "cpu": null, "disks": null}`,
		`{"title": "ä\"b", "size": 9223372036854775807, "on": true, "tags": ["a", "", "b,c"], "earlier": {"a": [1]}}`,
		`{"labels": {"a.b": "1", "c": ""}}`, `{"labels": {}}`,
		`{"size": 9007199254740993, "on": false, "tags": [], "disks": {}}`,
		`{"cpu": {"model": "host", "count": null}, "disks": {"a.b": {"file": "/f", "cache": {"on": false, "earlier": 1}}, "c": {"file": null, "cache": null}}}`,
	} {
		options := tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}}
		v, err := tfprotov6.RawState{JSON: []byte(text)}.UnmarshalWithOpts(TFType(jsonRows), options)
		if err != nil {
			t.Fatal(err)
		}
		want, err := FromTF(v)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := FromJSON(jsonRows, []byte(text)); err != nil || !Equal(got, want) {
			t.Errorf("%s: %v: got\n%v\nwant\n%v", text, err, got, want)
		}
	}
}

func TestStatesThatAreNotAsTheRowsSay(t *testing.T) {
	for text, want := range map[string]string{
		`{"title": 1}`:                       `title: unexpected value 1`,
		`{"size": 1.5}`:                      `size: strconv.ParseInt: parsing "1.5": invalid syntax`,
		`{"tags": [1]}`:                      `tags: element 0 must be a text, got 1`,
		`{"disks": {"a": 1}}`:                `disks: ["a"]: expected a group of attributes, got 1`,
		`{"disks": {"a": {"cache": "yes"}}}`: `disks: ["a"].cache: unexpected value yes`,
		`[]`:                                 `json: cannot unmarshal array into Go value of type map[string]interface {}`,
	} {
		if m, err := FromJSON(jsonRows, []byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, %v, want %s", text, m, err, want)
		}
	}
}
