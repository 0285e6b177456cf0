package schema

import (
	"fmt"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// featureRows are what the machine and its hypervisor can do beside the processor.
var featureRows = []table.Attr{
	{Name: "features", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: features{xmlmodel.Within{"features"}}, Implied: impliedFeatures, Doc: "What the machine and its hypervisor can do. Unset: ACPI and APIC.",
		Attrs: []table.Attr{
			{Name: "acpi", Type: table.Bool, Mode: table.Optional, Default: true, Change: table.NextBoot, XML: present("acpi"), Doc: "ACPI. Without it a guest hears no power button."},
			{Name: "apic", Type: table.Bool, Mode: table.Optional, Default: true, Change: table.NextBoot, XML: present("apic"), Doc: "The interrupt controller that more than one processor needs, on x86."},
			{Name: "pae", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot, XML: present("pae"), Doc: "More than 4 GiB for a 32-bit guest."},
			feature("smm", "System Management Mode, which secure boot needs. Unset: as the firmware needs it.", true),
			feature("vmport", "The port on which QEMU answers as VMware does.", false),
			feature("pmu", "The processor's performance counters.", false),
			feature("vmcoreinfo", "A place where the guest says where its crash dump is.", false),
			{Name: "ioapic", Type: table.String, Mode: table.Optional, Enum: []string{"kvm", "qemu"}, Change: table.NextBoot, XML: nested{"ioapic", xmlmodel.At("@driver")},
				Doc: "What runs the I/O APIC. Unset: the hypervisor's choice."},
			{Name: "kvm_hidden", Type: table.Bool, Mode: table.Optional, Change: table.NextBoot, XML: nested{"kvm", stated("hidden")}, Doc: "Whether the guest is not told that it runs on KVM."},
			{Name: "hyperv", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: xmlmodel.Element{"hyperv"}, Attrs: hypervRows,
				Doc: "What Windows is offered by the name of Hyper-V."},
		}},
}

// hypervRows are called as libvirt calls them. https://libvirt.org/formatdomain.html#hypervisor-features
var hypervRows = []table.Attr{
	{Name: "mode", Type: table.String, Mode: table.Optional, Default: "custom", Enum: []string{"custom", "passthrough"}, Change: table.NextBoot, XML: hypervMode,
		Doc: "`passthrough` is all that the host can, `custom` what is set here."},
	feature("relaxed", "No watchdog over timers.", false),
	feature("vapic", "A faster interrupt controller.", false),
	{Name: "spinlocks", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.AtLeast(4095, ""), XML: withValue{"spinlocks", "retries"},
		Doc: "How often the guest tries for a lock before it tells the hypervisor: `8191` is usual."},
	feature("vpindex", "The number of a virtual processor.", false),
	feature("runtime", "How long a virtual processor has run.", false),
	feature("synic", "Interrupts of its own. It needs `vpindex`.", false),
	feature("stimer", "Timers of its own. They need `synic`, and the timer `hypervclock`.", false),
	feature("reset", "A way for the guest to reset the machine.", false),
	{Name: "vendor_id", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: vendorID, XML: withValue{"vendor_id", "value"}, Doc: "What the hypervisor calls itself: at most 12 characters."},
	feature("frequencies", "The frequencies of processor and interrupt controller.", false),
	feature("reenlightenment", "Notes of a migration, for guests in the guest.", false),
	feature("tlbflush", "Flushes of the translation buffer by the hypervisor.", false),
	feature("ipi", "Interrupts between processors by the hypervisor.", false),
	feature("evmcs", "For Hyper-V in the guest.", false),
}

func feature(name, doc string, chosen bool) table.Attr {
	a := table.Attr{Name: name, Type: table.Bool, Mode: table.Optional, Change: table.NextBoot, XML: stated(name), Doc: doc}
	if chosen {
		a.Implied = func(any) bool { return true }
	}
	return a
}

// features are there also where there are none: libvirt leaves an empty element out.
type features struct{ xmlmodel.Within }

func (f features) Find(domain *etree.Element) *etree.Element {
	if el := f.Within.Find(domain); el != nil {
		return el
	}
	return etree.NewElement("features")
}

// impliedFeatures: what a new domain has anyway, on x86 with APIC.
func impliedFeatures(host any) bool {
	return table.Equal(host, table.Model{"acpi": true, "apic": host.(table.Model)["apic"], "pae": false})
}

func vendorID(v any) error {
	if s := v.(string); s == "" || len(s) > 12 {
		return fmt.Errorf("must have from 1 to 12 characters, got %q", s)
	}
	return nil
}

// hypervMode: with passthrough libvirt takes nothing else.
var hypervMode = xmlmodel.Func{
	R: xmlmodel.At("@mode").Read,
	W: func(el *etree.Element, v any) {
		if v == "passthrough" {
			for _, child := range el.ChildElements() {
				xmlmodel.Drop(child)
			}
		}
		xmlmodel.At("@mode").Write(el, v)
	},
}

// withValue is a feature that is on with a value.
type withValue struct{ element, attr string }

func (w withValue) Read(parent *etree.Element) any {
	if el := parent.SelectElement(w.element); el != nil && el.SelectAttrValue("state", "on") == "on" {
		return xmlmodel.At("@" + w.attr).Read(el)
	}
	return nil
}

func (w withValue) Write(parent *etree.Element, v any) {
	if v == nil {
		xmlmodel.Drop(parent.SelectElement(w.element))
		return
	}
	el := xmlmodel.Ensure(parent, w.element)
	el.CreateAttr("state", "on")
	el.CreateAttr(w.attr, fmt.Sprint(v))
}
