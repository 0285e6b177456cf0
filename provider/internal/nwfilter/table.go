// Package nwfilter is libvirt_nwfilter: what interfaces may send and receive.
package nwfilter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Table says what a network filter is.
var Table = &table.Table{
	Name: "nwfilter",
	Doc: "A network filter: what the interfaces of domains that name it may send and receive. A change is in force on running guests at once: " +
		"libvirt puts the new rules in place before it takes the old ones away, on all of them or, where one can't have them, on none. A filter that " +
		"a domain names is not destroyed.",
	See:    "https://libvirt.org/formatnwfilter.html",
	Import: "host/name",
	Attrs: []table.Attr{
		table.IDRow("host/name"),
		table.HostRow(),
		table.NameRow("filter"),
		table.UUIDRow("filter", xmlmodel.At("uuid")),
		{Name: "chain", Type: table.String, Mode: table.Optional, Default: "root", Check: chainName, XML: chain,
			Doc: "Where its rules stand: `root` sees all; `mac`, `stp`, `vlan`, `arp`, `rarp`, `ipv4` and `ipv6`, or a name that begins with one of these and `-`, see what is of that protocol."},
		{Name: "priority", Type: table.Int, Mode: table.Optional, Check: table.Between(-1000, 1000), XML: xmlmodel.At("@priority"),
			Doc: "When it has its turn among the other filters of an interface, -1000 to 1000, the lowest first. Unset: libvirt's own for the chain."},
		{Name: "filters", Type: table.Strings, Mode: table.Optional, Check: table.ObjectName, XML: included, Doc: "Filters that are part of this one, by name."},
		{Name: "rules", Type: table.Map, Mode: table.Optional, Check: ruleName, Entries: rules{},
			Doc: "Its rules, each under a name that says what it is for. They have their turn by priority, and those of one priority by name.",
			Attrs: []table.Attr{
				{Name: "action", Type: table.String, Mode: table.Required, Enum: []string{"accept", "drop", "reject", "return", "continue"}, XML: xmlmodel.At("@action"),
					Doc: "What becomes of a packet that matches: `return` ends this filter and goes on after it, `continue` goes on with the next rule."},
				{Name: "direction", Type: table.String, Mode: table.Required, Enum: []string{"in", "out", "inout"}, XML: xmlmodel.At("@direction"),
					Doc: "As the guest sees it: what it receives, what it sends, or both."},
				{Name: "priority", Type: table.Int, Mode: table.Optional, Default: int64(500), Check: table.Between(-1000, 1000), XML: xmlmodel.At("@priority"),
					Doc: "When it has its turn, -1000 to 1000, the lowest first."},
				{Name: "statematch", Type: table.Bool, Mode: table.Optional, Default: true, XML: statematch,
					Doc: "Whether what it accepts begins a connection, whose answers are accepted too; otherwise it is about each packet by itself. It is for protocols above IP."},
				{Name: "protocol", Type: table.String, Mode: table.Required, Enum: protocols, XML: protocol{},
					Doc: "What it is about. Those up to `ipv6` are seen on the bridge (ebtables), the others, which know connections, above (iptables)."},
				{Name: "match", Type: table.Strings, Mode: table.Optional, Check: condition, XML: conditions{},
					Doc: "What a packet must have, as libvirt's attributes for the protocol: `srcipaddr=10.0.0.0`, `srcipmask=24`, `dstportstart=443`; a variable such as `$IP` " +
						"takes the values that the interface gives it. `match=no` turns all of it round. Write values as libvirt does, in the order of their names."},
			}},
	},
}

// The protocols of libvirt, those of the bridge first.
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/conf/schemas/nwfilter.rng
var protocols = []string{"mac", "vlan", "stp", "arp", "rarp", "ip", "ipv6",
	"tcp", "udp", "sctp", "icmp", "igmp", "all", "esp", "ah", "udplite",
	"tcp-ipv6", "udp-ipv6", "sctp-ipv6", "icmpv6", "all-ipv6", "esp-ipv6", "ah-ipv6", "udplite-ipv6"}

var chains = []string{"root", "mac", "stp", "vlan", "arp", "rarp", "ipv4", "ipv6"}

func chainName(v any) error {
	name := v.(string)
	kind, own, _ := strings.Cut(name, "-")
	if slices.Contains(chains, kind) && (name == kind || (kind != "root" && own != "")) {
		return nil
	}
	return fmt.Errorf("must be one of %s, or one of these but root with '-' and a name behind, got %q", strings.Join(chains, ", "), name)
}

// longestName is what libvirt keeps of a comment.
const longestName = 255

func ruleName(v any) error {
	name := v.(string)
	switch {
	case name == "":
		return errors.New("must not be empty; say what the rule is for")
	case len(name) > longestName:
		return fmt.Errorf("must have at most %d bytes, got %d; shorten it", longestName, len(name))
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune("\"'`\\$", r) }):
		return fmt.Errorf("must be of printable ASCII without quotes, backslashes and '$', got %q", name)
	}
	return nil
}

func condition(v any) error {
	name, value, found := strings.Cut(v.(string), "=")
	if !found || name == "" || value == "" || strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' }) {
		return fmt.Errorf("must be of the form name=value, for example \"dstportstart=443\", got %q", v)
	}
	if name == nameAttr {
		return fmt.Errorf("must not have a %q: the rule's name stands there; take it out", nameAttr)
	}
	return nil
}
