package snapshot

import (
	"fmt"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// checkMemory returns an error if the memory of a guest cannot be saved because it uses a resource of its host.
// libvirt (9.0) would only report that a migration is not supported.
func checkMemory(domain *etree.Element) error {
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
		return diag.New("create", "Remove it from the domain, or remove 'memory', or stop the domain.",
			"'memory' is not supported for a guest that has %s", what)
	}
	return nil
}
