package volume

import (
	"fmt"
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
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

var format = xmlmodel.Func{
	R: storage.ReadFormat,
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
	RawXML.Patch(el, nil, plan)
	size, known := plan["capacity"].(int64)
	if full := plan["preallocation"] == "full" || poolKinds[pool].allocated; full && known {
		xmlmodel.At("allocation").Write(el, size)
	}
	if poolKinds[pool].partitions {
		xmlmodel.Drop(xmlmodel.Find(el, "target", "format"))
	}
	return xmlmodel.Text(el)
}

// poolProblems returns why a pool of a type cannot contain a volume; none if it can.
func poolProblems(plan table.Model, pool string) []table.Problem {
	problems, kind := table.NewProblems(), poolKinds[pool]
	switch {
	case kind.fixed:
		problems.Must("pool", "have a type in which volumes can be created, and %q has type %q, whose volumes are created in the storage "+
			"system; use the data source libvirt_volume for them", plan.Str("pool"), pool)
	case kind.raw && plan["format"] != "raw" && plan["format"] != table.Unknown:
		problems.Must("format", `be "raw" in pool %q of type %q, got %q; its volumes are not files`, plan.Str("pool"), pool, plan.Str("format"))
	case kind.copies != "" && plan["clone_from"] != nil:
		problems.Add("clone_from", "'clone_from' is not supported in pool %q of type %q, to which libvirt cannot copy a volume; %s",
			plan.Str("pool"), pool, kind.copies)
	case kind.raw && plan["encryption"] != nil && !kind.encrypted:
		problems.Add("encryption", "'encryption' is not supported in pool %q of type %q: libvirt encrypts only files; remove it, and "+
			"encrypt in the guest",
			plan.Str("pool"), pool)
	case plan[storage.Permissions] != nil && !kind.owned:
		problems.Add(storage.Permissions, "'permissions' is not supported in pool %q of type %q: libvirt gives its volumes no owner and no mode; "+
			"remove it", plan.Str("pool"), pool)
	}
	return problems.List()
}

func number(text string) any {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return n
}
