package migration

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// targetXML returns a domain's XML for its new host.
func (s *inspection) targetXML(source string, request *Request) (string, error) {
	domain, err := xmlmodel.Parse(source)
	if err != nil {
		return "", err
	}
	byTarget := map[string]*disk{}
	for _, d := range s.disks {
		byTarget[d.target] = d
	}
	for _, el := range xmlmodel.Ensure(domain, "devices").SelectElements("disk") {
		d := byTarget[xmlmodel.At("target@dev").Text(el)]
		if d == nil || d.to == d.file || d.to == "" {
			continue
		}
		// The definition may name another file than the one in use; only the file that moved is replaced.
		if at := xmlmodel.At("source@file"); at.Read(el) == any(d.file) {
			at.Write(el, d.to)
		}
		xmlmodel.Drop(el.SelectElement("backingStore"))
	}
	schema.DropOwnWatchdog(domain)
	schema.LeaveFirmware(domain)
	schema.LeaveSecurityLabels(domain)
	recordSources(domain, request.From.Name, s.disks)
	if err := recordCheckpoints(domain, s.checkpoints); err != nil {
		return "", err
	}
	request.Adapt(domain)
	return xmlmodel.Text(domain)
}
