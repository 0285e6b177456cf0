package engine

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

var secretRows = []table.Attr{
	{Name: "name", Type: table.String, Mode: table.Required},
	{Name: "value", Type: table.String, Mode: table.Optional, WriteOnly: true},
	{Name: "value_version", Type: table.Int, Mode: table.Optional},
	{Name: "screen", Type: table.Object, Mode: table.Optional, Attrs: []table.Attr{
		{Name: "password", Type: table.String, Mode: table.Optional, WriteOnly: true},
		{Name: "password_version", Type: table.Int, Mode: table.Optional},
	}},
	{Name: "keys", Type: table.Map, Mode: table.Optional, Attrs: []table.Attr{
		{Name: "text", Type: table.String, Mode: table.Optional, WriteOnly: true},
		{Name: "text_version", Type: table.Int, Mode: table.Optional},
	}},
}

func TestAWriteOnlyValueIsToldWhenItHasToBeWritten(t *testing.T) {
	one, two := int64(1), int64(2)
	for name, c := range map[string]struct{ config, prior, was, plan m }{
		"made": {m{"value": "x", "screen": m{"password": "p"}, "keys": m{"a": m{"text": "k"}}}, nil, nil,
			m{"value": "x", "screen": m{"password": "p"}, "keys": m{"a": m{"text": "k"}}}},
		"another value of the same version": {m{"value": "y"}, m{}, m{}, m{}},
		"another version":                   {m{"value": "y", "value_version": two}, m{"value_version": one}, m{"value_version": one, "value": ""}, m{"value": "y", "value_version": two}},
		"a first version":                   {m{"value": "y", "value_version": one}, m{}, m{}, m{"value": "y", "value_version": one}},
		"taken away":                        {m{}, m{"value_version": one}, m{"value_version": one, "value": ""}, m{}},
		"in a new group":                    {m{"screen": m{"password": "p"}}, m{}, m{}, m{"screen": m{"password": "p"}}},
		"in a group": {m{"screen": m{"password": "p", "password_version": two}}, m{"screen": m{"password_version": one}},
			m{"screen": m{"password_version": one, "password": ""}}, m{"screen": m{"password": "p", "password_version": two}}},
		"in a new entry": {m{"keys": m{"a": m{"text": "k"}, "b": m{"text": "l"}}}, m{"keys": m{"a": m{}}}, m{"keys": m{"a": m{}}}, m{"keys": m{"a": m{}, "b": m{"text": "l"}}}},
		"destroyed":      {nil, m{"value_version": one}, m{"value_version": one}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var planned m
			if c.config != nil {
				planned = planGroup(secretRows, c.config, c.prior)
			}
			was, is := withWriteOnly(secretRows, c.config, c.prior, planned)
			if !table.Equal(was, c.was) || !table.Equal(is, c.plan) {
				t.Errorf("got\n%v\n%v\nwant\n%v\n%v", was, is, c.was, c.plan)
			}
			back, err := table.FromTF(table.ToTF(secretRows, is))
			if err != nil || !table.Equal(back, planned) {
				t.Errorf("the state would be %v (%v), want %v", back, err, planned)
			}
		})
	}
}

func TestAValueThatMayHaveBeenWrittenIsWrittenAgain(t *testing.T) {
	one, two := int64(1), int64(2)
	prior := m{"value_version": one, "screen": m{"password_version": one}, "keys": m{"a": m{"text_version": one}, "b": m{"text_version": one}}}
	plan := m{"value_version": two, "screen": m{"password_version": one}, "keys": m{"a": m{"text_version": two}, "b": m{"text_version": one}}}
	got := withoutVersions(secretRows, prior, plan, prior)
	want := m{"value_version": nil, "screen": m{"password_version": one}, "keys": m{"a": m{"text_version": nil}, "b": m{"text_version": one}}}
	if !table.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if prior["value_version"] != one {
		t.Error("the prior state changed")
	}
}

type secretKind struct{ Resource }

func (secretKind) Table() *table.Table { return &table.Table{Name: "secret", Attrs: secretRows} }

func TestAnOlderTerraformIsToldWhatItLacks(t *testing.T) {
	s := NewServer([]Resource{secretKind{}})
	config, err := tfprotov6.NewDynamicValue(table.TFType(secretRows), withSecrets(m{"name": "n", "value": "x", "screen": m{"password": "p"}}))
	if err != nil {
		t.Fatal(err)
	}
	for allowed, want := range map[bool]int{false: 2, true: 0} {
		resp, err := s.ValidateResourceConfig(context.Background(), &tfprotov6.ValidateResourceConfigRequest{TypeName: "libvirt_secret", Config: &config,
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: allowed}})
		if err != nil || len(resp.Diagnostics) != want {
			t.Fatalf("allowed %v: got %v, %v", allowed, resp.Diagnostics, err)
		}
		if want > 0 && resp.Diagnostics[0].Detail != "'value' is write-only, which requires Terraform 1.11 or OpenTofu 1.11; upgrade, or remove 'value'" {
			t.Errorf("got %q", resp.Diagnostics[0].Detail)
		}
	}
}

// withSecrets is a configuration as Terraform sends it, with what ToTF leaves out.
func withSecrets(config m) tftypes.Value {
	open := make([]table.Attr, len(secretRows))
	copy(open, secretRows)
	reveal(open)
	return table.ToTF(open, config)
}

func reveal(attrs []table.Attr) {
	for i := range attrs {
		attrs[i].WriteOnly = false
		attrs[i].Attrs = append([]table.Attr(nil), attrs[i].Attrs...)
		reveal(attrs[i].Attrs)
	}
}
