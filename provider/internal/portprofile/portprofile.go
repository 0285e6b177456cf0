// Package portprofile has the rows that a network, a group of its ports, and the interface of a guest have in common: bandwidth, VLANs and the
// kind of switch.
package portprofile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// BandwidthRow limits the throughput. https://libvirt.org/formatnetwork.html#quality-of-service
func BandwidthRow(who string) table.Attr {
	return table.Attr{Name: "bandwidth", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"bandwidth"}, Attrs: []table.Attr{
		rate("inbound", "average", "The average rate of traffic to "+who+", in kilobytes per second."),
		rate("inbound", "peak", "The maximum rate of traffic to "+who+", in kilobytes per second."),
		rate("inbound", "burst", "How much data may arrive at `inbound_peak`, in KiB."),
		rate("outbound", "average", "The average rate of traffic from "+who+", in kilobytes per second."),
		rate("outbound", "peak", "The maximum rate of traffic from "+who+", in kilobytes per second."),
		rate("outbound", "burst", "How much data may be sent at `outbound_peak`, in KiB."),
	}, Doc: "Limits of the throughput. `inbound` is traffic to " + who + "."}
}

func rate(direction, name, doc string) table.Attr {
	return table.Attr{
		Name: direction + "_" + name, Type: table.Int, Mode: table.Optional, Check: table.AtLeast(1, ""),
		XML: xmlmodel.Lone{Element: direction, At: xmlmodel.At("@" + name)},
		Doc: doc,
	}
}

// VLANRow names VLANs. https://libvirt.org/formatnetwork.html#setting-vlan-tag-on-supported-network-types-only
func VLANRow(doc string, costs func(table.ValueChange) table.Cost, unless string) table.Attr {
	return table.Attr{Name: "vlan", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"vlan"}, Doc: doc, Attrs: []table.Attr{
		{
			Name: "tags", Type: table.Strings, Mode: table.Required, CostOf: costs,
			CostDoc: unless,
			Check:   vlanTag, XML: tags,
			Doc: "The VLAN tags, from 0 to 4095. A single tag is invisible to the guest; several tags are a trunk, and the guest sees them.",
		},
		{
			Name: "trunk", Type: table.Bool, Mode: table.Optional, CostOf: costs,
			CostDoc: unless,
			XML:     trunk,
			Doc:     "Whether a single tag is a trunk too. Several tags always are.",
		},
	}}
}

// VirtualPortRow names the type of the virtual switch.
func VirtualPortRow(change table.Cost) table.Attr {
	return table.Attr{
		Name: "virtualport", Type: table.String, Mode: table.Optional, Change: change,
		Enum: []string{"openvswitch"}, XML: xmlmodel.Whole{Element: "virtualport", Attr: "type"},
		Doc: "The type of the virtual switch, if the bridge is not a Linux bridge.",
	}
}

// KnownVirtualPortRow is VirtualPortRow for an object that has nothing but what Terraform sets: it reads only the types that it has, so that
// `xml` can set another.
func KnownVirtualPortRow() table.Attr {
	row := VirtualPortRow(table.Live)
	at := row.XML
	row.XML = xmlmodel.Func{
		R: func(parent *etree.Element) any {
			if v := at.Read(parent); v != nil && slices.Contains(row.Enum, v.(string)) {
				return v
			}
			return nil
		},
		W: func(parent *etree.Element, v any) { at.Write(parent, v) },
	}
	return row
}

// tags keeps what else stands in a tag, for example its native mode.
var tags = xmlmodel.Func{
	R: tagIDs.Read,
	W: func(vlan *etree.Element, v any) {
		tagIDs.Write(vlan, v)
		if len(vlan.SelectElements("tag")) > 1 { // libvirt would say so by itself, and refuses a "no" that was for one
			vlan.CreateAttr("trunk", "yes")
		} else {
			vlan.RemoveAttr("trunk")
		}
	},
}

var tagIDs = xmlmodel.Items{Tag: "tag", Item: xmlmodel.At("@id")}

// trunk is for a single tag: libvirt marks several tags as a trunk by itself.
var trunk = xmlmodel.Func{
	R: func(vlan *etree.Element) any {
		if len(vlan.SelectElements("tag")) > 1 {
			return nil
		}
		return xmlmodel.At("@trunk").Read(vlan)
	},
	W: func(vlan *etree.Element, v any) {
		if v == true || len(vlan.SelectElements("tag")) > 1 {
			vlan.CreateAttr("trunk", "yes")
		} else {
			vlan.RemoveAttr("trunk") // the schema has no "no"
		}
	},
}

func vlanTag(v any) error {
	if n, err := strconv.Atoi(v.(string)); err != nil || n < 0 || n > 4095 || strconv.Itoa(n) != v {
		return fmt.Errorf("must be numbers from 0 to 4095, got %q", v)
	}
	return nil
}

// Rules checks the attributes of a group that has these rows.
func Rules(p table.Problems, group table.Model) {
	bandwidth := group.Group("bandwidth")
	if bandwidth != nil && bandwidth.IsEmpty() {
		p.Empty("bandwidth")
	}
	for _, name := range table.Keys(bandwidth) {
		direction, what, _ := strings.Cut(name, "_")
		if average := direction + "_average"; bandwidth[name] != nil && what != "average" && bandwidth[average] == nil {
			p.Requires("bandwidth."+name, average)
		}
	}
	vlan := group.Group("vlan")
	known, isList := vlan["tags"].(table.List)
	switch {
	case isList && known == "":
		p.Must("vlan.tags", "not be empty; add a tag, or remove 'vlan'")
	case isList && vlan["trunk"] != nil && len(known.Items()) > 1:
		p.Add("vlan.trunk", "'trunk' requires a single tag, since several always are a trunk; remove 'trunk'")
	case vlan["trunk"] == false:
		p.Must("vlan.trunk", "be true where it is set; remove it to have no trunk")
	}
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// GroupName checks the name of a group of a network's ports, which libvirt's schema has as it has names of devices.
func GroupName(v any) error {
	if s := v.(string); !nameForm.MatchString(s) {
		return fmt.Errorf("must be letters, digits, '-', '_' and '.', got %q", s)
	}
	return nil
}

// Device checks the name of a network device of Linux, which has at most 15 characters (IFNAMSIZ).
func Device(v any) error {
	s := v.(string)
	if len(s) > 15 || !nameForm.MatchString(s) || s == "." || s == ".." {
		return fmt.Errorf("must be 1 to 15 letters, digits, '-', '_' or '.', got %q", s)
	}
	return nil
}

// MTU checks the size of the largest packet: what IPv4 needs at least (RFC 791), and what libvirt's schema takes at most.
func MTU(v any) error {
	if n, ok := v.(int64); ok && (n < 68 || n > 65535) {
		return fmt.Errorf("must be from 68 to 65535 bytes, got %d", n)
	}
	return nil
}
