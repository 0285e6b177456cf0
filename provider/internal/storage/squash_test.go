package storage

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestPermissionsThatWorkOnAnyNFSServer(t *testing.T) {
	qemu := hostinfo.GuestUser{User: 64055, Group: 64055}
	for _, c := range []struct {
		owner any
		mode  string
		want  bool
	}{
		{nil, "", false},
		{nil, "0666", false}, // libvirt could not create it as root
		{int64(0), "0666", false},
		{int64(64055), "", false}, // the mode is 0600
		{int64(64055), "0600", false},
		{int64(64055), "0660", false}, // libvirt could not list it
		{int64(64055), "0644", false}, // libvirt could not write it
		{int64(64055), "0466", false}, // QEMU could not write it
		{int64(64055), "0666", true},
		{int64(64055), "666", true},
	} {
		if got := isSquashProof(qemu, table.Model{"owner": c.owner, "mode": c.mode}); got != c.want {
			t.Errorf("owner %v and mode %q are enough: %v", c.owner, c.mode, got)
		}
	}
}

func TestOnlySomePoolsAreOnNFS(t *testing.T) {
	for _, c := range []struct {
		poolType, format string
		want             bool
	}{
		{"netfs", "nfs", true}, {"netfs", "auto", true}, {"netfs", "", true}, {"netfs", "cifs", false}, {"netfs", "glusterfs", false},
		{"dir", "", false}, {"fs", "auto", false},
	} {
		if got := MountsNFS(c.poolType, c.format); got != c.want {
			t.Errorf("a pool of type %q and format %q is on NFS: %v", c.poolType, c.format, got)
		}
	}
}

func TestDenied(t *testing.T) {
	for _, c := range []struct {
		user, owner int64
		mode        string
		ways        uint64
		want        bool
	}{
		{nobody, 0, "0600", read, true}, // a file of root that libvirt lists: the server knows libvirt as root
		{nobody, 0, "0640", read, false},
		{nobody, 0, "0644", read, false},
		{nobody, nobody, "0600", read, false},
		{64055, nobody, "0600", read, true},
		{64055, 0, "0644", read, false},
		{64055, 0, "0644", read | write, true},
		{64055, 64055, "0400", read | write, true},
		{0, 64055, "0000", read, false},
	} {
		if got := denied(c.user, table.Model{"owner": c.owner, "mode": c.mode}, c.ways); got != c.want {
			t.Errorf("user %d may not use (%o) a file of %d with mode %s: %v", c.user, c.ways, c.owner, c.mode, got)
		}
	}
}
