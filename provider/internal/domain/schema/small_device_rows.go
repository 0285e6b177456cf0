package schema

import (
	"fmt"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// virtioModels are the models of a virtio device.
var virtioModels = []string{"virtio", "virtio-transitional", "virtio-non-transitional", "none"}

// rngRow is the random number generator.
var rngRow = table.Attr{Name: "rng", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: rng{}, Implied: impliedRNG,
	Doc: "The random number generator. Unset: a new domain gets one with the host's `/dev/urandom`.",
	Attrs: []table.Attr{
		{
			Name: "model", Type: table.String, Mode: table.Optional, Default: "virtio", Enum: virtioModels,
			Change: table.NextBoot, XML: rngModel,
			Doc: "The model that the guest sees. `none`: no generator.",
		},
		{
			Name: "backend", Type: table.String, Mode: table.Optional, Default: "random",
			Enum: []string{"random", "builtin"}, Change: table.NextBoot, XML: rngBackend,
			Doc: "`random` is the host's `device`, `builtin` is QEMU's own generator.",
		},
		{
			Name: "device", Type: table.String, Mode: table.OptionalComputed,
			OnHost: table.OnHost{ChosenFor: []string{"backend", "model"}}, Change: table.NextBoot,
			Check: table.AbsolutePath, XML: rngDevice,
			Doc: "The host's device: `/dev/urandom`, `/dev/hwrng`. Unset: libvirt's choice.",
		},
		{
			Name: "rate_bytes", Type: table.Int, Mode: table.Optional, Change: table.NextBoot,
			Check: table.AtLeast(1, ""), XML: nested{"rate", xmlmodel.At("@bytes")},
			Doc: "How many bytes the guest gets in each `rate_period`. Unset: no limit.",
		},
		{
			Name: "rate_period", Type: table.Int, Mode: table.Optional, Change: table.NextBoot,
			Check: table.AtLeast(1, " ms"), XML: nested{"rate", xmlmodel.At("@period")},
			Doc: "The period, in milliseconds. Unset: 1000.",
		},
		pciAddressRow(),
	}}

// watchdogRow is the watchdog, which detects that the guest hangs.
var watchdogRow = table.Attr{
	Name: "watchdog", Type: table.Object, Mode: table.Optional, Change: table.NextBoot,
	Group: watchdog{xmlmodel.Element{"watchdog"}}, Implied: impliedWatchdog,
	Doc: "The watchdog, which acts when the guest hangs.",
	Attrs: []table.Attr{
		{
			Name: "model", Type: table.String, Mode: table.Required,
			Enum: []string{"i6300esb", "ib700", "diag288", "itco"}, Change: table.NextBoot, XML: watchdogModel,
			Doc: "The model that the guest sees: `i6300esb` on machines with PCI. libvirt 9.0 does not support `itco`.",
		},
		{
			Name: "action", Type: table.String, Mode: table.Optional, Default: "reset",
			Enum:   []string{"reset", "shutdown", "poweroff", "pause", "none", "dump", "inject-nmi"},
			Change: table.NextBoot, XML: withoutOwnWatchdog(xmlmodel.Func{R: xmlmodel.At("@action").Read, W: xmlmodel.At("@action").Write}),
			Doc: "What happens to a guest that hangs.",
		},
		pciAddressRow(),
	},
}

// vsockRow is the vsock device, which connects guest and host without a network.
var vsockRow = table.Attr{
	Name: "vsock", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: vsock{},
	Doc: "A socket between the guest and its host that needs no network.",
	Attrs: []table.Attr{
		{
			Name: "cid", Type: table.Int, Mode: table.Optional, Change: table.NextBoot,
			Check: table.Between(3, 4294967294), XML: vsockCID,
			Doc: "The address of the guest (CID). Unset: libvirt chooses a free one at each start.",
		},
		pciAddressRow(),
	},
}

// panicRow is the panic device, with which the guest reports a crash.
var panicRow = table.Attr{
	Name: "panic", Type: table.Object, Mode: table.Optional, Change: table.NextBoot,
	Group: xmlmodel.Element{"panic"},
	Doc:   "The device by which the guest reports that its system crashed.",
	Attrs: []table.Attr{
		{
			Name: "model", Type: table.String, Mode: table.Required,
			Enum: []string{"isa", "hyperv", "pseries", "s390", "pvpanic"}, Change: table.NextBoot,
			XML: busDevice("model"),
			Doc: "`isa` for Linux on x86, `hyperv` for Windows.",
		},
	},
}

// balloonRow is the memory balloon, which changes the guest's memory while it runs.
var balloonRow = table.Attr{
	Name: "balloon", Type: table.Object, Mode: table.Optional, Change: table.NextBoot,
	Group: xmlmodel.Element{"memballoon"}, Implied: impliedBalloon,
	Doc: "The memory balloon, by which the guest's memory changes while it runs. Unset: `virtio`.",
	Attrs: []table.Attr{
		{
			Name: "model", Type: table.String, Mode: table.Optional, Default: "virtio", Enum: virtioModels,
			Change: table.NextBoot, XML: balloonModel,
			Doc: "The model that the guest sees. `none`: the memory cannot change.",
		},
		{
			Name: "autodeflate", Type: table.Bool, Mode: table.Optional, Change: table.NextBoot,
			XML: switched("@autodeflate"),
			Doc: "Whether the balloon returns memory before the guest kills a process for lack of memory.",
		},
		{
			Name: "free_page_reporting", Type: table.Bool, Mode: table.Optional, Change: table.NextBoot,
			XML: switched("@freePageReporting"),
			Doc: "Whether the guest reports unused memory, so that the host can use it.",
		},
		{
			Name: "stats_period", Type: table.Int, Mode: table.Optional, Change: table.NextBoot,
			Check: table.AtLeast(1, " s"), XML: nested{"stats", xmlmodel.At("@period")},
			Doc: "The interval of the guest's memory statistics, in seconds. Unset: no statistics.",
		},
		pciAddressRow(),
	},
}

var soundRow = table.Attr{
	Name: "sound", Type: table.String, Mode: table.Optional,
	Enum: []string{"ich9", "ich7", "ich6", "ac97", "es1370", "sb16", "usb"}, Change: table.NextBoot,
	XML: soundModel,
	Doc: "The sound card that the guest sees. Unset: none.",
}

var tabletRow = table.Attr{
	Name: "tablet", Type: table.String, Mode: table.Optional, Enum: []string{"usb", "virtio"},
	Change: table.NextBoot, XML: tabletBus,
	Doc: "The bus of a tablet, which aligns the pointer of a graphical console with the viewer's. Unset: no tablet.",
}

func impliedBalloon(host any) bool { return table.Equal(host, table.Model{"model": "virtio"}) }

// impliedRNG recognizes the generator that a new domain gets, and a domain without one.
func impliedRNG(host any) bool {
	return table.Equal(host, table.Model{"model": "virtio", "backend": "random", "device": "/dev/urandom"}) || host.(table.Model)["model"] == "none"
}

// rng exists even without an element: then its model is "none", which libvirt does not have.
type rng struct{}

func (rng) Find(devices *etree.Element) *etree.Element {
	if el := devices.SelectElement("rng"); el != nil {
		return el
	}
	none := etree.NewElement("rng")
	none.CreateAttr("model", "none")
	return none
}

func (rng) Make(devices *etree.Element) *etree.Element { return xmlmodel.Ensure(devices, "rng") }

func (rng) Remove(devices *etree.Element) { xmlmodel.Drop(devices.SelectElement("rng")) }

var rngModel = xmlmodel.Func{
	R: xmlmodel.At("@model").Read,
	W: func(el *etree.Element, v any) {
		if v == "none" {
			xmlmodel.Drop(el)
		}
		busDevice("model").Write(el, v)
	},
}

var rngBackend = xmlmodel.Func{
	R: func(el *etree.Element) any {
		if el.SelectAttrValue("model", "") == "none" {
			return "random"
		}
		return xmlmodel.At("backend@model").Read(el)
	},
	W: func(el *etree.Element, v any) {
		xmlmodel.Drop(el.SelectElement("backend"))
		xmlmodel.At("backend@model").Write(el, v)
	},
}

var rngDevice = xmlmodel.Func{
	R: func(el *etree.Element) any {
		if xmlmodel.At("backend@model").Text(el) == "random" {
			return xmlmodel.At("backend").Read(el)
		}
		return nil
	},
	W: func(el *etree.Element, v any) {
		backend := xmlmodel.Ensure(el, "backend")
		backend.Child = nil
		if v != nil && backend.SelectAttrValue("model", "") == "random" {
			backend.SetText(fmt.Sprint(v))
		}
	},
}

// busDevice is the model of a device. Another model can be on another bus, so its address is removed.
func busDevice(attr xmlmodel.At) xmlmodel.Func {
	at := "@" + attr
	return xmlmodel.Func{R: at.Read, W: func(el *etree.Element, v any) {
		at.Write(el, v)
		xmlmodel.Drop(el.SelectElement("address"))
	}}
}

// balloonModel removes all settings of the balloon with its model.
var balloonModel = xmlmodel.Func{
	R: xmlmodel.At("@model").Read,
	W: func(el *etree.Element, v any) {
		if v == "none" {
			el.Attr, el.Child = nil, nil
		}
		busDevice("model").Write(el, v)
	},
}

type vsock struct{}

func (vsock) Find(devices *etree.Element) *etree.Element { return devices.SelectElement("vsock") }

func (vsock) Remove(devices *etree.Element) { xmlmodel.Drop(devices.SelectElement("vsock")) }

func (v vsock) Make(devices *etree.Element) *etree.Element {
	if el := v.Find(devices); el != nil {
		return el
	}
	el := devices.CreateElement("vsock")
	el.CreateAttr("model", "virtio")
	xmlmodel.At("cid@auto").Write(el, true)
	return el
}

// vsockCID is the configured CID; one that libvirt chose for this run is not part of the configuration.
var vsockCID = xmlmodel.Func{
	R: func(el *etree.Element) any {
		if xmlmodel.At("cid@auto").Text(el) == "yes" {
			return nil
		}
		return xmlmodel.At("cid@address").Read(el)
	},
	W: func(el *etree.Element, v any) {
		xmlmodel.At("cid@auto").Write(el, v == nil)
		xmlmodel.At("cid@address").Write(el, v)
	},
}

// soundModel is the model of the sound card, its only attribute.
var soundModel = xmlmodel.Func{
	R: xmlmodel.At("sound@model").Read,
	W: func(devices *etree.Element, v any) {
		there := devices.SelectElement("sound")
		if v == nil {
			xmlmodel.Drop(there)
			return
		}
		if there != nil { // each model has a codec, an address and a bus of its own
			there.Child = nil
		}
		xmlmodel.At("sound@model").Write(devices, v)
	},
}

var tabletBus = xmlmodel.Func{
	R: func(devices *etree.Element) any {
		if el := findTablet(devices); el != nil {
			return el.SelectAttrValue("bus", "usb")
		}
		return nil
	},
	W: func(devices *etree.Element, v any) {
		there := findTablet(devices)
		if v == nil {
			xmlmodel.Drop(there)
			return
		}
		if there == nil {
			there = devices.CreateElement("input")
			there.CreateAttr("type", "tablet")
		}
		busDevice("bus").Write(there, v)
	},
}

func findTablet(devices *etree.Element) *etree.Element {
	for _, input := range devices.SelectElements("input") {
		if input.SelectAttrValue("type", "") == "tablet" {
			return input
		}
	}
	return nil
}
