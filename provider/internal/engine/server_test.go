package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// thing is a kind whose hosts are maps: what they do is written down in the test.
type thing struct {
	on        map[string]m // by host
	silent    map[string]bool
	readErr   error
	createErr error
	made      bool // what Create says and leaves, where it fails
	updateErr error
	deleteErr error
}

var thingTable = &table.Table{Name: "thing", Import: "host/name", Attrs: rows}

func (*thing) Table() *table.Table { return thingTable }
func (*thing) ImportID(x m) string { return x.Str("host") + "/" + x.Str("name") }
func (*thing) ParseImportID(parts []string) (table.Model, error) {
	return m{"name": parts[0]}, nil
}

func (k *thing) Read(_ context.Context, host *conn.Host, _ m) (m, error) {
	switch {
	case k.silent[host.Name]:
		return nil, conn.ErrUnreachable
	case k.readErr != nil:
		return nil, k.readErr
	case k.on[host.Name] == nil:
		return nil, conn.ErrNotFound
	}
	return k.on[host.Name].Clone(), nil
}

func (k *thing) Create(_ context.Context, host *conn.Host, plan m) (bool, error) {
	if k.createErr == nil || k.made {
		k.on[host.Name] = m{"title": plan["title"], "on": plan["on"], "machine": "q35-7.2"}
	}
	return k.createErr == nil || k.made, k.createErr
}

func (k *thing) Update(_ context.Context, host *conn.Host, _, plan m) error {
	if k.updateErr == nil {
		k.on[host.Name]["title"] = plan["title"]
	}
	return k.updateErr
}

func (k *thing) Delete(_ context.Context, host *conn.Host, _ m) error {
	if k.deleteErr == nil {
		delete(k.on, host.Name)
	}
	return k.deleteErr
}

func (k *thing) FindElsewhere(_ context.Context, fleet *conn.Fleet, x m) (m, error) {
	for _, name := range fleet.Names() {
		switch {
		case name == x.Str("host"):
		case k.silent[name]:
			return nil, conn.ErrUnreachable
		case k.on[name] != nil:
			return m{"host": name}, nil
		}
	}
	return nil, nil
}

