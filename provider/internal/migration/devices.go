package migration

import (
	"fmt"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// stays says why a block device can't stay where it is, as it can where both hosts have it from the same storage on the network, in pools of
// one name. A device of that path is no proof: /dev/vg0/data may be any host's own.
func (d *disk) stays(l *libvirt.Libvirt, pools map[string]place, request *Request) (finding string, err error) {
	why := fmt.Sprintf("is in no storage pool of %s", request.From.Name)
	if name := d.source.pool; name != "" {
		why = fmt.Sprintf("is in pool %q, which only %s has", name, request.From.Name)
		home, err := lookAtPool(l, name)
		if err != nil && !conn.IsNotFound(err) && !conn.IsInactive(err) {
			return "", err
		}
		if err == nil && home.origin != "" && home.origin == pools[name].origin {
			file, err := volumePath(l, d.source)
			if err != nil && !conn.IsNotFound(err) {
				return "", err
			}
			if file == d.file {
				d.shared, d.to = true, d.file
				return "", nil
			}
			why = fmt.Sprintf("is volume %q of pool %q, which %s does not have under the same path", d.source.name, name, request.To.Name)
		}
	}
	return fmt.Sprintf("disks[%q] (%s) is a block device, which is not copied, and %s; say migration.storage = \"shared\" if %s has the same device under the same path",
		d.target, d.file, why, request.To.Name), nil
}

func volumePath(l *libvirt.Libvirt, v volume) (string, error) {
	vol, err := find(l, v)
	if err != nil {
		return "", err
	}
	return l.StorageVolGetPath(vol)
}

// confined says why storage on the network can't be reached from the other host.
func confined(el *etree.Element, request *Request) string {
	socket := el.FindElement("source/host[@transport='unix']")
	if socket == nil || request.Options.Storage == StorageShared {
		return ""
	}
	return fmt.Sprintf("disks[%q] is reached through a socket of %s (%s); give it the server's address, or say migration.storage = \"shared\" if %s reaches the same through such a socket",
		xmlmodel.At("target@dev").Text(el), request.From.Name, socket.SelectAttrValue("socket", ""), request.To.Name)
}
