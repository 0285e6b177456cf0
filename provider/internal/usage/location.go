package usage

import (
	"path"
	"regexp"
	"strings"

	"github.com/beevik/etree"
)

// unit matches libvirt's name of a unit of an iSCSI target, both as a volume of an iscsi-direct pool and as a device
// of the host.
var unit = regexp.MustCompile(`^(?:/dev/disk/by-path/)?ip-.+-iscsi-(.+)-lun-([0-9]+)$`)

// location returns one spelling for the place of a volume. QEMU opens network storage itself, and the definition then
// names the protocol and the export; the path that libvirt reports for such a volume also has a server, which may be
// another server of the same storage.
func location(file string) string {
	if m := unit.FindStringSubmatch(file); m != nil {
		return "iscsi:" + m[1] + "/" + m[2]
	}
	if rest, ok := strings.CutPrefix(file, "gluster://"); ok {
		_, name, _ := strings.Cut(rest, "/")
		return "gluster:" + path.Clean(name)
	}
	if file != "" && !path.IsAbs(file) {
		return "rbd:" + path.Clean(file)
	}
	return path.Clean(file)
}

// networkLocation returns the location of a disk that QEMU opens over the network; "" for a protocol that no pool type
// uses.
func networkLocation(source *etree.Element) string {
	name := strings.TrimPrefix(source.SelectAttrValue("name", ""), "/")
	switch protocol := source.SelectAttrValue("protocol", ""); protocol {
	case "iscsi":
		if !strings.Contains(name, "/") {
			name += "/0" // libvirt's default
		}
		return "iscsi:" + name
	case "rbd", "gluster":
		return protocol + ":" + path.Clean(name)
	default:
		return ""
	}
}
