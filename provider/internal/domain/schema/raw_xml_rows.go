package schema

import (
	"fmt"
	"regexp"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// rawXMLRows are for what the table has no words for.
var rawXMLRows = []table.Attr{
	{Name: "xml", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: interfaceKey, Entries: rawXMLCodec{},
		Doc: "Elements of libvirt's XML that no attribute stands for, by a name of yours. Each is kept through every change, found again by all that is said in it, and taken out when it is taken away.",
		Attrs: []table.Attr{
			{Name: "under", Type: table.String, Mode: table.Optional, Default: "", Change: table.NextBoot, Check: underForm, XML: rawXMLUnder, Doc: "The path of the element that it stands in, below `domain`: `devices`, `cpu`, `features`. Empty: `domain` itself."},
			{Name: "element", Type: table.String, Mode: table.Required, Change: table.NextBoot, Check: oneElement, Same: sameXML, XML: rawXMLElement,
				Doc: "The element, spelled as libvirt gives it back: `<hub type=\"usb\"/>`. What libvirt adds to it is no difference. A prefix is declared in it: `<qemu:commandline xmlns:qemu=\"http://libvirt.org/schemas/domain/qemu/1.0\">`."},
		}},
}

var underName = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*(/[A-Za-z_][A-Za-z0-9_]*)*)?$`)

func underForm(v any) error {
	if s := v.(string); !underName.MatchString(s) {
		return fmt.Errorf("must be a path of elements below <domain> like devices or cpu/numa, got %q", s)
	}
	return nil
}
