package schema

import (
	"maps"
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestWhatIsLeftAlone(t *testing.T) {
	floppy := m{"device": "floppy", "bus": "fdc", "format": "raw"}
	disk := m{"file": "/a", "device": "disk", "bus": "virtio", "format": "raw"}
	user := m{"model": "virtio", "mac": "52:54:00:00:00:01"}
	for name, c := range map[string]struct {
		seen, known, want m
		alone             []string
	}{
		"a device of another kind, in an import": {m{"disks": m{"vda": disk, "fda": floppy}}, nil, m{"disks": m{"vda": disk}}, []string{`disks["fda"]`}},
		"the only device":                        {m{"interfaces": m{"net0": user}}, nil, m{}, []string{`interfaces["net0"]`}},
		"a group":                                {m{"graphics": m{"type": "sdl", "listen": "127.0.0.1"}}, nil, m{}, nil},
		"a setting": {m{"interfaces": m{"net0": m{"bridge": "br0", "model": "virtio", "virtualport": "802.1Qbg"}}}, nil,
			m{"interfaces": m{"net0": m{"bridge": "br0", "model": "virtio"}}}, nil},
		"a device that came later": {m{"disks": m{"vda": disk, "fda": floppy}}, m{"state": "running", "disks": m{"vda": disk}}, m{"disks": m{"vda": disk}}, []string{`disks["fda"]`}},
		"what Terraform manages, changed by others": {m{"disks": m{"vda": floppy, "vdb": disk}}, m{"state": "running", "disks": m{"vda": disk}},
			m{"disks": m{"vda": floppy, "vdb": disk}}, nil},
	} {
		seen := c.seen.Clone()
		alone := slices.Sorted(maps.Keys(LeaveAlone(seen, c.known)))
		if !table.Equal(seen, c.want) || !slices.Equal(alone, c.alone) {
			t.Errorf("%s: got %v and %q, want %v and %q", name, seen, alone, c.want, c.alone)
		}
	}
}

// Without this, the state would keep what was replaced, and no plan would show it.
func TestWhatIsLeftAloneCountsAsReadIfItIsAll(t *testing.T) {
	seen := m{"seclabel": m{"apparmor": m{"type": "none"}}}
	LeaveAlone(seen, m{"state": "running", "seclabel": m{"selinux": m{"type": "dynamic", "baselabel": "system_u:system_r:svirt_t:s0"}}})
	if labels, observed := seen["seclabel"]; !observed || labels != nil {
		t.Errorf("got %v", seen)
	}
}
