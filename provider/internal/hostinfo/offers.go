package hostinfo

import (
	"slices"
	"strconv"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Capabilities are what a host has for domains of one kind.
type Capabilities struct{ able *etree.Element }

// CapabilitiesFor asks a host what it has for a domain: of its type, architecture, machine and emulator. There has to be no Misfit about these.
func CapabilitiesFor(l *libvirt.Libvirt, domain *etree.Element) (Capabilities, error) {
	caps, err := readCapabilities(l)
	if err != nil {
		return Capabilities{}, err
	}
	n := needsOf(domain, caps.arch())
	able, err := domainCapabilities(l, n.emulator, n.arch, n.machine, n.domainType)
	return Capabilities{able}, err
}

// Lacks says what is there instead of a value, as in "only ...", where an enumeration of the capabilities lacks it: the one called name, in
// the element at a path. "" where it has it, and where the host's libvirt is too old to say.
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

// MaxVCPUs is how many virtual CPUs such a domain can have; 0 where the host does not say.
func (o Capabilities) MaxVCPUs() int64 {
	if vcpu := o.able.SelectElement("vcpu"); vcpu != nil {
		n, _ := strconv.ParseInt(vcpu.SelectAttrValue("max", ""), 10, 64)
		return n
	}
	return 0
}

// TotalMemory is how much memory, in KiB, a host has in all.
func TotalMemory(l *libvirt.Libvirt) (int64, error) {
	return once(l, "memory", func() (int64, error) {
		_, memory, _, _, _, _, _, _, err := l.NodeGetInfo()
		return int64(memory), err
	})
}
