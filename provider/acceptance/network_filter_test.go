//go:build acceptance

package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/nwfilter"
)

const aFilter = "libvirt_nwfilter.it"

func filterAttrs(t *testing.T, rules attrs) attrs {
	t.Helper()
	return attrs{"host": alpha().Name, "name": unique(t), "rules": rules}
}

func tcp(port int) attrs {
	return attrs{"action": "accept", "direction": "in", "protocol": "tcp", "match": []string{fmt.Sprintf("dstportstart=%d", port)}}
}

func TestNetworkFilterUpdates(t *testing.T) {
	t.Parallel()
	base := func(name string) attrs { return attrs{"host": alpha().Name, "name": name} }
	rules := func(rule attrs) attrs { return attrs{"rules": attrs{"it": rule}} }
	see := func(where string) func(*testing.T, attrs) string { return dump("nwfilter-dumpxml", where) }
	there := func(t *testing.T, a attrs) string { t.Helper(); return see("@name")(t, a) }
	first, second := unique(t), unique(t)
	moving := unique(t)
	updates(t, nwfilter.Table, base, map[string]update{
		"host":             {see: there, steps: []step{{attrs{"name": moving}, moving}, {attrs{"name": moving, "host": beta().Name}, moving}}},
		"name":             {see: there, steps: []step{{attrs{"name": first}, first}, {attrs{"name": second}, second}}},
		"chain":            {see: see("@chain"), steps: []step{{nil, "root"}, {attrs{"chain": "ipv4-it"}, "ipv4-it"}, {attrs{"chain": "arp"}, "arp"}, {nil, "root"}}},
		"priority":         {see: see("@priority"), steps: []step{{attrs{"chain": "ipv4", "priority": -600}, "-600"}, {attrs{"chain": "ipv4", "priority": 10}, "10"}, {attrs{"chain": "ipv4"}, "-700"}}},
		"filters":          {see: see("filterref@filter"), steps: []step{{attrs{"filters": []string{"no-mac-spoofing"}}, "no-mac-spoofing"}, {attrs{"filters": []string{"clean-traffic", "no-mac-spoofing"}}, "clean-traffic"}, {nil, ""}}},
		"rules":            {see: see("rule/tcp@comment"), steps: []step{{rules(tcp(80)), "it"}, {attrs{"rules": attrs{"another": tcp(80)}}, "another"}, {nil, ""}}},
		"rules.action":     {see: see("rule@action"), steps: []step{{rules(tcp(80)), "accept"}, {rules(tcp(80).with(attrs{"action": "drop"})), "drop"}}},
		"rules.direction":  {see: see("rule@direction"), steps: []step{{rules(tcp(80)), "in"}, {rules(tcp(80).with(attrs{"direction": "inout"})), "inout"}}},
		"rules.priority":   {see: see("rule@priority"), steps: []step{{rules(tcp(80)), "500"}, {rules(tcp(80).with(attrs{"priority": -5})), "-5"}, {rules(tcp(80)), "500"}}},
		"rules.statematch": {see: see("rule@statematch"), steps: []step{{rules(tcp(80)), ""}, {rules(tcp(80).with(attrs{"statematch": false})), "false"}, {rules(tcp(80)), ""}}},
		"rules.protocol":   {see: see("rule/*"), steps: []step{{rules(tcp(80)), ""}, {rules(tcp(80).with(attrs{"protocol": "udp"})), ""}}},
		"rules.match":      {see: see("rule/tcp@dstportstart"), steps: []step{{rules(tcp(80)), "80"}, {rules(tcp(443)), "443"}, {rules(tcp(80).with(attrs{"match": nil})), ""}}},
	})
}

