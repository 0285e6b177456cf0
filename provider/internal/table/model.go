package table

import (
	"fmt"
	"math/big"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Model is the value of a resource or of a group of attributes: null is a missing or nil entry.
type Model map[string]any

type unknown struct{}

func (unknown) String() string { return "(known after apply)" }

// Unknown stands for a value that only the apply will know.
var Unknown any = unknown{}

// Written is a value in a model that was read from a host: this provider wrote it, and the state does not have it. The state then gets it,
// although an attribute that is unset in the state is otherwise not managed.
type Written struct{ Value any }

// Str returns the string at name, "" if it is null or unknown.
func (m Model) Str(name string) string { s, _ := m[name].(string); return s }

// Int returns the number at name, 0 if it is null or unknown.
func (m Model) Int(name string) int64 { n, _ := m[name].(int64); return n }

// Bool returns the boolean at name, false if it is null or unknown.
func (m Model) Bool(name string) bool { b, _ := m[name].(bool); return b }

// Group returns the group at name, nil if it is null or unknown.
func (m Model) Group(name string) Model { g, _ := m[name].(Model); return g }

// IsEmpty reports whether nothing is set in a group.
func (m Model) IsEmpty() bool {
	for _, v := range m {
		if v != nil {
			return false
		}
	}
	return true
}

// Clone copies a model, groups included.
func (m Model) Clone() Model {
	if m == nil {
		return nil
	}
	c := make(Model, len(m))
	for k, v := range m {
		if g, ok := v.(Model); ok {
			v = g.Clone()
		}
		c[k] = v
	}
	return c
}

// Equal compares two values of a model, groups included; null and missing are the same.
func Equal(a, b any) bool {
	ga, aok := a.(Model)
	gb, bok := b.(Model)
	if !aok || !bok {
		return a == b && aok == bok
	}
	for k, v := range ga {
		if !Equal(v, gb[k]) {
			return false
		}
	}
	for k, v := range gb {
		if _, seen := ga[k]; !seen && v != nil {
			return false
		}
	}
	return true
}

type group struct {
	first *Attr
	size  int
}

// types caches the types of all groups that were requested: each call of Terraform needs the type of a whole resource, twice.
var types sync.Map

// TFType returns Terraform's type of a group of attributes, which must not change afterwards.
func TFType(attrs []Attr) tftypes.Object {
	if len(attrs) == 0 {
		return typeOf(attrs)
	}
	key := group{&attrs[0], len(attrs)}
	if known, there := types.Load(key); there {
		return known.(tftypes.Object)
	}
	typ := typeOf(attrs)
	types.Store(key, typ)
	return typ
}

func typeOf(attrs []Attr) tftypes.Object {
	types := make(map[string]tftypes.Type, len(attrs))
	for i := range attrs {
		types[attrs[i].Name] = attrs[i].tfType()
	}
	return tftypes.Object{AttributeTypes: types}
}

func (a *Attr) tfType() tftypes.Type {
	switch a.Type {
	case Int:
		return tftypes.Number
	case Bool:
		return tftypes.Bool
	case Object:
		return TFType(a.Attrs)
	case Map:
		return tftypes.Map{ElementType: TFType(a.Attrs)}
	case Strings:
		return tftypes.List{ElementType: tftypes.String}
	case StringMap:
		return tftypes.Map{ElementType: tftypes.String}
	default:
		return tftypes.String
	}
}

// FromTF converts Terraform's value of a group of attributes to a Model, and a null value to nil.
func FromTF(v tftypes.Value) (Model, error) {
	if v.IsNull() || !v.IsKnown() {
		return nil, nil
	}
	x, err := fromTF(v)
	if err != nil {
		return nil, err
	}
	m, ok := x.(Model)
	if !ok {
		return nil, fmt.Errorf("expected a group of attributes, got %s", v.Type())
	}
	return m, nil
}

func fromTF(v tftypes.Value) (any, error) {
	if !v.IsKnown() {
		return Unknown, nil
	}
	if v.IsNull() {
		return nil, nil
	}
	switch {
	case v.Type().Is(tftypes.String):
		var s string
		err := v.As(&s)
		return s, err
	case v.Type().Is(tftypes.Bool):
		var b bool
		err := v.As(&b)
		return b, err
	case v.Type().Is(tftypes.Number):
		var n big.Float
		if err := v.As(&n); err != nil {
			return nil, err
		}
		i, acc := n.Int64()
		if acc != big.Exact {
			return nil, fmt.Errorf("must be a whole number, got %s", n.Text('g', 20))
		}
		return i, nil
	case v.Type().Is(tftypes.List{}):
		return listFromTF(v)
	case v.Type().Equal(tftypes.Map{ElementType: tftypes.String}):
		return textsFromTF(v)
	default:
		var fields map[string]tftypes.Value
		if err := v.As(&fields); err != nil {
			return nil, err
		}
		m := make(Model, len(fields))
		for k, f := range fields {
			x, err := fromTF(f)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", k, err)
			}
			m[k] = x
		}
		return m, nil
	}
}

