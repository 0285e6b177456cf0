package hostinfo

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Misfits says why a host can't run a domain as it runs now: each is what the host lacks, and has instead, as in "has no machine type ...".
// There is none where it can.
//
// The XML is best the live one, and not what libvirt calls migratable: only the live one tells which features the guest's CPU really got, and
// that is what the destination is held to (libvirt 9.0). from is the host on which the domain is; where it is nil, what can only be compared
// with that host is left out.
func Misfits(from, to *libvirt.Libvirt, domain *etree.Element) ([]string, error) {
	caps, err := readCapabilities(to)
	if err != nil {
		return nil, err
	}
	n := needsOf(domain)
	guest := caps.guest(n.arch)
	if guest == nil {
		return []string{fmt.Sprintf("has no emulator for %s, only for %s", n.arch, strings.Join(caps.architectures(), ", "))}, nil
	}
	// What the host does not have is not asked for again: the other questions are about its own choice then.
	var found []string
	known := n
	if types := domainTypes(guest); !slices.Contains(types, n.domainType) {
		return []string{fmt.Sprintf("has no domains of type %q, only %s", n.domainType, strings.Join(types, ", "))}, nil
	}
	if own := textAt(guest, "emulator"); n.emulator != "" && n.emulator != own {
		if _, err := domainCapabilities(to, n.emulator, n.arch, "", n.domainType); err != nil {
			why, ours := refusal(err)
			if !ours {
				return nil, err
			}
			found = append(found, fmt.Sprintf("has no emulator %q, but %s: %s", n.emulator, own, why))
			known.emulator = ""
		}
	}
	if have := machineNames(guest, n.domainType); n.machine != "" && !slices.Contains(have, n.machine) {
		found = append(found, fmt.Sprintf("has no machine type %q, but %s", n.machine, nearestMachine(n.machine, have)))
		known.machine = ""
	}
	able, err := domainCapabilities(to, known.emulator, n.arch, known.machine, n.domainType)
	if err != nil {
		return nil, err
	}
	firmware, err := lacksFirmware(from, known, able)
	if err != nil {
		return nil, err
	}
	cpu, err := lacksCPU(from, to, known)
	return append(append(found, firmware...), cpu...), err
}

// needs are what a domain asks of its host.
type needs struct {
	domainType, arch, machine, emulator, firmware, loader string
	cpu                                                   *etree.Element
}

func needsOf(domain *etree.Element) needs {
	n := needs{domainType: domain.SelectAttrValue("type", ""), emulator: textAt(domain, "devices", "emulator"), cpu: domain.SelectElement("cpu")}
	if typ := xmlmodel.Find(domain, "os", "type"); typ != nil {
		n.arch, n.machine = typ.SelectAttrValue("arch", ""), typ.SelectAttrValue("machine", "")
	}
	if os := domain.SelectElement("os"); os != nil {
		n.firmware, n.loader = os.SelectAttrValue("firmware", ""), textAt(os, "loader")
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

// nearestMachine is the newest machine type of the same family, or all of them where there is none.
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
	slices.Sort(have)
	return strings.Join(have, ", ")
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
func lacksFirmware(from *libvirt.Libvirt, n needs, able *etree.Element) ([]string, error) {
	os := able.SelectElement("os")
	if offered := enum(os, "firmware"); n.firmware == "efi" && !slices.Contains(offered, n.firmware) {
		return []string{fmt.Sprintf("has no firmware for %q; install OVMF there", n.firmware)}, nil
	}
	have := values(xmlmodel.Find(able, "os", "loader"))
	if n.loader == "" || from == nil || slices.Contains(have, n.loader) {
		return nil, nil
	}
	there, err := domainCapabilities(from, "", n.arch, n.machine, n.domainType)
	if err != nil || !slices.Contains(values(xmlmodel.Find(there, "os", "loader")), n.loader) {
		return nil, err
	}
	if len(have) == 0 {
		have = []string{"none at all"}
	}
	return []string{fmt.Sprintf("has no firmware %q, but %s", n.loader, strings.Join(have, ", "))}, nil
}

func lacksCPU(from, to *libvirt.Libvirt, n needs) ([]string, error) {
	cpu, what := n.cpu, ""
	switch {
	case cpu == nil:
		return nil, nil
	case cpu.SelectAttrValue("mode", "custom") == "custom":
		if !checked(n.domainType, cpu.SelectAttrValue("check", "")) {
			return nil, nil
		}
		what = fmt.Sprintf("can't run the guest's CPU %q", textAt(cpu, "model"))
	case cpu.SelectAttrValue("mode", "") == "host-model" || from == nil:
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
	text := what + ": " + why
	rank, err := newRanking(to, n.arch)
	if err != nil {
		return nil, err
	}
	able, err := domainCapabilities(to, n.emulator, n.arch, n.machine, n.domainType)
	if err != nil {
		return nil, err
	}
	best, err := rank.newest(n.domainType, usable(cpuModels(able)))
	if best != "" {
		text += fmt.Sprintf("; the newest model that it can run whole is %q", best)
	}
	return []string{text}, err
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
}

// refusal is what libvirt said; the other errors are those of a connection.
func refusal(err error) (string, bool) {
	var said libvirt.Error
	if errors.As(err, &said) {
		return said.Message, true
	}
	return "", false
}
