package domain

import (
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

const (
	deviceSeparator = "; "
	onlyRunning     = ", in the running guest only"
)

// undeclared lists the devices of a domain that m, what is known of it, has no attribute for: somebody else attached them. nil where there is
// none. What a running guest has beside is listed too, but for what waits for its next start to go. What is read of an object that is imported
// is what is known of it.
func undeclared(m, seen table.Model, defined, live *etree.Element, waiting []string) any {
	if _, planned := m["state"]; !planned {
		m = seen
	}
	var list, own []string
	eachDevice(m, defined, func(el *etree.Element, declared bool, _ string) {
		if own = append(own, identity(el)); !declared {
			list = append(list, describe(el))
		}
	})
	if live != nil {
		eachDevice(m, live, func(el *etree.Element, _ bool, path string) {
			if i := slices.Index(own, identity(el)); i >= 0 {
				own = slices.Delete(own, i, i+1)
			} else if path == "" || !slices.ContainsFunc(waiting, func(w string) bool { return strings.HasPrefix(w, path) }) {
				list = append(list, describe(el)+onlyRunning)
			}
		})
	}
	if len(list) == 0 {
		return nil
	}
	slices.Sort(list)
	return strings.Join(list, deviceSeparator)
}

// eachDevice tells of each device that somebody chose, whether m has an attribute for it, and the path of the one that it would have.
func eachDevice(m table.Model, root *etree.Element, tell func(el *etree.Element, declared bool, path string)) {
	devices := root.SelectElement("devices")
	if devices == nil {
		return
	}
	declared, paths := map[*etree.Element]bool{}, map[*etree.Element]string{}
	claim(Table.Attrs, root, m, "", declared, paths)
	for _, el := range devices.ChildElements() {
		if !implied(el) {
			tell(el, declared[el], paths[el])
		}
	}
}

// claim finds the elements that attributes of m stand for, and the paths of all that have one, set or not.
func claim(attrs []table.Attr, el *etree.Element, m table.Model, at string, declared map[*etree.Element]bool, paths map[*etree.Element]string) {
	for i := range attrs {
		a := &attrs[i]
		set := m[a.Name] != nil
		switch {
		case a.Entries != nil:
			keys, elements := a.Entries.Elements(el)
			for j, e := range elements {
				if noted, are := a.Entries.(interface {
					StandsFor(record *etree.Element) *etree.Element
				}); are {
					e = noted.StandsFor(e)
				}
				declared[e], paths[e] = declared[e] || set, at+a.Name+"[\""+keys[j]+"\"]"
			}
		case a.Type == table.Object:
			inner := el
			if a.Group != nil {
				inner = a.Group.Find(el)
			}
			if inner != nil {
				declared[inner], paths[inner] = declared[inner] || set, at+a.Name
				claim(a.Attrs, inner, m.Group(a.Name), at+a.Name+".", declared, paths)
			}
		}
	}
}

// implied: libvirt (9.0) gives every domain some devices, virt-install and virt-manager give theirs some that serve a console which is a device of
// its own, and this provider a source of random numbers. None of them opens anything to anybody.
func implied(el *etree.Element) bool {
	of := func(where xmlmodel.At, values ...string) bool { return slices.Contains(values, where.Text(el)) }
	switch el.Tag {
	case "emulator", "controller", "memballoon", "input", "sound", "audio", "video", "hub", "panic", "iommu":
		return true
	case "rng":
		return of("backend@model", "random", "builtin")
	case "watchdog":
		return of("@model", "itco")
	case "console": // the twin of the serial port
		return of("target@type", "serial", "")
	case "channel":
		return of("@type", "spicevmc", "spiceport", "qemu-vdagent", "dbus") || of("target@name", agentChannel)
	case "redirdev", "smartcard":
		return of("@type", "spicevmc")
	default:
		return false
	}
}

// undeclared is the list after the apply: what is declared now is on it no more, and what only the running guest has goes when that stops.
func (o outlook) undeclared() any {
	if was := o.prior["undeclared"]; was == nil || table.Equal(o.prior, o.plan) {
		return was
	}
	return table.Unknown
}
