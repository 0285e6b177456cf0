package table

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// FromJSON returns the value of a group of attributes that a state has as JSON: the same as FromTF, without a value of Terraform's types in between,
// which takes several times as long. It ignores attributes that no row has, such as those of an earlier version.
func FromJSON(attrs []Attr, text []byte) (Model, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber() // a float would round large numbers
	var fields map[string]any
	if err := dec.Decode(&fields); err != nil {
		return nil, err
	}
	return groupFromJSON(attrs, fields)
}

func groupFromJSON(attrs []Attr, fields map[string]any) (Model, error) {
	m := make(Model, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		v, err := a.fromJSON(fields[a.Name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		m[a.Name] = v
	}
	return m, nil
}

func (a *Attr) fromJSON(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		if a.Type == String {
			return v, nil
		}
	case bool:
		if a.Type == Bool {
			return v, nil
		}
	case json.Number:
		if a.Type == Int {
			return v.Int64()
		}
	case []any:
		if a.Type == Strings {
			return listFromJSON(v)
		}
	case map[string]any:
		switch a.Type {
		case Object:
			return groupFromJSON(a.Attrs, v)
		case Map:
			return a.entriesFromJSON(v)
		case StringMap:
			return textsFromJSON(v)
		}
	}
	return nil, fmt.Errorf("unexpected value %v", v)
}

func (a *Attr) entriesFromJSON(entries map[string]any) (any, error) {
	m := make(Model, len(entries))
	for key, v := range entries {
		fields, is := v.(map[string]any)
		if !is {
			return nil, fmt.Errorf("[%q]: expected a group of attributes, got %v", key, v)
		}
		group, err := groupFromJSON(a.Attrs, fields)
		if err != nil {
			return nil, fmt.Errorf("[%q].%w", key, err)
		}
		m[key] = group
	}
	return m, nil
}

func textsFromJSON(entries map[string]any) (any, error) {
	texts := make(map[string]string, len(entries))
	for key, v := range entries {
		text, is := v.(string)
		if !is {
			return nil, fmt.Errorf("[%q]: must be a text, got %v", key, v)
		}
		texts[key] = text
	}
	return TextsOf(texts), nil
}

func listFromJSON(items []any) (any, error) {
	texts := make([]string, len(items))
	for i, item := range items {
		text, is := item.(string)
		if !is {
			return nil, fmt.Errorf("element %d must be a text, got %v", i, item)
		}
		texts[i] = text
	}
	return ListOf(texts...), nil
}
