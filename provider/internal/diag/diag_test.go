package diag

import (
	"errors"
	"fmt"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

func TestText(t *testing.T) {
	const kept = "\n\nThe state is unchanged. Check that the host is up and that its uri is correct, then run the command again."
	for name, c := range map[string]struct {
		err             error
		summary, detail string
	}{
		"a fault":      {Wrap("define", errors.New("no")), `Unable to define cloudinit disk "it"`, "no"},
		"no fault":     {errors.New("no"), `Unable to manage cloudinit disk "it"`, "no"},
		"wrapped":      {fmt.Errorf("again: %w", Wrap("start", errors.New("no"))), `Unable to start cloudinit disk "it"`, "again: no"},
		"the nearest":  {Wrap("update", Wrap("start", errors.New("no"))), `Unable to start cloudinit disk "it"`, "no"},
		"with its own": {New("import", "Do this.", "not %s", "so"), `Unable to import cloudinit disk "it"`, "not so\n\nDo this."},
		"unreachable":  {Wrap("read", fmt.Errorf("on alpha: %w", conn.ErrUnreachable)), `Unable to read cloudinit disk "it"`, "on alpha: host can't be reached" + kept},
		"lost":         {Wrap("read", conn.ErrLost), `Unable to read cloudinit disk "it"`, conn.ErrLost.Error() + kept},
		"exists": {Wrap("create", conn.ErrExists), `Unable to create cloudinit disk "it"`, "exists already\n\nNothing was changed. Choose another name, or import the " +
			"existing one: terraform import ADDRESS alpha/p/it (ADDRESS is the resource's address in the plan, libvirt_cloudinit_disk.NAME)"},
	} {
		summary, detail := Format(c.err, "cloudinit_disk", "it", "alpha/p/it")
		if summary != c.summary || detail != c.detail {
			t.Errorf("%s: got\n%s\n%s\nwant\n%s\n%s", name, summary, detail, c.summary, c.detail)
		}
	}
}

func TestNoErrorIsNoFault(t *testing.T) {
	if err := Wrap("define", nil); err != nil {
		t.Errorf("got %v", err)
	}
	if err := IgnoreNotFound("destroy", nil); err != nil {
		t.Errorf("got %v", err)
	}
	if err := IgnoreNotFound("destroy", fmt.Errorf("on alpha: %w", conn.ErrNotFound)); err != nil {
		t.Errorf("what is gone can't be removed: %v", err)
	}
	if err := IgnoreNotFound("destroy", conn.ErrUnreachable); !errors.Is(err, conn.ErrUnreachable) {
		t.Errorf("got %v", err)
	}
}
