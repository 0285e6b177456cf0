// Package policies runs the policies of docs/policies as OPA and conftest run them.
package policies

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// none is an object without members.
var none = map[string]any{}

// denied returns what a policy says to a document.
func denied(t *testing.T, policy string, document, data map[string]any) []string {
	t.Helper()
	file := filepath.Join("..", "..", "docs", "policies", policy+".rego")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	result, err := rego.New(rego.Query("data."+policy+".deny"), rego.Module(file, string(text)), rego.Input(document),
		rego.Store(inmem.NewFromObject(data)), rego.StrictBuiltinErrors(true)).Eval(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, message := range result[0].Expressions[0].Value.([]any) {
		texts = append(texts, message.(string))
	}
	slices.Sort(texts)
	return texts
}

// input reads a document that test/bin/policy-input.test.ts holds against the types of kvm-fleet.
func input(t *testing.T, name string) (document map[string]any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("input", name+".json"))
	if err == nil {
		err = json.Unmarshal(text, &document)
	}
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("denied:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestInterruptions(t *testing.T) {
	expect(t, denied(t, "interruptions", input(t, "plan"), none),
		"libvirt_domain.old: the guest is destroyed",
		"libvirt_domain.web-2: the effect on the guest is 'restart' (cpu.mode, memory)",
		"libvirt_domain.web-5: the effect on the guest is 'restart' (not known before the apply)")
	expect(t, denied(t, "interruptions", input(t, "plan-without-changes"), none))
}

func TestReplacements(t *testing.T) {
	plan := input(t, "plan")
	expect(t, denied(t, "replacements", plan, map[string]any{"labels": []any{"other"}}),
		"libvirt_domain.old: it is destroyed; give the pull request the label 'destroys-data' if that is intended",
		"libvirt_volume.data: it is replaced; give the pull request the label 'destroys-data' if that is intended")
	expect(t, denied(t, "replacements", plan, none),
		"libvirt_domain.old: it is destroyed; give the pull request the label 'destroys-data' if that is intended",
		"libvirt_volume.data: it is replaced; give the pull request the label 'destroys-data' if that is intended")
	expect(t, denied(t, "replacements", plan, map[string]any{"labels": []any{"destroys-data"}}))
	expect(t, denied(t, "replacements", input(t, "plan-without-changes"), none))
}

func TestZones(t *testing.T) {
	expect(t, denied(t, "zones", input(t, "separation"), none), "zone office reaches zone plant with tcp 443, which it did not before")
	expect(t, denied(t, "zones", none, none), "the report has no difference to another version; write it with --base")
}
