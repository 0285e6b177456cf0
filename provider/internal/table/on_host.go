package table

import "github.com/hashicorp/terraform-plugin-go/tftypes"

// OnHost is what checks of a plan against its host know about a row.
type OnHost struct {
	Names      HostObject  // the value names such an object, which has to exist
	NUMANodes  bool        // the value is a set of NUMA nodes, which have to exist
	CPUs       bool        // the value is a set of the host's CPUs, which have to exist
	Capability *Capability // the value has to be one that the host's capabilities list
	Since      uint64      // the first libvirt that has the row: 10_001_000 is 10.1.0; 0: every version that is supported
	// ValuesSince are the first libvirt versions that can run a guest with single values.
	ValuesSince map[string]uint64
	Decides     Aspect // the aspect of the guest as a whole that the value, or the group, determines
	// ChosenFor are the attributes beside an OptionalComputed one for which the host chose its value: when one of them changes, the host
	// chooses a new value, unless the configuration sets it.
	ChosenFor []string
}

// HostObject is a kind of object on a host that attributes name.
type HostObject int

// The kinds of objects.
const (
	NoObject HostObject = iota
	NetworkOnHost
	FilterOnHost
	BridgeOnHost
	DeviceOnHost // a network device
	PoolOnHost
	VolumeOnHost // named by pool/name
	SecretOnHost
	PCIDeviceOnHost
	USBDeviceOnHost // named by vendor and product, or by bus and number
	MediatedDeviceOnHost
	FileOnHost // a file or a directory, named by its path
)

// Capability is an enumeration in the capabilities of a host. https://libvirt.org/formatdomaincaps.html
type Capability struct {
	What    string   // for messages: "disk bus"
	Enum    string   // libvirt's name of the enumeration
	Element []string // the elements that contain it
}

// Aspect is what a row determines about a guest as a whole.
type Aspect int

// A row determines nothing, the kind of machine that the guest is, or how much of the host it takes.
const (
	NoAspect Aspect = iota
	MachineKind
	MachineSize
)

// NewValue is a known text in a plan that the prior state does not have at this place.
type NewValue struct {
	Attr *Attr
	Path *tftypes.AttributePath
	Text string
}

// NewValues lists the new texts of the rows that want selects.
func NewValues(attrs []Attr, prior, plan Model, want func(*Attr) bool) []NewValue {
	return newValues(attrs, prior, plan, tftypes.NewAttributePath(), want)
}

func newValues(attrs []Attr, prior, plan Model, at *tftypes.AttributePath, want func(*Attr) bool) []NewValue {
	var found []NewValue
	for i := range attrs {
		a := &attrs[i]
		was, is, path := prior.Group(a.Name), plan.Group(a.Name), at.WithAttributeName(a.Name)
		switch {
		case a.Type == Object && is != nil:
			found = append(found, newValues(a.Attrs, was, is, path, want)...)
		case a.Type == Map:
			for _, key := range Keys(is) {
				if entry := is.Group(key); entry != nil {
					found = append(found, newValues(a.Attrs, was.Group(key), entry, path.WithElementKeyString(key), want)...)
				}
			}
		case a.Type == String && want(a):
			if text := plan.Str(a.Name); text != "" && text != prior.Str(a.Name) {
				found = append(found, NewValue{a, path, text})
			}
		}
	}
	return found
}

// Used is an attribute that a plan sets to something else than its default.
type Used struct {
	Attr *Attr
	Path *tftypes.AttributePath
}

// UsedValues lists the attributes that a model sets, of the rows that want selects.
func UsedValues(attrs []Attr, m Model, want func(*Attr) bool) []Used {
	return usedValues(attrs, m, tftypes.NewAttributePath(), want)
}

func usedValues(attrs []Attr, m Model, at *tftypes.AttributePath, want func(*Attr) bool) []Used {
	var found []Used
	for i := range attrs {
		a := &attrs[i]
		v, path := m[a.Name], at.WithAttributeName(a.Name)
		if v == nil || v == Unknown {
			continue
		}
		if want(a) && !Equal(v, a.Default) {
			found = append(found, Used{a, path})
		}
		switch group := m.Group(a.Name); {
		case a.Type == Object && group != nil:
			found = append(found, usedValues(a.Attrs, group, path, want)...)
		case a.Type == Map:
			for _, key := range Keys(group) {
				if entry := group.Group(key); entry != nil {
					found = append(found, usedValues(a.Attrs, entry, path.WithElementKeyString(key), want)...)
				}
			}
		}
	}
	return found
}
