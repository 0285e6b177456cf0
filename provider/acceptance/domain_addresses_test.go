//go:build acceptance

package acceptance

import (
	"fmt"
	"testing"
)

// addressOutputs returns a data source and outputs for the addresses of the stack's domain.
func addressOutputs(domain, source string) attrs {
	return attrs{
		"data":   attrs{"libvirt_domain_addresses": attrs{"it": attrs{"host": "alpha", "domain": domain, "source": source}}},
		"output": attrs{"all": attrs{"value": "${jsonencode(data.libvirt_domain_addresses.it.addresses)}"}, "lan": attrs{"value": "${jsonencode(data.libvirt_domain_addresses.it.interfaces)}"}},
	}
}

func (s *stack) applyAll(c config, blocks attrs) {
	s.t.Helper()
	s.write(c, blocks)
	if o := s.run("apply", "-auto-approve", "-json"); o.code != 0 {
		s.t.Fatalf("apply failed:\n%s", o.errors())
	}
}

// output returns one of the stack's outputs.
func (s *stack) output(name string) string {
	s.t.Helper()
	o := s.run("output", "-raw", name)
	if o.code != 0 {
		s.t.Fatal(o.errors())
	}
	return o.stdout
}
func TestDomainAddresses(t *testing.T) {
	t.Parallel()
	t.Run("the data source has the addresses that each source gives", testDomainAddresses)
}

func testDomainAddresses(t *testing.T) {
	t.Parallel()
	const mac = "52:54:00:00:fb:01"
	lan, net := dhcpNetwork(t)
	lan["ipv4"].(attrs)["dhcp"].(attrs)["hosts"] = attrs{mac: attrs{"ip": net + ".15"}}
	a := guestAttrs(t, alpha()).with(attrs{"interfaces": attrs{"lan": attrs{"network": "${libvirt_network.lan.name}", "mac": mac}}, "shutdown": attrs{"timeout": 0}})
	c := config{aDomain: a, "libvirt_network.lan": lan}
	s, byUUID := newStack(t), addressOutputs("${libvirt_domain.it.uuid}", "lease")

	// A reference to the domain's UUID defers the data source until the domain exists.
	s.applyAll(c, byUUID)
	expect(t, "no address yet", s.output("all"), "[]")
	expect(t, "of the interface", s.output("lan"), fmt.Sprintf(`{"lan":{"addresses":[],"mac":%q}}`, mac))
	address := alpha().leased(t, lan["name"].(string), mac)
	s.applyAll(c, byUUID)
	expect(t, "the address", s.output("all"), fmt.Sprintf("[%q]", address))
	expect(t, "of the interface", s.output("lan"), fmt.Sprintf(`{"lan":{"addresses":[%q],"mac":%q}}`, address, mac))
	s.applyAll(c, addressOutputs(a["name"].(string), "lease"))
	expect(t, "by its name", s.output("all"), fmt.Sprintf("[%q]", address))

	s.write(c, addressOutputs(a["name"].(string), "agent"))
	s.says(s.run("plan", "-json").errors(), []string{`the guest agent of "` + a["name"].(string) + `" is not connected`, "wait_for.guest_agent"})
	s.write(c, addressOutputs("unknown", "lease"))
	s.says(s.run("plan", "-json").errors(), []string{`Unable to read domain addresses "alpha"`, "Domain not found", "If this apply creates the domain, refer to its UUID (libvirt_domain.NAME.uuid)"})
	s.applyAll(config{aDomain: a.with(attrs{"state": "stopped"}), "libvirt_network.lan": lan}, byUUID)
	s.applyAll(config{aDomain: a.with(attrs{"state": "stopped"}), "libvirt_network.lan": lan}, byUUID)
	expect(t, "one that does not run", s.output("all"), "[]")
}
