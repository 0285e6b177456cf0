package pool

import (
	"errors"
	"fmt"
	"math"
	"path"
	"regexp"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// sourceRows describe the storage of a pool. poolTypes says which of them a type supports.
var sourceRows = []table.Attr{
	{Name: "host", Type: table.String, Mode: table.Optional, Check: notEmpty, XML: hostXML,
		Doc: "The name or address of the server, for `netfs`, `iscsi` and `iscsi-direct`."},
	{Name: "port", Type: table.Int, Mode: table.Optional, Check: table.Between(1, 65535), XML: portXML,
		Doc: "The port of the server. Unset: the protocol's default."},
	{Name: "hosts", Type: table.Strings, Mode: table.Optional, Check: serverName, XML: hostsXML,
		Doc: "The servers, with a port if it is not the protocol's default (`mon-1`, `mon-2:6789`, `[2001:db8::1]:6789`): the monitors of `rbd`, " +
			"the servers of `gluster` and `sheepdog`."},
	{Name: "dir", Type: table.String, Mode: table.OptionalComputed, Check: notEmpty, Same: samePath, XML: xmlmodel.At("dir@path"),
		Doc: "The exported directory: for `netfs` an NFS directory such as `/srv/vms`, a GlusterFS volume or a CIFS share; for `gluster` a " +
			"directory in the volume. Unset: `/` for `gluster`."},
	{Name: "devices", Type: table.Strings, Mode: table.Optional, Check: notEmpty, XML: devicesXML,
		Doc: "The devices, by a stable path (`/dev/disk/by-id/...`): one for `fs` and `disk`; for `logical` and `zfs` those that `build` uses; for " +
			"`iscsi` and `iscsi-direct` the IQN of the target."},
	{Name: "name", Type: table.String, Mode: table.Optional, Check: notEmpty, XML: xmlmodel.At("name"),
		Doc: "The name in the storage system: the volume group of `logical`, the volume of `gluster`, the Ceph pool of `rbd`, the zpool of `zfs` " +
			"(or a dataset in it), the cluster of `vstorage`."},
	{Name: "adapter", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"adapter"},
		Doc: "The adapter whose devices are the volumes of `scsi`.", Attrs: []table.Attr{
			{Name: "type", Type: table.String, Mode: table.Optional, Default: "scsi_host",
				Enum: []string{"scsi_host", "fc_host"}, XML: xmlmodel.At("@type"),
				Doc: "`scsi_host` is an adapter of the host, `fc_host` a virtual Fibre Channel adapter, identified by its world wide names."},
			{Name: "name", Type: table.String, Mode: table.Optional, Check: adapterName, XML: adapterNameXML,
				Doc: "The name of a `scsi_host`, such as `scsi_host1`. It may change when the host restarts; `parent_address` does not."},
			{Name: "parent_address", Type: table.String, Mode: table.Optional, Check: pciAddress, XML: parentAddressXML,
				Doc: "The PCI address of the controller of a `scsi_host`, such as `0000:00:1f.2`."},
			{Name: "unique_id", Type: table.Int, Mode: table.Optional, Check: table.Between(0, math.MaxUint32),
				XML: xmlmodel.At("parentaddr@unique_id"),
				Doc: "The number of the host at the controller, from `/sys/class/scsi_host/hostN/unique_id`."},
			{Name: "parent", Type: table.String, Mode: table.Optional, Check: adapterName, XML: xmlmodel.At("@parent"),
				Doc: "The parent adapter of an `fc_host`, such as `scsi_host3`."},
			{Name: "managed", Type: table.Bool, Mode: table.Optional, XML: xmlmodel.At("@managed"),
				Doc: "Whether libvirt removes the `fc_host` when the pool is stopped."},
			{Name: "wwnn", Type: table.String, Mode: table.Optional, Check: worldWideName, XML: xmlmodel.At("@wwnn"),
				Doc: "The world wide node name of an `fc_host`."},
			{Name: "wwpn", Type: table.String, Mode: table.Optional, Check: worldWideName, XML: xmlmodel.At("@wwpn"),
				Doc: "The world wide port name of an `fc_host`."},
		}},
	{Name: "initiator", Type: table.String, Mode: table.Optional, Check: iqn, XML: requiredIn("initiator", "initiator/iqn@name"),
		Doc: "The IQN of the host as an iSCSI initiator. Unset: for `iscsi`, the host's own."},
	{Name: "format", Type: table.String, Mode: table.OptionalComputed, XML: xmlmodel.At("format@type"),
		Doc: "The format: the protocol of `netfs`, the file system of `fs`, the partition table of `disk`, the volume group format of `logical`. " +
			"Unset: libvirt's default."},
	{Name: "nfs_version", Type: table.String, Mode: table.Optional, Check: nfsVersion, XML: requiredIn("protocol", "protocol@ver"),
		Doc: "The version of the NFS protocol, for `netfs`. Unset: mount(8) negotiates it."},
	{Name: "auth", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"auth"},
		Doc: "How the host authenticates, for `iscsi`, `iscsi-direct` and `rbd`.", Attrs: []table.Attr{
			{Name: "type", Type: table.String, Mode: table.Required, Enum: []string{"chap", "ceph"}, XML: xmlmodel.At("@type"),
				Doc: "`chap` for iSCSI, `ceph` for `rbd`."},
			{Name: "username", Type: table.String, Mode: table.Required, Check: notEmpty, XML: xmlmodel.At("@username"),
				Doc: "The user. A Ceph user is given without `client.`."},
			{Name: "secret_uuid", Type: table.String, Mode: table.Required, Check: table.UUID, XML: xmlmodel.At("secret@uuid"),
				Doc: "The `uuid` of the `libvirt_secret` with the password, on the same host."},
		}},
}

func notEmpty(v any) error {
	if v == "" {
		return errors.New("must not be empty")
	}
	return nil
}

// samePath ignores redundant slashes, which libvirt removes.
func samePath(config, host string) bool { return path.Clean(config) == path.Clean(host) }

func serverName(v any) error {
	s := v.(string)
	if s == "" {
		return errors.New("must not be empty")
	}
	if h := parseServer(s); h.name == "" || h.String() != s {
		return fmt.Errorf("must be a name or an address, with an optional port, like mon-1, mon-1:6789 or [2001:db8::1]:6789, got %q", s)
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

var adapterForm = regexp.MustCompile(`^[A-Za-z0-9_.:-]+$`)

// adapterName checks the name of an adapter. libvirt (9.0) does not escape it in its XML.
func adapterName(v any) error {
	if s := v.(string); !adapterForm.MatchString(s) {
		return fmt.Errorf("must be the name of an adapter like scsi_host1, got %q; see /sys/class/scsi_host", s)
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
		return fmt.Errorf("must be an NFS version like 3 or 4.1, got %q", s)
	}
	return nil
}