// testFilterOfRunningGuest asserts that an apply changes the rules of a running guest, and that a change outside Terraform shows.
func testFilterOfRunningGuest(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	filter := filterAttrs(t, attrs{"web": tcp(80), "last": attrs{"action": "drop", "direction": "inout", "protocol": "all", "priority": 1000}})
	name := filter["name"].(string)
	guest := guestAttrs(t, alpha())
	network := alpha().network(t)
	guest["interfaces"] = attrs{"lan": attrs{"network": network, "filter": "${" + aFilter + ".name}"}}
	c := config{aFilter: filter, aDomain: guest}
	s.apply(c)
	s.settled()
	validates(t, "nwfilter", alpha().xml(t, "nwfilter-dumpxml", name))
	inForce := func(port int) bool {
		t.Helper()
		tap := at(alpha().xml(t, "dumpxml", guest["name"].(string)), "devices/interface/target@dev")
		saved, err := alpha().onNet(t, "iptables-save")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(saved) {
			if strings.HasPrefix(line, "-A FO-"+tap+" -p tcp -m tcp --dport "+fmt.Sprint(port)) {
				return true
			}
		}
		return false
	}
	if !inForce(80) || inForce(443) {
		t.Error("the rules are not in force")
	}
	filter["rules"].(attrs)["web"] = tcp(443)
	s.shows(c, `~ match = [`, `~ "dstportstart=80" -> "dstportstart=443",`, "0 to add, 1 to change, 0 to destroy")
	s.apply(c)
	if inForce(80) || !inForce(443) {
		t.Error("the new rules are not in force")
	}

	alpha().define(t, "nwfilter-define", "<filter name='"+name+"'><uuid>"+at(alpha().xml(t, "nwfilter-dumpxml", name), "uuid")+
		"</uuid><rule action='accept' direction='inout'><all comment='open'/></rule></filter>")
	s.shows(c, `- "open" = {`, `+ "web" = {`, "0 to add, 1 to change, 0 to destroy")
	s.apply(c)
	s.settled()

	s.applyFails(config{aDomain: guest.with(attrs{"interfaces": attrs{"lan": attrs{"network": network, "filter": name}}})},
		"Unable to destroy nwfilter", fmt.Sprintf("on alpha: it is used by interfaces of %q", guest["name"]), "Nothing was changed.")
	s.apply(c)
	s.importable("shutdown")
	s.destroy()
	alpha().lacks(t, "nwfilter-dumpxml", name)
}

func testFilterRejected(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	filter := filterAttrs(t, attrs{"web": tcp(80)})
	s.apply(config{aFilter: filter})
	bad := filter.with(attrs{"rules": attrs{"web": tcp(80).with(attrs{"match": []string{"dstportstart=many"}})}})
	s.planFails(config{aFilter: bad}, `'match' must give "dstportstart" a port`)
	expect(t, "the rule", dump("nwfilter-dumpxml", "rule/tcp@dstportstart")(t, filter), "80")
	s.apply(config{aFilter: filter})
	s.settled()
	other := newStack(t)
	other.applyFails(config{aFilter: filter}, "Unable to create nwfilter", fmt.Sprintf("alpha already has a network filter %q", filter["name"]))
}

// testFilterCalls asserts that the provider asks about no filter while one changes: libvirt applies a filter to its guests before it
// answers any question about filters. A client that asks meanwhile would wait for minutes, and give up.
func testFilterCalls(t *testing.T) {
	t.Parallel()
	watched, changing, changes, asked := false, false, 0, 0
	p := newProxy(t, alpha(), func(m message) verdict {
		switch {
		case !watched:
		case m.procedure == filterDefine && m.kind == reply:
			changing = false
		case m.kind == call && slices.Contains(filterCalls, m.procedure):
			if changing {
				asked++
			}
			if m.procedure == filterDefine {
				changing, changes = true, changes+1
			}
		}
		return pass
	})
	s := newStack(t)
	s.hosts[alpha().Name] = p.uri
	const many = 8
	c := config{}
	for i := range many {
		c[fmt.Sprintf("libvirt_nwfilter.n%d", i)] = filterAttrs(t, attrs{"web": tcp(80)})
	}
	s.apply(c)
	for _, filter := range c {
		filter["rules"] = attrs{"web": tcp(443)}
	}
	p.mu.Lock()
	watched = true
	p.mu.Unlock()
	s.apply(c)
	p.mu.Lock()
	if changes != many || asked != 0 {
		t.Errorf("of %d filters %d changed, and meanwhile the host was asked %d times", many, changes, asked)
	}
	p.mu.Unlock()
	s.settled()
}
