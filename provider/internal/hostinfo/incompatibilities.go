package hostinfo

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Incompatibility is something that a host lacks, as in "has no machine type ...". About names what of the domain
// requires it: type, arch, emulator, machine, firmware, cpu.mode, cpu.model or interfaces.
type Incompatibility struct {
	About, Text string
	AtStart     bool // it matters when the guest starts, and not before
}

// Incompatibilities returns the reasons why a host cannot run a domain as it runs now, or as it would be started.
//
// The XML should be the live one, not the one that libvirt calls migratable: only the live one has the CPU features
// that the guest really got, and the destination must support those (libvirt 9.0). from is the host of the domain; if
// it is nil, nothing is compared with that host.
func Incompatibilities(from, to *libvirt.Libvirt, domain *etree.Element) ([]Incompatibility, error) {
	caps, err := readCapabilities(to)
	if err != nil {
		return nil, err
	}
	n := needsOf(domain, caps.arch())
	guest := caps.guest(n.arch)
	if guest == nil {
		return []Incompatibility{{About: "arch",
			Text: fmt.Sprintf("has no emulator for %s, only for %s", n.arch, nearest(n.arch, caps.architectures()))}}, nil
	}
	// The following questions leave out what the host lacks: they are then about the host's own choice.
	var found []Incompatibility
	known := n
	if types := domainTypes(guest); !slices.Contains(types, n.domainType) {
		return []Incompatibility{{About: "type",
			Text: fmt.Sprintf("has no domains of type %q, only %s", n.domainType, strings.Join(types, ", "))}}, nil
	}
	if own := textAt(guest, "emulator"); n.emulator != "" && n.emulator != own {
		if _, err := domainCapabilities(to, n.emulator, n.arch, "", n.domainType); err != nil {
			message, isLibvirt := conn.Message(err)
			if !isLibvirt {
				return nil, err
			}
			found = append(found, Incompatibility{About: "emulator", Text: fmt.Sprintf("has no emulator %q, but %s: %s", n.emulator, own, message)})
			known.emulator = ""
		}
	}
	if have := machineNames(guest, n.domainType); n.machine != "" && !slices.Contains(have, n.machine) {
		found = append(found, Incompatibility{About: "machine",
			Text: fmt.Sprintf("has no machine type %q, but %s", n.machine, nearestMachine(n.machine, have))})
		known.machine = ""
	}
	able, err := domainCapabilities(to, known.emulator, n.arch, known.machine, n.domainType)
	if err != nil {
		return nil, err
	}
	if known.machine != n.machine {
		known.firmware, known.loader, known.secure = "", "", false // the capabilities are those of another machine type
	}
	firmware, err := firmwareIncompatibilities(from, known, able)
	if err != nil {
		return nil, err
	}
	cpu, err := cpuIncompatibilities(from, to, known, able)
	if err != nil {
		return nil, err
	}
	filtering, err := filterIncompatibilities(to, domain)
	return slices.Concat(found, firmware, cpu, filtering), err
}

// filterIncompatibilities checks for filter support if an interface of the domain has a filter.
func filterIncompatibilities(to *libvirt.Libvirt, domain *etree.Element) ([]Incompatibility, error) {
	if domain.FindElement("devices/interface/filterref") == nil {
		return nil, nil
	}
	lacks, err := MissingFilterSupport(to)
	if err != nil || lacks == "" {
		return nil, err
	}
	return []Incompatibility{{About: "interfaces", Text: lacks}}, nil
}

// needs is what a domain requires of its host.
type needs struct {
	domainType, arch, machine, emulator, firmware, loader string
	secure                                                bool // a firmware with secure boot
	cpu                                                   *etree.Element
}

// needsOf returns the needs of a domain. A domain that names no architecture has that of its host.
func needsOf(domain *etree.Element, own string) needs {
	n := needs{arch: own, domainType: domain.SelectAttrValue("type", ""), emulator: textAt(domain, "devices", "emulator"),
		cpu: domain.SelectElement("cpu")}
	if typ := xmlmodel.Find(domain, "os", "type"); typ != nil {
		n.arch, n.machine = typ.SelectAttrValue("arch", own), typ.SelectAttrValue("machine", "")
	}
	if os := domain.SelectElement("os"); os != nil {
		n.firmware, n.loader = os.SelectAttrValue("firmware", ""), textAt(os, "loader")
		n.secure = os.FindElement("firmware/feature[@name='secure-boot'][@enabled='yes']") != nil || os.FindElement("loader[@secure='yes']") != nil
	}
	return n
}

