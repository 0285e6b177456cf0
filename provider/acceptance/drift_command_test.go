//go:build acceptance

package acceptance

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/drift"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
)

// driftOf runs the provider's command drift with the state of a stack, and with these hosts besides the lab's.
func (s *stack) driftOf(others exchange.Hosts) drift.Report {
	s.t.Helper()
	hosts := s.addresses()
	for name, host := range others {
		hosts[name] = host
	}
	pulled := s.run("state", "pull")
	if pulled.code != 0 {
		s.t.Fatalf("state pull failed: %s", pulled.errors())
	}
	in, err := json.Marshal(drift.Request{Hosts: hosts, Stacks: []drift.Stack{{Name: "it", State: pulled.stdout, Compare: true}}})
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(built(s.t), "drift")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatal(err)
	}
	var report drift.Report
	if err := exchange.Decode(bytes.NewReader(out), &report); err != nil {
		s.t.Fatalf("%v in %s", err, out)
	}
	return report
}

// driftTold returns what a report says about an object, as JSON: its differences, "gone", or "" for nothing.
func driftTold(t *testing.T, r drift.Report, address string) string {
	t.Helper()
	if slices.ContainsFunc(r.Gone, func(o drift.Object) bool { return o.Address == address }) {
		return "gone"
	}
	for _, c := range r.Changed {
		if c.Object.Address == address {
			text, err := json.Marshal(c.Attributes)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
	}
	return ""
}

func isUndeclared(r drift.Report, h *labHost, name string) bool {
	return slices.ContainsFunc(r.Undeclared, func(u drift.Undeclared) bool { return u.Host == h.Name && u.Name == name })
}

func TestDriftCommand(t *testing.T) {
	t.Parallel()
	n, _ := dhcpNetwork(t)
	a := domainAttrs(t, alpha()).with(attrs{"state": "stopped", "vcpu": 2, "maximum": attrs{"vcpu": 4}})
	moved := domainAttrs(t, alpha()).with(attrs{"state": "stopped"})
	lost := domainAttrs(t, beta()).with(attrs{"state": "stopped"})
	s := newStack(t)
	s.apply(config{aDomain: a, "libvirt_domain.moved": moved, "libvirt_domain.lost": lost, aNetwork: n})

	r := s.driftOf(nil)
	if len(r.Changed) > 0 || len(r.Gone) > 0 || len(r.Unread) > 0 || r.Compared != 4 {
		t.Errorf("after an apply: got %+v", r)
	}

	name, stray, other := a["name"].(string), unique(t), moved["name"].(string)
	alpha().virsh(t, "setvcpus", name, "1", "--config")
	alpha().virsh(t, "autostart", name)
	alpha().virsh(t, "net-undefine", n["name"].(string))
	beta().virsh(t, "undefine", lost["name"].(string))
	beta().define(t, "define", alpha().virsh(t, "dumpxml", other, "--inactive", "--migratable"))
	t.Cleanup(func() { _, _ = beta().try("undefine", other); _, _ = beta().try("undefine", stray) })
	if r = s.driftOf(nil); !isUndeclared(r, beta(), other) {
		t.Errorf("the copy of a domain on another host is not told: %+v", r.Undeclared)
	}
	alpha().virsh(t, "undefine", other)
	beta().define(t, "define", "<domain type='"+theLab.Accelerator+"'><name>"+stray+"</name><memory>32768</memory><os><type>hvm</type></os></domain>")
	silent := exchange.Hosts{"silent": {URI: "qemu:///system?socket=/nonexistent/sock"}}
	r = s.driftOf(silent)

	expect(t, "a domain that was changed", driftTold(t, r, aDomain),
		`[{"path":"vcpu","was":2,"is":1,"sensitive":false},{"path":"autostart","was":false,"is":true,"sensitive":false}]`)
	expect(t, "a network whose definition was removed", driftTold(t, r, aNetwork),
		`[{"path":"autostart","was":true,"is":false,"sensitive":false},{"path":"needs_repair","was":false,"is":true,"sensitive":false}]`)
	if !isUndeclared(r, beta(), stray) || isUndeclared(r, alpha(), name) || isUndeclared(r, beta(), other) || isUndeclared(r, alpha(), n["name"].(string)) {
		t.Errorf("%s is not declared, and everything else is: got %+v", stray, r.Undeclared)
	}
	i := slices.IndexFunc(r.Hosts, func(h drift.Host) bool { return h.Name == "silent" })
	expect(t, "the host that does not answer", r.Hosts[i].Error,
		"on silent (qemu:///system?socket=/nonexistent/sock): dial unix /nonexistent/sock: connect: no such file or directory")

	r = s.driftOf(nil)
	expect(t, "a domain that is on another host", driftTold(t, r, "libvirt_domain.moved"),
		`[{"path":"host","was":"`+alpha().Name+`","is":"`+beta().Name+`","sensitive":false}]`)
	expect(t, "a domain that is gone", driftTold(t, r, "libvirt_domain.lost"), "gone")
	beta().virsh(t, "undefine", stray)
	s.apply(s.last)
	if r = s.driftOf(nil); len(r.Changed) > 0 || len(r.Gone) > 0 {
		t.Errorf("after the next apply: got %+v", r)
	}
}
