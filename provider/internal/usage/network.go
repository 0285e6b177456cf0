package usage

import (
	"path"
	"regexp"
	"strings"

	"github.com/beevik/etree"
)

// unit is how libvirt calls a unit of an iSCSI target: as a volume of an iscsi-direct pool, and as a device of the host.
var unit = regexp.MustCompile(`^(?:/dev/disk/by-path/)?ip-.+-iscsi-(.+)-lun-([0-9]+)$`)

// spot is one spelling of where a volume is. Over the network it is found by QEMU itself, and then its definition names the protocol and what is
// served; the path that libvirt gives such a volume also has a server, which may be another one that serves the same.
func spot(file string) string {
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

// networkSpot is the spot of a disk that QEMU opens over the network, "" for a protocol that no pool has.
func networkSpot(source *etree.Element) string {
	name := strings.TrimPrefix(source.SelectAttrValue("name", ""), "/")
	switch protocol := source.SelectAttrValue("protocol", ""); protocol {
	case "iscsi":
		if !strings.Contains(name, "/") {
			name += "/0" // libvirt's own choice
		}
		return "iscsi:" + name
	case "rbd", "gluster":
		return protocol + ":" + path.Clean(name)
	default:
		return ""
	}
}