func newServer(t *testing.T, k *thing) *Server {
	t.Helper()
	if k.on == nil {
		k.on = map[string]m{}
	}
	s := NewServer([]Resource{k})
	config, err := encode(Provider, m{"hosts": m{"alpha": m{"uri": "qemu:///system"}, "beta": m{"uri": "qemu+tcp://beta/system"}, "later": m{"uri": table.Unknown}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config}); err != nil {
		t.Fatal(err)
	}
	return s
}

func value(t *testing.T, x m) *tfprotov6.DynamicValue {
	t.Helper()
	v, err := encode(rows, x)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func modelOf(t *testing.T, v *tfprotov6.DynamicValue) m {
	t.Helper()
	x, err := decode(rows, v)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func said(ds []*tfprotov6.Diagnostic) string {
	var lines []string
	for _, d := range ds {
		lines = append(lines, fmt.Sprintf("%s: %s", d.Summary, d.Detail))
	}
	return strings.Join(lines, "\n")
}

var state = m{"id": "alpha/it", "host": "alpha", "name": "it", "title": "a", "on": true, "machine": "q35-7.2"}

func TestReadKeepsTheStateUnlessTheHostSaysNotFound(t *testing.T) {
	const kept = "Nothing was removed from the state. Check that the host is up and that its uri is correct, then run the command again."
	on := func(host string) map[string]m {
		return map[string]m{host: {"title": "b", "on": true, "machine": "q35-7.2"}}
	}
	for name, c := range map[string]struct {
		kind  thing
		state m
		want  m // nil: not in the state any more
		says  string
	}{
		"there":           {thing{on: on("alpha")}, state, m{"title": "b"}, ""},
		"not found":       {thing{}, state, nil, ""},
		"unreachable":     {thing{silent: map[string]bool{"alpha": true}}, state, m{"title": "a"}, `Unable to read thing "it": host can't be reached` + "\n\n" + kept},
		"any other error": {thing{readErr: errors.New("internal error")}, state, m{"title": "a"}, `Unable to read thing "it": internal error`},
		"unreadable": {thing{readErr: fmt.Errorf("on alpha: %w", xmlmodel.ErrUnreadable)}, state, m{"title": "a"}, `Unable to read thing "it": on alpha: unable to read XML` + "\n\n" +
			"The state is unchanged, and this plan does not show what has changed on the host since."},
		"can't be seen now":            {thing{readErr: fmt.Errorf("pool: %w", conn.ErrInactive)}, state, m{"title": "a"}, ""},
		"on another host":              {thing{on: on("beta")}, state, m{"host": "beta", "id": "beta/it", "title": "b"}, ""},
		"perhaps on a host is silent":  {thing{silent: map[string]bool{"beta": true}}, state, m{"title": "a"}, `Unable to find thing "it": host can't be reached` + "\n\n" + kept},
		"a host that is not known yet": {thing{}, func() m { s := state.Clone(); s["host"] = "later"; return s }(), m{"host": "later", "title": "a"}, ""},
		"a host that was taken out": {thing{}, func() m { s := state.Clone(); s["host"] = "omega"; return s }(), m{"host": "omega", "title": "a"},
			`Unable to read thing "it": no host "omega": the provider block names alpha, beta; add it to 'hosts' or correct the name`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, &c.kind)
			resp, err := s.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "libvirt_thing", CurrentState: value(t, c.state)})
			if err != nil {
				t.Fatal(err)
			}
			outcome(t, resp.NewState, resp.Diagnostics, c.want, c.says)
			for _, d := range resp.Diagnostics { // an error would refuse the whole plan
				if unreadable := name == "unreadable"; unreadable != (d.Severity == tfprotov6.DiagnosticSeverityWarning) {
					t.Errorf("it is a %s", d.Severity)
				}
			}
		})
	}
}

// outcome compares the state that a call leaves, and what it says.
func outcome(t *testing.T, state *tfprotov6.DynamicValue, diagnostics []*tfprotov6.Diagnostic, want m, says string) {
	t.Helper()
	got := modelOf(t, state)
	if (got == nil) != (want == nil) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for k, v := range want {
		if !table.Equal(got[k], v) {
			t.Errorf("%s is %v, want %v", k, got[k], v)
		}
	}
	if said(diagnostics) != says {
		t.Errorf("says\n%s\nwant\n%s", said(diagnostics), says)
	}
}

func TestPlanSaysWhatIsReplaced(t *testing.T) {
	with := func(name string, v any) m { c := m{"host": "alpha", "name": "it", "title": "a"}; c[name] = v; return c }
	for name, c := range map[string]struct {
		config, prior m
		replace, says string
	}{
		"nothing":                   {with("title", "a"), state, "", ""},
		"in place":                  {with("title", "b"), state, "", ""},
		"another name":              {with("name", "other"), state, "name", ""},
		"another host":              {with("host", "beta"), state, "host", ""},
		"a new one":                 {with("title", "a"), nil, "", ""},
		"a new one on no host":      {with("host", "omega"), nil, "", `Invalid value: no host "omega": the provider block names alpha, beta; add it to 'hosts' or correct the name`},
		"a new one, host awaited":   {with("host", "later"), nil, "", ""},
		"a new one, host not known": {with("host", table.Unknown), nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, &thing{})
			resp, err := s.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{TypeName: "libvirt_thing",
				Config: value(t, c.config), PriorState: value(t, c.prior), ProposedNewState: value(t, c.config)})
			if err != nil {
				t.Fatal(err)
			}
			var replace []string
			for _, p := range resp.RequiresReplace {
				replace = append(replace, spell(p))
			}
			if strings.Join(replace, " ") != c.replace || said(resp.Diagnostics) != c.says {
				t.Errorf("replaces %v, says %q", replace, said(resp.Diagnostics))
			}
		})
	}
}