func listFromTF(v tftypes.Value) (any, error) {
	var elements []tftypes.Value
	if err := v.As(&elements); err != nil {
		return nil, err
	}
	items := make([]string, len(elements))
	for i, e := range elements {
		switch x, err := fromTF(e); {
		case err != nil:
			return nil, err
		case x == Unknown:
			items[i] = unknownItem
		case x == nil:
			return nil, fmt.Errorf("element %d must not be null; leave it out", i)
		default:
			items[i] = x.(string)
		}
	}
	return ListOf(items...), nil
}

func textsFromTF(v tftypes.Value) (any, error) {
	var elements map[string]tftypes.Value
	if err := v.As(&elements); err != nil {
		return nil, err
	}
	texts := make(map[string]string, len(elements))
	for key, e := range elements {
		switch x, err := fromTF(e); {
		case err != nil:
			return nil, err
		case x == Unknown:
			texts[key] = unknownItem
		case x == nil:
			return nil, fmt.Errorf("element %q must not be null; leave it out", key)
		default:
			texts[key] = x.(string)
		}
	}
	return TextsOf(texts), nil
}

// ToTF is the inverse of FromTF; it leaves out write-only values.
func ToTF(attrs []Attr, m Model) tftypes.Value {
	return groupToTF(attrs, TFType(attrs), m)
}

func groupToTF(attrs []Attr, typ tftypes.Object, m Model) tftypes.Value {
	if m == nil {
		return tftypes.NewValue(typ, nil)
	}
	fields := make(map[string]tftypes.Value, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		v := m[a.Name]
		if a.WriteOnly {
			v = nil
		}
		fields[a.Name] = a.toTF(typ.AttributeTypes[a.Name], v)
	}
	return tftypes.NewValue(typ, fields)
}

func (a *Attr) toTF(typ tftypes.Type, v any) tftypes.Value {
	if v == Unknown {
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	}
	if v == nil {
		return tftypes.NewValue(typ, nil)
	}
	switch a.Type {
	case Object:
		return groupToTF(a.Attrs, typ.(tftypes.Object), v.(Model))
	case Map:
		elem := typ.(tftypes.Map).ElementType.(tftypes.Object)
		elems := make(map[string]tftypes.Value)
		for k, e := range v.(Model) {
			g, _ := e.(Model)
			elems[k] = groupToTF(a.Attrs, elem, g)
		}
		return tftypes.NewValue(typ, elems)
	case Strings:
		items := v.(List).all()
		elements := make([]tftypes.Value, len(items))
		for i, item := range items {
			if elements[i] = tftypes.NewValue(tftypes.String, item); item == unknownItem {
				elements[i] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
			}
		}
		return tftypes.NewValue(typ, elements)
	case StringMap:
		elements := map[string]tftypes.Value{}
		for key, text := range v.(Texts).all() {
			if elements[key] = tftypes.NewValue(tftypes.String, text); text == unknownItem {
				elements[key] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
			}
		}
		return tftypes.NewValue(typ, elements)
	default:
		return tftypes.NewValue(typ, v)
	}
}

// Incomplete is the state of an unobserved text that an interrupted update may have changed. Every plan differs from it, also one that takes the
// change back.
const Incomplete = "(incomplete)"

// MarkIncomplete replaces the unobserved values at the top of a state.
func MarkIncomplete(attrs []Attr, state Model) {
	for i := range attrs {
		if attrs[i].Unobserved {
			state[attrs[i].Name] = Incomplete
		}
	}
}
