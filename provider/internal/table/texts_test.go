package table

import (
	"errors"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var textRows = []Attr{{Name: "labels", Type: StringMap, Mode: Optional, Check: func(v any) error {
	if len(v.(string)) > 2 {
		return errors.New("must be short")
	}
	return nil
}}}

func TestTextsGoThroughTerraformAndBack(t *testing.T) {
	for _, want := range []any{nil, Unknown, TextsOf(nil), TextsOf(map[string]string{"a": ""}), TextsOf(map[string]string{"b": "1", "a": "2"})} {
		back, err := FromTF(ToTF(textRows, Model{"labels": want}))
		if err != nil || !Equal(back["labels"], want) || (back["labels"] == nil) != (want == nil) {
			t.Errorf("got %q, %v, want %q", back["labels"], err, want)
		}
	}
	two := map[string]string{"b": "1", "a": "2"}
	if got := TextsOf(two).Map(); !maps.Equal(got, two) {
		t.Errorf("got %q", got)
	}
	if Equal(TextsOf(map[string]string{"a": "1"}), TextsOf(map[string]string{"a": "2"})) || Equal(TextsOf(nil), nil) {
		t.Error("texts and presence count")
	}
}

func TestATextMayBeUnknown(t *testing.T) {
	typ := tftypes.Map{ElementType: tftypes.String}
	half := tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"labels": typ}}, map[string]tftypes.Value{
		"labels": tftypes.NewValue(typ, map[string]tftypes.Value{
			"a": tftypes.NewValue(tftypes.String, "c"), "b": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)})})
	m, err := FromTF(half)
	if err != nil || !maps.Equal(m.Texts("labels").Map(), map[string]string{"a": "c"}) || m.Texts("labels").Known() {
		t.Fatalf("got %q, %v", m, err)
	}
	if back := ToTF(textRows, m); !back.Equal(half) {
		t.Errorf("got %v, want %v", back, half)
	}
	if found := Validate(textRows, m, tftypes.NewAttributePath()); len(found) != 0 {
		t.Errorf("got %v", found)
	}
}

func TestKeysAndTextsAreChecked(t *testing.T) {
	found := Validate(textRows, Model{"labels": TextsOf(map[string]string{"long": "1", "no": ""})}, tftypes.NewAttributePath())
	want := []string{"a key of 'labels' must be short", `'labels["no"]' must not be empty; leave it out to have none`}
	if len(found) != 2 || found[0].Text != want[0] || found[1].Text != want[1] || found[1].Path.String() != `AttributeName("labels").ElementKeyString("no")` {
		t.Errorf("got %v", found)
	}
}
