package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// rolloutRow is the group of domains that are interrupted a few at a time.
var rolloutRow = table.Attr{
	Name: "rollout", Type: table.Object, Mode: table.Optional,
	Doc: "The rolling group of the domain. An apply that restarts or replaces members interrupts only as many guests at a time as the group " +
		"permits, on all hosts together, and continues when they are ready: when they run, and `wait_for` is met. If one does not become ready, " +
		"the apply changes no further member. The next apply continues with the rest.",
	Attrs: []table.Attr{
		{
			Name: "group", Type: table.String, Mode: table.Required, Check: table.EntryKey,
			Doc: "The name of the group, the same for all its members.",
		},
		{
			Name: "max_unavailable", Type: table.Int, Mode: table.Optional, Check: table.AtLeast(1, ""),
			Doc: "How many members may be unavailable at a time, whatever the reason. A member that does not exist is not counted. " +
				"Unset: 1, or any number with `min_available`.",
		},
		{
			Name: "min_available", Type: table.Int, Mode: table.Optional, Check: table.AtLeast(1, ""),
			Doc: "How many members must remain available. Unset: none.",
		},
	},
}

// RolloutOf returns the membership of a domain in a rolling group.
func RolloutOf(m table.Model) room.Rollout {
	g := m.Group("rollout")
	r := room.Rollout{Group: g.Str("group"), Member: m.Str("name"), MaxUnavailable: g.Int("max_unavailable"), MinAvailable: g.Int("min_available")}
	if r.MaxUnavailable == 0 && r.MinAvailable == 0 {
		r.MaxUnavailable = 1
	}
	return r
}

// The record of the rolling group in a definition, by which the members are found on their hosts.
const (
	RolloutNamespace = ownNamespaces + "rollout/1"
	RolloutPrefix    = "rollout"
)

// recordRollout puts the record of the rolling group that the plan has into a definition, and reports whether it changed.
func recordRollout(root *etree.Element, plan table.Model) (changed bool) {
	group, was := plan.Group("rollout").Str("group"), record(root, RolloutNamespace)
	if was == nil && group == "" || was != nil && was.SelectAttrValue("group", "") == group {
		return false
	}
	drop(root, was)
	if group != "" {
		newRecord(root, RolloutPrefix, "member", RolloutNamespace).CreateAttr("group", group)
	}
	return true
}

// RolloutRecord is the record of a rolling group: unready says that the guest did not become ready after its last start.
func RolloutRecord(group string, unready bool) string {
	el := etree.NewElement("member")
	el.CreateAttr("group", group)
	if unready {
		el.CreateAttr("ready", "no")
	}
	text, _ := xmlmodel.Text(el)
	return text
}

// ReadRolloutRecord reads a record as libvirt returns it.
func ReadRolloutRecord(text string) (group string, unready bool) {
	root, err := xmlmodel.Parse(text)
	if err != nil {
		return "", false
	}
	return root.SelectAttrValue("group", ""), root.SelectAttrValue("ready", "") == "no"
}
