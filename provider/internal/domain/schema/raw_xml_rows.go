package schema

import (
	"fmt"
	"regexp"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// rawXMLRows are for what the table has no words for.
var rawXMLRows = []table.Attr{
	{
		Name: "xml", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: interfaceKey,
		Entries: rawXMLCodec{},
		Doc: "Elements of libvirt's XML that no attribute stands for, by a name of your choice. Every change keeps them. " +
			"An element is recognized by all its content, and removed with its entry.",
		Attrs: []table.Attr{
			{
				Name: "under", Type: table.String, Mode: table.Optional, Default: "", Change: table.NextBoot,
				Check: underForm, XML: rawXMLUnder,
				Doc: "The path of the parent element, below `domain`: `devices`, `cpu`, `features`. Empty: `domain` itself.",
			},
			{
				Name: "element", Type: table.String, Mode: table.Required, Change: table.NextBoot, Check: oneElement,
				Same: sameXML, XML: rawXMLElement,
				Doc: "The element, as libvirt returns it: `<hub type=\"usb\"/>`. Additions by libvirt are not a difference. The " +
					"element declares its prefixes: `<qemu:commandline " +
					"xmlns:qemu=\"http://libvirt.org/schemas/domain/qemu/1.0\">`.",
			},
		},
	},
}

var underName = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*(/[A-Za-z_][A-Za-z0-9_]*)*)?$`)

func underForm(v any) error {
	if s := v.(string); !underName.MatchString(s) {
		return fmt.Errorf("must be a path of elements below <domain> like devices or cpu/numa, got %q", s)
	}
	return nil
}
