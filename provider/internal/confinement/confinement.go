// Package confinement lifts the confinement of a stopped guest by AppArmor while libvirt merges its disks.
//
// libvirt merges the disks of a stopped guest with a QEMU that runs no guest. It gives that QEMU the AppArmor profile of a guest (libvirt
// 9.0 to 11.3, virt-aa-helper): it may write the top file of each disk, and a rule denies it to write the files below, into which libvirt
// merges. Rules of the host cannot permit what a rule denies.
package confinement

import (
	"slices"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// AppArmor is libvirt's name of the security driver.
const AppArmor = "apparmor"

// The mark of a definition whose confinement is lifted. The next run finds it if this one is killed meanwhile.
const (
	markSpace = "https://kvm-fleet.dev/xmlns/unconfined/1"
	markKey   = "k"
	markName  = "unconfined"
)

// Lift lifts the confinement of a stopped domain in its definition, if its host confines it with AppArmor. restore takes this back.
func Lift(l *libvirt.Libvirt, d libvirt.Domain) (restore func() error, err error) {
	nothing := func() error { return nil }
	models, err := hostinfo.SecurityModels(l)
	if err != nil || !slices.Contains(models, AppArmor) {
		return nothing, err
	}
	changed, err := redefine(l, d, lift)
	if err != nil || !changed {
		return nothing, err
	}
	return func() error { return Restore(l, d) }, nil
}

// Restore confines a domain again if its confinement was lifted.
func Restore(l *libvirt.Libvirt, d libvirt.Domain) error {
	_, err := l.DomainGetMetadata(d, int32(libvirt.DomainMetadataElement), libvirt.OptString{markSpace}, libvirt.DomainAffectConfig)
	if conn.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = redefine(l, d, restored)
	return err
}

// lift changes a definition; it reports false for a domain whose configuration says itself how it is confined.
func lift(domain *etree.Element) bool {
	for _, label := range domain.SelectElements("seclabel") {
		if model := label.SelectAttrValue("model", ""); model == AppArmor || model == "" {
			return false
		}
	}
	label := domain.CreateElement("seclabel")
	label.CreateAttr("type", "none")
	label.CreateAttr("model", AppArmor)
	mark := xmlmodel.Ensure(domain, "metadata").CreateElement(markKey + ":" + markName)
	mark.CreateAttr("xmlns:"+markKey, markSpace)
	return true
}

// restored takes back what lift has changed.
func restored(domain *etree.Element) bool {
	metadata := domain.SelectElement("metadata")
	if metadata == nil {
		return false
	}
	for _, el := range metadata.ChildElements() {
		if el.NamespaceURI() != markSpace {
			continue
		}
		xmlmodel.Drop(el)
		if len(metadata.ChildElements()) == 0 {
			xmlmodel.Drop(metadata)
		}
		for _, label := range domain.SelectElements("seclabel") {
			if label.SelectAttrValue("model", "") == AppArmor && label.SelectAttrValue("type", "") == "none" {
				xmlmodel.Drop(label)
			}
		}
		return true
	}
	return false
}

func redefine(l *libvirt.Libvirt, d libvirt.Domain, change func(domain *etree.Element) bool) (changed bool, err error) {
	text, err := l.DomainGetXMLDesc(d, libvirt.DomainXMLInactive|libvirt.DomainXMLSecure)
	if err != nil {
		return false, err
	}
	domain, err := xmlmodel.Parse(text)
	if err != nil || !change(domain) {
		return false, err
	}
	if text, err = xmlmodel.Text(domain); err != nil {
		return false, err
	}
	_, err = l.DomainDefineXMLFlags(text, 0)
	return err == nil, err
}
