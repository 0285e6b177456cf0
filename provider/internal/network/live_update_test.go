package network

import (
	"slices"
	"strings"
	"testing"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

const restart = "restart"

func TestStepsFromOneDefinitionToAnother(t *testing.T) {
	ip := func(dhcp string) string { return `<ip address="10.0.0.1" prefix="24">` + dhcp + `</ip>` }
	dhcp := func(entries string) string { return ip(`<dhcp>` + entries + `</dhcp>`) }
	const between, wider = `<range start="10.0.0.10" end="10.0.0.20"/>`, `<range start="10.0.0.10" end="10.0.0.30"/>`
	const one, two = `<host mac="52:54:00:00:00:01" ip="10.0.0.5"/>`, `<host mac="52:54:00:00:00:02" ip="10.0.0.6"/>`
	const six = `<ip family="ipv6" address="fd00::1" prefix="64"/>`
	six6 := func(entries string) string {
		return `<ip family="ipv6" address="fd00::1" prefix="64"><dhcp>` + entries + `</dhcp></ip>`
	}
	const range6, host6 = `<range start="fd00::2" end="fd00::9"/>`, `<host name="web" ip="fd00::50"/>`
	devices := func(names ...string) string {
		text := `<forward mode="bridge">`
		for _, n := range names {
			text += `<interface dev="` + n + `"/>`
		}
		return text + `</forward>`
	}
	for name, c := range map[string]struct {
		prior, plan string
		want        []string
	}{
		"the same":              {dhcp(between + one), dhcp("\n  " + between + one), nil},
		"comes":                 {ip(""), dhcp(between + one), []string{"+0 range " + between, "+0 host " + one}},
		"goes":                  {dhcp(between + one), ip(""), []string{"-0 range " + between, "-0 host " + one}},
		"another range":         {dhcp(between), dhcp(wider), []string{"-0 range " + between, "+0 range " + wider}},
		"another name":          {dhcp(one), dhcp(`<host mac="52:54:00:00:00:01" ip="10.0.0.5" name="web"/>`), []string{"-0 host " + one, `+0 host <host mac="52:54:00:00:00:01" ip="10.0.0.5" name="web"/>`}},
		"two are swapped":       {dhcp(one + two), dhcp(two + one), nil},
		"below another family":  {six + dhcp(between), six + dhcp(between+one), []string{"+1 host " + one}},
		"IPv6 comes":            {ip("") + six, ip("") + six6(range6+host6), []string{"+1 range " + range6, "+1 host " + host6}},
		"more of IPv6":          {six6(range6), six6(range6 + host6), []string{"+0 host " + host6}},
		"IPv6 without a range":  {six, six6(host6), []string{restart}},
		"another address":       {ip(""), `<ip address="10.0.0.2" prefix="24"/>`, []string{restart}},
		"an address goes":       {dhcp(between), "", []string{restart}},
		"a mode":                {"", `<forward mode="route"/>`, []string{restart}},
		"a domain":              {"", `<domain name="a.test"/>`, []string{restart}},
		"names":                 {"", `<dns><host ip="10.0.0.9"><hostname>a</hostname></host></dns>`, []string{`+-1 dns-host <host ip="10.0.0.9"><hostname>a</hostname></host>`}},
		"texts and services":    {`<dns><txt name="a" value="b"/></dns>`, `<dns><srv service="a" protocol="tcp"/></dns>`, []string{`--1 txt <txt name="a" value="b"/>`, `+-1 srv <srv service="a" protocol="tcp"/>`}},
		"a forwarder":           {`<dns/>`, `<dns><forwarder addr="10.0.0.53"/></dns>`, []string{restart}},
		"a port group":          {`<portgroup name="a"/>`, `<portgroup name="a" default="yes"/>`, []string{`--1 portgroup <portgroup name="a"/>`, `+-1 portgroup <portgroup name="a" default="yes"/>`}},
		"a device":              {devices("eth0"), devices("eth0", "eth1"), []string{`+-1 interface <interface dev="eth1"/>`}},
		"a device for another":  {devices("eth0"), devices("eth1"), []string{`--1 interface <interface dev="eth0"/>`, `+-1 interface <interface dev="eth1"/>`}},
		"devices change places": {devices("eth0", "eth1"), devices("eth1", "eth0"), []string{restart}},
		"one before another":    {devices("eth0"), devices("eth1", "eth0"), []string{restart}},
		"the way out of NAT":    {`<forward dev="eth0" mode="nat"/>`, `<forward mode="nat"><interface dev="eth1"/></forward>`, []string{restart}},
		"the same way out":      {`<forward dev="eth0" mode="nat"><interface dev="eth0"/></forward>`, `<forward mode="nat"><interface dev="eth0"/></forward>`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			network := func(inside string) string { return "<network><name>lan</name>" + inside + "</network>" }
			before, err1 := xmlmodel.Parse(network(c.prior))
			after, err2 := xmlmodel.Parse(network(c.plan))
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			found, all := steps(before, after)
			var got []string
			for _, s := range found {
				sign := map[libvirt.NetworkUpdateCommand]string{libvirt.NetworkUpdateCommandAddLast: "+", libvirt.NetworkUpdateCommandDelete: "-"}[s.command]
				section := map[libvirt.NetworkUpdateSection]string{libvirt.NetworkSectionIPDhcpHost: "host", libvirt.NetworkSectionIPDhcpRange: "range", libvirt.NetworkSectionDNSHost: "dns-host",
					libvirt.NetworkSectionDNSTxt: "txt", libvirt.NetworkSectionDNSSrv: "srv", libvirt.NetworkSectionPortgroup: "portgroup", libvirt.NetworkSectionForwardInterface: "interface"}[s.section]
				got = append(got, sign+strings.Join([]string{itoa(s.ip), section, s.xml}, " "))
			}
			if !all {
				got = []string{restart}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func itoa(n int) string { return map[int]string{-1: "-1", 0: "0", 1: "1"}[n] }

func TestEveryStepHasAnOpposite(t *testing.T) {
	add, del := libvirt.NetworkUpdateCommandAddLast, libvirt.NetworkUpdateCommandDelete
	if opposite(add) != del || opposite(del) != add {
		t.Error("a step can't be taken back")
	}
}

func TestWhatGuestsNotice(t *testing.T) {
	const own, nat = `<bridge name="v1"/>`, `<forward mode="nat"/><bridge name="v1"/>`
	const br0, br1, mac = `<forward mode="bridge"/><bridge name="br0"/>`, `<forward mode="bridge"/><bridge name="br1"/>`, `<forward mode="bridge"><interface dev="eth0"/></forward>`
	for name, c := range map[string]struct{ before, after, want string }{
		"NAT":              {own, nat, "N is restarted while guests use it\nThe traffic of G is interrupted for about a second; their links stay up."},
		"onto a bridge":    {nat, br0, "N is restarted while guests use it\nThe traffic of G is interrupted for about a second; their links stay up."},
		"onto a device":    {nat, mac, "N cannot be changed while guests use it\nAn interface on a bridge cannot become an interface on a device while its guest runs: unless this apply stops G first, it changes nothing."},
		"another bridge":   {br0, br1, "N moves its guests to another bridge\nThe interfaces of G are detached from br0 and attached to br1; their links stay up."},
		"the same bridge":  {br0, br0 + "<mtu size='9000'/>", ""},
		"device to bridge": {mac, br0, "N changes for guests that start from now on\nG stays connected as before until the next start."},
	} {
		before, _ := xmlmodel.Parse("<network>" + c.before + "</network>")
		after, _ := xmlmodel.Parse("<network>" + c.after + "</network>")
		if got := restartEffect(before, after, "N", "G"); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
