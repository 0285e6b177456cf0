package schema

import (
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// firmwareChoice is the guest's firmware as a definition describes it.
//
// https://libvirt.org/formatdomain.html#bios-bootloader
type firmwareChoice struct {
	efi      bool
	secure   any    // nil: whatever libvirt chooses
	loader   string // "": libvirt chooses one
	template string // of the loader's variables
	nvram    string // where the domain keeps its variables; "": where libvirt does, or the rest of this file
}

const secureBoot = "secure-boot"

// choseFirmware reports whether libvirt has chosen the firmware. It writes its choice into the domain: libvirt 9.0 only while the guest runs,
// libvirt 11.3 for good, and then it also describes a loader of the configuration as its choice. Such a loader is marked: it states that it has
// variables.
func choseFirmware(os *etree.Element) bool {
	return os.SelectAttrValue("firmware", "") == "efi" && xmlmodel.At("loader@stateless").Text(os) != "no"
}

func firmwareOf(domain *etree.Element) firmwareChoice {
	var b firmwareChoice
	os := domain.SelectElement("os")
	if os == nil {
		return b
	}
	chosen := choseFirmware(os)
	if b.efi = chosen || xmlmodel.At("loader@type").Text(os) == "pflash"; !b.efi {
		return b
	}
	if !chosen {
		b.loader, b.template = xmlmodel.At("loader").Text(os), xmlmodel.At("nvram@template").Text(os)
	}
	if b.nvram = xmlmodel.At("nvram").Text(os); b.nvram == variablesOf(domain, false) || b.nvram == variablesOf(domain, true) {
		b.nvram = ""
	}
	if feature := os.FindElement("firmware/feature[@name='" + secureBoot + "']"); feature != nil {
		b.secure = feature.SelectAttrValue("enabled", "") == "yes"
	} else if is := xmlmodel.At("loader@secure").Read(os); is != nil || b.loader != "" {
		b.secure = is == any("yes")
	}
	return b
}

func variablesOf(domain *etree.Element, secure bool) string {
	return VariablesFile(xmlmodel.At("name").Text(domain), secure)
}

// put writes the choice into a definition.
func (b firmwareChoice) put(domain *etree.Element) {
	os := xmlmodel.Ensure(domain, "os")
	features := os.SelectElement("firmware")
	for _, name := range []string{"loader", "nvram", "firmware"} {
		xmlmodel.Drop(os.SelectElement(name))
	}
	os.RemoveAttr("firmware")
	if !b.efi {
		return
	}
	if b.loader == "" {
		os.CreateAttr("firmware", "efi")
		if b.secure != nil || features == nil {
			// Left to itself libvirt may choose one with secure boot on, which starts signed systems only.
			features = etree.NewElement("firmware")
			b.feature(features, "enrolled-keys", secureBoot)
		}
		os.AddChild(features)
	} else {
		xmlmodel.At("loader@readonly").Write(os, true)
		xmlmodel.At("loader@secure").Write(os, b.secure == true)
		xmlmodel.At("loader@type").Write(os, "pflash")
		xmlmodel.At("loader@stateless").Write(os, "no")
		xmlmodel.At("loader").Write(os, b.loader)
		if b.template != "" {
			xmlmodel.At("nvram@template").Write(os, b.template)
		}
		if b.secure == true { // which libvirt adds by itself only to a firmware that it has chosen
			xmlmodel.At("features/smm@state").Write(domain, "on")
		}
	}
	if b.nvram == "" && b.secure == true {
		b.nvram = variablesOf(domain, true)
	}
	if b.nvram != "" {
		xmlmodel.At("nvram").Write(os, b.nvram)
	}
}

func (b firmwareChoice) feature(firmware *etree.Element, names ...string) {
	for _, name := range names {
		if b.secure != true && name != secureBoot {
			continue // there may be keys: nothing asks for them
		}
		f := firmware.CreateElement("feature")
		f.CreateAttr("enabled", yesNo(b.secure == true))
		f.CreateAttr("name", name)
	}
}

// LeaveFirmware leaves the choice of the firmware in a definition to libvirt, if libvirt has made it: another host has other images, and an older
// libvirt (9.0) refuses a definition that has both the wish and the choice.
func LeaveFirmware(domain *etree.Element) {
	os := domain.SelectElement("os")
	if os != nil && os.SelectAttrValue("firmware", "") == "efi" && os.SelectElement("loader") != nil {
		firmwareOf(domain).put(domain)
	}
}

// firmwarePart is the codec of one attribute of the firmware. Writing one attribute writes all of them.
func firmwarePart(get func(firmwareChoice) any, set func(b *firmwareChoice, v any)) xmlmodel.Func {
	return xmlmodel.Func{
		R: func(el *etree.Element) any { return get(firmwareOf(el)) },
		W: func(el *etree.Element, v any) {
			b := firmwareOf(el)
			set(&b, v)
			b.put(el)
		},
	}
}

func textPart(of func(b *firmwareChoice) *string) xmlmodel.Func {
	return firmwarePart(
		func(b firmwareChoice) any { return textOrNil(*of(&b)) },
		func(b *firmwareChoice, v any) { *of(b), _ = v.(string) })
}

func textOrNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// firmware sets the kind of firmware and drops the settings of the previous kind.
var firmware = firmwarePart(
	func(b firmwareChoice) any {
		if b.efi {
			return "efi"
		}
		return "bios"
	},
	func(b *firmwareChoice, v any) { *b = firmwareChoice{efi: v == "efi", secure: false} })

var (
	secure = firmwarePart(func(b firmwareChoice) any { return b.secure }, func(b *firmwareChoice, v any) { b.secure = v == true })
	// Another loader may not understand the variables of this one. libvirt (11.3) writes the template of a loader even if the configuration has
	// none.
	loader = firmwarePart(
		func(b firmwareChoice) any { return textOrNil(b.loader) },
		func(b *firmwareChoice, v any) { b.loader, _ = v.(string); b.template = "" })
	nvramTemplate = textPart(func(b *firmwareChoice) *string { return &b.template })
	nvram         = textPart(func(b *firmwareChoice) *string { return &b.nvram })
)

// efi has no element of its own, and exists with UEFI only.
type efi struct{}

func (efi) Find(el *etree.Element) *etree.Element {
	if firmwareOf(el).efi {
		return el
	}
	return nil
}

func (efi) Make(el *etree.Element) *etree.Element { return el }

func (efi) Remove(el *etree.Element) {
	if firmwareOf(el).efi {
		firmwareChoice{efi: true, secure: false}.put(el)
	}
}

// impliedTemplate recognizes a template of the host's distribution, which libvirt (11.3) writes next to the loader that it belongs to.
func impliedTemplate(host any) bool { return strings.HasPrefix(host.(string), "/usr/share/") }

// impliedEFI recognizes settings that libvirt chose or that are the default.
func impliedEFI(group any) bool { return allUnsetOrFalse(group.(table.Model)) }

// undoFirmwareSelection: while the guest runs libvirt (9.0) shows the firmware that it has chosen in place of having been asked to.
func undoFirmwareSelection(live, defined *etree.Element) {
	os, asked := live.SelectElement("os"), defined.SelectElement("os")
	if os == nil || asked == nil || asked.SelectAttrValue("firmware", "") != "efi" || !firmwareOf(live).efi {
		return
	}
	// Only what it has chosen has these; older definitions, and those of others, may say nothing of it.
	if features := os.SelectElement("firmware"); (features != nil) == (asked.SelectElement("firmware") != nil) {
		os.CreateAttr("firmware", "efi")
		secure := xmlmodel.At("loader@secure")
		if firmwareOf(defined).secure == nil {
			secure.Write(os, nil)
		}
		if xmlmodel.At("nvram").Read(asked) == nil {
			xmlmodel.Drop(os.SelectElement("nvram"))
		}
		if xmlmodel.Find(defined, "features", "smm") == nil {
			xmlmodel.Drop(xmlmodel.Find(live, "features", "smm"))
		}
	}
}
