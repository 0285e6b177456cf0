package nwfilter

import (
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// libvirt ignores the conditions that a protocol does not have: the rule would then apply to more packets than it says.

var (
	macs      = words("srcmacaddr srcmacmask dstmacaddr dstmacmask")
	addresses = words("srcipaddr srcipmask dstipaddr dstipmask")
	ports     = words("srcportstart srcportend dstportstart dstportend")
	icmpTypes = words("type code")
	// tracked are the conditions of all protocols above IP.
	tracked = slices.Concat(addresses, words("srcmacaddr srcipfrom srcipto dstipfrom dstipto dscp connlimit-above state ipset ipsetflags"))
	arps    = slices.Concat(macs, words("arpsrcmacaddr arpsrcipaddr arpdstmacaddr arpdstipaddr hwtype opcode protocoltype gratuitous"))
)

// conditionsOf lists the conditions of each protocol; those of a protocol for IPv6 are in the entry without its suffix.
// https://libvirt.org/formatnwfilter.html#supported-protocols
var conditionsOf = map[string][]string{
	"mac":  slices.Concat(macs, words("protocolid")),
	"vlan": slices.Concat(macs, words("vlanid encap-protocol")),
	"stp": words("srcmacaddr srcmacmask type flags root-priority root-priority-hi root-address root-address-mask root-cost root-cost-hi " +
		"sender-priority sender-priority-hi sender-address sender-address-mask port port-hi age age-hi max-age max-age-hi hello-time hello-time-hi " +
		"forward-delay forward-delay-hi"),
	"arp":  arps,
	"rarp": arps,
	"ip":   slices.Concat(macs, addresses, ports, words("protocol dscp")),
	"ipv6": slices.Concat(macs, addresses, ports, words("protocol"), icmpTypes, words("typeend codeend")),
	"tcp":  slices.Concat(tracked, ports, words("flags option")),
	"udp":  slices.Concat(tracked, ports), "sctp": slices.Concat(tracked, ports),
	"icmp": slices.Concat(tracked, icmpTypes), "icmpv6": slices.Concat(tracked, icmpTypes),
	"igmp": tracked, "all": tracked, "esp": tracked, "ah": tracked, "udplite": tracked,
}

// withPorts are the protocols above IP that have ports, as a rule of 'ip' or 'ipv6' names them.
var withPorts = words("tcp udp dccp sctp 6 17 33 132 0x6 0x11 0x21 0x84")

func words(list string) []string { return strings.Fields(list) }

// checkProtocol checks that the protocol of a rule has its conditions.
func checkProtocol(p table.Problems, rule table.Model) {
	protocol := rule.Str("protocol")
	has, known := conditionsOf[strings.TrimSuffix(protocol, "-ipv6")]
	if !known {
		return
	}
	upper, ported := "", ""
	for _, condition := range rule.List("match").Items() {
		name, value, _ := strings.Cut(condition, "=")
		switch {
		case name == "match", name == nameAttr:
		case !slices.Contains(has, name):
			p.Must("match", "have conditions of 'protocol' %q, which are %s, got %q", protocol, strings.Join(has, ", "), name)
		case name == "protocol":
			upper = value
		case slices.Contains(ports, name):
			ported = name
		}
	}
	if slices.Contains(has, "protocol") && ported != "" && !slices.Contains(withPorts, strings.ToLower(upper)) && !strings.HasPrefix(upper, "$") {
		p.Must("match", "have \"protocol=tcp\", udp, dccp or sctp with %q in a rule of 'protocol' %q; add it", ported, protocol)
	}
}
