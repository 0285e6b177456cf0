package hostinfo

import (
	"fmt"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// DefinitionRefusal returns the reason for which a host's libvirt would refuse to define a domain; "" if it would not, or does not say.
// Nothing is defined: the name has a line break, which libvirt checks after everything else.
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/qemu/qemu_driver.c, qemuDomainDefineXMLFlags
func DefinitionRefusal(l *libvirt.Libvirt, domain *etree.Element) (string, error) {
	text, err := xmlmodel.Text(anonymous(domain, "plan\n"))
	if err != nil {
		return "", err
	}
	return once(l, "define\n"+text, func() (string, error) {
		d, err := l.DomainDefineXMLFlags(text, 0)
		if err == nil { // no known libvirt does this
			return "", l.DomainUndefineFlags(d, libvirt.DomainUndefineNvram)
		}
		if conn.IsIllegalName(err) {
			return "", nil
		}
		return refusal(err)
	})
}

// StartRefusal returns the reason for which a host's libvirt could not start QEMU for a domain; "" if there is none, or libvirt does not say.
// libvirt makes QEMU's command line and does not run it.
func StartRefusal(l *libvirt.Libvirt, domain *etree.Element) (string, error) {
	text, err := xmlmodel.Text(withoutConnections(anonymous(domain, "plan")))
	if err != nil {
		return "", err
	}
	return once(l, "start\n"+text, func() (string, error) {
		_, err := l.ConnectDomainXMLToNative("qemu-argv", text, 0)
		return refusal(err)
	})
}

// refusal returns libvirt's message, unless the error is not about the definition.
func refusal(err error) (string, error) {
	message, isLibvirt := conn.Message(err)
	switch {
	case err == nil, conn.IsDenied(err), conn.IsUnsupported(err):
		return "", nil
	case !isLibvirt:
		return "", err
	default:
		return message, nil
	}
}

// anonymous returns a definition without what distinguishes one domain from another of its kind: libvirt is asked once for all of them.
func anonymous(domain *etree.Element, name string) *etree.Element {
	el := domain.Copy()
	for _, tag := range []string{"genid", "title", "description", "metadata"} {
		xmlmodel.Drop(el.SelectElement(tag))
	}
	if el.FindElement("sysinfo/system/entry[@name='uuid']") == nil { // libvirt compares the two
		xmlmodel.Drop(el.SelectElement("uuid"))
	}
	xmlmodel.At("name").Write(el, name)
	if nvram := xmlmodel.Find(el, "os", "nvram"); nvram != nil && nvram.Text() != "" {
		nvram.SetText("/nvram")
	}
	for _, nic := range el.FindElements("devices/interface") {
		xmlmodel.Drop(nic.SelectElement("mac"))
	}
	for i, source := range el.FindElements("devices/disk/source") {
		if source.SelectAttrValue("file", "") != "" {
			source.CreateAttr("file", fmt.Sprintf("/disk%d", i))
		}
	}
	return el
}

// withoutConnections returns a definition without what libvirt looks for on the host when it makes the command line, and which this apply may
// create: secrets and volumes of pools. libvirt (9.0) makes no command line for a PCI device that it has not prepared.
func withoutConnections(domain *etree.Element) *etree.Element {
	for _, device := range append(domain.FindElements("devices/hostdev"), domain.FindElements("devices/interface[@type='hostdev']")...) {
		xmlmodel.Drop(device)
	}
	for _, disk := range domain.FindElements("devices/disk") {
		for _, path := range []string{"auth", "encryption", "source/auth", "source/encryption"} {
			for _, el := range disk.FindElements(path) {
				xmlmodel.Drop(el)
			}
		}
		if source := disk.SelectElement("source"); source != nil && disk.SelectAttrValue("type", "") == "volume" {
			disk.CreateAttr("type", "file")
			source.Attr = nil
			source.CreateAttr("file", "/volume")
		}
	}
	return domain
}
