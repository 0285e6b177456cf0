package forecast

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
)

// checkLocked refuses a limit below the memory that a guest with locked memory has from its start: libvirt lets its process lock no more,
// and the host kills a process above the limit.
func (p *planned) checkLocked(c *engine.HostCheck, _ *libvirt.Libvirt) error {
	limit := p.plan.Group("memtune").Int("hard_limit")
	if p.plan.Group("memory_backing")["locked"] != true || limit == 0 || !p.certain {
		return nil
	}
	if needs := room.AtStart(p.is); limit < needs.Guest+needs.QEMU {
		c.Must("memtune.hard_limit", "be at least %d KiB with 'memory_backing.locked': %d KiB of the guest that are not in huge pages, and "+
			"%d KiB for QEMU, got %d; raise it", needs.Guest+needs.QEMU, needs.Guest, needs.QEMU, limit)
	}
	return nil
}
