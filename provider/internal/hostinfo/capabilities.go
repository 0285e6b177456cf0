// Package hostinfo reads what a host is, what it can run, and which CPU models several hosts have in common.
package hostinfo

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// capabilities is libvirt's description of the host and of the guests that it can run.
//
// https://libvirt.org/formatcaps.html
type capabilities struct{ root *etree.Element }

func readCapabilities(l *libvirt.Libvirt) (capabilities, error) {
	root, err := parsed(l, "capabilities", l.ConnectGetCapabilities)
	return capabilities{root}, err
}

// arch returns the host's own architecture.
func (c capabilities) arch() string { return textAt(c.root, "host", "cpu", "arch") }

// guest returns the description of fully virtualized guests of an architecture; nil if the host cannot run them.
func (c capabilities) guest(arch string) *etree.Element {
	for _, g := range c.root.SelectElements("guest") {
		if a := g.SelectElement("arch"); a != nil && a.SelectAttrValue("name", "") == arch && textAt(g, "os_type") == "hvm" {
			return a
		}
	}
	return nil
}

// architectures returns the architectures that guests can have.
func (c capabilities) architectures() []string {
	var names []string
	for _, g := range c.root.SelectElements("guest") {
		if a := g.SelectElement("arch"); a != nil && textAt(g, "os_type") == "hvm" {
			names = append(names, a.SelectAttrValue("name", ""))
		}
	}
	sort.Strings(names)
	return names
}

// domainTypes returns the domain types of a guest: kvm, qemu.
func domainTypes(guest *etree.Element) []string {
	var names []string
	for _, d := range guest.SelectElements("domain") {
		names = append(names, d.SelectAttrValue("type", ""))
	}
	sort.Strings(names)
	return names
}

// machines returns the machine types of a guest with a domain type. Most domain types list none of their own.
func machines(guest *etree.Element, domainType string) []*etree.Element {
	for _, d := range guest.SelectElements("domain") {
		if own := d.SelectElements("machine"); d.SelectAttrValue("type", "") == domainType && len(own) > 0 {
			return own
		}
	}
	return guest.SelectElements("machine")
}

// domainCapabilities returns the capabilities of domains. The host chooses what is "".
//
// https://libvirt.org/formatdomaincaps.html
func domainCapabilities(l *libvirt.Libvirt, emulator, arch, machine, domainType string) (*etree.Element, error) {
	return parsed(l, strings.Join([]string{"domain", emulator, arch, machine, domainType}, "\n"), func() (string, error) {
		return l.ConnectGetDomainCapabilities(optional(emulator), optional(arch), optional(machine), optional(domainType), 0)
	})
}

// asking has a lock for each question.
var asking sync.Map

// answers caches what hosts have answered, by connection and question.
var answers sync.Map

type question struct {
	l    *libvirt.Libvirt
	what string
}

// once asks a question whose answer does not change while the connection lasts. A plan that moves the machines of a
// host would otherwise ask it for each of them, and libvirt takes some milliseconds for an answer.
func once[T any](l *libvirt.Libvirt, what string, ask func() (T, error)) (T, error) {
	q := question{l, what}
	if known, there := answers.Load(q); there {
		return known.(T), nil
	}
	// Terraform plans several objects at a time: the others wait for the first one's answer.
	lock, _ := asking.LoadOrStore(q, &sync.Mutex{})
	lock.(*sync.Mutex).Lock()
	defer lock.(*sync.Mutex).Unlock()
	if known, there := answers.Load(q); there {
		return known.(T), nil
	}
	answer, err := ask()
	if err == nil {
		answers.Store(q, answer)
	}
	return answer, err
}

// parsed is once for XML. Callers share the result and must not change it.
func parsed(l *libvirt.Libvirt, what string, ask func() (string, error)) (*etree.Element, error) {
	return once(l, what, func() (*etree.Element, error) {
		text, err := ask()
		if err != nil {
			return nil, err
		}
		return xmlmodel.Parse(text)
	})
}

func optional(s string) libvirt.OptString {
	if s == "" {
		return nil
	}
	return libvirt.OptString{s}
}

// enum returns the values of an enumeration in domain capabilities.
func enum(el *etree.Element, name string) []string {
	if el == nil {
		return nil
	}
	for _, e := range el.SelectElements("enum") {
		if e.SelectAttrValue("name", "") == name {
			return values(e)
		}
	}
	return nil
}

func values(el *etree.Element) []string {
	if el == nil {
		return nil
	}
	var all []string
	for _, v := range el.SelectElements("value") {
		all = append(all, v.Text())
	}
	return all
}

func textAt(el *etree.Element, names ...string) string {
	if el == nil {
		return ""
	}
	if found := xmlmodel.Find(el, names...); found != nil {
		return found.Text()
	}
	return ""
}

func number(text string) any {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return nil
	}
	return n
}

// Version formats a version number of libvirt: 9002003 is 9.2.3.
func Version(v uint64) string {
	return fmt.Sprintf("%d.%d.%d", v/1_000_000, v/1_000%1_000, v%1_000)
}

// cpuSet formats CPU numbers as libvirt does in cpuset attributes: 0-3,8.
func cpuSet(cpus []int) string {
	slices.Sort(cpus)
	var parts []string
	for i := 0; i < len(cpus); {
		j := i
		for j+1 < len(cpus) && cpus[j+1] == cpus[j]+1 {
			j++
		}
		if i == j {
			parts = append(parts, strconv.Itoa(cpus[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", cpus[i], cpus[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ",")
}
