// Package nwfilter implements the resource libvirt_nwfilter: a filter for the traffic of guest interfaces.
package nwfilter

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table is the table of libvirt_nwfilter.
var Table = &table.Table{
	Name: "nwfilter",
	Doc: "A network filter: rules for the traffic of the domain interfaces that use it. A change applies to running guests at once: " +
		"libvirt adds the new rules before it removes the old ones, on all guests or, if that fails on one of them, on none. A filter that " +
		"a domain uses is not destroyed.",
	See:    "https://libvirt.org/formatnwfilter.html",
	Import: "host/name",
	Attrs: table.Whole([]table.Attr{
		table.IDRow("host/name"),
		table.HostRow(),
		{Name: "name", Type: table.String, Mode: table.Required, Change: table.Replace, Check: filterName, Doc: "The filter's name."},
		table.UUIDRow("filter", xmlmodel.At("uuid")),
		{Name: "chain", Type: table.String, Mode: table.Optional, Default: "root", Check: chainName, XML: chain,
			Doc: "The chain of the rules: `root` sees all packets; `mac`, `stp`, `vlan`, `arp`, `rarp`, `ipv4` and `ipv6`, or a name that begins " +
				"with one of these and `-`, see the packets of that protocol."},
		{Name: "priority", Type: table.Int, Mode: table.Optional, Check: table.Between(-1000, 1000), XML: xmlmodel.At("@priority"),
			Doc: "The order among the other filters of an interface, -1000 to 1000, lowest first. Unset: libvirt's default for the chain."},
		{Name: "filters", Type: table.Strings, Mode: table.Optional, Check: filterName, XML: included,
			Doc: "The names of filters that this one includes."},
		{Name: "rules", Type: table.Map, Mode: table.Optional, Check: ruleName, Entries: rules{},
			Doc: "The rules, by a name that says what each is for. They are evaluated in the order of their priority, then of their name.",
			Attrs: []table.Attr{
				{Name: "action", Type: table.String, Mode: table.Required, Enum: []string{"accept", "drop", "reject", "return", "continue"},
					XML: xmlmodel.At("@action"),
					Doc: "What happens to a packet that matches: `return` leaves this filter and continues after it, `continue` " +
						"continues with the next rule."},
				{Name: "direction", Type: table.String, Mode: table.Required, Enum: []string{"in", "out", "inout"}, XML: xmlmodel.At("@direction"),
					Doc: "The direction from the guest's point of view: `in` is received, `out` is sent, `inout` is both."},
				{Name: "priority", Type: table.Int, Mode: table.Optional, Default: int64(500), Check: table.Between(-1000, 1000),
					XML: xmlmodel.At("@priority"),
					Doc: "The order among the rules, -1000 to 1000, lowest first."},
				{Name: "statematch", Type: table.Bool, Mode: table.Optional, Default: true, XML: statematch,
					Doc: "Whether the rule tracks connections, so that it also accepts the answers to what it accepts; otherwise it matches each " +
						"packet separately. It applies to protocols above IP."},
				{Name: "protocol", Type: table.String, Mode: table.Required, Enum: protocols, XML: protocol{},
					Doc: "The protocol. Those up to `ipv6` are filtered on the bridge (ebtables), the others with connection " +
						"tracking above it (iptables)."},
				{Name: "match", Type: table.Strings, Mode: table.Optional, Check: condition, XML: conditions{},
					Doc: "The conditions for a packet, as libvirt's attributes for the protocol: `srcipaddr=10.0.0.0`, `srcipmask=24`, " +
						"`dstportstart=443`. A variable such as `$IP` has the values that the interface sets. `match=no` inverts the conditions. " +
						"Write values in libvirt's format, sorted by name."},
			}},
	}),
}

// protocols are libvirt's protocols, those of the bridge first.
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/conf/schemas/nwfilter.rng
var protocols = []string{"mac", "vlan", "stp", "arp", "rarp", "ip", "ipv6",
	"tcp", "udp", "sctp", "icmp", "igmp", "all", "esp", "ah", "udplite",
	"tcp-ipv6", "udp-ipv6", "sctp-ipv6", "icmpv6", "all-ipv6", "esp-ipv6", "ah-ipv6", "udplite-ipv6"}

var chains = []string{"root", "mac", "stp", "vlan", "arp", "rarp", "ipv4", "ipv6"}

// maxChainLength is the maximum length of a chain's name: ebtables adds to it.
const maxChainLength = 12

func notInChain(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("_.:-", r)
}

func chainName(v any) error {
	name := v.(string)
	chain, suffix, _ := strings.Cut(name, "-")
	if slices.Contains(chains, chain) && (name == chain || (chain != "root" && suffix != "")) {
		if len(name) > maxChainLength || strings.ContainsFunc(suffix, notInChain) {
			return fmt.Errorf("must have at most %d characters, which are letters, digits, '_', '.', ':' and '-', got %q", maxChainLength, name)
		}
		return nil
	}
	return fmt.Errorf("must be one of %s, or one of these except root followed by '-' and a name, got %q", strings.Join(chains, ", "), name)
}

// filterName checks the name of a filter. libvirt (9.0) writes it into XML without escaping it, and cannot read such a definition again: the filter
// would be gone when libvirt restarts.
func filterName(v any) error {
	const unescaped = "'&<"
	if s := v.(string); strings.ContainsAny(s, unescaped) || strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("must not contain ', &, < or control characters, which libvirt could not read back, got %q; remove them", s)
	}
	return table.DefinitionName(v)
}

// maxNameLength is the maximum length of a comment in libvirt.
const maxNameLength = 255

func ruleName(v any) error {
	name := v.(string)
	switch {
	case name == "":
		return errors.New("must not be empty; name the purpose of the rule")
	case len(name) > maxNameLength:
		return fmt.Errorf("must have at most %d bytes, got %d; shorten it", maxNameLength, len(name))
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune("\"'`\\$", r) }):
		return fmt.Errorf("must be printable ASCII without quotes, backslashes and '$', got %q", name)
	}
	return nil
}

func condition(v any) error {
	name, value, found := strings.Cut(v.(string), "=")
	if !found || name == "" || value == "" || strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' }) {
		return fmt.Errorf("must have the form name=value, for example \"dstportstart=443\", got %q", v)
	}
	if name == nameAttr {
		return fmt.Errorf("must not set %q, which contains the rule's name; remove it", nameAttr)
	}
	return conditionValue(name, value)
}
