package observe

import (
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

const (
	deviceSeparator = "; "
	onlyRunning     = ", in the running guest only"
)

// knownModel returns the model that declares what a domain has: the state, or what was read of a domain that is being imported.
func knownModel(m, seen table.Model) table.Model {
	if _, planned := m["state"]; !planned {
		return seen
	}
	return m
}

// undeclaredDevices lists the devices of a domain for which the known model m has no attribute: they were attached outside of this
// provider, or are left alone. It also lists devices that only the running guest has, except those that wait for the next start to be removed.
func undeclaredDevices(m table.Model, defined, live *etree.Element, waiting []string, alone map[string]bool) (list []string) {
	var own []string
	eachDevice(m, defined, func(el *etree.Element, c declaration) {
		if own = append(own, deviceIdentity(el)); !c.isShown || alone[c.path] {
			list = append(list, describeDevice(el))
		}
	})
	if live != nil {
		eachDevice(m, live, func(el *etree.Element, c declaration) {
			if i := slices.Index(own, deviceIdentity(el)); i >= 0 {
				own = slices.Delete(own, i, i+1)
			} else if !c.isKnown && (c.path == "" || !slices.ContainsFunc(waiting, func(w string) bool { return strings.HasPrefix(w, c.path) })) {
				list = append(list, describeDevice(el)+onlyRunning)
			}
		})
	}
	return list
}

// declaration is what the attributes say about a device.
type declaration struct {
	path    string // the path of the attribute that describes the device, or would describe it
	isShown bool   // the attribute is set, and a plan shows what is in it
	isKnown bool   // m has this device: if only the running guest has it, it was removed from the definition and will be defined again
}

// eachDevice calls tell for each device, with its declaration, except the implied ones (see isImplied).
func eachDevice(m table.Model, root *etree.Element, tell func(el *etree.Element, c declaration)) {
	devices := root.SelectElement("devices")
	if devices == nil {
		return
	}
	all := map[*etree.Element]declaration{}
	findDeclarations(schema.Table.Attrs, root, m, "", all)
	for _, el := range devices.ChildElements() {
		if !isImplied(el) {
			tell(el, all[el])
		}
	}
}

// findDeclarations adds to all the elements that attributes describe, whether the attributes are set or not.
func findDeclarations(attrs []table.Attr, el *etree.Element, m table.Model, at string, all map[*etree.Element]declaration) {
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
				all[e] = declaration{at + a.Name + "[\"" + keys[j] + "\"]", all[e].isShown || set, m.Group(a.Name)[keys[j]] != nil}
			}
		case a.Type == table.Object:
			inner := el
			if a.Group != nil {
				inner = a.Group.Find(el)
			}
			if inner != nil {
				all[inner] = declaration{at + a.Name, all[inner].isShown || set, set}
				findDeclarations(a.Attrs, inner, m.Group(a.Name), at+a.Name+".", all)
			}
		}
	}
}

// isImplied reports whether a device needs no declaration, because it exposes nothing: libvirt (9.0) gives every domain some devices,
// virt-install and virt-manager add devices that serve a console, and this provider adds a random number generator.
func isImplied(el *etree.Element) bool {
	of := func(where xmlmodel.At, values ...string) bool { return slices.Contains(values, where.Text(el)) }
	switch el.Tag {
	case "emulator", "controller", "memballoon", "input", "sound", "audio", "video", "hub", "panic", "iommu":
		return true
	case "rng":
		return of("backend@model", "random", "builtin")
	case "watchdog":
		return of("@model", "itco")
	case "console": // the counterpart of the serial port
		return of("target@type", "serial", "")
	case "channel":
		return of("@type", "spicevmc", "spiceport", "qemu-vdagent", "dbus") || of("target@name", schema.AgentChannel)
	case "redirdev", "smartcard":
		return of("@type", "spicevmc")
	default:
		return false
	}
}
