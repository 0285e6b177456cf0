//go:build acceptance

package acceptance

import (
	"strings"
	"testing"
)

func TestSnapshotCreate(t *testing.T) {
	t.Parallel()
	t.Run("the guest agent quiesces the file systems", testSnapshotQuiesce)
	t.Run("virsh shows what was configured", testSnapshotCreated)
}

func testSnapshotQuiesce(t *testing.T) {
	t.Parallel()
	s, g := newStack(t), newLinux(t)
	silent := newCounting(t)
	silent.host.virsh(t, "start", silent.name)
	s.applyFails(config{aSnapshot: silent.snapshot("it", attrs{"quiesce": true})}, `Unable to create domain snapshot "it"`, "QEMU guest agent is not configured")

	s.apply(config{aDomain: g.a})
	g.says(`count 3`)
	eventually(t, "the agent to answer", func() bool {
		_, err := alpha().try("qemu-agent-command", g.name(), `{"execute":"guest-ping"}`)
		return err == nil
	})
	c := config{aDomain: g.a, aSnapshot: ofDomain("it", attrs{"quiesce": true})}
	s.apply(c)
	s.settled()
	if status := alpha().virsh(t, "qemu-agent-command", g.name(), `{"execute":"guest-fsfreeze-status"}`); !strings.Contains(status, "thawed") {
		t.Errorf("the guest's file systems are %s", status)
	}
	before := alpha().virsh(t, "domid", g.name())
	c[aSnapshot]["revert"] = "1"
	s.apply(c)
	s.settled()
	if alpha().virsh(t, "domid", g.name()) == before {
		t.Error("the guest was not started anew")
	}
	g.says(`count 3`)
	s.apply(config{aDomain: g.a})
	s.settled()
	g.uninterrupted()
}
