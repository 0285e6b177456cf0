package hostinfo

import (
	"slices"
	"strconv"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Capabilities are what a host offers to domains of one type, architecture, machine type and emulator.
type Capabilities struct{ able *etree.Element }

// CapabilitiesFor asks a host for the capabilities for a domain. The host must have no Incompatibility about the
// domain's type, architecture, machine type and emulator.
func CapabilitiesFor(l *libvirt.Libvirt, domain *etree.Element) (Capabilities, error) {
	caps, err := readCapabilities(l)
	if err != nil {
		return Capabilities{}, err
	}
	n := needsOf(domain, caps.arch())
	able, err := domainCapabilities(l, n.emulator, n.arch, n.machine, n.domainType)
	return Capabilities{able}, err
}

// Lacks returns the values that an enumeration of the capabilities has instead of value, as in "only ...". The
// enumeration is called name and belongs to the element at path. Lacks returns "" if the enumeration has the value,
// and if the host's libvirt is too old to report it.
func (o Capabilities) Lacks(value, name string, path ...string) string {
	el := xmlmodel.Find(o.able, path...)
	if el == nil {
		return ""
	}
	if el.SelectAttrValue("supported", "yes") == "no" {
		return "none at all"
	}
	have := enum(el, name)
	if len(have) == 0 || slices.Contains(have, value) {
		return ""
	}
	return "only " + nearest(value, have)
}

// MaxVCPUs returns how many virtual CPUs such a domain can have; 0 if the host does not report it.
func (o Capabilities) MaxVCPUs() int64 {
	if vcpu := o.able.SelectElement("vcpu"); vcpu != nil {
		n, _ := strconv.ParseInt(vcpu.SelectAttrValue("max", ""), 10, 64)
		return n
	}
	return 0
}

// TotalMemory returns how much memory, in KiB, a host has.
func TotalMemory(l *libvirt.Libvirt) (int64, error) {
	return once(l, "memory", func() (int64, error) {
		_, memory, _, _, _, _, _, _, err := l.NodeGetInfo()
		return int64(memory), err
	})
}
