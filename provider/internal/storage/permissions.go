package storage

import (
	"context"
	"fmt"
	"regexp"
	"strconv"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Permissions is the name of the row for the owner and the mode of a file.
const Permissions = "permissions"

// maxID is the greatest ID of a user or a group that libvirt writes as it is: it writes a greater one as a negative number.
const maxID = 1<<31 - 1

// PermissionsRow is the row for the owner and the mode of what a resource is on its host. doc says when they change, and where they apply.
func PermissionsRow(of, doc string) table.Attr {
	return table.Attr{
		Name: Permissions, Type: table.Object, Mode: table.Optional, Group: permissionsElement, Assigned: true,
		Doc: fmt.Sprintf("The owner and the mode of the %s on the host. What is unset is not managed: libvirt chooses it, and changes made outside "+
			"Terraform stay. %s", of, doc),
		Attrs: []table.Attr{
			{Name: "owner", Type: table.Int, Mode: table.Optional, Assigned: true, Check: table.Between(0, maxID), XML: xmlmodel.At("owner"),
				Doc: "The user ID of the owner."},
			{Name: "group", Type: table.Int, Mode: table.Optional, Assigned: true, Check: table.Between(0, maxID), XML: xmlmodel.At("group"),
				Doc: "The group ID."},
			{Name: "mode", Type: table.String, Mode: table.Optional, Assigned: true, Check: checkMode, Same: sameMode, XML: xmlmodel.At("mode"),
				Doc: "The mode as three octal digits, with or without a leading 0: `0640`."},
			{Name: "label", Type: table.String, Mode: table.Computed, XML: xmlmodel.At("label"),
				Doc: "The SELinux label, if the host has one. libvirt does not set labels of storage; it labels the disks of a guest when the " +
					"guest starts."},
		},
	}
}

// VolumePermissionsDoc says when the permissions of a volume change.
const VolumePermissionsDoc = "Volumes of `dir`, `fs`, `netfs`, `vstorage` and `logical` pools have them. A change is made in place and keeps the " +
	"data; it is refused while a running guest uses the volume. On most hosts libvirt gives a disk to the user of QEMU while a guest runs, and " +
	"back when the guest stops: that is not a difference."

var permissionsElement = xmlmodel.Element{"target", "permissions"}

var modeForm = regexp.MustCompile(`^0?[0-7]{3}$`)

func checkMode(v any) error {
	if mode := v.(string); !modeForm.MatchString(mode) {
		return fmt.Errorf("must be three octal digits, with or without a leading 0, like 0640, got %q", mode)
	}
	return nil
}

func sameMode(one, other string) bool {
	a, errA := strconv.ParseUint(one, 8, 16)
	b, errB := strconv.ParseUint(other, 8, 16)
	return errA == nil && errB == nil && a == b
}

// asWanted reports whether a file has every permission that is wanted.
func asWanted(want, have table.Model) bool {
	mode := want.Str("mode")
	return isID(want["owner"], have["owner"]) && isID(want["group"], have["group"]) && (mode == "" || sameMode(mode, have.Str("mode")))
}

func isID(want, have any) bool {
	n, known := want.(int64)
	return !known || n == have
}

// permissionsOf returns what the XML of a pool or a volume says about its permissions.
func permissionsOf(el *etree.Element) table.Model {
	row := PermissionsRow("", "")
	return xmlmodel.Read([]table.Attr{row}, el).Group(Permissions)
}

// ReadPermissions returns the permissions of a volume that are to be compared with the state: nil if the state has none, and without the owner
// while a running guest uses the file, to whose user libvirt may have given it until the guest stops.
func ReadPermissions(l *libvirt.Libvirt, m table.Model, v libvirt.StorageVol, file string) (table.Model, error) {
	want := m.Group(Permissions)
	if want == nil {
		return nil, nil
	}
	have, err := permissionsIn(l, v)
	if err != nil || have == nil || isID(want["owner"], have["owner"]) && isID(want["group"], have["group"]) {
		return have, err
	}
	users, err := runningUsers(l, file)
	if len(users) > 0 {
		delete(have, "owner")
		delete(have, "group")
	}
	return have, err
}

func permissionsIn(l *libvirt.Libvirt, v libvirt.StorageVol) (table.Model, error) {
	el, err := Describe(l, v)
	if err != nil {
		return nil, err
	}
	return permissionsOf(el), nil
}

func runningUsers(l *libvirt.Libvirt, file string) ([]usage.User, error) {
	users, err := usage.OfFile(l, file)
	return usage.Running(users), err
}

// PlanPermissions refuses a change of the permissions of a volume that a running guest uses.
func PlanPermissions(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) []table.Problem {
	want := plan.Group(Permissions)
	if prior["host"] != plan["host"] || prior["pool"] != plan["pool"] || want == nil || asWanted(want, prior.Group(Permissions)) {
		return nil
	}
	return engine.CheckHost(ctx, fleet, prior, plan, false, func(c *engine.HostCheck, l *libvirt.Libvirt) error {
		v, have, err := volumePermissions(l, prior)
		if err != nil || asWanted(want, have) {
			return err
		}
		file, err := l.StorageVolGetPath(v)
		if err != nil {
			return err
		}
		users, err := runningUsers(l, file)
		if len(users) > 0 {
			c.Add(Permissions, "'permissions' cannot change while a running guest uses the volume: %s; stop that guest first, or undo the change",
				usage.Names(users))
		}
		return err
	}).List()
}

func volumePermissions(l *libvirt.Libvirt, m table.Model) (v libvirt.StorageVol, have table.Model, err error) {
	if v, err = Volume(l, m); err == nil {
		have, err = permissionsIn(l, v)
	}
	return v, have, err
}

// ApplyPermissions gives the file of a volume the planned permissions. A volume that has just moved with a running guest keeps its own until the
// guest stops.
func ApplyPermissions(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	want := plan.Group(Permissions)
	if want == nil {
		return nil
	}
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		v, have, err := volumePermissions(l, plan)
		if err != nil || asWanted(want, have) {
			return err
		}
		file, err := l.StorageVolGetPath(v)
		if err != nil {
			return err
		}
		users, err := runningUsers(l, file)
		switch {
		case err != nil || len(users) > 0 && asWanted(want, prior.Group(Permissions)):
			return err
		case len(users) > 0:
			return diag.New("change the permissions of", "The permissions were not changed. Stop these guests, then run the command again.",
				"running guests use the volume: %s", usage.Names(users))
		}
		failed := setPermissions(host, l, temporaryPrefix+uuid.NewString(), file, want)
		if _, have, err = volumePermissions(l, plan); err != nil || asWanted(want, have) {
			return err
		}
		return unchanged(file, want, failed)
	})
}

