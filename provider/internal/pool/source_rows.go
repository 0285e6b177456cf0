package pool

import (
	"errors"
	"fmt"
	"path"
	"regexp"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// sourceRows say what a pool is made of; which of them a type takes is said in kinds.
var sourceRows = []table.Attr{
	{Name: "host", Type: table.String, Mode: table.Optional, Check: filled, XML: hostXML,
		Doc: "The name or address of the machine that serves it: of `netfs`, `iscsi` and `iscsi-direct`."},
	{Name: "port", Type: table.Int, Mode: table.Optional, Check: table.Between(1, 65535), XML: portXML, Doc: "Its port. Unset: the protocol's own."},
	{Name: "hosts", Type: table.Strings, Mode: table.Optional, Check: serverName, XML: hostsXML,
		Doc: "The machines that serve it together, with a port where it is not the protocol's own (`mon-1`, `mon-2:6789`, `[2001:db8::1]:6789`): the monitors of `rbd`, the servers of `gluster` and `sheepdog`."},
	{Name: "dir", Type: table.String, Mode: table.OptionalComputed, Check: filled, Same: samePath, XML: xmlmodel.At("dir@path"),
		Doc: "What is served: of `netfs` a directory of NFS like `/srv/vms`, a volume of GlusterFS, a share of CIFS; of `gluster` a directory in the volume, `/` where unset."},
	{Name: "devices", Type: table.Strings, Mode: table.Optional, Check: filled, XML: devicesXML,
		Doc: "The devices, by a path that stays the same (`/dev/disk/by-id/...`): of `fs` and `disk` one, of `logical` and `zfs` those that `build` makes it of; of `iscsi` and `iscsi-direct` the target's IQN."},
	{Name: "name", Type: table.String, Mode: table.Optional, Check: filled, XML: xmlmodel.At("name"),
		Doc: "What it is called where it is kept: the volume group of `logical`, the volume of `gluster`, the Ceph pool of `rbd`, the zpool of `zfs` (or a dataset in it), the cluster of `vstorage`."},
	{Name: "adapter", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"adapter"}, Doc: "The adapter whose devices are the volumes of `scsi`.", Attrs: []table.Attr{
		{Name: "type", Type: table.String, Mode: table.Optional, Default: "scsi_host", Enum: []string{"scsi_host", "fc_host"}, XML: xmlmodel.At("@type"),
			Doc: "`scsi_host` is one that the host has, `fc_host` a virtual one on Fibre Channel, by its world wide names."},
		{Name: "name", Type: table.String, Mode: table.Optional, Check: filled, XML: xmlmodel.At("@name"), Doc: "Of a `scsi_host`, like `scsi_host1`. It may be another after a start of the host: `parent_address` stays."},
		{Name: "parent_address", Type: table.String, Mode: table.Optional, Check: pciAddress, XML: parentAddressXML, Doc: "Of a `scsi_host`: the PCI address of its controller, like `0000:00:1f.2`."},
		{Name: "unique_id", Type: table.Int, Mode: table.Optional, Check: table.AtLeast(0, ""), XML: xmlmodel.At("parentaddr@unique_id"),
			Doc: "Which of the controller's hosts it is: the number in `/sys/class/scsi_host/hostN/unique_id`."},
		{Name: "parent", Type: table.String, Mode: table.Optional, Check: filled, XML: xmlmodel.At("@parent"), Doc: "Of an `fc_host`: the adapter that it is made on, like `scsi_host3`."},
		{Name: "managed", Type: table.Bool, Mode: table.Optional, XML: xmlmodel.At("@managed"), Doc: "Of an `fc_host`: whether it is removed when the pool is stopped."},
		{Name: "wwnn", Type: table.String, Mode: table.Optional, Check: worldWideName, XML: xmlmodel.At("@wwnn"), Doc: "Of an `fc_host`: its world wide node name."},
		{Name: "wwpn", Type: table.String, Mode: table.Optional, Check: worldWideName, XML: xmlmodel.At("@wwpn"), Doc: "Of an `fc_host`: its world wide port name."},
	}},
	{Name: "initiator", Type: table.String, Mode: table.Optional, Check: iqn, XML: whole("initiator", "initiator/iqn@name"),
		Doc: "The IQN that the host calls itself by at an iSCSI target. `iscsi` has one of the host's own where this is unset."},
	{Name: "format", Type: table.String, Mode: table.OptionalComputed, XML: xmlmodel.At("format@type"),
		Doc: "Of `netfs` how it is served, of `fs` the file system, of `disk` the kind of partition table, of `logical` the kind of volume group."},
	{Name: "nfs_version", Type: table.String, Mode: table.Optional, Check: nfsVersion, XML: whole("protocol", "protocol@ver"), Doc: "The version of the NFS protocol, of `netfs`. Unset: what mount(8) finds out."},
	{Name: "auth", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"auth"}, Doc: "How the host logs in: of `iscsi`, `iscsi-direct` and `rbd`.", Attrs: []table.Attr{
		{Name: "type", Type: table.String, Mode: table.Required, Enum: []string{"chap", "ceph"}, XML: xmlmodel.At("@type"), Doc: "`chap` with iSCSI, `ceph` with `rbd`."},
		{Name: "username", Type: table.String, Mode: table.Required, Check: filled, XML: xmlmodel.At("@username"), Doc: "The user: of Ceph without `client.`."},
		{Name: "secret_uuid", Type: table.String, Mode: table.Required, Check: table.UUID, XML: xmlmodel.At("secret@uuid"), Doc: "The `uuid` of the `libvirt_secret` with the password, on the same host."},
	}},
}

func filled(v any) error {
	if v == "" {
		return errors.New("must not be empty")
	}
	return nil
}

// libvirt takes superfluous slashes out.
func samePath(config, host string) bool { return path.Clean(config) == path.Clean(host) }

func serverName(v any) error {
	s := v.(string)
	if s == "" {
		return errors.New("must not be empty")
	}
	if h := parseServer(s); h.name == "" || h.String() != s {
		return fmt.Errorf("must be a name or an address, with a port where needed, like mon-1, mon-1:6789 or [2001:db8::1]:6789, got %q", s)
	}
	return nil
}

var iqnForm = regexp.MustCompile(`^iqn\.[0-9]{4}-(0[1-9]|1[0-2])\.[a-zA-Z0-9.-]+(:.+)?$`)

func iqn(v any) error {
	if s := v.(string); !iqnForm.MatchString(s) {
		return fmt.Errorf("must be an iSCSI qualified name like iqn.2013-06.com.example:san, got %q", s)
	}
	return nil
}

var pciForm = regexp.MustCompile(`^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$`)

func pciAddress(v any) error {
	if s := v.(string); !pciForm.MatchString(s) {
		return fmt.Errorf("must be a PCI address in lower case like 0000:00:1f.2, got %q; see 'lspci -D'", s)
	}
	return nil
}

var wwnForm = regexp.MustCompile(`^[0-9a-f]{16}$`)

func worldWideName(v any) error {
	if s := v.(string); !wwnForm.MatchString(s) {
		return fmt.Errorf("must be 16 hexadecimal digits in lower case, got %q", s)
	}
	return nil
}

var nfsForm = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

func nfsVersion(v any) error {
	if s := v.(string); !nfsForm.MatchString(s) {
		return fmt.Errorf("must be a version of NFS like 3 or 4.1, got %q", s)
	}
	return nil
}
