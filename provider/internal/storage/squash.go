package storage

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// An NFS server with root_squash takes libvirt, which is root, for the user nobody, and lets it give no file to another user. No call of libvirt
// tells how a server exports a directory.

// nobody is the user for which an NFS server takes root, unless it is configured otherwise.
const nobody = 65534

// squashMode is the mode with which nobody can read and write a file of QEMU's user. libvirt (9.0) creates a volume as its owner, and sets its size,
// lists it and writes its content as root.
const squashMode = "0666"

// WarnSquashed warns about a new volume which the guests may be unable to open, because its pool is on NFS.
func WarnSquashed(c *engine.HostCheck, l *libvirt.Libvirt) error {
	pool := c.Plan.Str("pool")
	user, err := hostinfo.ReadGuestUser(l)
	if err != nil || !user.IsOrdinary() || isSquashProof(user, c.Plan.Group(Permissions)) {
		return err
	}
	may, err := MaySquash(l, pool)
	if may {
		c.Warn("%s", SquashText(pool, c.Host, user))
	}
	return err
}

// isSquashProof reports whether a new file belongs to QEMU's user, and all users may read and write it.
func isSquashProof(user hostinfo.GuestUser, want table.Model) bool {
	const all = (read|write)<<6 | read | write
	mode, err := strconv.ParseUint(want.Str("mode"), 8, 16)
	return err == nil && want["owner"] == user.User && mode&all == all
}

// SquashText is the warning about a pool whose server may take libvirt for nobody: a summary, and the detail.
func SquashText(pool, host string, user hostinfo.GuestUser) string {
	return fmt.Sprintf("Guests may be unable to open volumes of pool %q, which is on NFS\nIf the server exports the directory with root_squash, "+
		"which is usual, it takes libvirt on %s for the user nobody: then libvirt cannot create a volume, or cannot give it to QEMU, which runs "+
		"as user %d. %s", pool, host, user.User, squashRemedy(user))
}

func squashRemedy(user hostinfo.GuestUser) string {
	return fmt.Sprintf("Export the directory to the host with no_root_squash; or let user %[1]d write in it, and set permissions = { owner = %[1]d, "+
		"group = %[2]d, mode = %[3]q } for the volumes.", user.User, user.Group, squashMode)
}

// explainSquashed adds what to do to the error of a new volume that a server of NFS has refused.
func explainSquashed(l *libvirt.Libvirt, pool libvirt.StoragePool, err error) error {
	if message, _ := conn.Message(err); !strings.Contains(message, "Operation not permitted") && !strings.Contains(message, "Permission denied") {
		return err
	}
	root, failed := describe(l, pool)
	if failed != nil || !mountsNFS(root) {
		return err
	}
	user, failed := hostinfo.ReadGuestUser(l)
	if failed != nil || !user.IsOrdinary() {
		return err
	}
	return diag.New("create", "The server may take libvirt for the user nobody (root_squash). "+squashRemedy(user), "%w", err)
}

// MaySquash reports whether the server of a pool may take libvirt for nobody: the pool is on NFS, and no volume shows the opposite. libvirt (9.0)
// lists only files that it can open, so a volume that nobody may not read shows that the server knows libvirt as root.
func MaySquash(l *libvirt.Libvirt, pool string) (bool, error) {
	const may = "may"
	found, err := hostinfo.Cached(l, "squash\n"+pool, hostinfo.Has(may), func() (hostinfo.Names, error) {
		p, err := l.StoragePoolLookupByName(pool)
		if err != nil {
			return hostinfo.Names{}, unlessMissing(err)
		}
		root, err := describe(l, p)
		if err != nil || !mountsNFS(root) {
			return hostinfo.Names{}, err
		}
		volumes, _, err := l.StoragePoolListAllVolumes(p, 1, 0)
		if err != nil {
			return hostinfo.Names{}, unlessMissing(err)
		}
		for _, v := range volumes {
			have, err := permissionsIn(l, v)
			if unlessMissing(err) != nil {
				return nil, err
			}
			if denied(nobody, have, read) {
				return hostinfo.Names{}, nil
			}
		}
		return hostinfo.Names{may: ""}, nil
	})
	return hostinfo.Has(may)(found), err
}

// unlessMissing drops the error of a pool or a volume that does not exist, or not any more.
func unlessMissing(err error) error {
	if conn.IsNotFound(err) || conn.IsInactive(err) {
		return nil
	}
	return err
}

// MountsNFS reports whether a pool of a type and a format is a directory of an NFS server. Without a format mount(8) finds out, and NFS is usual.
func MountsNFS(poolType, format string) bool {
	return poolType == "netfs" && (format == "nfs" || format == "auto" || format == "")
}

func mountsNFS(pool *etree.Element) bool {
	return MountsNFS(xmlmodel.At("@type").Text(pool), xmlmodel.At("source/format@type").Text(pool))
}

// DeniesGuest reports whether the permissions of a volume keep the user of QEMU from reading it, or from writing it, unless libvirt gives the
// volume to that user when a guest starts.
func DeniesGuest(l *libvirt.Libvirt, v libvirt.StorageVol, user hostinfo.GuestUser, written bool) (bool, error) {
	have, err := permissionsIn(l, v)
	ways := uint64(read)
	if written {
		ways |= write
	}
	return denied(user.User, have, ways), err
}
