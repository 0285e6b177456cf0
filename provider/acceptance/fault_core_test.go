//go:build acceptance

package acceptance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/provider"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// core does in this process what Terraform does with a provider: refresh, plan, replace, taint and keep the state. Without it, a fault at
// each call of an operation would take thousands of commands.
// https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
type core struct {
	server  *engine.Server
	journal *journal.Journal
	types   map[string]*table.Table
	state   map[string]instance // by type: a stack of the fault suite has one resource of each
}

type instance struct {
	value   tftypes.Value
	tainted bool
}

// newCore starts the provider with a journal in a directory, and with this state.
func newCore(uri, directory string, state map[string]instance) (*core, error) {
	j := journal.New(directory)
	c := &core{server: provider.New().WithJournal(j), journal: j, types: map[string]*table.Table{}, state: maps.Clone(state)}
	if c.state == nil {
		c.state = map[string]instance{}
	}
	for _, k := range provider.Resources() {
		c.types[k.Table().TypeName()] = k.Table()
	}
	config, err := encoded(table.TFType(engine.Provider), attrs{"hosts": attrs{site().Name: attrs{"uri": uri}}})
	if err == nil {
		_, err = c.server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{Config: config})
	}
	return c, err
}

// close ends the provider in good order, as Terraform does.
func (c *core) close() error {
	c.journal.Close()
	config, err := encoded(table.TFType(engine.Provider), attrs{"hosts": attrs{}})
	if err == nil {
		_, err = c.server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{Config: config})
	}
	return err
}

// validate checks a configuration without a host.
func (c *core) validate(kind string, want attrs) error {
	config, err := encoded(c.typ(kind), want)
	if err != nil {
		return err
	}
	capable := &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true}
	resp, err := c.server.ValidateResourceConfig(context.Background(), &tfprotov6.ValidateResourceConfigRequest{TypeName: kind, Config: config, ClientCapabilities: capable})
	if err != nil {
		return err
	}
	return said(resp.Diagnostics)
}

// apply makes one resource match its configuration; nil destroys it.
func (c *core) apply(kind string, want attrs) error {
	was, err := c.refresh(kind)
	if err != nil {
		return err
	}
	if want == nil {
		return c.destroy(kind, was)
	}
	if was.tainted {
		if err := c.destroy(kind, was); err != nil {
			return err
		}
		was = instance{}
	}
	planned, replace, err := c.plan(kind, was, want)
	if err != nil {
		return err
	}
	if replace {
		if err := c.destroy(kind, was); err != nil {
			return err
		}
		if planned, _, err = c.plan(kind, instance{}, want); err != nil {
			return err
		}
		was = instance{}
	}
	if !was.value.IsNull() && was.value.Equal(planned) {
		return nil
	}
	return c.change(kind, was, planned, want)
}

func (c *core) destroy(kind string, was instance) error {
	if was.value.IsNull() {
		return nil
	}
	return c.change(kind, was, tftypes.NewValue(c.typ(kind), nil), nil)
}

// settled returns an error if there is something to change.
func (c *core) settled(kind string, want attrs) error {
	was, err := c.refresh(kind)
	if err != nil {
		return err
	}
	planned, replace, err := c.plan(kind, was, want)
	switch {
	case err != nil:
		return err
	case was.value.IsNull():
		return fmt.Errorf("%s is not there", kind)
	case was.tainted:
		return fmt.Errorf("%s is tainted", kind)
	case replace || !was.value.Equal(planned):
		diff, _ := was.value.Diff(planned)
		return fmt.Errorf("%s has changes left: %v", kind, diff)
	}
	return nil
}

func (c *core) typ(kind string) tftypes.Object { return table.TFType(c.types[kind].Attrs) }

func (c *core) refresh(kind string) (instance, error) {
	was := c.state[kind]
	if was.value.IsNull() {
		return instance{}, nil
	}
	state, err := dynamic(was.value)
	if err != nil {
		return was, err
	}
	resp, err := c.server.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{TypeName: kind, CurrentState: state})
	if err == nil {
		err = said(resp.Diagnostics)
	}
	if err != nil {
		return was, err
	}
	now, err := resp.NewState.Unmarshal(c.typ(kind))
	if err != nil {
		return was, err
	}
	return c.keep(kind, instance{now, was.tainted}), nil
}

