package hostinfo

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Incompatibility is what a host lacks, and has instead, as in "has no machine type ...". About is what of the domain asks for it: type, arch, emulator,
// machine, firmware, cpu.mode, cpu.model or interfaces.
type Incompatibility struct{ About, Text string }

// Incompatibilities says why a host can't run a domain as it runs now, or would be started. There is none where it can.
//
// The XML is best the live one, and not what libvirt calls migratable: only the live one tells which features the guest's CPU really got, and
// that is what the destination is held to (libvirt 9.0). from is the host on which the domain is; where it is nil, what can only be compared
// with that host is left out.
func Incompatibilities(from, to *libvirt.Libvirt, domain *etree.Element) ([]Incompatibility, error) {
	caps, err := readCapabilities(to)
	if err != nil {
		return nil, err
	}
	n := needsOf(domain, caps.arch())
	guest := caps.guest(n.arch)
	if guest == nil {
		return []Incompatibility{{"arch", fmt.Sprintf("has no emulator for %s, only for %s", n.arch, nearest(n.arch, caps.architectures()))}}, nil
	}
	// What the host does not have is not asked for again: the other questions are about its own choice then.
	var found []Incompatibility
	known := n
	if types := domainTypes(guest); !slices.Contains(types, n.domainType) {
		return []Incompatibility{{"type", fmt.Sprintf("has no domains of type %q, only %s", n.domainType, strings.Join(types, ", "))}}, nil
	}
	if own := textAt(guest, "emulator"); n.emulator != "" && n.emulator != own {
		if _, err := domainCapabilities(to, n.emulator, n.arch, "", n.domainType); err != nil {
			why, ours := refusal(err)
			if !ours {
				return nil, err
			}
			found = append(found, Incompatibility{"emulator", fmt.Sprintf("has no emulator %q, but %s: %s", n.emulator, own, why)})
			known.emulator = ""
		}
	}
	if have := machineNames(guest, n.domainType); n.machine != "" && !slices.Contains(have, n.machine) {
		found = append(found, Incompatibility{"machine", fmt.Sprintf("has no machine type %q, but %s", n.machine, nearestMachine(n.machine, have))})
		known.machine = ""
	}
	able, err := domainCapabilities(to, known.emulator, n.arch, known.machine, n.domainType)
	if err != nil {
		return nil, err
	}
	if known.machine != n.machine {
		known.firmware, known.loader, known.secure = "", "", false // another machine's
	}
	firmware, err := lacksFirmware(from, known, able)
	if err != nil {
		return nil, err
	}
	cpu, err := lacksCPU(from, to, known, able)
	if err != nil {
		return nil, err
	}
	filtering, err := lacksFilters(to, domain)
	return slices.Concat(found, firmware, cpu, filtering), err
}

// lacksFilters: only a domain whose interfaces have filters needs a host that can filter.
func lacksFilters(to *libvirt.Libvirt, domain *etree.Element) ([]Incompatibility, error) {
	if domain.FindElement("devices/interface/filterref") == nil {
		return nil, nil
	}
	lacks, err := MissingFilterSupport(to)
	if err != nil || lacks == "" {
		return nil, err
	}
	return []Incompatibility{{"interfaces", lacks}}, nil
}

// needs are what a domain asks of its host.
type needs struct {
	domainType, arch, machine, emulator, firmware, loader string
	secure                                                bool // a firmware that starts what is signed only
	cpu                                                   *etree.Element
}

