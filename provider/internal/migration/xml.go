package migration

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// there is a domain's XML as its new host is to have it.
func there(source string, request *Request, disks []*disk) (string, error) {
	domain, err := xmlmodel.Parse(source)
	if err != nil {
		return "", err
	}
	byTarget := map[string]*disk{}
	for _, d := range disks {
		byTarget[d.target] = d
	}
	for _, el := range xmlmodel.Ensure(domain, "devices").SelectElements("disk") {
		d := byTarget[xmlmodel.At("target@dev").Text(el)]
		if d == nil || d.to == d.file || d.to == "" {
			continue
		}
		// The definition may name another file than the one in use; only what moved is corrected.
		if at := xmlmodel.At("source@file"); at.Read(el) == any(d.file) {
			at.Write(el, d.to)
		}
		xmlmodel.Drop(el.SelectElement("backingStore"))
	}
	note(domain, request.From.Name, disks)
	request.Adapt(domain)
	return xmlmodel.Text(domain)
}
