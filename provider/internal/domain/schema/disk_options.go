package schema

import (
	"fmt"
	"regexp"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// optionRows are the options that most disks do not set.
var optionRows = []table.Attr{
	{
		Name: "io", Type: table.String, Mode: table.Optional, Enum: []string{"native", "threads", "io_uring"},
		Change: table.NextBoot, XML: xmlmodel.At("driver@io"),
		Doc: "How QEMU reads and writes. `native` requires `cache` to be `none` or `directsync`. Unset: QEMU's own choice, `threads`.",
	},
	{
		Name: "discard", Type: table.String, Mode: table.Optional, Enum: []string{"unmap", "ignore"},
		Change: table.NextBoot, XML: xmlmodel.At("driver@discard"),
		Doc: "Whether space that the guest trims is released on the host. Unset: `ignore`.",
	},
	{
		Name: "detect_zeroes", Type: table.String, Mode: table.Optional, Enum: []string{"off", "on", "unmap"},
		Change: table.NextBoot, XML: xmlmodel.At("driver@detect_zeroes"),
		Doc: "Whether QEMU detects zeroes that the guest writes and does not store them. `unmap` requires `discard` to be " +
			"`unmap`. Unset: QEMU stores them.",
	},
	{Name: "queues", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.AtLeast(1, ""), XML: xmlmodel.At("driver@queues"),
		Doc: "The number of queues, on bus `virtio`. Unset: QEMU's own choice, one for each virtual CPU."},
	{Name: "iothread", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.AtLeast(1, ""),
		XML: xmlmodel.At("driver@iothread"),
		Doc: "The I/O thread of the disk, on bus `virtio`: a key of `cputune.iothreads`. Unset: QEMU's main thread."},
	{Name: "serial", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: serialNumber, XML: xmlmodel.At("serial"),
		Doc: "The serial number that the guest sees, for example in `/dev/disk/by-id`. A guest may see only the first 20 characters."},
	{
		Name: "read_only", Type: table.Bool, Mode: table.Optional, Default: false, CostOf: falseIsUnset,
		CostDoc: nextStart,
		XML:     readOnly,
		Doc:     "Whether the guest can only read the disk. A cdrom is always read-only.",
	},
	{
		Name: "shareable", Type: table.Bool, Mode: table.Optional, Default: false, CostOf: falseIsUnset,
		CostDoc: nextStart,
		XML:     shareable,
		Doc: "Whether several guests can have the disk at the same time. They must coordinate their writes, as cluster " +
			"file systems do. It requires `format` to be `raw`.",
	},
	diskLabelsRow,
}

// ownElementlessGroup is a group without an element of its own: it is always there, and Implied where nothing is set.
type ownElementlessGroup struct{ rows []table.Attr }

func (ownElementlessGroup) Find(parent *etree.Element) *etree.Element { return parent }

func (ownElementlessGroup) Make(parent *etree.Element) *etree.Element { return parent }

func (w ownElementlessGroup) Remove(parent *etree.Element) {
	xmlmodel.Patch(w.rows, parent, xmlmodel.Read(w.rows, parent), nil)
}

// falseIsUnset treats an explicit false and an unset value as equal.
func falseIsUnset(c table.ValueChange) table.Cost {
	if isUnsetOrFalse(c.Was) && isUnsetOrFalse(c.Is) {
		return table.Live
	}
	return table.NextBoot
}

func isUnsetOrFalse(v any) bool { return v == nil || v == false }

// allUnsetOrFalse reports whether a group sets nothing that differs from a default.
func allUnsetOrFalse(group any) bool {
	for _, v := range group.(table.Model) {
		if !isUnsetOrFalse(v) {
			return false
		}
	}
	return true
}

var serialForm = regexp.MustCompile(`^[A-Za-z0-9_.+ -]+$`)

func serialNumber(v any) error {
	if s := v.(string); !serialForm.MatchString(s) {
		return fmt.Errorf("must be letters, digits, '_', '.', '+', '-' and spaces, got %q", s)
	}
	return nil
}

// readOnly ignores the <readonly/> of a cdrom, which libvirt writes into every one.
var readOnly = xmlmodel.Func{
	R: func(disk *etree.Element) any {
		return disk.SelectElement("readonly") != nil && disk.SelectAttrValue("device", "") != "cdrom"
	},
	W: func(disk *etree.Element, v any) {
		if v == true {
			xmlmodel.Ensure(disk, "readonly")
		} else if disk.SelectAttrValue("device", "") != "cdrom" {
			xmlmodel.Drop(disk.SelectElement("readonly"))
		}
	},
}

var shareable = xmlmodel.Func{
	R: func(disk *etree.Element) any { return disk.SelectElement("shareable") != nil },
	W: func(disk *etree.Element, v any) {
		if v == true {
			xmlmodel.Ensure(disk, "shareable")
			return
		}
		xmlmodel.Drop(disk.SelectElement("shareable"))
	},
}

// undoSharedCache removes the cache mode that libvirt (9.0) records in the running guest for a shareable disk without one: such a disk is
// not cached.
func undoSharedCache(live, defined *etree.Element) {
	keys, disks := diskCodec{}.Elements(defined)
	for i, key := range keys {
		asked := xmlmodel.At("driver@cache").Read(disks[i]) != nil
		now := live.FindElement("devices/disk/target[@dev='" + key + "']/..")
		if now != nil && !asked && shareable.Read(now) == true {
			xmlmodel.At("driver@cache").Write(now, nil)
		}
	}
}
