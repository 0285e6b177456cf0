package schema

import (
	"fmt"
	"regexp"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// The types of labels.
const (
	dynamicLabel = "dynamic"
	staticLabel  = "static"
	noLabel      = "none"
)

// securityRows say how the host confines the guest. https://libvirt.org/formatdomain.html#security-label
var securityRows = []table.Attr{
	{
		Name: "seclabel", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: securityDriver, Entries: seclabelCodec{},
		Running: table.Running{UndoStart: undoSecurityLabels},
		Doc: "How the host's security drivers confine the guest, by the name of the driver: `selinux`, `apparmor`, `dac` (user and group of " +
			"QEMU). A driver without an entry gives each guest a label of its own.",
		Attrs: []table.Attr{
			{
				Name: "type", Type: table.String, Mode: table.Required, Enum: []string{dynamicLabel, staticLabel, noLabel},
				Change: table.NextBoot, XML: labelType,
				Doc: "`dynamic`, of `selinux` only: libvirt makes a label of `baselabel` at each start. " +
					"`static`: the guest has `label`. `none`: the driver does " +
					"not confine the guest.",
			},
			{
				Name: "label", Type: table.String, Mode: table.Optional, OnlyFor: []string{staticLabel}, Change: table.NextBoot,
				Check: securityLabel, XML: xmlmodel.At("label"),
				Doc: "The label of QEMU, which `static` requires: `system_u:system_r:svirt_t:s0:c1,c2`, `+1000:+1000`.",
			},
			{
				Name: "baselabel", Type: table.String, Mode: table.Optional, OnlyFor: []string{dynamicLabel}, Change: table.NextBoot,
				Check: securityLabel, XML: xmlmodel.At("baselabel"),
				Doc: "The context to which libvirt adds categories of the guest's own, which `dynamic` requires: " +
					"`system_u:system_r:svirt_t:s0`.",
			},
			{
				Name: "relabel", Type: table.Bool, Mode: table.Optional, OnlyFor: []string{staticLabel}, Default: false, Change: table.NextBoot,
				XML: relabel,
				Doc: "Whether libvirt gives the guest's disks and other files a `static` label at each start. It always does with `dynamic`.",
			},
			{
				Name: "reason", Type: table.String, Mode: table.Optional, OnlyFor: []string{noLabel}, Check: notEmpty,
				Doc: "Why the guest is not confined, which `none` requires. Each plan that creates or changes the domain shows it.",
			},
		},
	},
	{
		Name: "confined_by", Type: table.String, Mode: table.Computed,
		Doc: "What confines the running guest, as the host reports it: the security driver, the label, and whether the host enforces it " +
			"(`apparmor: libvirt-8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d01 (enforcing)`). Null if the guest is off, or the " +
			"host has neither SELinux nor AppArmor.",
	},
}

// diskLabelsRow says how a disk is labelled.
var diskLabelsRow = table.Attr{
	Name: "seclabel", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: securityDriver, Entries: diskLabelCodec{},
	Doc: "How the host's security drivers label the image, by the name of the driver. Without an entry it gets the guest's label at each start.",
	Attrs: []table.Attr{
		{
			Name: "relabel", Type: table.Bool, Mode: table.Optional, Default: true, Change: table.NextBoot, XML: diskRelabel,
			Doc: "Whether libvirt labels the image. If not, its label has to permit the guest's access already.",
		},
		{
			Name: "label", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: securityLabel, XML: xmlmodel.At("label"),
			Doc: "The label that the image gets. Unset: that of the guest.",
		},
	},
}

var driverForm = regexp.MustCompile(`^[a-z]+$`)

func securityDriver(v any) error {
	if s := v.(string); !driverForm.MatchString(s) {
		return fmt.Errorf("must be a security driver like \"apparmor\", got %q", s)
	}
	return nil
}

var labelForm = regexp.MustCompile(`^[A-Za-z0-9_.,:+/-]+$`)

func securityLabel(v any) error {
	if s := v.(string); !labelForm.MatchString(s) {
		return fmt.Errorf("must be a label like \"system_u:system_r:svirt_t:s0\", got %q", s)
	}
	return nil
}

// labelType removes with the type what only labels of that type have.
var labelType = xmlmodel.Func{
	R: xmlmodel.At("@type").Read,
	W: func(label *etree.Element, v any) {
		xmlmodel.At("@type").Write(label, v)
		label.RemoveAttr("relabel")
		for _, name := range []string{"label", "imagelabel", "baselabel"} {
			xmlmodel.Drop(label.SelectElement(name))
		}
	},
}

// relabel is in the XML of each label but 'none'. libvirt (9.0) refuses 'no' with a dynamic label.
var relabel = xmlmodel.Func{
	R: func(label *etree.Element) any {
		return label.SelectAttrValue("type", "") == staticLabel && label.SelectAttrValue("relabel", "") == "yes"
	},
	W: func(label *etree.Element, v any) {
		if label.RemoveAttr("relabel"); label.SelectAttrValue("type", "") == staticLabel {
			label.CreateAttr("relabel", yesNo(v == true))
		}
	},
}

var diskRelabel = xmlmodel.Func{
	R: func(label *etree.Element) any { return label.SelectAttrValue("relabel", "yes") == "yes" },
	W: func(label *etree.Element, v any) { label.CreateAttr("relabel", yesNo(v != false)) },
}

// seclabelCodec reads and writes the labels of a guest. One that libvirt chooses by itself is no entry: it is in the definition of a guest that
// has moved.
type seclabelCodec struct{}

func (seclabelCodec) Elements(domain *etree.Element) (keys []string, elements []*etree.Element) {
	for _, label := range domain.SelectElements("seclabel") {
		if model := label.SelectAttrValue("model", ""); model != "" && !isChosenLabel(label) {
			keys, elements = append(keys, model), append(elements, label)
		}
	}
	return keys, elements
}

func (seclabelCodec) Make(domain *etree.Element, driver string, _ table.Model) *etree.Element {
	for _, label := range domain.SelectElements("seclabel") {
		if label.SelectAttrValue("model", "") == driver {
			domain.RemoveChild(label)
		}
	}
	label := domain.CreateElement("seclabel")
	label.CreateAttr("type", dynamicLabel)
	label.CreateAttr("model", driver)
	return label
}

// isChosenLabel reports whether a label is what libvirt writes where nothing is set.
func isChosenLabel(label *etree.Element) bool {
	return label.SelectAttrValue("type", dynamicLabel) == dynamicLabel && label.SelectAttrValue("relabel", "yes") == "yes" &&
		label.SelectElement("baselabel") == nil
}

// diskLabelCodec reads and writes the labels of a disk, which are in its source.
type diskLabelCodec struct{}

func (diskLabelCodec) Elements(disk *etree.Element) (keys []string, elements []*etree.Element) {
	source := disk.SelectElement("source")
	if source == nil {
		return nil, nil
	}
	for _, label := range source.SelectElements("seclabel") {
		if model := label.SelectAttrValue("model", ""); model != "" {
			keys, elements = append(keys, model), append(elements, label)
		}
	}
	return keys, elements
}

func (diskLabelCodec) Make(disk *etree.Element, driver string, _ table.Model) *etree.Element {
	label := xmlmodel.Ensure(disk, "source").CreateElement("seclabel")
	label.CreateAttr("model", driver)
	return label
}

// LeaveSecurityLabels leaves to libvirt how a guest is confined, as far as libvirt has chosen it: the labels of a running guest name the
// security drivers of its host, and another host refuses a definition that names a driver which it does not have (libvirt 9.0: "Security driver
// model 'apparmor' is not available").
func LeaveSecurityLabels(domain *etree.Element) {
	for _, label := range domain.SelectElements("seclabel") {
		if isChosenLabel(label) {
			domain.RemoveChild(label)
		}
	}
}

// undoSecurityLabels removes the labels that libvirt (9.0) has made for the running guest, and its marks of images on file systems without labels.
func undoSecurityLabels(live, _ *etree.Element) {
	for _, label := range live.SelectElements("seclabel") {
		xmlmodel.Drop(label.SelectElement("imagelabel"))
		if label.SelectAttrValue("type", "") == dynamicLabel {
			xmlmodel.Drop(label.SelectElement("label"))
		}
	}
	for _, mark := range live.FindElements("devices/disk/source/seclabel[@labelskip='yes']") {
		xmlmodel.Drop(mark)
	}
}