func TestApplyLeavesTheStateThatIsTrue(t *testing.T) {
	plan := m{"id": table.Unknown, "host": "alpha", "name": "it", "title": "b", "on": true, "machine": table.Unknown}
	there := func() map[string]m { return map[string]m{"alpha": {"title": "a", "on": true, "machine": "q35-7.2"}} }
	for name, c := range map[string]struct {
		kind        thing
		prior, plan m
		want        m // nil: not in the state
		says        string
	}{
		"made":           {thing{}, nil, plan, m{"id": "alpha/it", "title": "b", "machine": "q35-7.2"}, ""},
		"refused":        {thing{createErr: diag.Wrap("define", errors.New("no"))}, nil, plan, nil, `Unable to define thing "it": no`},
		"made by halves": {thing{createErr: diag.Wrap("start", errors.New("no")), made: true}, nil, plan, m{"id": "alpha/it", "title": "b", "machine": "q35-7.2"}, `Unable to start thing "it": no`},
		"exists": {thing{createErr: diag.Wrap("define", conn.ErrExists)}, nil, plan, nil, `Unable to define thing "it": exists already` + "\n\n" +
			"Choose another name, or import the existing one: terraform import ADDRESS alpha/it (ADDRESS is the resource's address in the plan, libvirt_thing.NAME)"},
		"lost, and not there": {thing{createErr: diag.Wrap("define", conn.ErrLost)}, nil, plan, nil, `Unable to define thing "it": ` + conn.ErrLost.Error() + "\n\n" +
			"Nothing was removed from the state. Check that the host is up and that its uri is correct, then run the command again."},
		"lost, and there": {thing{createErr: diag.Wrap("define", conn.ErrLost), made: true}, nil, plan, m{"title": "b"}, `Unable to define thing "it": ` + conn.ErrLost.Error() + "\n\n" +
			"Nothing was removed from the state. Check that the host is up and that its uri is correct, then run the command again."},
		"lost before the request, and another program's object is there": {thing{on: there(), createErr: diag.Wrap("define", conn.ErrLost)}, nil, plan, nil, `Unable to define thing "it": ` + conn.ErrLost.Error() + "\n\n" +
			"Nothing was removed from the state. Check that the host is up and that its uri is correct, then run the command again."},
		"changed":               {thing{on: there()}, state, plan, m{"title": "b"}, ""},
		"a change refused":      {thing{on: there(), updateErr: diag.Wrap("update", errors.New("no"))}, state, plan, m{"title": "a"}, `Unable to update thing "it": no`},
		"a change made in part": {thing{on: map[string]m{"alpha": {"title": "b", "on": false, "machine": "q35-7.2"}}, updateErr: diag.Wrap("update", errors.New("no"))}, state, plan, m{"title": "b", "on": false}, `Unable to update thing "it": no`},
		"a change made in part, of what was unset": {thing{on: map[string]m{"alpha": {"title": "a", "on": true, "machine": "q35-7.2", "cpu": m{"mode": "maximum", "model": "x", "cores": int64(2)}}}, updateErr: diag.Wrap("update", errors.New("no"))},
			state, with(plan, m{"cpu": m{"mode": "maximum", "cores": int64(2)}}), m{"title": "a", "cpu": m{"mode": "maximum", "model": nil, "cores": int64(2)}}, `Unable to update thing "it": no`},
		"a change refused, and the host is gone": {thing{on: there(), silent: map[string]bool{"alpha": true}, updateErr: diag.Wrap("update", errors.New("no"))}, state, plan, m{"title": "a"}, `Unable to update thing "it": no`},
		"destroyed":                              {thing{on: there()}, state, nil, nil, ""},
		"a destruction refused":                  {thing{on: there(), deleteErr: diag.Wrap("destroy", errors.New("no"))}, state, nil, m{"title": "a"}, `Unable to destroy thing "it": no`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, &c.kind)
			resp, err := s.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{TypeName: "libvirt_thing", PriorState: value(t, c.prior), PlannedState: value(t, c.plan)})
			if err != nil {
				t.Fatal(err)
			}
			outcome(t, resp.NewState, resp.Diagnostics, c.want, c.says)
		})
	}
}

