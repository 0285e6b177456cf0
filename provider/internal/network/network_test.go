package network

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/portprofile"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

type m = table.Model

func TestBadConfigurations(t *testing.T) {
	ip := func(dhcp m) m { return m{"ipv4": m{"address": "10.0.0.1", "prefix": int64(24), "dhcp": dhcp}} }
	for _, c := range []struct {
		config     m
		path, text string
	}{
		{m{"bridge": "a-name-that-is-too-long"}, "bridge", `'bridge' must be 1 to 15 letters, digits, '-', '_' or '.', got "a-name-that-is-too-long"`},
		{m{"ipv4": m{"address": "10.0.0.256", "prefix": int64(24)}}, "ipv4.address", `'address' must be an IPv4 address like 10.0.0.1, got "10.0.0.256"`},
		{m{"ipv4": m{"address": "10.0.0.1", "prefix": int64(31)}}, "ipv4.prefix", "'prefix' must be from 1 to 30, got 31"},
		{ip(m{"start": "9.0.0.10", "end": "10.0.0.20"}), "ipv4.dhcp.start", "'start' must be inside 10.0.0.0/24, got 9.0.0.10"},
		{ip(m{"start": "10.0.0.10", "end": "10.0.1.20"}), "ipv4.dhcp.end", "'end' must be inside 10.0.0.0/24, got 10.0.1.20"},
		{ip(m{"start": "10.0.0.20", "end": "10.0.0.10"}), "ipv4.dhcp.end", "'end' must not be before 'start' (10.0.0.20), got 10.0.0.10"},
		{ip(m{"start": "10.0.0.10", "end": "10.0.0.20", "hosts": m{"52:54:00:00:00:01": m{"ip": "10.0.9.5"}}}), "ipv4.dhcp.hosts[52:54:00:00:00:01].ip", "'ip' must be inside 10.0.0.0/24, got 10.0.9.5"},
		{ip(m{"start": "10.0.0.10", "end": "10.0.0.20", "hosts": m{"one": m{"ip": "10.0.0.5"}}}), "ipv4.dhcp.hosts[one]", `a key of 'hosts' must be a MAC address in lower case like 52:54:00:12:34:56, got "one"`},
	} {
		found := append(table.Validate(Table.Attrs, c.config, tftypes.NewAttributePath()), Resource{}.Validate(c.config)...)
		if len(found) != 1 {
			t.Errorf("%v: got %d problems: %v", c.config, len(found), found)
			continue
		}
		if got := spell(found[0].Path); got != c.path || found[0].Text != c.text {
			t.Errorf("got\n%s: %s\nwant\n%s: %s", got, found[0].Text, c.path, c.text)
		}
	}
}

func spell(path *tftypes.AttributePath) string {
	text := ""
	for _, s := range path.Steps() {
		switch s := s.(type) {
		case tftypes.AttributeName:
			text += "." + string(s)
		case tftypes.ElementKeyString:
			text += fmt.Sprintf("[%s]", string(s))
		case tftypes.ElementKeyInt:
			text += fmt.Sprintf("[%d]", int64(s))
		}
	}
	return strings.TrimPrefix(text, ".")
}

func TestWhatIsReadOfANetwork(t *testing.T) {
	// A netmask, IPv6 and a person's own entries, as libvirt gives them back.
	const xml = `<network><name>lan</name><uuid>8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d01</uuid><forward mode='nat'><nat><port start='1024' end='65535'/></nat></forward>
  <bridge name='virbr0' stp='on' delay='0'/><mac address='52:54:00:11:22:33'/><domain name='lan.test'/>
  <ip family='ipv6' address='fd00::1' prefix='64'><dhcp><range start='fd00::10' end='fd00::20'/></dhcp></ip>
  <ip address='192.168.122.1' netmask='255.255.255.0'><dhcp><range start='192.168.122.2' end='192.168.122.254'/>
    <host mac='52:54:00:00:00:01' name='web' ip='192.168.122.5'/><host name='by-name' ip='192.168.122.6'/></dhcp></ip></network>`
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		t.Fatal(err)
	}
	want := m{"uuid": "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d01", "forward": m{"mode": "nat", "nat_ports": m{"start": int64(1024), "end": int64(65535)}},
		"bridge": "virbr0", "stp": true, "delay": int64(0), "mac": "52:54:00:11:22:33", "domain": m{"name": "lan.test"},
		"ipv6": m{"address": "fd00::1", "prefix": int64(64), "dhcp": m{"start": "fd00::10", "end": "fd00::20"}},
		"ipv4": m{"address": "192.168.122.1", "prefix": int64(24), "dhcp": m{"start": "192.168.122.2", "end": "192.168.122.254",
			"hosts": m{"52:54:00:00:00:01": m{"ip": "192.168.122.5", "name": "web"}}}}}
	if got := xmlmodel.Read(Table.Attrs, root); !table.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

func TestBridgesAreNamedAfterTheirNetworks(t *testing.T) {
	one, two := bridgeFor("one"), bridgeFor("two")
	if one == two || one != bridgeFor("one") {
		t.Errorf("%q and %q", one, two)
	}
	for _, b := range []string{one, two} {
		if err := portprofile.Device(b); err != nil {
			t.Error(err)
		}
	}
}
