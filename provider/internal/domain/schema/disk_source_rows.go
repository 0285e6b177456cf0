package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// sourceRows are the sources of a disk other than a file. https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
var sourceRows = []table.Attr{
	mediumRow(table.Attr{
		Name: "block", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.FileOnHost},
		Check: table.AbsolutePath, XML: blockDevice,
		Doc: "The path of a block device on the host, for example of a volume in a `logical` pool.",
	}),
	mediumRow(table.Attr{
		Name: "pool", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.PoolOnHost},
		Check: table.ObjectName, XML: sourceAt("volume", "@pool"),
		Doc: "The pool of the `volume`, on the same host. Prefer `file`: it moves with the guest.",
	}),
	mediumRow(table.Attr{
		Name: "volume", Type: table.String, Mode: table.Optional, OnHost: table.OnHost{Names: table.VolumeOnHost}, Check: notEmpty,
		XML: xmlmodel.At("source@volume"),
		Doc: "The name of a volume in `pool`.",
	}),
	mediumRow(table.Attr{Name: "protocol", Type: table.String, Mode: table.Optional, Enum: protocols, XML: protocol,
		Doc: "The protocol by which QEMU itself reaches storage on the network. `http`, `https`, `ftp` and `ftps` are read-only."}),
	mediumRow(table.Attr{
		Name: "name", Type: table.String, Mode: table.Optional, OnlyFor: protocols, Check: notEmpty,
		XML: xmlmodel.At("source@name"),
		Doc: "The name of the image in the storage: `pool/image` with `rbd`, `iqn.../LUN` with `iscsi`, `volume/path` with " +
			"`gluster`, an export with `nbd`, a path with the others.",
	}),
	mediumRow(table.Attr{
		Name: "hosts", Type: table.Map, Mode: table.Optional, OnlyFor: protocols, Check: notEmpty,
		Entries: storageHostCodec{},
		Doc:     "The servers, by name or address; with `rbd` the monitors. Only `rbd` and `gluster` support several.",
		Attrs: []table.Attr{
			mediumRow(table.Attr{
				Name: "port", Type: table.Int, Mode: table.OptionalComputed, Check: table.Between(0, 65535), XML: hostPort,
				Doc: "The TCP port. Unset: the default of the protocol. libvirt knows none for `rbd`, which is read as 0.",
			}),
		},
	}),
	mediumRow(table.Attr{
		Name: "socket", Type: table.String, Mode: table.Optional, OnlyFor: []string{"nbd", "gluster"},
		Check: table.AbsolutePath, XML: socket,
		Doc: "A Unix socket on the host instead of `hosts`, with `nbd` and `gluster`.",
	}),
	mediumRow(table.Attr{
		Name: "username", Type: table.String, Mode: table.Optional, OnlyFor: []string{"rbd", "iscsi"},
		Check: notEmpty, XML: username,
		Doc: "The user name, with `rbd` and `iscsi`.",
	}),
	mediumRow(table.Attr{
		Name: "secret", Type: table.String, Mode: table.Optional, OnlyFor: []string{"rbd", "iscsi"},
		OnHost: table.OnHost{Names: table.SecretOnHost}, Check: notEmpty, XML: authSecret,
		Doc: "The libvirt secret on the host with the key or password: its UUID, or the name of its usage.",
	}),
	mediumRow(table.Attr{
		Name: "tls", Type: table.Bool, Mode: table.Optional, OnlyFor: []string{"nbd"}, Default: false,
		XML: xmlmodel.Words{At: "source@tls", Yes: "yes", No: "no"},
		Doc: "Whether the connection is encrypted, with `nbd`. It uses the certificates in the host's `qemu.conf`.",
	}),
	mediumRow(table.Attr{
		Name: "verify", Type: table.Bool, Mode: table.Optional, OnlyFor: []string{"https", "ftps"}, Default: true,
		XML: verify,
		Doc: "Whether the server's certificate is verified, with `https` and `ftps`.",
	}),
	mediumRow(table.Attr{
		Name: "config", Type: table.String, Mode: table.Optional, OnlyFor: []string{"rbd"},
		OnHost: table.OnHost{Names: table.FileOnHost}, Check: table.AbsolutePath, XML: cephConfig,
		Doc: "The path of a `ceph.conf` on the host, with `rbd`. It can replace `hosts`.",
	}),
	mediumRow(table.Attr{
		Name: "initiator", Type: table.String, Mode: table.Optional, OnlyFor: []string{"iscsi"}, Check: notEmpty,
		XML: initiator,
		Doc: "The IQN by which the host identifies itself to the target, with `iscsi`.",
	}),
	{
		Name: "encryption_secret", Type: table.String, Mode: table.Optional,
		OnHost: table.OnHost{Names: table.SecretOnHost}, CostOf: encryptionCost, Check: notEmpty,
		XML:     encryptionSecret,
		CostDoc: "It is in effect after the guest's next start, unless the medium of a cdrom changes with it.",
		Doc:     "The libvirt secret on the host that decrypts a LUKS image: its UUID, or the name of its usage. It can also be set with `file`.",
	},
}

var protocols = []string{"rbd", "iscsi", "nbd", "gluster", "http", "https", "ftp", "ftps"}

// mediumRow is a row of a source that a drive can change while the guest runs.
func mediumRow(a table.Attr) table.Attr {
	unsaid := func(v any) bool { return v == nil || v == a.Default }
	a.CostDoc = "Of a disk that is no cdrom it is in effect after the guest's next start."
	a.CostOf = func(c table.ValueChange) table.Cost {
		if unsaid(c.Was) && unsaid(c.Is) { // the source does not have this attribute
			return table.Live
		}
		return mediumCost(c)
	}
	return a
}

// mediumCost returns the cost of a change of a drive's medium. It finds the drive by the path of the value.
func mediumCost(c table.ValueChange) table.Cost {
	for above := c.Above; above != nil; above = above.Above {
		if above.To["device"] != nil {
			return media(*above)
		}
	}
	return table.NextBoot
}

func encryptionCost(c table.ValueChange) table.Cost {
	if sameMedium(c.Above.From, c.Above.To) {
		return table.NextBoot
	}
	return mediumCost(c)
}

// sameMedium reports whether a drive has a medium and keeps it. Another secret does not make it another medium.
func sameMedium(from, to table.Model) bool {
	was, is := from.Group("source").Without("encryption_secret"), to.Group("source").Without("encryption_secret")
	there := to["file"] != nil || is["block"] != nil || is["pool"] != nil || is["protocol"] != nil
	return there && from["file"] == to["file"] && table.Equal(was, is)
}
