package volume

import (
	"fmt"
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// capacity writes the capacity in bytes and no allocation. libvirt reports sizes in bytes.
var capacity = xmlmodel.Func{
	R: xmlmodel.At("capacity").Read,
	W: func(el *etree.Element, v any) {
		c := xmlmodel.Ensure(el, "capacity")
		c.CreateAttr("unit", "bytes")
		c.SetText(fmt.Sprint(v))
		// Without this, libvirt would allocate all space of a raw volume, which is then written a second time.
		xmlmodel.At("allocation").Write(el, 0)
	},
}

// format reads raw for a CD image, and for volumes that are not files: libvirt reports no format for them, or the type of a partition.
var format = xmlmodel.Func{
	R: func(el *etree.Element) any {
		of, is := xmlmodel.At("@type").Text(el), xmlmodel.At("target/format@type").Read(el)
		if of == "block" || of != "" && is == nil || is == "iso" {
			return "raw"
		}
		return is
	},
	W: func(el *etree.Element, v any) {
		xmlmodel.At("target/format@type").Write(el, v)
		if v == "qcow2" { // the default of libvirt (9.0) is the older version of 2008
			xmlmodel.At("target/compat").Write(el, "1.1")
		}
	},
}

// passphrase reads and writes the UUID of the secret.
var passphrase = xmlmodel.Func{
	R: xmlmodel.At("secret@uuid").Read,
	W: func(el *etree.Element, v any) {
		xmlmodel.At("secret@type").Write(el, "passphrase")
		xmlmodel.At("secret@uuid").Write(el, v)
	},
}

// volumeXML returns the XML of a new volume for a pool type.
func volumeXML(plan table.Model, pool string) (string, error) {
	el := etree.NewElement("volume")
	el.CreateElement("name").SetText(plan.Str("name"))
	xmlmodel.Patch(Table.Attrs, el, nil, plan)
	size, known := plan["capacity"].(int64)
	// For a logical volume with less allocation than capacity, libvirt creates a snapshot volume, which becomes invalid when it is full.
	if full := plan["preallocation"] == "full" || pool == "logical"; full && known {
		xmlmodel.At("allocation").Write(el, size)
	}
	if pool == "disk" { // its formats are partition types
		xmlmodel.Drop(xmlmodel.Find(el, "target", "format"))
	}
	return xmlmodel.Text(el)
}

// rawTypes are the pool types whose volumes are not files and have no format. fixedTypes are those of them whose volumes libvirt cannot
// create. https://libvirt.org/storage.html
var (
	rawTypes = map[string]bool{"logical": true, "disk": true, "rbd": true, "zfs": true, "sheepdog": true, "iscsi": true, "iscsi-direct": true,
		"scsi": true, "mpath": true}
	fixedTypes = map[string]bool{"iscsi": true, "iscsi-direct": true, "scsi": true, "mpath": true}
)

// poolProblem returns why a pool of a type cannot contain a volume; nil if it can.
func poolProblem(plan table.Model, pool string) *table.Problem {
	name := func(attribute, format string, args ...any) *table.Problem {
		return &table.Problem{Path: root.WithAttributeName(attribute), Text: fmt.Sprintf("'%s' "+format, append([]any{attribute}, args...)...)}
	}
	switch {
	case fixedTypes[pool]:
		return name("pool", "must have a type in which volumes can be created, and %q has type %q, whose volumes are created in the storage "+
			"system; use the data source libvirt_volume for them", plan.Str("pool"), pool)
	case rawTypes[pool] && plan["format"] != "raw" && plan["format"] != table.Unknown:
		return name("format", `must be "raw" in pool %q of type %q, got %q; its volumes are not files`, plan.Str("pool"), pool, plan.Str("format"))
	case rawTypes[pool] && plan["encryption"] != nil && pool != "rbd":
		return name("encryption", "is not supported in pool %q of type %q: libvirt encrypts only files; remove it, and encrypt in the guest",
			plan.Str("pool"), pool)
	}
	return nil
}

func number(text string) any {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return n
}
