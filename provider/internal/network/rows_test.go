package network

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

var address = m{"address": "10.0.0.1", "prefix": int64(24)}

const addressXML = `<ip address="10.0.0.1" prefix="24"/>`

// everyMode has, by mode, all that goes with it.
var everyMode = map[string]struct {
	is   m
	want string
}{
	"isolated": {m{"bridge": "br", "stp": false, "delay": int64(2), "mac": "52:54:00:11:22:33", "mtu": int64(9000), "isolated": true,
		"domain": m{"name": "a.test", "local_only": true}, "bandwidth": m{"inbound_average": int64(1000), "inbound_peak": int64(2000), "inbound_burst": int64(64), "outbound_average": int64(500), "outbound_peak": int64(600), "outbound_burst": int64(65)},
		"ipv4":            m{"address": "10.0.0.1", "prefix": int64(24), "dhcp": m{"start": "10.0.0.2", "end": "10.0.0.9", "lease_time": int64(7200), "hosts": m{"52:54:00:00:00:01": m{"ip": "10.0.0.50", "name": "web"}}, "bootp": m{"file": "pxelinux.0", "server": "10.0.0.2"}}, "tftp_root": "/srv/tftp"},
		"dnsmasq_options": table.ListOf("address=/apps.a.test/10.0.0.5", "no-negcache"),
		"ipv6":            m{"address": "fd00::1", "prefix": int64(64), "dhcp": m{"start": "fd00::10", "end": "fd00::20", "lease_time": int64(0), "hosts": m{"web": m{"ip": "fd00::50"}, "00:03:00:01:52:54:00:00:00:09": m{"ip": "fd00::51", "name": "db"}}}},
		"dns": m{"enabled": true, "forward_plain_names": false, "forwarders": table.ListOf("10.1.0.53", "/a.test/10.2.0.53", "/b.test/"),
			"hosts": m{"10.0.0.60": m{"names": table.ListOf("one", "two")}}, "txt": m{"a": m{"value": "some text"}},
			"srv": m{"_ldap._tcp": m{"target": "web", "port": int64(389), "priority": int64(1), "weight": int64(2)}, "_sip._udp.b.test": m{"target": "sip", "port": int64(5060)}}},
		"routes": m{"10.9.0.0/16": m{"gateway": "10.0.0.50", "metric": int64(2)}, "fd09::/48": m{"gateway": "fd00::50"}},
		"xml":    m{"more": m{"under": "", "element": `<ip address="10.0.1.1" prefix="24"/>`}, "range": m{"under": "ip/dhcp", "element": `<range start="10.0.0.20" end="10.0.0.29"/>`}}},
		`<network><name>lan</name><bridge name="br" stp="off" delay="2"/><mac address="52:54:00:11:22:33"/><mtu size="9000"/>` +
			`<bandwidth><inbound average="1000" peak="2000" burst="64"/><outbound average="500" peak="600" burst="65"/></bandwidth><port isolated="yes"/><domain name="a.test" localOnly="yes"/>` +
			`<ip address="10.0.0.1" prefix="24"><dhcp><range start="10.0.0.2" end="10.0.0.9"><lease expiry="7200" unit="seconds"/></range><host mac="52:54:00:00:00:01" ip="10.0.0.50" name="web"/><bootp file="pxelinux.0" server="10.0.0.2"/><range start="10.0.0.20" end="10.0.0.29"/></dhcp><tftp root="/srv/tftp"/></ip>` +
			`<ip family="ipv6" address="fd00::1" prefix="64"><dhcp><range start="fd00::10" end="fd00::20"><lease expiry="0" unit="seconds"/></range><host id="00:03:00:01:52:54:00:00:00:09" ip="fd00::51" name="db"/><host name="web" ip="fd00::50"/></dhcp></ip>` +
			`<dns enable="yes" forwardPlainNames="no"><forwarder addr="10.1.0.53"/><forwarder domain="a.test" addr="10.2.0.53"/><forwarder domain="b.test"/>` +
			`<host ip="10.0.0.60"><hostname>one</hostname><hostname>two</hostname></host><txt name="a" value="some text"/>` +
			`<srv service="ldap" protocol="tcp" target="web" port="389" priority="1" weight="2"/><srv service="sip" protocol="udp" domain="b.test" target="sip" port="5060"/></dns>` +
			`<dnsmasq:options xmlns:dnsmasq="http://libvirt.org/schemas/network/dnsmasq/1.0"><dnsmasq:option value="address=/apps.a.test/10.0.0.5"/><dnsmasq:option value="no-negcache"/></dnsmasq:options>` +
			`<route address="10.9.0.0" prefix="16" gateway="10.0.0.50" metric="2"/><route family="ipv6" address="fd09::" prefix="48" gateway="fd00::50"/><ip address="10.0.1.1" prefix="24"/></network>`},
	"nat": {m{"forward": m{"mode": "nat", "devices": table.ListOf("eth0"), "nat_addresses": m{"start": "192.0.2.1", "end": "192.0.2.9"}, "nat_ports": m{"start": int64(2000), "end": int64(3000)}, "nat_ipv6": true}, "bridge": "br", "ipv4": address},
		`<network><name>lan</name><forward mode="nat"><interface dev="eth0"/><nat ipv6="yes"><address start="192.0.2.1" end="192.0.2.9"/><port start="2000" end="3000"/></nat></forward><bridge name="br"/>` + addressXML + `</network>`},
	"route": {m{"forward": m{"mode": "route"}, "bridge": "br", "ipv4": address}, `<network><name>lan</name><forward mode="route"/><bridge name="br"/>` + addressXML + `</network>`},
	"open":  {m{"forward": m{"mode": "open"}, "bridge": "br", "ipv4": address}, `<network><name>lan</name><forward mode="open"/><bridge name="br"/>` + addressXML + `</network>`},
	"a bridge of the host": {m{"forward": m{"mode": "bridge"}, "bridge": "br0"},
		`<network><name>lan</name><forward mode="bridge"/><bridge name="br0"/></network>`},
	"Open vSwitch": {m{"forward": m{"mode": "bridge"}, "bridge": "ovs0", "virtualport": "openvswitch", "vlan": m{"tags": table.ListOf("42"), "trunk": true},
		"portgroups": m{"eng": m{"default": true, "vlan": m{"tags": table.ListOf("10", "11")}, "bandwidth": m{"outbound_average": int64(10)}}, "ops": m{"default": false, "virtualport": "openvswitch", "vlan": m{"tags": table.ListOf("9"), "trunk": true}, "bandwidth": m{
			"inbound_average": int64(1), "inbound_peak": int64(2), "inbound_burst": int64(3), "outbound_average": int64(4), "outbound_peak": int64(5), "outbound_burst": int64(6)}}}},
		`<network><name>lan</name><forward mode="bridge"/><bridge name="ovs0"/><virtualport type="openvswitch"/><vlan trunk="yes"><tag id="42"/></vlan>` +
			`<portgroup name="eng" default="yes"><vlan trunk="yes"><tag id="10"/><tag id="11"/></vlan><bandwidth><outbound average="10"/></bandwidth></portgroup>` +
			`<portgroup name="ops"><virtualport type="openvswitch"/><vlan trunk="yes"><tag id="9"/></vlan><bandwidth><inbound average="1" peak="2" burst="3"/><outbound average="4" peak="5" burst="6"/></bandwidth></portgroup></network>`},
	"macvtap": {m{"forward": m{"mode": "bridge", "devices": table.ListOf("eth0", "eth1")}, "portgroups": m{"eng": m{"default": true}},
		"xml": m{"trust": m{"under": "portgroup[eng]", "attributes": table.TextsOf(map[string]string{"trustGuestRxFilters": "yes"})}}},
		`<network><name>lan</name><forward mode="bridge"><interface dev="eth0"/><interface dev="eth1"/></forward><portgroup name="eng" default="yes" trustGuestRxFilters="yes"/></network>`},
	"passthrough": {m{"forward": m{"mode": "passthrough", "devices": table.ListOf("eth0")}, "vlan": m{"tags": table.ListOf("7")}},
		`<network><name>lan</name><forward mode="passthrough"><interface dev="eth0"/></forward><vlan><tag id="7"/></vlan></network>`},
	"functions of a device": {m{"forward": m{"mode": "hostdev", "pf": "eth3", "managed": true}},
		`<network><name>lan</name><forward mode="hostdev" managed="yes"><pf dev="eth3"/></forward></network>`},
	"functions by address": {m{"forward": m{"mode": "hostdev", "addresses": table.ListOf("0000:03:10.2", "0000:03:10.4")}},
		`<network><name>lan</name><forward mode="hostdev"><address type="pci" domain="0x0000" bus="0x03" slot="0x10" function="0x2"/>` +
			`<address type="pci" domain="0x0000" bus="0x03" slot="0x10" function="0x4"/></forward></network>`},
}