func machineNames(guest *etree.Element, domainType string) []string {
	var names []string
	for _, m := range machines(guest, domainType) {
		names = append(names, m.Text())
	}
	return names
}

var machineVersion = regexp.MustCompile(`-[0-9]+(\.[0-9]+)*$`)

// nearestMachine returns the newest machine type of the same family; if there is none, the machine types with the most
// similar names.
func nearestMachine(wanted string, have []string) string {
	family := machineVersion.ReplaceAllString(wanted, "")
	best := ""
	for _, name := range have {
		if machineVersion.MatchString(name) && machineVersion.ReplaceAllString(name, "") == family && (best == "" || newer(name, best)) {
			best = name
		}
	}
	if best != "" {
		return best
	}
	return nearest(wanted, have)
}

// newer compares the versions at the end of two names.
func newer(one, other string) bool {
	numbers := func(name string) (parts []int) {
		for _, p := range strings.Split(strings.TrimPrefix(machineVersion.FindString(name), "-"), ".") {
			n, _ := strconv.Atoi(p)
			parts = append(parts, n)
		}
		return parts
	}
	return slices.Compare(numbers(one), numbers(other)) > 0
}

// firmwareIncompatibilities compares a firmware image with those that the host finds by itself. If even the domain's
// own host does not find the image, a person put it there, and only QEMU can tell whether the other host has it too.
func firmwareIncompatibilities(from *libvirt.Libvirt, n needs, able *etree.Element) ([]Incompatibility, error) {
	os := able.SelectElement("os")
	if offered := enum(os, "firmware"); n.firmware == "efi" && !slices.Contains(offered, n.firmware) {
		return []Incompatibility{{About: "firmware", Text: fmt.Sprintf("has no firmware for %q; install OVMF there", n.firmware)}}, nil
	}
	have := values(xmlmodel.Find(able, "os", "loader"))
	if n.secure && !slices.Contains(enum(xmlmodel.Find(able, "os", "loader"), "secure"), "yes") {
		return []Incompatibility{{About: "efi.secure_boot", Text: fmt.Sprintf("has no firmware with secure boot for such a machine (%s), but %s",
			machineOf(able), listOr(have))}}, nil
	}
	if n.loader == "" || from == nil || slices.Contains(have, n.loader) {
		return nil, nil
	}
	there, err := domainCapabilities(from, "", n.arch, n.machine, n.domainType)
	if err != nil || !slices.Contains(values(xmlmodel.Find(there, "os", "loader")), n.loader) {
		return nil, err
	}
	return []Incompatibility{{About: "firmware", Text: fmt.Sprintf("has no firmware %q, but %s", n.loader, listOr(have))}}, nil
}

func listOr(have []string) string {
	if len(have) == 0 {
		return "none at all"
	}
	return strings.Join(have, ", ")
}

// machineOf returns the machine type that the capabilities describe.
func machineOf(able *etree.Element) string { return textAt(able, "machine") }

// cpuIncompatibilities checks the CPU mode, the CPU model and the features that the guest uses.
func cpuIncompatibilities(from, to *libvirt.Libvirt, n needs, able *etree.Element) ([]Incompatibility, error) {
	cpu, mode, what := n.cpu, "", ""
	if cpu != nil && cpu.SelectAttr("mode") == nil && cpu.SelectElement("model") == nil {
		cpu = nil // it only has the topology or the NUMA nodes
	}
	if cpu != nil {
		mode = cpu.SelectAttrValue("mode", "custom")
	}
	if lacking := modeIncompatibilities(mode, n, able); lacking != nil {
		return lacking, nil
	}
	switch {
	case cpu == nil:
		return nil, nil
	case mode == "custom":
		if !checked(n.domainType, cpu.SelectAttrValue("check", "")) {
			return nil, nil
		}
		what = fmt.Sprintf("cannot run the guest's CPU %q", textAt(cpu, "model"))
	case mode == "host-model" || from == nil:
		return nil, nil // the guest gets the new host's CPU when it starts there
	default: // host-passthrough, maximum: the guest has the CPU of the host that it was started on
		theirs, err := hostModelCPU(from, n)
		if err != nil || theirs == nil {
			return nil, err
		}
		cpu, what = theirs, fmt.Sprintf("cannot run the guest's CPU, which is that of the host where it started (%s)",
			cpu.SelectAttrValue("mode", ""))
	}
	why, err := incompatible(to, n, cpu)
	if err != nil || why == "" {
		return nil, err
	}
	best, err := newestSupported(to, n, able)
	if best != "" {
		why += fmt.Sprintf("; the newest model that it supports completely is %q", best)
	}
	return []Incompatibility{{About: "cpu.model", Text: what + ": " + why, AtStart: true}}, err
}