// SetDirectoryPermissions gives the directory of a pool permissions, whether the pool is active or not. The temporary pool has a name that
// belongs to the pool, so that EndMaking finds it if the provider is killed.
func SetDirectoryPermissions(host *conn.Host, l *libvirt.Libvirt, owner, dir string, want table.Model) error {
	// libvirt has one pool at a path, and compares paths as they are written.
	if err := setPermissions(host, l, makerName(owner), dir+"/.", want); err != nil {
		return unchanged(dir, want, err)
	}
	return nil
}

// PoolPermissions reports whether a pool has the wanted permissions, as of its last refresh.
func PoolPermissions(l *libvirt.Libvirt, pool libvirt.StoragePool, want table.Model) (as bool, err error) {
	root, err := describe(l, pool)
	if err != nil {
		return false, err
	}
	return asWanted(want, permissionsOf(root)), nil
}

// setPermissions gives a file or a directory permissions. libvirt has no call for that; but when it builds a pool of type 'dir', it gives the
// path of the pool its permissions if that exists (virStorageBackendBuildLocal in src/storage/storage_util.c). The pool cannot start if the path
// is a file: then libvirt forgets it at once, and setPermissions returns an error although the permissions have changed.
func setPermissions(host *conn.Host, l *libvirt.Libvirt, pool, file string, want table.Model) error {
	_, err := createPool(l, pool, file, want, libvirt.StoragePoolCreateWithBuild)
	if err == nil {
		removePool(host, l, pool)
	}
	return err
}

func unchanged(file string, want table.Model, err error) error {
	if err == nil {
		err = fmt.Errorf("%s keeps its permissions", file)
	}
	var commands string
	if owner, group := idText(want["owner"]), idText(want["group"]); owner+group != "" {
		commands = fmt.Sprintf("chown %s:%s %s", owner, group, file)
	}
	if mode := want.Str("mode"); mode != "" {
		if commands != "" {
			commands += " && "
		}
		commands += fmt.Sprintf("chmod %s %s", mode, file)
	}
	return diag.New("change the permissions of", "libvirt could not change them: a file server may not allow it. Run this on the host or the "+
		"server, then run the command again: "+commands, "%w", err)
}

func idText(v any) string {
	if n, known := v.(int64); known {
		return strconv.FormatInt(n, 10)
	}
	return ""
}