func TestNetworksOfEveryModeAreWrittenAndRead(t *testing.T) {
	for name, c := range everyMode {
		t.Run(name, func(t *testing.T) {
			c.is["name"] = "lan"
			xml, err := RawXML.New(c.is)
			if err != nil || xml != c.want {
				t.Errorf("got\n%s\nwant\n%s (%v)", xml, c.want, err)
			}
			root, err := xmlmodel.Parse(xml)
			if err != nil {
				t.Fatal(err)
			}
			seen, err := RawXML.Read(xml, c.is)
			if err != nil {
				t.Fatal(err)
			}
			seen["name"] = "lan"
			if !table.Equal(seen, c.is) {
				t.Errorf("read as\n%v\nwant\n%v", seen, c.is)
			}
			validates(t, xml)
			if found := (Resource{}).Validate(c.is); len(found) > 0 {
				t.Errorf("it is refused: %v", found)
			}
			// All that was set goes, and its elements with it.
			RawXML.Patch(root, c.is, m{"name": "lan"})
			if bare, _ := xmlmodel.Text(root); bare != "<network><name>lan</name></network>" {
				t.Errorf("emptied it is %s", bare)
			}
		})
	}
}

// validates holds XML against libvirt's own schema.
func validates(t *testing.T, xml string) {
	t.Helper()
	validate, err := exec.LookPath("virt-xml-validate")
	if err != nil {
		t.Skip("the XML is not validated with libvirt's schema: virt-xml-validate is missing")
	}
	file := filepath.Join(t.TempDir(), "network.xml")
	if err := os.WriteFile(file, []byte(xml), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(validate, file, "network").CombinedOutput(); err != nil {
		t.Errorf("%v: %s%s", err, out, xml)
	}
}

func TestEveryRowIsInSomeNetwork(t *testing.T) {
	var all []string
	collect(Table.Attrs, "", func(path string) { all = append(all, path) })
	for _, path := range all {
		found := false
		for _, c := range everyMode {
			found = found || has(c.is, strings.Split(path, "."))
		}
		if !found {
			t.Errorf("%s is in none", path)
		}
	}
}

func collect(attrs []table.Attr, prefix string, found func(path string)) {
	for i := range attrs {
		a := &attrs[i]
		if a.Mode != table.Computed && (a.XML != nil || a.Group != nil || a.Entries != nil) {
			step := prefix + a.Name
			found(step)
			if a.Type == table.Map {
				step += ".*"
			}
			collect(a.Attrs, step+".", found)
		}
	}
}

func has(group m, path []string) bool {
	if path[0] == "*" {
		for _, key := range table.Keys(group) {
			if has(group.Group(key), path[1:]) {
				return true
			}
		}
		return false
	}
	if len(path) == 1 {
		return group[path[0]] != nil
	}
	return has(group.Group(path[0]), path[1:])
}

func TestAModeThatGoesTakesItsSettingsAlong(t *testing.T) {
	root, err := xmlmodel.Parse(`<network><name>lan</name><forward mode="nat"><nat><port start="1024" end="65535"/></nat></forward><domain name="a.test" localOnly="yes"/><ip address="10.0.0.1" netmask="255.0.0.0"/></network>`)
	if err != nil {
		t.Fatal(err)
	}
	ip := m{"address": "10.0.0.1", "prefix": int64(8)}
	xmlmodel.Patch(Table.Attrs, root, m{"forward": m{"mode": "nat"}, "domain": m{"name": "a.test"}, "ipv4": ip}, m{"forward": m{"mode": "route"}, "ipv4": ip})
	if got, err := xmlmodel.Text(root); err != nil || got != `<network><name>lan</name><forward mode="route"/><ip address="10.0.0.1" netmask="255.0.0.0"/></network>` {
		t.Error(got, err)
	}
}

func TestAnotherBridgeIsWithoutWhatIsOfItsOwn(t *testing.T) {
	root, err := xmlmodel.Parse(`<network><name>lan</name><bridge name="v1" stp="on" delay="0"/><mac address="52:54:00:11:22:33"/></network>`)
	if err != nil {
		t.Fatal(err)
	}
	xmlmodel.Patch(Table.Attrs, root, m{"bridge": "v1", "mac": "52:54:00:11:22:33"}, m{"forward": m{"mode": "bridge"}, "bridge": "br0"})
	if got, err := xmlmodel.Text(root); err != nil || got != `<network><name>lan</name><bridge name="br0"/><forward mode="bridge"/></network>` {
		t.Error(got, err)
	}
}

func TestOtherSpellingsAreRead(t *testing.T) {
	for xml, want := range map[string]m{
		`<network><forward dev="eth0" mode="nat"/></network>`:                                     {"forward": m{"mode": "nat", "devices": table.ListOf("eth0")}},
		`<network><route address="10.9.0.0" netmask="255.255.0.0" gateway="10.0.0.5"/></network>`: {"routes": m{"10.9.0.0/16": m{"gateway": "10.0.0.5"}}},
		`<network><route address="192.168.7.0" gateway="10.0.0.5"/></network>`:                    {"routes": m{"192.168.7.0/24": m{"gateway": "10.0.0.5"}}},
		`<network><ip address="10.0.0.1" prefix="24"><dhcp><range start="10.0.0.2" end="10.0.0.9"><lease expiry="2"/></range></dhcp></ip></network>`: {
			"ipv4": m{"address": "10.0.0.1", "prefix": int64(24), "dhcp": m{"start": "10.0.0.2", "end": "10.0.0.9", "lease_time": int64(120)}}},
	} {
		root, err := xmlmodel.Parse(xml)
		if err != nil {
			t.Fatal(err)
		}
		if got := xmlmodel.Read(Table.Attrs, root); !table.Equal(got, want) {
			t.Errorf("%s is read as %v, want %v", xml, got, want)
		}
	}
}
