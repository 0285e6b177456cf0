package table

import (
	"errors"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var listRows = []Attr{{Name: "names", Type: Strings, Mode: Optional, Enum: []string{"a", "b", ""}, Check: func(v any) error {
	if v == "" {
		return errors.New("must not be empty")
	}
	return nil
}}}

func TestListsGoThroughTerraformAndBack(t *testing.T) {
	for _, want := range []any{nil, Unknown, ListOf(), ListOf(""), ListOf("a"), ListOf("a", "", "b"), ListOf("b", "a")} {
		back, err := FromTF(ToTF(listRows, Model{"names": want}))
		if err != nil || !Equal(back["names"], want) || (back["names"] == nil) != (want == nil) {
			t.Errorf("got %q, %v, want %q", back["names"], err, want)
		}
	}
	if got := ListOf("a", "", "b").Items(); !slices.Equal(got, []string{"a", "", "b"}) {
		t.Errorf("got %q", got)
	}
	if Equal(ListOf("a", "b"), ListOf("b", "a")) || Equal(ListOf(), nil) {
		t.Error("order and presence count")
	}
}

func TestAnItemMayBeUnknown(t *testing.T) {
	list := tftypes.List{ElementType: tftypes.String}
	half := tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"names": list}}, map[string]tftypes.Value{
		"names": tftypes.NewValue(list, []tftypes.Value{tftypes.NewValue(tftypes.String, "c"), tftypes.NewValue(tftypes.String, tftypes.UnknownValue)})})
	m, err := FromTF(half)
	if err != nil || !slices.Equal(m.List("names").Items(), []string{"c"}) {
		t.Fatalf("got %q, %v", m, err)
	}
	if back := ToTF(listRows, m); !back.Equal(half) {
		t.Errorf("got %v, want %v", back, half)
	}
	found := Validate(listRows, m, tftypes.NewAttributePath())
	if len(found) != 1 || found[0].Text != `'names' must be one of "a", "b", "", got "c"` || found[0].Path.String() != `AttributeName("names").ElementKeyInt(0)` {
		t.Errorf("got %v", found)
	}
	if found := Validate(listRows, Model{"names": ListOf("a", "")}, tftypes.NewAttributePath()); len(found) != 1 || found[0].Text != "'names' must not be empty" {
		t.Errorf("got %v", found)
	}
}

func TestAnItemMustNotBeNull(t *testing.T) {
	list := tftypes.List{ElementType: tftypes.String}
	_, err := FromTF(tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"names": list}}, map[string]tftypes.Value{
		"names": tftypes.NewValue(list, []tftypes.Value{tftypes.NewValue(tftypes.String, nil)})}))
	if err == nil || err.Error() != "names: element 0 must not be null; leave it out" {
		t.Errorf("got %v", err)
	}
}
