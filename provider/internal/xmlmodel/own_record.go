package xmlmodel

import (
	"strings"

	"github.com/beevik/etree"
)

// OwnNamespaces is the prefix of the namespaces in which this provider keeps records in the metadata of an object.
const OwnNamespaces = "https://kvm-fleet.dev/xmlns/"

// HasOwnRecord reports whether the metadata of an object has a record of this provider.
func HasOwnRecord(object *etree.Element) bool {
	for _, el := range object.FindElements("metadata/*") {
		if strings.HasPrefix(el.NamespaceURI(), OwnNamespaces) {
			return true
		}
	}
	return false
}