func with(x, more m) m {
	x = x.Clone()
	for k, v := range more {
		x[k] = v
	}
	return x
}

func TestAValueThatThisProviderWroteComesBackIntoTheState(t *testing.T) {
	seen := m{"title": table.Written{Value: "b"}, "on": true, "machine": "q35-7.2", "cpu": m{"mode": "maximum", "model": table.Written{Value: "x"}, "cores": int64(1)}}
	got := refresh(rows, m{"host": "alpha", "name": "it", "on": true, "cpu": m{"mode": "maximum", "cores": int64(1)}}, seen)
	if got["title"] != "b" || got.Group("cpu")["model"] != "x" {
		t.Errorf("got %v", got)
	}
}

func TestImportTakesAnID(t *testing.T) {
	k := &thing{on: map[string]m{"alpha": {"title": "a", "machine": "q35-7.2"}}}
	s := newServer(t, k)
	for id, want := range map[string]string{
		"alpha/it":   "",
		"it":         `Unable to import thing "it": the id must have the form host/name, got "it"`,
		"alpha/a/it": `Unable to import thing "alpha/a/it": the id must have the form host/name, got "alpha/a/it"`,
		"omega/it":   `Unable to import thing "omega/it": no host "omega": the provider block names alpha, beta; add it to 'hosts' or correct the name`,
		"beta/it":    `Unable to import thing "beta/it": not found`,
	} {
		resp, err := s.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "libvirt_thing", ID: id})
		if err != nil {
			t.Fatal(err)
		}
		if said(resp.Diagnostics) != want {
			t.Errorf("%s: says %q, want %q", id, said(resp.Diagnostics), want)
		}
		if want == "" {
			got := modelOf(t, resp.ImportedResources[0].State)
			if w := (m{"id": id, "host": "alpha", "name": "it", "title": "a", "on": true, "machine": "q35-7.2"}); !table.Equal(got, w) {
				t.Errorf("imported %v, want %v", got, w)
			}
		}
	}
}

func TestTheProviderBlockIsChecked(t *testing.T) {
	s := NewServer(nil)
	config, err := encode(Provider, m{"hosts": m{"alpha": m{"uri": "xen:///system"}, "beta": m{"uri": table.Unknown}}})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	const want = `Invalid value: 'uri' must use the QEMU driver, got "xen:///system"; ` +
		"use qemu:///system, qemu+unix:///system?socket=/path/to/libvirt-sock, qemu+ssh://[user@]host[:port]/system, " +
		"qemu+tls://host[:port]/system or qemu+tcp://host[:port]/system; for a user's own libvirt, qemu:///session or qemu+ssh://[user@]host[:port]/session"
	if err != nil || said(resp.Diagnostics) != want {
		t.Fatalf("got %v %q", err, said(resp.Diagnostics))
	}
	if at := spell(resp.Diagnostics[0].Attribute); at != "hosts[alpha].uri" {
		t.Errorf("it is said to be at %s", at)
	}
}

func TestStoppingEndsWhatIsUnderWay(t *testing.T) {
	s := newServer(t, &thing{})
	ctx, done := s.stoppable(t.Context())
	defer done()
	if _, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
}

func TestWhatIsNotServedIsRefused(t *testing.T) {
	s := newServer(t, &thing{})
	if _, err := s.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "libvirt_other"}); err == nil || err.Error() != `no resource "libvirt_other" in this provider` {
		t.Errorf("got %v", err)
	}
	if _, err := s.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "libvirt_other"}); err == nil || err.Error() != `this provider has no data source "libvirt_other"` {
		t.Errorf("got %v", err)
	}
}
