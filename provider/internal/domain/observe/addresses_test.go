package observe

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestAddressesAreThoseByWhichAGuestIsReached(t *testing.T) {
	root, err := xmlmodel.Parse(`<domain><devices><interface type='network'><mac address='52:54:00:AA:00:01'/><alias name='ua-lan'/></interface>` +
		`<interface type='bridge'><mac address='52:54:00:00:00:02'/></interface>` +
		`<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0' state='connected'/></channel></devices></domain>`)
	if err != nil {
		t.Fatal(err)
	}
	nics := NICs(root)
	if len(nics) != 2 || nics[0].String() != "lan (52:54:00:aa:00:01)" || nics[1].String() != "net1 (52:54:00:00:00:02)" {
		t.Errorf("got %v", nics)
	}
	if !AgentConnected(root) {
		t.Error("the agent is not seen")
	}
	root.FindElement("devices/channel/target").CreateAttr("state", "disconnected")
	if AgentConnected(root) {
		t.Error("the agent is seen that has gone")
	}
}
