package snapshot

import (
	"fmt"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// held is why the memory of a guest can't be kept: it has something of its host that can't be kept with it. libvirt (9.0) says of it only that
// a migration is not supported. nil where nothing is in the way.
func held(domain *etree.Element) error {
	devices := domain.SelectElement("devices")
	if devices == nil {
		return nil
	}
	for _, el := range devices.ChildElements() {
		at := func(where string) string { return xmlmodel.At(where).Text(el) }
		what := ""
		switch {
		case el.Tag == "hostdev" && at("@type") != "usb":
			what = fmt.Sprintf("a device of its host (%s)", at("@type"))
		case el.Tag == "filesystem" && at("driver@type") == "virtiofs":
			what = fmt.Sprintf("a directory of its host (%s)", at("source@dir"))
		case el.Tag == "tpm" && at("backend@type") == "passthrough":
			what = "the TPM of its host"
		default:
			continue
		}
		return diag.New("create", "Take that out of the domain, or take 'memory' out, or stop the domain.", "'memory' can't be kept of a guest that has %s", what)
	}
	return nil
}
