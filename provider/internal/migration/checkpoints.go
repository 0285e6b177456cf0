package migration

import (
	"context"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Checkpoints mark from when on an incremental backup copies what was written. libvirt (9.0) moves their bitmaps with the disks, and forgets the
// checkpoints themselves. So they travel in the metadata of the domain, and are defined again on the new host, also by an attempt that continues
// an interrupted one.
// https://libvirt.org/formatcheckpoint.html
const checkpointsSpace = "https://kvm-fleet.dev/xmlns/checkpoints/1"

// withoutDomain leaves the definition of the domain out of the XML of a checkpoint (VIR_DOMAIN_CHECKPOINT_XML_NO_DOMAIN).
const withoutDomain = 2

// readCheckpoints returns the XML of the checkpoints of a domain, parents first.
func readCheckpoints(l *libvirt.Libvirt, d libvirt.Domain) (checkpoints []string, err error) {
	list, err := snapshot.Checkpoints(l, d)
	for _, c := range list {
		text, err := l.DomainCheckpointGetXMLDesc(c, withoutDomain)
		if err != nil {
			return nil, err
		}
		checkpoints = append(checkpoints, text)
	}
	return checkpoints, err
}

// recordCheckpoints writes the checkpoints into a domain's XML.
func recordCheckpoints(domain *etree.Element, checkpoints []string) error {
	if len(checkpoints) == 0 {
		return nil
	}
	list := etree.NewElement("checkpoints")
	list.CreateAttr("xmlns", checkpointsSpace)
	for _, text := range checkpoints {
		el, err := xmlmodel.Parse(text)
		if err != nil {
			return err
		}
		list.AddChild(el)
	}
	xmlmodel.Ensure(domain, "metadata").AddChild(list)
	return nil
}

// restoreCheckpoints defines the checkpoints of a domain that has arrived, and removes them from its metadata.
func restoreCheckpoints(ctx context.Context, r *Request) error {
	return r.To.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := l.DomainLookupByUUID(r.UUID)
		if err != nil {
			return err
		}
		text, err := l.DomainGetMetadata(d, int32(libvirt.DomainMetadataElement), libvirt.OptString{checkpointsSpace}, libvirt.DomainAffectConfig)
		if conn.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		list, err := xmlmodel.Parse(text)
		if err != nil {
			return err
		}
		for _, el := range list.ChildElements() {
			text, err := xmlmodel.Text(el)
			if err == nil {
				_, err = l.DomainCheckpointCreateXML(d, text, uint32(libvirt.DomainCheckpointCreateRedefine))
			}
			if err != nil {
				return err
			}
		}
		return setMetadata(l, d, nil, "checkpoints", checkpointsSpace)
	})
}
