package schema

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// interfaceCodec are keyed by the alias that the user's name became: libvirt keeps aliases that begin with "ua-" through every
// redefinition. One that has none, made by another tool, is known by its place.
type interfaceCodec struct{}

const aliasPrefix = "ua-"

// keyOf returns a device's key: its alias if a user chose it, otherwise its position.
func keyOf(device *etree.Element, place string) string {
	if name, ours := strings.CutPrefix(xmlmodel.At("alias@name").Text(device), aliasPrefix); ours {
		return name
	}
	return place
}

func (interfaceCodec) Elements(el *etree.Element) (keys []string, elements []*etree.Element) {
	for i, n := range xmlmodel.Ensure(el, "devices").SelectElements("interface") {
		keys, elements = append(keys, keyOf(n, fmt.Sprintf("net%d", i))), append(elements, n)
	}
	return keys, elements
}

// InterfaceElements returns the interfaces of a domain by their keys in `interfaces`.
func InterfaceElements(domain *etree.Element) (keys []string, elements []*etree.Element) {
	return interfaceCodec{}.Elements(domain)
}

// deviceKeys remembers what the devices are called that may be known by their place. Where one has moved up, because another was removed, keep
// gives it its name as an alias.
func deviceKeys(el *etree.Element) (keep func()) {
	devices := xmlmodel.Ensure(el, "devices")
	keepNIC, keepDIMM, keepHost := keepKeys(interfaceCodec{}, el), keepKeys(memoryDeviceCodec{}, el), keepKeys(hostdevCodec{}, devices)
	return func() {
		keepNIC()
		keepDIMM()
		keepHost()
	}
}

func keepKeys(all table.MapCodec, parent *etree.Element) (keep func()) {
	keys, elements := all.Elements(parent)
	return func() {
		now, there := all.Elements(parent)
		for i, el := range there {
			if was := slices.Index(elements, el); was >= 0 && keys[was] != now[i] {
				xmlmodel.At("alias@name").Write(el, aliasPrefix+keys[was])
			}
		}
	}
}

func (interfaceCodec) Make(el *etree.Element, key string, _ table.Model) *etree.Element {
	n := xmlmodel.Ensure(el, "devices").CreateElement("interface")
	n.CreateAttr("type", "network")
	n.CreateElement("alias").CreateAttr("name", aliasPrefix+key)
	return n
}

var modelForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func interfaceModel(v any) error {
	if s := v.(string); !modelForm.MatchString(s) {
		return fmt.Errorf("must be a model like virtio or e1000e, got %q", s)
	}
	return nil
}

// filterName checks the name of a filter. libvirt (9.0) does not escape it in the XML of a domain, and could not read that again.
func filterName(v any) error {
	if err := notEmpty(v); err != nil {
		return err
	}
	if s := v.(string); strings.ContainsAny(s, `"'<>&`) {
		return fmt.Errorf("must not contain quotes, '<', '>' or '&', which libvirt could not read back, got %q; choose another filter", s)
	}
	return table.ObjectName(v)
}

var listenForm = regexp.MustCompile(`^[A-Za-z0-9_.:%-]+$`)

func listenAddress(v any) error {
	if s := v.(string); !listenForm.MatchString(s) {
		return fmt.Errorf("must be an address or a name of the host, got %q", s)
	}
	return nil
}

func title(v any) error {
	if s := v.(string); s == "" || strings.Contains(s, "\n") {
		return fmt.Errorf("must be one line of text, got %q; use 'description' for more, or leave it out", s)
	}
	return nil
}

func notEmpty(v any) error {
	if v == "" {
		return errors.New("must not be empty; leave it out to have none")
	}
	return nil
}

// filter is the filter of an interface. Removing it removes its parameters.
var filter = xmlmodel.Whole{Element: "filterref", Attr: "filter"}
