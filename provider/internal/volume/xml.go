package volume

import (
	"fmt"
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// libvirt gives sizes back in bytes and says so.
var capacity = xmlmodel.Func{
	R: xmlmodel.At("capacity").Read,
	W: func(el *etree.Element, v any) {
		c := xmlmodel.Ensure(el, "capacity")
		c.CreateAttr("unit", "bytes")
		c.SetText(fmt.Sprint(v))
		// Thin: a raw volume would have all its space taken at once, and then be written a second time.
		xmlmodel.At("allocation").Write(el, 0)
	},
}

// format is raw for what is no file, of which libvirt says nothing, or the type of a partition, and for the image of a CD.
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
		if v == "qcow2" { // libvirt makes the version before this otherwise, that of 2008 (libvirt 9.0)
			xmlmodel.At("target/compat").Write(el, "1.1")
		}
	},
}

// passphrase is a secret's UUID.
var passphrase = xmlmodel.Func{
	R: xmlmodel.At("secret@uuid").Read,
	W: func(el *etree.Element, v any) {
		xmlmodel.At("secret@type").Write(el, "passphrase")
		xmlmodel.At("secret@uuid").Write(el, v)
	},
}

// describe is the XML of a new volume in a pool of a type.
func describe(plan table.Model, pool string) (string, error) {
	el := etree.NewElement("volume")
	el.CreateElement("name").SetText(plan.Str("name"))
	xmlmodel.Patch(Table.Attrs, el, nil, plan)
	size, known := plan["capacity"].(int64)
	// Of a logical volume that is smaller than it says, libvirt makes a snapshot of nothing, which is lost when it is full.
	if whole := plan["preallocation"] == "full" || pool == "logical"; whole && known {
		xmlmodel.At("allocation").Write(el, size)
	}
	if pool == "disk" { // its formats are types of partitions
		xmlmodel.Drop(xmlmodel.Find(el, "target", "format"))
	}
	return xmlmodel.Text(el)
}

// raw are the types of pools whose volumes are no files that could have a format, and foreign those of them whose volumes are made elsewhere.
// https://libvirt.org/storage.html
var (
	raw     = map[string]bool{"logical": true, "disk": true, "rbd": true, "zfs": true, "sheepdog": true, "iscsi": true, "iscsi-direct": true, "scsi": true, "mpath": true}
	foreign = map[string]bool{"iscsi": true, "iscsi-direct": true, "scsi": true, "mpath": true}
)

// unfit says why a volume can't be in a pool of a type; nil where it can.
func unfit(plan table.Model, pool string) *table.Problem {
	name := func(attribute, format string, args ...any) *table.Problem {
		return &table.Problem{Path: root.WithAttributeName(attribute), Text: fmt.Sprintf("'%s' "+format, append([]any{attribute}, args...)...)}
	}
	switch {
	case foreign[pool]:
		return name("pool", "must be of a type that volumes can be made in, and %q is of type %q, whose volumes are made where it leads to; look one up with the data source libvirt_volume", plan.Str("pool"), pool)
	case raw[pool] && plan["format"] != "raw" && plan["format"] != table.Unknown:
		return name("format", `must be "raw" in pool %q of type %q, got %q; its volumes are no files`, plan.Str("pool"), pool, plan.Str("format"))
	case raw[pool] && plan["encryption"] != nil && pool != "rbd":
		return name("encryption", "can't be set in pool %q of type %q: libvirt encrypts files only; leave it out, and encrypt in the guest", plan.Str("pool"), pool)
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
