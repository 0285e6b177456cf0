package schema

import "github.com/beevik/etree"

// LeaveSecurityLabels leaves to libvirt how a guest is confined, as far as libvirt has chosen it: the labels of a running guest name the
// security drivers of its host, and another host refuses a definition that names a driver which it does not have (libvirt 9.0: "Security driver
// model 'apparmor' is not available").
//
// https://libvirt.org/formatdomain.html#security-label
func LeaveSecurityLabels(domain *etree.Element) {
	for _, label := range domain.SelectElements("seclabel") {
		dynamic := label.SelectAttrValue("type", "dynamic") == "dynamic"
		if dynamic && label.SelectAttrValue("relabel", "yes") == "yes" && label.SelectElement("baselabel") == nil {
			domain.RemoveChild(label)
		}
	}
}
