package schema

import (
	"fmt"
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// iothreadsRow are the threads that do the I/O of disks. https://libvirt.org/formatdomain.html#iothreads-allocation
var iothreadsRow = table.Attr{
	Name: "iothreads", Type: table.Map, Mode: table.Optional, Check: iothreadNumber, CostOf: iothreadCost,
	CostDoc: "An entry is added and removed live, unless it has a `scheduler` or a disk of the running guest uses it.",
	Entries: iothreadCodec{},
	Doc:     "The I/O threads, by their numbers from 1. A disk uses one by its `options.iothread`.",
	Attrs: []table.Attr{
		{
			Name: "cpuset", Type: table.String, Mode: table.Optional, Check: cpusetForm, Same: sameCPUs, OnHost: table.OnHost{CPUs: true},
			XML: ofIOThread{"iothreadpin", "iothread", "cpuset"},
			Doc: "The host's CPUs for the thread: `0-3,^2`. Unset: all.",
		},
		{
			Name: "scheduler", Type: table.String, Mode: table.Optional, Enum: []string{"fifo", "rr", "batch", "idle"}, Change: table.NextBoot,
			XML: ofIOThread{"iothreadsched", "iothreads", "scheduler"},
			Doc: "The kernel's scheduler for the thread. `fifo` and `rr` are real-time schedulers. Unset: the ordinary one.",
		},
		{
			Name: "priority", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.Between(1, 99),
			XML: ofIOThread{"iothreadsched", "iothreads", "priority"},
			Doc: "The priority with `fifo` and `rr`, which require it: 99 is the highest.",
		},
		{
			Name: "pool_min", Type: table.Int, Mode: table.Optional, CostOf: ioThreadSettingCost, CostDoc: removalWaits,
			Running: table.Running{Parameter: &table.Parameter{Field: "thread_pool_min", Type: table.SignedInt}},
			Check:   table.AtLeast(0, ""),
			XML:     xmlmodel.At("@thread_pool_min"),
			Doc:     "The least number of worker threads. Unset: QEMU's own choice.",
		},
		{
			Name: "pool_max", Type: table.Int, Mode: table.Optional, CostOf: ioThreadSettingCost, CostDoc: removalWaits,
			Running: table.Running{Parameter: &table.Parameter{Field: "thread_pool_max", Type: table.SignedInt}},
			Check:   table.AtLeast(1, ""),
			XML:     xmlmodel.At("@thread_pool_max"),
			Doc:     "The greatest number of worker threads. Unset: QEMU's own choice.",
		},
		since(9_004_000, table.Attr{
			Name: "poll_max", Type: table.Int, Mode: table.Optional, CostOf: ioThreadSettingCost, CostDoc: removalWaits,
			Running: table.Running{Parameter: &table.Parameter{Field: "poll_max_ns", Type: table.UnsignedLong}},
			Check:   table.AtLeast(0, " ns"),
			XML:     nested{"poll", xmlmodel.At("@max")},
			Doc:     "How long the thread polls for work before it sleeps, in ns. `0`: never. Unset: QEMU's own choice.",
		}),
		since(9_004_000, table.Attr{
			Name: "poll_grow", Type: table.Int, Mode: table.Optional, CostOf: ioThreadSettingCost, CostDoc: removalWaits,
			Running: table.Running{Parameter: &table.Parameter{Field: "poll_grow", Type: table.UnsignedInt}},
			Check:   table.AtLeast(0, ""),
			XML:     nested{"poll", xmlmodel.At("@grow")},
			Doc:     "By which factor the time grows, up to `poll_max`. Unset: QEMU's own choice.",
		}),
		since(9_004_000, table.Attr{
			Name: "poll_shrink", Type: table.Int, Mode: table.Optional, CostOf: ioThreadSettingCost, CostDoc: removalWaits,
			Running: table.Running{Parameter: &table.Parameter{Field: "poll_shrink", Type: table.UnsignedInt}},
			Check:   table.AtLeast(0, ""),
			XML:     nested{"poll", xmlmodel.At("@shrink")},
			Doc:     "By which factor the time shrinks. Unset: QEMU's own choice.",
		}),
	},
}

// removalWaits is the sentence about a setting of an I/O thread that libvirt (9.0 to 11.3) changes live, and has no call to remove.
const removalWaits = "A change is live; a removal is in effect after the guest's next start."

func ioThreadSettingCost(c table.ValueChange) table.Cost {
	if c.Is == nil {
		return table.NextBoot
	}
	return table.Live
}

func iothreadNumber(v any) error {
	if n, err := strconv.Atoi(v.(string)); err != nil || n < 1 || strconv.Itoa(n) != v {
		return fmt.Errorf("must be the number of an I/O thread like \"1\", got %q", v)
	}
	return nil
}

// iothreadCost is the cost of a thread that comes or goes. libvirt has no call for its scheduler.
func iothreadCost(c table.ValueChange) table.Cost {
	for _, v := range []any{c.Was, c.Is} {
		entry, _ := v.(table.Model)
		for _, later := range []string{"scheduler", "priority"} {
			if c.Is != nil && entry[later] != nil {
				return table.NextBoot
			}
		}
	}
	if c.Is == nil && c.Above != nil && usesIOThread(c) {
		return table.NextBoot
	}
	return table.Live
}

// usesIOThread reports whether a disk of the domain, before or after the change, has an I/O thread that a change removes.
func usesIOThread(c table.ValueChange) bool {
	gone := map[int64]bool{}
	for key := range c.From.Group("iothreads") {
		if n, err := strconv.ParseInt(key, 10, 64); err == nil && c.To.Group("iothreads")[key] == nil {
			gone[n] = true
		}
	}
	for _, disks := range []table.Model{c.Above.From.Group("disks"), c.Above.To.Group("disks")} {
		for dev := range disks {
			if gone[disks.Group(dev).Group("options").Int("iothread")] {
				return true
			}
		}
	}
	return false
}

// iothreadCodec reads and writes the I/O threads. libvirt (9.0) writes only their number if no one has numbered them.
type iothreadCodec struct{}

func (iothreadCodec) Elements(domain *etree.Element) (keys []string, elements []*etree.Element) {
	count := toInt(xmlmodel.At("iothreads").Text(domain))
	if count == 0 {
		return nil, nil
	}
	list := domain.SelectElement("iothreadids")
	if list == nil {
		list = domain.CreateElement("iothreadids")
		for n := range count {
			list.CreateElement("iothread").CreateAttr("id", fmt.Sprint(n+1))
		}
	}
	for _, thread := range list.SelectElements("iothread") {
		keys, elements = append(keys, thread.SelectAttrValue("id", "")), append(elements, thread)
	}
	return keys, elements
}

func (iothreadCodec) Make(domain *etree.Element, key string, _ table.Model) *etree.Element {
	list := xmlmodel.Ensure(domain, "iothreadids")
	thread := list.CreateElement("iothread")
	thread.CreateAttr("id", key)
	countIOThreads(domain)
	return thread
}

// Remove removes a thread with what <cputune> says about it.
func (iothreadCodec) Remove(thread *etree.Element) {
	for _, about := range []ofIOThread{{"iothreadpin", "iothread", "cpuset"}, {"iothreadsched", "iothreads", "scheduler"}} {
		xmlmodel.Drop(about.find(thread))
	}
	domain := thread.Parent().Parent()
	xmlmodel.Drop(thread)
	countIOThreads(domain)
}

func countIOThreads(domain *etree.Element) {
	list := domain.SelectElement("iothreadids")
	if n := len(list.SelectElements("iothread")); n > 0 {
		xmlmodel.At("iothreads").Write(domain, n)
		return
	}
	xmlmodel.Drop(list)
	xmlmodel.At("iothreads").Write(domain, nil)
}

// ofIOThread is an attribute of an element in <cputune> that is about one I/O thread.
type ofIOThread struct{ element, key, attr string }

func (o ofIOThread) find(thread *etree.Element) *etree.Element {
	if thread.Parent() == nil || thread.Parent().Parent() == nil {
		return nil
	}
	tune := thread.Parent().Parent().SelectElement("cputune")
	if tune == nil {
		return nil
	}
	return tune.FindElement(o.element + "[@" + o.key + "='" + thread.SelectAttrValue("id", "") + "']")
}

func (o ofIOThread) Read(thread *etree.Element) any {
	if el := o.find(thread); el != nil {
		return xmlmodel.At("@" + o.attr).Read(el)
	}
	return nil
}

// Write sets the attribute. The element goes with its last one.
func (o ofIOThread) Write(thread *etree.Element, v any) {
	el := o.find(thread)
	if el == nil && v != nil {
		el = xmlmodel.Ensure(thread.Parent().Parent(), "cputune").CreateElement(o.element)
		el.CreateAttr(o.key, thread.SelectAttrValue("id", ""))
	}
	if el == nil {
		return
	}
	if xmlmodel.At("@"+o.attr).Write(el, v); len(el.Attr) == 1 {
		xmlmodel.Drop(el)
	}
}
