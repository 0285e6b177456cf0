package domain

import (
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// comparison is what a running domain has otherwise than it is defined.
type comparison struct {
	now     table.Model // what runs
	changes []table.Change
}

// compare holds the two definitions of a running domain against each other. What libvirt and QEMU made of them is undone in both.
func compare(live, defined *etree.Element) comparison {
	for _, same := range asDefined {
		same(live, defined)
	}
	now, next := xmlmodel.Read(Table.Attrs, live), xmlmodel.Read(Table.Attrs, defined)
	passwordWaits(live, defined, now, next)
	return comparison{now, table.Changes(Table.Attrs, now, next)}
}

// waiting names what only a restart brings.
func (c comparison) waiting() []string {
	var paths []string
	for _, change := range c.changes {
		// One that was resumed lacks what was added while it was saved, also where a running guest would have got it live.
		lacks := change.Attr.Type == table.Map && table.ValueAt(c.now, change.Path.Steps()) == nil
		if change.Cost == table.NextBoot || lacks {
			paths = append(paths, table.PathString(change.Path))
		}
	}
	return paths
}

// asDefined undo in the live definition what libvirt and QEMU made of the other when the domain started, where a row would show it.
var asDefined = []func(live, defined *etree.Element){hostModel, ballooned, online, named, listening, autoselected, uncached, ownClock}

// ballooned: how much of its memory the guest has just now is between it and its balloon. libvirt (9.0) lets it boot with whole MiB.
func ballooned(live, defined *etree.Element) {
	whole := func(kib int64) int64 { return (kib + 1023) / 1024 }
	most, now, room := ownMemory(defined), toInt(memory.Read(defined)), ownMemory(live)
	if whole(most) == whole(room) {
		setKiB(live, "memory", most+devicesTotal(live))
	} else if now == most || now > room {
		return
	}
	setKiB(live, "currentMemory", now+devicesTotal(live))
}

// online: how many of its processors are plugged in is changed live, and listed by libvirt (9.0) with the order in which they came.
func online(live, defined *etree.Element) {
	if xmlmodel.At("vcpu").Read(live) != xmlmodel.At("vcpu").Read(defined) {
		return
	}
	xmlmodel.Drop(live.SelectElement("vcpus"))
	if list := defined.SelectElement("vcpus"); list != nil {
		live.AddChild(list.Copy())
	}
	if fewer := toInt(vcpu.Read(defined)) < toInt(vcpu.Read(live)); fewer && defined.SelectAttrValue("type", "") == "qemu" {
		return // see vcpuCost
	}
	xmlmodel.At("vcpu@current").Write(live, xmlmodel.At("vcpu@current").Read(defined))
}

// listening: where that is the host's to say, libvirt writes down what it said.
func listening(live, defined *etree.Element) {
	runs, is := xmlmodel.Find(live, "devices", "graphics"), xmlmodel.Find(defined, "devices", "graphics")
	if runs != nil && is != nil && listen.Read(is) == any(hostListens) {
		listen.Write(runs, hostListens)
	}
}

// hostModel: libvirt (9.0) runs the host's nearest model, and writes its vendor down, which it does for no other mode.
func hostModel(live, defined *etree.Element) {
	cpu := live.SelectElement("cpu")
	if cpu == nil || xmlmodel.At("cpu@mode").Read(defined) != any("host-model") || cpu.SelectElement("vendor") == nil {
		return
	}
	cpu.CreateAttr("mode", "host-model")
	for _, name := range []string{"model", "vendor"} {
		xmlmodel.Drop(cpu.SelectElement(name))
	}
}

const listSeparator = ", "

// listed is the value of the row: in order, so that what was predicted and what is read are the same.
func listed(paths []string) any {
	if len(paths) == 0 {
		return nil
	}
	paths = slices.Clone(paths)
	slices.Sort(paths)
	return strings.Join(slices.Compact(paths), listSeparator)
}

// unlisted is the other way of listed.
func unlisted(v any) []string {
	if s, _ := v.(string); s != "" {
		return strings.Split(s, listSeparator)
	}
	return nil
}
