package nwfilter

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

type m = table.Model

func rule(more m) m {
	r := m{"action": "accept", "direction": "in", "priority": int64(500), "statematch": true, "protocol": "tcp"}
	for k, v := range more {
		r[k] = v
	}
	return r
}

const foreign = `<filter name="it" chain="root"><uuid>u</uuid><rule action="drop" direction="inout" priority="100"><mac protocolid="0x1234"/></rule></filter>`

func TestFiltersAreWrittenAndReadBack(t *testing.T) {
	for name, c := range map[string]struct {
		before      string
		prior, plan m
		want        string
	}{
		"new": {`<filter name="it"/>`, nil, m{"chain": "root", "filters": table.ListOf("no-mac-spoofing"), "rules": m{
			"web":  rule(m{"match": table.ListOf("dstportstart=443")}),
			"last": rule(m{"action": "drop", "direction": "inout", "priority": int64(1000), "protocol": "all", "statematch": false}),
			"dns":  rule(m{"direction": "out", "protocol": "udp", "match": table.ListOf("dstipaddr=10.0.0.1", "dstportstart=53")})}},
			`<filter name="it" chain="root"><filterref filter="no-mac-spoofing"/>` +
				`<rule action="accept" direction="out" priority="500"><udp dstipaddr="10.0.0.1" dstportstart="53" comment="dns"/></rule>` +
				`<rule action="accept" direction="in" priority="500"><tcp dstportstart="443" comment="web"/></rule>` +
				`<rule action="drop" direction="inout" priority="1000" statematch="false"><all comment="last"/></rule></filter>`},
		"a rule changes": {`<filter name="it" chain="root"><rule action="accept" direction="in" priority="500"><tcp dstportstart="443" comment="web"/></rule></filter>`,
			m{"rules": m{"web": rule(m{"match": table.ListOf("dstportstart=443")})}}, m{"rules": m{"web": rule(m{"protocol": "tcp-ipv6", "match": table.ListOf("dstportstart=80")})}},
			`<filter name="it" chain="root"><rule action="accept" direction="in" priority="500"><tcp-ipv6 dstportstart="80" comment="web"/></rule></filter>`},
		"a rule goes": {`<filter name="it" chain="root"><rule action="accept" direction="in" priority="500"><tcp comment="web"/></rule></filter>`,
			m{"rules": m{"web": rule(nil)}}, m{"rules": nil}, `<filter name="it" chain="root"/>`},
		"a rule that no program claims stays": {foreign, m{}, m{"rules": m{"web": rule(nil)}},
			strings.Replace(foreign, "</filter>", `<rule action="accept" direction="in" priority="500"><tcp comment="web"/></rule></filter>`, 1)},
		"a filter with parameters stays": {`<filter name="it"><filterref filter="a"><parameter name="X" value="1"/></filterref></filter>`,
			m{"filters": table.ListOf("a")}, m{"filters": table.ListOf("b", "a")},
			`<filter name="it"><filterref filter="b"/><filterref filter="a"><parameter name="X" value="1"/></filterref></filter>`},
	} {
		t.Run(name, func(t *testing.T) {
			filter, err := xmlmodel.Parse(c.before)
			if err != nil {
				t.Fatal(err)
			}
			xmlmodel.Patch(Table.Attrs, filter, c.prior, c.plan)
			sortRules(filter)
			got, err := xmlmodel.Text(filter)
			if err != nil || got != c.want {
				t.Errorf("got\n%s (%v)\nwant\n%s", got, err, c.want)
			}
			seen := xmlmodel.Read(Table.Attrs, filter)
			for key, want := range c.plan.Group("rules") {
				if got := seen.Group("rules")[key]; !table.Equal(got, want) {
					t.Errorf("%s reads\n%v\nwant\n%v", key, got, want)
				}
			}
			if c.plan["filters"] != nil && seen["filters"] != c.plan["filters"] {
				t.Errorf("the filters read %q", seen["filters"])
			}
		})
	}
}

func TestRulesThatNobodyNamedGoByTheirPlace(t *testing.T) {
	seen, err := xmlmodel.ReadText(Table.Attrs, `<filter><rule action="drop" direction="out"/><rule action="accept" direction="in"><tcp comment="a"/></rule>`+
		`<rule action="accept" direction="out"><tcp comment="a"/></rule></filter>`)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(table.Keys(seen.Group("rules")), ", "); got != "1, a, a (3)" {
		t.Errorf("got %s", got)
	}
}

func TestBadConfigurations(t *testing.T) {
	for name, c := range map[string]struct{ config, want string }{
		"itself":    {"filters", `'filters' must not name the filter itself, "it"; remove it`},
		"disorder":  {"match", `'match' must be sorted: ["dstportstart=443" "srcipaddr=10.0.0.1"]`},
		"reject":    {"action", `'action' "reject" cannot be combined with 'protocol' "arp": a bridge cannot send an answer; use "drop"`},
		"chain":     {"chain", `'chain' must be one of root, mac, stp, vlan, arp, rarp, ipv4, ipv6, or one of these except root followed by '-' and a name, got "root-mine"`},
		"condition": {"condition", `'match' must have the form name=value, for example "dstportstart=443", got "dstportstart"`},
		"comment":   {"comment", `'match' must not set "comment", which contains the rule's name; remove it`},
		"name":      {"name", "a key of 'rules' must be printable ASCII without quotes, backslashes and '$', got \"a'b\""},
		"foreign":   {"foreign", `'match' must have conditions of 'protocol' "igmp", which are srcipaddr, srcipmask, dstipaddr, dstipmask, srcmacaddr, srcipfrom, srcipto, dstipfrom, dstipto, dscp, connlimit-above, state, ipset, ipsetflags, got "dstportstart"`},
		"ports":     {"ports", `'match' must have "protocol=tcp", udp, dccp or sctp with "dstportstart" in a rule of 'protocol' "ipv6"; add it`},
		"of udp":    {"of udp", ""},
		"fine":      {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			config := m{"host": "alpha", "name": "it", "chain": "ipv4-mine", "rules": m{"a (1)": rule(m{"match": table.ListOf("dstportstart=443", "srcipaddr=10.0.0.1")})}}
			r := config.Group("rules").Group("a (1)")
			switch c.config {
			case "filters":
				config["filters"] = table.ListOf("it")
			case "match":
				r["match"] = table.ListOf("srcipaddr=10.0.0.1", "dstportstart=443")
			case "action":
				r["action"], r["protocol"], r["match"] = "reject", "arp", nil
			case "foreign":
				r["protocol"] = "igmp"
			case "ports":
				r["protocol"] = "ipv6"
			case "of udp":
				r["protocol"], r["match"] = "ipv6", table.ListOf("dstportstart=53", "protocol=udp")
			case "chain":
				config["chain"] = "root-mine"
			case "condition":
				r["match"] = table.ListOf("dstportstart")
			case "comment":
				r["match"] = table.ListOf("comment=x")
			case "name":
				config["rules"] = m{"a'b": rule(nil)}
			}
			found := append(table.Validate(Table.Attrs, config, tftypes.NewAttributePath()), Resource{}.Validate(config)...)
			got := ""
			for _, p := range found {
				got += p.Text
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
