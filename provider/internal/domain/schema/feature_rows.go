package schema

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// featureRows are the features of the machine and of the hypervisor.
var featureRows = []table.Attr{
	{
		Name: "features", Type: table.Object, Mode: table.Optional, Change: table.NextBoot,
		Group: features{xmlmodel.Within{"features"}}, Implied: impliedFeatures,
		Doc: "Features of the machine and its hypervisor. Unset: ACPI and APIC; on ARM, ACPI with the firmware `efi` only.",
		Attrs: []table.Attr{
			{
				Name: "acpi", Type: table.Bool, Mode: table.Optional, Default: true, Change: table.NextBoot,
				XML: present("acpi"),
				Doc: "Whether the machine has ACPI. Without it, the guest does not react to the power button.",
			},
			{
				Name: "apic", Type: table.Bool, Mode: table.Optional, Default: true, Change: table.NextBoot,
				XML: present("apic"),
				Doc: "Whether the machine has an APIC, the interrupt controller that several processors require, on x86.",
			},
			{
				Name: "pae", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
				XML: present("pae"),
				Doc: "Whether a 32-bit guest can use more than 4 GiB of memory.",
			},
			feature("smm", "System Management Mode, which secure boot requires. Unset: as the firmware requires.", true),
			feature("vmport", "The I/O port of VMware's guest interface, emulated by QEMU.", false),
			feature("pmu", "The performance counters of the processor (PMU).", false),
			feature("vmcoreinfo", "A location where the guest publishes debug information for memory dumps.", false),
			{
				Name: "ioapic", Type: table.String, Mode: table.Optional, Enum: []string{"kvm", "qemu"},
				Change: table.NextBoot, XML: nested{"ioapic", xmlmodel.At("@driver")},
				Doc: "What emulates the I/O APIC. Unset: the hypervisor's choice.",
			},
			{
				Name: "kvm_hidden", Type: table.Bool, Mode: table.Optional, Change: table.NextBoot,
				XML: nested{"kvm", stated("hidden")},
				Doc: "Whether KVM is hidden from the guest.",
			},
			{Name: "hyperv", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: xmlmodel.Element{"hyperv"}, Attrs: hypervRows,
				Doc: "Hyper-V enlightenments, which Windows uses."},
		},
	},
}

// hypervRows have libvirt's names. https://libvirt.org/formatdomain.html#hypervisor-features
var hypervRows = []table.Attr{
	{
		Name: "mode", Type: table.String, Mode: table.Optional, Default: "custom",
		Enum: []string{"custom", "passthrough"}, Change: table.NextBoot, XML: hypervMode,
		Doc: "`passthrough` enables all enlightenments of the host, `custom` those that are set here.",
	},
	feature("relaxed", "Relaxed timing: the guest does not treat missed timer interrupts as a failure.", false),
	feature("vapic", "The paravirtualized interrupt controller.", false),
	{
		Name: "spinlocks", Type: table.Int, Mode: table.Optional, Change: table.NextBoot,
		Check: table.AtLeast(4095, ""), XML: withValue{"spinlocks", "retries"},
		Doc: "How often the guest tries to take a lock before it notifies the hypervisor: `8191` is usual.",
	},
	feature("vpindex", "The index of a virtual processor.", false),
	feature("runtime", "The run time of a virtual processor.", false),
	feature("synic", "The synthetic interrupt controller. It requires `vpindex`.", false),
	feature("stimer", "Synthetic timers. They require `synic`, and the timer `hypervclock`.", false),
	feature("reset", "A register by which the guest resets the machine.", false),
	{
		Name: "vendor_id", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: vendorID,
		XML: withValue{"vendor_id", "value"},
		Doc: "The vendor ID that the hypervisor reports: at most 12 characters.",
	},
	feature("frequencies", "The frequencies of the processor and the interrupt controller.", false),
	feature("reenlightenment", "Notifications of a migration, for nested guests.", false),
	feature("tlbflush", "Flushes of the TLB by the hypervisor.", false),
	feature("ipi", "Interrupts between processors by the hypervisor.", false),
	feature("evmcs", "The enlightened VMCS, for Hyper-V in the guest.", false),
}

func feature(name, doc string, chosen bool) table.Attr {
	a := table.Attr{Name: name, Type: table.Bool, Mode: table.Optional, Change: table.NextBoot, XML: stated(name), Doc: doc}
	if chosen {
		a.Implied = func(any) bool { return true }
	}
	return a
}

// features exist even without an element: libvirt omits an empty one.
type features struct{ xmlmodel.Within }

func (f features) Find(domain *etree.Element) *etree.Element {
	if el := f.Within.Find(domain); el != nil {
		return el
	}
	return etree.NewElement("features")
}

// impliedFeatures recognizes the features of a new domain, on x86 with APIC.
func impliedFeatures(host any) bool {
	return table.Equal(host, table.Model{"acpi": true, "apic": host.(table.Model)["apic"], "pae": false})
}

func vendorID(v any) error {
	if s := v.(string); s == "" || len(s) > 12 {
		return fmt.Errorf("must have from 1 to 12 characters, got %q", s)
	} else if strings.Contains(s, ",") {
		return fmt.Errorf("must not contain a comma, got %q; remove it", s)
	}
	return nil
}

// hypervMode removes the enlightenments when the mode is passthrough: libvirt accepts nothing else with it.
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

// withValue is a feature that is on if it has a value.
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