// needsOf: a domain that names no architecture has its host's own.
func needsOf(domain *etree.Element, own string) needs {
	n := needs{arch: own, domainType: domain.SelectAttrValue("type", ""), emulator: textAt(domain, "devices", "emulator"), cpu: domain.SelectElement("cpu")}
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

// nearestMachine is the newest machine type of the same family, or what is spelled most like it where there is none.
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

// lacksFirmware holds a firmware image against those that the host finds by itself. One that not even the domain's own host finds so was put
// there by somebody: nobody but QEMU can tell whether the other host has it too.
func lacksFirmware(from *libvirt.Libvirt, n needs, able *etree.Element) ([]Incompatibility, error) {
	os := able.SelectElement("os")
	if offered := enum(os, "firmware"); n.firmware == "efi" && !slices.Contains(offered, n.firmware) {
		return []Incompatibility{{"firmware", fmt.Sprintf("has no firmware for %q; install OVMF there", n.firmware)}}, nil
	}
	have := values(xmlmodel.Find(able, "os", "loader"))
	if n.secure && !slices.Contains(enum(xmlmodel.Find(able, "os", "loader"), "secure"), "yes") {
		return []Incompatibility{{"efi.secure_boot", fmt.Sprintf("has no firmware with secure boot for such a machine (%s), but %s", machineOf(able), listOr(have))}}, nil
	}
	if n.loader == "" || from == nil || slices.Contains(have, n.loader) {
		return nil, nil
	}
	there, err := domainCapabilities(from, "", n.arch, n.machine, n.domainType)
	if err != nil || !slices.Contains(values(xmlmodel.Find(there, "os", "loader")), n.loader) {
		return nil, err
	}
	return []Incompatibility{{"firmware", fmt.Sprintf("has no firmware %q, but %s", n.loader, listOr(have))}}, nil
}

func listOr(have []string) string {
	if len(have) == 0 {
		return "none at all"
	}
	return strings.Join(have, ", ")
}

// machineOf is the machine type that capabilities are about.
func machineOf(able *etree.Element) string { return textAt(able, "machine") }

func lacksCPU(from, to *libvirt.Libvirt, n needs, able *etree.Element) ([]Incompatibility, error) {
	cpu, mode, what := n.cpu, "", ""
	if cpu != nil {
		mode = cpu.SelectAttrValue("mode", "custom")
	}
	if lacking := lacksMode(mode, n, able); lacking != nil {
		return lacking, nil
	}
	switch {
	case cpu == nil:
		return nil, nil
	case mode == "custom":
		if !checked(n.domainType, cpu.SelectAttrValue("check", "")) {
			return nil, nil
		}
		what = fmt.Sprintf("can't run the guest's CPU %q", textAt(cpu, "model"))
	case mode == "host-model" || from == nil:
		return nil, nil // it is the new host's, once it starts there
	default: // host-passthrough, maximum: all that the host has on which it started
		theirs, err := hostModelCPU(from, n)
		if err != nil || theirs == nil {
			return nil, err
		}
		cpu, what = theirs, fmt.Sprintf("can't run the guest's CPU, which is that of the host where it started (%s)", cpu.SelectAttrValue("mode", ""))
	}
	why, err := incompatible(to, n, cpu)
	if err != nil || why == "" {
		return nil, err
	}
	best, err := newestWhole(to, n, able)
	if best != "" {
		why += fmt.Sprintf("; the newest model that it can run whole is %q", best)
	}
	return []Incompatibility{{"cpu.model", what + ": " + why}}, err
}

// lacksMode: a mode that the host does not offer, or a model of which neither libvirt nor QEMU has heard.
func lacksMode(mode string, n needs, able *etree.Element) []Incompatibility {
	var offered []string
	for _, m := range cpuModes(able) {
		if m.SelectAttrValue("supported", "") == "yes" {
			offered = append(offered, m.SelectAttrValue("name", ""))
		}
	}
	if mode != "" && len(offered) > 0 && !slices.Contains(offered, mode) {
		return []Incompatibility{{"cpu.mode", fmt.Sprintf("has no CPU mode %q for domains of type %q, but %s", mode, n.domainType, nearest(mode, offered))}}
	}
	models, model := cpuModels(able), textAt(n.cpu, "model")
	if _, known := models[model]; mode == "custom" && model != "" && len(models) > 0 && !known {
		return []Incompatibility{{"cpu.model", fmt.Sprintf("knows no CPU model %q, but %s", model, nearest(model, slices.Collect(maps.Keys(models))))}}
	}
	return nil
}

// newestWhole is the newest model that a host can run whole; "" where there is none.
func newestWhole(l *libvirt.Libvirt, n needs, able *etree.Element) (string, error) {
	return once(l, strings.Join([]string{"newest", n.emulator, n.arch, n.machine, n.domainType}, "\n"), func() (string, error) {
		rank, err := newRanking(l, n.arch)
		if err != nil {
			return "", err
		}
		return rank.newest(n.domainType, usable(cpuModels(able)))
	})
}

// checked says whether libvirt holds a host to all of a CPU's features; else the guest starts with what is there. The live XML always has
// 'full', since it lists what is there.
func checked(domainType, check string) bool {
	return check == "full" || domainType == "kvm" && check != "none"
}

// hostModelCPU is a host's own processor as a guest can have it; nil where libvirt has no name for it.
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

// incompatible is why a host can't run a CPU, in libvirt's words; "" where it can.
func incompatible(l *libvirt.Libvirt, n needs, cpu *etree.Element) (string, error) {
	text, err := xmlmodel.Text(cpu)
	if err != nil {
		return "", err
	}
	return once(l, strings.Join([]string{"cpu", n.emulator, n.arch, n.machine, n.domainType, text}, "\n"), func() (string, error) {
		compare := func(flags libvirt.ConnectCompareCPUFlags) (int32, error) {
			return l.ConnectCompareHypervisorCPU(optional(n.emulator), optional(n.arch), optional(n.machine), optional(n.domainType), text, uint32(flags))
		}
		result, err := compare(0)
		if err != nil || result != int32(libvirt.CPUCompareIncompatible) {
			return "", err
		}
		_, err = compare(libvirt.ConnectCompareCPUFailIncompatible)
		if why, said := refusal(err); said {
			return why, nil
		}
		return "libvirt doesn't say why", err
	})
}

// refusal is what libvirt said; the other errors are those of a connection.
func refusal(err error) (string, bool) {
	var said libvirt.Error
	if errors.As(err, &said) {
		return said.Message, true
	}
	return "", false
}
