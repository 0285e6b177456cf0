package nwfilter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// nameAttr is the attribute that contains a rule's name: libvirt's comment, which it also passes to iptables.
const nameAttr = "comment"

// rules are keyed by their names; a rule without a name is keyed by its position.
type rules struct{}

func (rules) Elements(filter *etree.Element) (keys []string, elements []*etree.Element) {
	for i, r := range filter.SelectElements("rule") {
		name := strconv.Itoa(i + 1)
		if p := body(r); p != nil && p.SelectAttrValue(nameAttr, "") != "" {
			name = p.SelectAttrValue(nameAttr, "")
		}
		if slices.Contains(keys, name) {
			name += " (" + strconv.Itoa(i+1) + ")"
		}
		keys, elements = append(keys, name), append(elements, r)
	}
	return keys, elements
}

func (rules) Make(filter *etree.Element, key string, value table.Model) *etree.Element {
	r := filter.CreateElement("rule")
	if name := value.Str("protocol"); name != "" {
		r.CreateElement(name).CreateAttr(nameAttr, key)
	}
	return r
}

// body returns the element of a rule that describes the packets.
func body(rule *etree.Element) *etree.Element {
	if children := rule.ChildElements(); len(children) > 0 {
		return children[0]
	}
	return nil
}

// protocol reads and writes the name of the rule's body. A new protocol drops the conditions of the old one.
type protocol struct{}

func (protocol) Read(rule *etree.Element) any {
	if p := body(rule); p != nil {
		return p.Tag
	}
	return nil
}

func (protocol) Write(rule *etree.Element, v any) {
	name := ""
	if p := body(rule); p != nil {
		name = p.SelectAttrValue(nameAttr, "")
		xmlmodel.Drop(p)
	}
	p := rule.CreateElement(fmt.Sprint(v))
	if name != "" {
		p.CreateAttr(nameAttr, name)
	}
}

// conditions are the other attributes of the body, sorted by name.
type conditions struct{}

func (conditions) Read(rule *etree.Element) any {
	p := body(rule)
	if p == nil {
		return nil
	}
	var items []string
	for _, a := range p.Attr {
		if a.Key != nameAttr {
			items = append(items, a.Key+"="+a.Value)
		}
	}
	if items == nil {
		return nil
	}
	slices.Sort(items)
	return table.ListOf(items...)
}

func (conditions) Write(rule *etree.Element, v any) {
	p := body(rule)
	if p == nil {
		return
	}
	name := p.SelectAttr(nameAttr)
	p.Attr = nil
	if list, ok := v.(table.List); ok {
		for _, item := range list.Items() {
			key, value, _ := strings.Cut(item, "=")
			p.CreateAttr(key, value)
		}
	}
	if name != nil {
		p.CreateAttr(nameAttr, name.Value)
	}
}

// defaultPriority is the priority that libvirt gives a chain without one, and that it writes for all chains except root.
// https://libvirt.org/formatnwfilter.html#filtering-chain-priorities
var defaultPriority = map[string]int64{"root": 0, "stp": -810, "mac": -800, "vlan": -750, "ipv4": -700, "ipv6": -600, "arp": -500, "rarp": -400}

// baseChain returns the chain of libvirt that a chain is based on.
func baseChain(chain string) string {
	base, _, _ := strings.Cut(chain, "-")
	return base
}

// chain writes the chain, and removes the default priority of the chain before.
var chain = xmlmodel.Func{
	R: xmlmodel.At("@chain").Read,
	W: func(filter *etree.Element, v any) {
		if filter.SelectAttrValue("priority", "") == fmt.Sprint(defaultPriority[baseChain(filter.SelectAttrValue("chain", ""))]) {
			filter.RemoveAttr("priority")
		}
		xmlmodel.At("@chain").Write(filter, v)
	},
}

// statematch writes the attribute only if it is false.
var statematch = xmlmodel.Func{
	R: func(rule *etree.Element) any {
		off := rule.SelectAttrValue("statematch", "")
		return off != "0" && off != "false"
	},
	W: func(rule *etree.Element, v any) {
		rule.RemoveAttr("statematch")
		if v == false {
			rule.CreateAttr("statematch", "false")
		}
	},
}

// included are the filters that this one includes, with their parameters.
var included = xmlmodel.Items{Tag: "filterref", Item: xmlmodel.At("@filter")}

// sortRules sorts the rules in the order of their evaluation.
func sortRules(filter *etree.Element) {
	keys, elements := rules{}.Elements(filter)
	type named struct {
		priority int
		key      string
		rule     *etree.Element
	}
	all := make([]named, len(keys))
	for i, r := range elements {
		priority, err := strconv.Atoi(r.SelectAttrValue("priority", ""))
		if err != nil {
			priority = 500 // libvirt's default
		}
		all[i] = named{priority, keys[i], r}
		xmlmodel.Drop(r)
	}
	slices.SortStableFunc(all, func(a, b named) int {
		if a.priority != b.priority {
			return a.priority - b.priority
		}
		return strings.Compare(a.key, b.key)
	})
	for _, n := range all {
		filter.AddChild(n.rule)
	}
}
