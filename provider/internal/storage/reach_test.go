package storage

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestADirectoryIsClosedOnlyIfThatIsCertain(t *testing.T) {
	qemu := hostinfo.GuestUser{User: 64055, Group: 64055}
	for _, c := range []struct {
		user  hostinfo.GuestUser
		owner any
		mode  string
		want  bool
	}{
		{qemu, int64(0), "0700", true},
		{qemu, int64(0), "0711", false},
		{qemu, int64(0), "0710", false}, // the group may be one of the user's
		{qemu, int64(0), "0744", true},
		{qemu, int64(64055), "0700", false},
		{qemu, int64(64055), "0611", true}, // the permissions of the owner come first
		{qemu, nil, "0700", false},
		{qemu, int64(0), "", false},
		{hostinfo.GuestUser{}, int64(1000), "0700", false}, // root, or not known
	} {
		if got := IsClosed(c.user, table.Model{"owner": c.owner, "mode": c.mode}); got != c.want {
			t.Errorf("a directory of %v with mode %q is closed to %d: %v", c.owner, c.mode, c.user.User, got)
		}
	}
}
