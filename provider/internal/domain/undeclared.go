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
	eachDevice(m, defined, func(el *etree.Element, c claimed) {
		if own = append(own, identity(el)); !c.shown {
			list = append(list, describe(el))
		}
	})
	if live != nil {
		eachDevice(m, live, func(el *etree.Element, c claimed) {
			if i := slices.Index(own, identity(el)); i >= 0 {
				own = slices.Delete(own, i, i+1)
			} else if !c.known && (c.path == "" || !slices.ContainsFunc(waiting, func(w string) bool { return strings.HasPrefix(w, c.path) })) {
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

// claimed is what attributes say of a device.
type claimed struct {
	path  string // of the attribute that it has, or would have
	shown bool   // the attribute is set, and a plan shows what is in it
	known bool   // m has this very device: one that only the running guest has was taken out of the definition, and comes back
}

// eachDevice tells of each device that somebody chose.
func eachDevice(m table.Model, root *etree.Element, tell func(el *etree.Element, c claimed)) {
	devices := root.SelectElement("devices")
	if devices == nil {
		return
	}
	all := map[*etree.Element]claimed{}
	claim(Table.Attrs, root, m, "", all)
	for _, el := range devices.ChildElements() {
		if !implied(el) {
			tell(el, all[el])
		}
	}
}

// claim finds the elements that attributes stand for, set or not.
func claim(attrs []table.Attr, el *etree.Element, m table.Model, at string, all map[*etree.Element]claimed) {
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
				all[e] = claimed{at + a.Name + "[\"" + keys[j] + "\"]", all[e].shown || set, m.Group(a.Name)[keys[j]] != nil}
			}
		case a.Type == table.Object:
			inner := el
			if a.Group != nil {
				inner = a.Group.Find(el)
			}
			if inner != nil {
				all[inner] = claimed{at + a.Name, all[inner].shown || set, set}
				claim(a.Attrs, inner, m.Group(a.Name), at+a.Name+".", all)
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
