package diag

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

func TestText(t *testing.T) {
	const kept = "\n\nNothing was removed from the state. Check that the host is up and that its uri is correct, then run the command again."
	for name, c := range map[string]struct {
		err             error
		summary, detail string
	}{
		"a fault":      {Wrap("define", errors.New("no")), `Unable to define seed "it"`, "no"},
		"no fault":     {errors.New("no"), `Unable to manage seed "it"`, "no"},
		"wrapped":      {fmt.Errorf("again: %w", Wrap("start", errors.New("no"))), `Unable to start seed "it"`, "again: no"},
		"the nearest":  {Wrap("update", Wrap("start", errors.New("no"))), `Unable to start seed "it"`, "no"},
		"with its own": {New("import", "Do this.", "not %s", "so"), `Unable to import seed "it"`, "not so\n\nDo this."},
		"unreachable":  {Wrap("read", fmt.Errorf("on alpha: %w", conn.ErrUnreachable)), `Unable to read seed "it"`, "on alpha: host can't be reached" + kept},
		"lost":         {Wrap("read", conn.ErrLost), `Unable to read seed "it"`, conn.ErrLost.Error() + kept},
		"interrupted": {Wrap("create", fmt.Errorf("on alpha: %w", context.Canceled)), `Unable to create seed "it"`, "on alpha: context canceled\n\n" +
			"Nothing was removed from the state. The command was interrupted. Run it again to finish the change."},
		"exists": {Wrap("create", conn.ErrExists), `Unable to create seed "it"`, "exists already\n\nChoose another name, or import the " +
			"existing one: terraform import ADDRESS alpha/p/it (ADDRESS is the resource's address in the plan, libvirt_seed.NAME)"},
	} {
		summary, detail := Format(c.err, "seed", "it", "alpha/p/it")
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

func TestShorten(t *testing.T) {
	long := strings.Repeat("ä", 10_000)
	if got, want := Shorten(`got "`+long+`"; shorten it`), `got "`+long[:2*99]+`... (9903 more characters) shorten it`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if short := strings.Repeat("a ", 500); Shorten(short) != short {
		t.Errorf("got %q", Shorten(short))
	}
}
