package migration

import (
	"fmt"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// shareDevice marks a block device as shared, or returns why it is not. A device is shared if both hosts have it from the same network
// storage, in pools of the same name. A device at the same path proves nothing: each host may have its own /dev/vg0/data.
func (d *disk) shareDevice(l *libvirt.Libvirt, pools map[string]poolInfo, request *Request) (finding string, err error) {
	why := fmt.Sprintf("is not in a storage pool of %s", request.From.Name)
	if name := d.source.pool; name != "" {
		why = fmt.Sprintf("is in pool %q, which only %s has", name, request.From.Name)
		home, err := readPool(l, name)
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
	return fmt.Sprintf("disks[%q] (%s) is a block device, which is not copied, and %s; set migration.storage = \"shared\" if %s has the same "+
		"device under the same path",
		d.target, d.file, why, request.To.Name), nil
}

func volumePath(l *libvirt.Libvirt, v volume) (string, error) {
	vol, err := find(l, v)
	if err != nil {
		return "", err
	}
	return l.StorageVolGetPath(vol)
}

// unreachableStorage returns why the other host cannot reach a network disk; "" if it can.
func unreachableStorage(el *etree.Element, request *Request) string {
	socket := el.FindElement("source/host[@transport='unix']")
	if socket == nil || request.Options.Storage == StorageShared {
		return ""
	}
	return fmt.Sprintf("disks[%q] uses a socket of %s (%s); set the address of the server instead, or set migration.storage = \"shared\" if %s "+
		"reaches the same storage through this socket",
		xmlmodel.At("target@dev").Text(el), request.From.Name, socket.SelectAttrValue("socket", ""), request.To.Name)
}
