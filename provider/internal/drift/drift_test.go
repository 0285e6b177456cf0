package drift

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/provider"
)

// TestDriftExchange decodes the files that the command line's tests read too, with every field and no other.
func TestDriftExchange(t *testing.T) {
	goldentest.Exchange(t, "testdata/request.json", &Request{})
	goldentest.Exchange(t, "testdata/report.json", &Report{})
}

func TestAHostThatDoesNotAnswerIsPartOfTheReport(t *testing.T) {
	pools := resource("managed", "libvirt_pool", "a", `{"attributes": {"host": "alpha", "name": "a"}}`) + ", " +
		resource("managed", "libvirt_pool", "b", `{"attributes": {"host": "alpha", "name": "b"}}`) + ", " +
		resource("managed", "libvirt_pool", "c", `{"attributes": {"host": "beta", "name": "c"}}`)
	in, err := json.Marshal(map[string]any{
		"hosts":  map[string]any{"alpha": map[string]any{"uri": "qemu:///system?socket=/nonexistent/sock"}},
		"stacks": []any{map[string]any{"name": "s", "state": stateOf(pools), "compare": true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Run(t.Context(), provider.Resources(), bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	const want = `{"hosts":[{"name":"alpha","uri":"qemu:///system?socket=/nonexistent/sock",` +
		`"error":"on alpha (qemu:///system?socket=/nonexistent/sock): dial unix /nonexistent/sock: connect: no such file or directory","unread":2}],` +
		`"compared":0,"inactive":0,"changed":[],"gone":[],` +
		`"unread":[{"object":{"stack":"s","address":"libvirt_pool.c","type":"libvirt_pool","resource":"c","host":"beta"},` +
		`"error":"no host \"beta\": the provider block names alpha; add it to 'hosts' or correct the name"}],"undeclared":[]}`
	if got := strings.TrimSpace(out.String()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestBadInput(t *testing.T) {
	const want = `drift: expected {"hosts": {"NAME": {"uri": "..."}}, "stacks": [{"name": "...", "state": "...", "compare": true}]} on standard input: unexpected EOF`
	if err := Run(t.Context(), nil, strings.NewReader("{"), &bytes.Buffer{}); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
