// Package hostinfo is what a host says of itself: what it is, what it can run, and what several hosts can run alike.
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

// capabilities is what libvirt knows of the host and of the guests that it can have.
//
// https://libvirt.org/formatcaps.html
type capabilities struct{ root *etree.Element }

func readCapabilities(l *libvirt.Libvirt) (capabilities, error) {
	root, err := parsed(l, "capabilities", l.ConnectGetCapabilities)
	return capabilities{root}, err
}

// arch is the host's own architecture.
func (c capabilities) arch() string { return textAt(c.root, "host", "cpu", "arch") }

// guest is what is said of fully virtualized guests of an architecture; nil where the host can't have them.
func (c capabilities) guest(arch string) *etree.Element {
	for _, g := range c.root.SelectElements("guest") {
		if a := g.SelectElement("arch"); a != nil && a.SelectAttrValue("name", "") == arch && textAt(g, "os_type") == "hvm" {
			return a
		}
	}
	return nil
}

// architectures are those that guests can have.
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

// domainTypes are the ways to run a guest: kvm, qemu.
func domainTypes(guest *etree.Element) []string {
	var names []string
	for _, d := range guest.SelectElements("domain") {
		names = append(names, d.SelectAttrValue("type", ""))
	}
	sort.Strings(names)
	return names
}

// machines are the machine types of a guest under a domain type; most domain types list none of their own.
func machines(guest *etree.Element, domainType string) []*etree.Element {
	for _, d := range guest.SelectElements("domain") {
		if own := d.SelectElements("machine"); d.SelectAttrValue("type", "") == domainType && len(own) > 0 {
			return own
		}
	}
	return guest.SelectElements("machine")
}

// domainCapabilities is what a domain of this kind can have; what is "" is the host's choice.
//
// https://libvirt.org/formatdomaincaps.html
func domainCapabilities(l *libvirt.Libvirt, emulator, arch, machine, domainType string) (*etree.Element, error) {
	return parsed(l, strings.Join([]string{"domain", emulator, arch, machine, domainType}, "\n"), func() (string, error) {
		return l.ConnectGetDomainCapabilities(optional(emulator), optional(arch), optional(machine), optional(domainType), 0)
	})
}

// answers are what hosts have said, by connection and question.
var answers sync.Map

type question struct {
	l    *libvirt.Libvirt
	what string
}

// once asks what does not change as long as a connection lasts: a plan that moves a host's machines would ask it for each of them, and libvirt
// takes some milliseconds to write it.
func once[T any](l *libvirt.Libvirt, what string, ask func() (T, error)) (T, error) {
	q := question{l, what}
	if known, there := answers.Load(q); there {
		return known.(T), nil
	}
	told, err := ask()
	if err == nil {
		answers.Store(q, told)
	}
	return told, err
}

// parsed is once for XML. Nobody changes what it returns: it is others', too.
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

// enum are the values that domain capabilities allow below an element.
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

// version spells a version as libvirt counts it: 9002003 is 9.2.3.
func version(v uint64) string {
	return fmt.Sprintf("%d.%d.%d", v/1_000_000, v/1_000%1_000, v%1_000)
}

// cpuSet spells CPUs as libvirt does in cpuset attributes: 0-3,8.
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
