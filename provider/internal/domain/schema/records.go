package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// AddRecords returns a definition with the records that this provider keeps in its metadata: of what the plan sets, and of its rolling group. soon
// is what the same apply is about to set in another way; nil if there is nothing.
func AddRecords(xml string, prior, plan, soon table.Model) (string, error) {
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return "", err
	}
	written, rollout := recordWritten(root, prior, plan, soon), recordRollout(root, plan)
	if !written && !rollout {
		return xml, nil
	}
	return xmlmodel.Text(root)
}

// record returns the element in which this provider keeps a record in a definition; nil if there is none.
func record(domain *etree.Element, namespace string) *etree.Element {
	if metadata := domain.SelectElement("metadata"); metadata != nil {
		for _, el := range metadata.ChildElements() {
			if el.NamespaceURI() == namespace {
				return el
			}
		}
	}
	return nil
}

// newRecord adds the element of a record.
func newRecord(domain *etree.Element, prefix, tag, namespace string) *etree.Element {
	el := xmlmodel.Ensure(domain, "metadata").CreateElement(prefix + ":" + tag)
	el.CreateAttr("xmlns:"+prefix, namespace)
	return el
}

// drop removes a record, and the metadata of a definition if nothing else is in it.
func drop(domain, record *etree.Element) {
	xmlmodel.Drop(record)
	if metadata := domain.SelectElement("metadata"); metadata != nil && len(metadata.ChildElements()) == 0 {
		xmlmodel.Drop(metadata)
	}
}