// modeIncompatibilities checks for a CPU mode that the host does not offer, and for a model that neither libvirt nor
// QEMU knows.
func modeIncompatibilities(mode string, n needs, able *etree.Element) []Incompatibility {
	var offered []string
	for _, m := range cpuModes(able) {
		if m.SelectAttrValue("supported", "") == "yes" {
			offered = append(offered, m.SelectAttrValue("name", ""))
		}
	}
	if mode != "" && len(offered) > 0 && !slices.Contains(offered, mode) {
		return []Incompatibility{{About: "cpu.mode", Text: fmt.Sprintf("has no CPU mode %q for domains of type %q, but %s",
			mode, n.domainType, nearest(mode, offered))}}
	}
	models, model := cpuModels(able), textAt(n.cpu, "model")
	if _, known := models[model]; mode == "custom" && model != "" && len(models) > 0 && !known {
		return []Incompatibility{{About: "cpu.model", Text: fmt.Sprintf("knows no CPU model %q, but %s",
			model, nearest(model, slices.Collect(maps.Keys(models))))}}
	}
	return nil
}

// newestSupported returns the newest model that a host supports completely; "" if there is none.
func newestSupported(l *libvirt.Libvirt, n needs, able *etree.Element) (string, error) {
	return once(l, strings.Join([]string{"newest", n.emulator, n.arch, n.machine, n.domainType}, "\n"), func() (string, error) {
		rank, err := newRanking(l, n.arch)
		if err != nil {
			return "", err
		}
		return rank.newest(n.domainType, usable(cpuModels(able)))
	})
}

// checked reports whether libvirt requires all features of a CPU; otherwise the guest starts with the features that
// the host has. The live XML always has 'full', since it lists the features that the guest got.
func checked(domainType, check string) bool {
	return check == "full" || check == "partial" || domainType == "kvm" && check != "none"
}

// hostModelCPU returns a host's processor as a guest can have it; nil if libvirt has no model for it.
func hostModelCPU(l *libvirt.Libvirt, n needs) (*etree.Element, error) {
	able, err := domainCapabilities(l, "", n.arch, n.machine, n.domainType)
	if err != nil {
		return nil, err
	}
	for _, mode := range cpuModes(able) {
		if mode.SelectAttrValue("name", "") != "host-model" || mode.SelectAttrValue("supported", "") != "yes" {
			continue
		}
		cpu := etree.NewElement("cpu")
		cpu.CreateAttr("mode", "custom")
		cpu.CreateAttr("match", "exact")
		for _, part := range mode.ChildElements() {
			cpu.AddChild(part.Copy())
		}
		return cpu, nil
	}
	return nil, nil
}

// incompatible returns libvirt's reason why a host cannot run a CPU; "" if it can.
func incompatible(l *libvirt.Libvirt, n needs, cpu *etree.Element) (string, error) {
	text, err := xmlmodel.Text(cpu)
	if err != nil {
		return "", err
	}
	return once(l, strings.Join([]string{"cpu", n.emulator, n.arch, n.machine, n.domainType, text}, "\n"), func() (string, error) {
		compare := func(flags libvirt.ConnectCompareCPUFlags) (int32, error) {
			return l.ConnectCompareHypervisorCPU(optional(n.emulator), optional(n.arch), optional(n.machine),
				optional(n.domainType), text, uint32(flags))
		}
		result, err := compare(0)
		if message, isLibvirt := conn.Message(err); isLibvirt {
			return message, nil // libvirt (9.0) does not know a feature of a CPU that a newer one describes
		}
		if err != nil || result != int32(libvirt.CPUCompareIncompatible) {
			return "", err
		}
		_, err = compare(libvirt.ConnectCompareCPUFailIncompatible)
		if message, isLibvirt := conn.Message(err); isLibvirt {
			return message, nil
		}
		return "libvirt gives no reason", err
	})
}
