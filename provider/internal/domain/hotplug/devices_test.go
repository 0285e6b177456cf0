package hotplug

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestOneThatTheGuestHasAlreadyIsKept(t *testing.T) {
	type m = table.Model
	el := domaintest.Parse(t, `<interface type="network"><mac address="52:54:00:00:00:01"/><source network="lan" portid="x" bridge="b"/><model type="virtio"/></interface>`)
	e := entry{row: schema.Row("interfaces"), key: "lan", is: m{"network": "lan", "model": "virtio", "mac": table.Unknown, "link": nil}}
	if got := e.alreadyAttached(el); got.Str("mac") != "52:54:00:00:00:01" {
		t.Errorf("got %v", got)
	}
	e.is["network"] = "wan"
	if got := e.alreadyAttached(el); got != nil {
		t.Errorf("another one was kept: %v", got)
	}
	if got := e.alreadyAttached(nil); got != nil {
		t.Errorf("one was kept that is not there: %v", got)
	}
}