func (c *core) keep(kind string, i instance) instance {
	if i.value.IsNull() {
		delete(c.state, kind)
		return instance{}
	}
	c.state[kind] = i
	return i
}

func (c *core) plan(kind string, was instance, want attrs) (planned tftypes.Value, replace bool, err error) {
	c.server.BeginRun() // each plan is a run of its own
	if err := c.validate(kind, want); err != nil {
		return planned, false, err
	}
	config, err1 := encoded(c.typ(kind), want)
	prior, err2 := dynamic(orNull(was.value, c.typ(kind)))
	if err := errors.Join(err1, err2); err != nil {
		return planned, false, err
	}
	// The engine derives the plan from the configuration and the state, and needs nothing else.
	resp, err := c.server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{TypeName: kind, Config: config, PriorState: prior, ProposedNewState: config})
	if err == nil {
		err = said(resp.Diagnostics)
	}
	if err != nil {
		return planned, false, err
	}
	planned, err = resp.PlannedState.Unmarshal(c.typ(kind))
	return planned, len(resp.RequiresReplace) > 0, err
}

// change applies a plan, and keeps in the state what Terraform keeps: a new object that failed is tainted, and an error never removes an
// old one.
func (c *core) change(kind string, was instance, planned tftypes.Value, want attrs) error {
	config, err1 := encoded(c.typ(kind), want)
	prior, err2 := dynamic(orNull(was.value, c.typ(kind)))
	plan, err3 := dynamic(planned)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	resp, err := c.server.ApplyResourceChange(context.Background(), &tfprotov6.ApplyResourceChangeRequest{TypeName: kind, Config: config, PriorState: prior, PlannedState: plan})
	if err != nil {
		return err
	}
	failure := said(resp.Diagnostics)
	now, err := resp.NewState.Unmarshal(c.typ(kind))
	if err != nil {
		return err
	}
	switch {
	case failure == nil && !now.IsFullyKnown():
		return fmt.Errorf("%s: the state is not wholly known after the apply", kind)
	case failure != nil && now.IsNull():
		return failure // the state stays
	}
	c.keep(kind, instance{now, failure != nil && (was.value.IsNull() || was.tainted)})
	return failure
}

// said joins the errors among the diagnostics.
func said(all []*tfprotov6.Diagnostic) error {
	var err error
	for _, d := range all {
		theMessages.see(d.Summary, d.Detail)
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			err = errors.Join(err, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return err
}

func orNull(v tftypes.Value, typ tftypes.Type) tftypes.Value {
	if v.IsNull() {
		return tftypes.NewValue(typ, nil)
	}
	return v
}

func dynamic(v tftypes.Value) (*tfprotov6.DynamicValue, error) {
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	return &d, err
}

// encoded returns a configuration as Terraform sends it; null for no attributes.
func encoded(typ tftypes.Type, a attrs) (*tfprotov6.DynamicValue, error) {
	if a == nil {
		return dynamic(tftypes.NewValue(typ, nil))
	}
	return dynamic(valueOf(typ, a))
}

func valueOf(typ tftypes.Type, v any) tftypes.Value {
	switch t := typ.(type) {
	case tftypes.Object:
		a, ok := v.(attrs)
		if !ok {
			return tftypes.NewValue(typ, nil)
		}
		fields := map[string]tftypes.Value{}
		for name, field := range t.AttributeTypes {
			fields[name] = valueOf(field, a[name])
		}
		return tftypes.NewValue(typ, fields)
	case tftypes.Map:
		a, ok := v.(attrs)
		if !ok {
			return tftypes.NewValue(typ, nil)
		}
		entries := map[string]tftypes.Value{}
		for key, entry := range a {
			entries[key] = valueOf(t.ElementType, entry)
		}
		return tftypes.NewValue(typ, entries)
	case tftypes.List:
		items, ok := v.([]string)
		if !ok {
			return tftypes.NewValue(typ, nil)
		}
		elements := make([]tftypes.Value, len(items))
		for i, item := range items {
			elements[i] = tftypes.NewValue(t.ElementType, item)
		}
		return tftypes.NewValue(typ, elements)
	}
	if n, ok := v.(int); ok {
		return tftypes.NewValue(typ, big.NewFloat(float64(n)))
	}
	return tftypes.NewValue(typ, v)
}
