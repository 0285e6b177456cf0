package storage

import (
	"path"
	"slices"
	"strconv"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// searchable are directories that every user may search on a Linux system (Filesystem Hierarchy Standard). They are not asked for: some have many
// files, and libvirt opens each file of a directory that it lists.
var searchable = []string{"/", "/home", "/media", "/mnt", "/opt", "/run", "/srv", "/tmp", "/usr", "/usr/local", "/usr/share", "/var", "/var/lib",
	"/var/lib/libvirt", "/var/tmp"}

// ClosedTo returns the topmost directory above a file that the user of QEMU certainly may not search; "" if none is known. libvirt gives files to
// that user when a guest starts, and never directories.
func ClosedTo(host *conn.Host, l *libvirt.Libvirt, user hostinfo.GuestUser, file string) (closed string, err error) {
	if !user.IsOrdinary() || !IsListed(file) {
		return "", nil
	}
	var above []string
	for dir := path.Dir(path.Clean(file)); !slices.Contains(searchable, dir); dir = path.Dir(dir) {
		above = append(above, dir)
	}
	for _, dir := range slices.Backward(above) {
		have, err := directoryPermissions(host, l, dir)
		if err != nil {
			return "", err
		}
		if IsClosed(user, have) {
			return dir, nil
		}
	}
	return "", nil
}

// IsClosed reports whether the permissions of a directory certainly keep a user from searching it.
func IsClosed(user hostinfo.GuestUser, have table.Model) bool { return denied(user.User, have, search) }

// Ways to use a file or a directory, as digits of its mode.
const (
	search = 0o1
	write  = 0o2
	read   = 0o4
)

// denied reports whether permissions certainly keep a user, who is not root, from at least one of some ways to use a file. A group that may do it
// can be one of the user's, and an access control list shows as the permissions of the group.
func denied(user int64, have table.Model, ways uint64) bool {
	owner, known := have["owner"].(int64)
	mode, err := strconv.ParseUint(have.Str("mode"), 8, 16)
	if !known || err != nil || user <= 0 {
		return false
	}
	if owner == user {
		return mode>>6&ways != ways
	}
	return mode>>3&ways != ways && mode&ways != ways
}

// directoryPermissions returns the permissions of a directory of the host; nil if the host cannot tell.
func directoryPermissions(host *conn.Host, l *libvirt.Libvirt, dir string) (table.Model, error) {
	const owner, mode = "owner", "mode"
	known, err := hostinfo.Cached(l, "permissions\n"+dir, func(hostinfo.Names) bool { return true }, func() (hostinfo.Names, error) {
		found := hostinfo.Names{}
		err := InDirectory(host, l, dir, func(pool libvirt.StoragePool) error {
			root, err := describe(l, pool)
			if err == nil {
				have := permissionsOf(root)
				found[owner], found[mode] = idText(have["owner"]), have.Str("mode")
			}
			return err
		})
		if _, isLibvirt := conn.Message(err); isLibvirt { // it does not exist yet, or belongs to a pool that is stopped
			err = nil
		}
		return found, err
	})
	if err != nil || known[mode] == "" {
		return nil, err
	}
	uid, err := strconv.ParseInt(known[owner], 10, 64)
	if err != nil {
		return nil, nil
	}
	return table.Model{owner: uid, mode: known[mode]}, nil
}
