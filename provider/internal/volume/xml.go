package volume

import (
	"fmt"

	"github.com/beevik/etree"

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
