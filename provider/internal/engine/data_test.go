package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// fact is a data source that knows which hosts were asked.
type fact struct{ err error }

var factTable = &table.Table{Name: "fact", See: "https://libvirt.org/", Attrs: []table.Attr{
	{Name: "hosts", Type: table.Map, Mode: table.Required},
	{Name: "type", Type: table.String, Mode: table.Optional, Default: "kvm", Enum: []string{"kvm", "qemu"}},
	{Name: "asked", Type: table.String, Mode: table.Computed},
	{Name: "more", Type: table.Map, Mode: table.Computed, Attrs: []table.Attr{{Name: "n", Type: table.Int, Mode: table.Computed}}},
}}

func (fact) Table() *table.Table     { return factTable }
func (fact) Hosts(config m) []string { return table.Keys(config.Group("hosts")) }
func (f fact) Read(_ context.Context, hosts []*conn.Host, config m) (m, error) {
	var names []string
	for _, h := range hosts {
		names = append(names, h.Name)
	}
	return m{"asked": config.Str("type") + " on " + strings.Join(names, ","), "more": m{"a": m{"n": int64(1)}}}, f.err
}

func readFact(t *testing.T, f fact, config m, deferrable bool) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	s := newServer(t, &thing{}).WithDataSources(f)
	v, err := encode(factTable.Attrs, config)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "libvirt_fact", Config: v,
		ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: deferrable}})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func factOf(t *testing.T, resp *tfprotov6.ReadDataSourceResponse) m {
	t.Helper()
	if resp.State == nil {
		t.Fatal(said(resp.Diagnostics))
	}
	x, err := decode(factTable.Attrs, resp.State)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestDataIsTheConfigurationAndTheAnswer(t *testing.T) {
	both := m{"beta": m{}, "alpha": m{}}
	got := factOf(t, readFact(t, fact{}, m{"hosts": both}, false))
	if want := (m{"hosts": both, "type": "kvm", "asked": "kvm on alpha,beta", "more": m{"a": m{"n": int64(1)}}}); !table.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := factOf(t, readFact(t, fact{}, m{"hosts": both, "type": "qemu"}, true)); got["asked"] != "qemu on alpha,beta" {
		t.Errorf("got %v", got)
	}
}

func TestDataOfHostsThatCanNotBeAsked(t *testing.T) {
	for name, c := range map[string]struct {
		fact fact
		host string
		says string
	}{
		"unreachable": {fact{fmt.Errorf("on beta (qemu:///system): %w", conn.ErrUnreachable)}, "beta",
			`Unable to read fact "beta": on beta (qemu:///system): host can't be reached` + "\n\n" +
				"Nothing was removed from the state. Check that the host is up and that its uri is correct, then run the command again."},
		"another error": {fact{errors.New("internal error")}, "beta", `Unable to read fact "beta": internal error`},
		"not in the provider block": {fact{}, "omega",
			`Unable to read fact "omega": no host "omega": the provider block names alpha, beta; add it to 'hosts' or correct the name`},
		"not known yet": {fact{}, "later", `Unable to read fact "later": the uri of host "later" is not known yet` + "\n\n" +
			"Apply the resource that provides the uri first (terraform apply -target=ADDRESS), or name it in the data source's depends_on: then the provider asks the host during the apply."},
	} {
		resp := readFact(t, c.fact, m{"hosts": m{c.host: m{}}}, false)
		if got := said(resp.Diagnostics); got != c.says || resp.State != nil {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.says)
		}
	}
}

func TestDataOfAHostThatIsNotKnownYetWaitsWhereTerraformCan(t *testing.T) {
	resp := readFact(t, fact{}, m{"hosts": m{"later": m{}}}, true)
	got := factOf(t, resp)
	if resp.Deferred == nil || got["asked"] != table.Unknown || got["more"] != table.Unknown || len(resp.Diagnostics) > 0 {
		t.Errorf("got %v, %v, %s", resp.Deferred, got, said(resp.Diagnostics))
	}
}

func TestDataIsValidatedAndServed(t *testing.T) {
	s := newServer(t, &thing{}).WithDataSources(fact{})
	v, err := encode(factTable.Attrs, m{"hosts": m{}, "type": "xen"})
	if err != nil {
		t.Fatal(err)
	}
	checked, err := s.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: "libvirt_fact", Config: v})
	if err != nil || said(checked.Diagnostics) != `Invalid value: 'type' must be one of "kvm", "qemu", got "xen"` {
		t.Errorf("got %s (%v)", said(checked.Diagnostics), err)
	}
	schema, err := s.GetProviderSchema(t.Context(), nil)
	if err != nil || schema.DataSourceSchemas["libvirt_fact"] == nil {
		t.Errorf("no schema: %v", err)
	}
	meta, err := s.GetMetadata(t.Context(), nil)
	if err != nil || len(meta.DataSources) != 1 || meta.DataSources[0].TypeName != "libvirt_fact" {
		t.Errorf("got %v (%v)", meta, err)
	}
	if _, err := s.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "libvirt_rumour"}); err == nil || err.Error() != `this provider has no data source "libvirt_rumour"` {
		t.Errorf("got %v", err)
	}
}
