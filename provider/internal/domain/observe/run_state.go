package observe

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
)

// RunState returns the run state of the domain in this provider's words, and whether the domain has a QEMU process.
func RunState(l *libvirt.Libvirt, d libvirt.Domain) (now string, active bool, err error) {
	is, reason, err := l.DomainGetState(d, 0)
	if err != nil {
		return "", false, err
	}
	switch libvirt.DomainState(is) {
	case libvirt.DomainPaused:
		if libvirt.DomainPausedReason(reason) == libvirt.DomainPausedCrashed {
			return schema.Crashed, true, nil
		}
		return schema.Paused, true, nil
	case libvirt.DomainPmsuspended:
		return schema.Suspended, true, nil
	case libvirt.DomainCrashed:
		return schema.Crashed, true, nil
	case libvirt.DomainShutoff:
		image, err := l.DomainHasManagedSaveImage(d, 0)
		switch {
		case err != nil:
			return "", false, err
		case image == 1:
			return schema.Saved, false, nil
		case libvirt.DomainShutoffReason(reason) == libvirt.DomainShutoffCrashed:
			return schema.Crashed, false, nil
		default:
			return schema.Stopped, false, nil
		}
	default:
		return schema.Running, true, nil
	}
}

// runStateName returns the run state of the domain in this provider's words.
func runStateName(l *libvirt.Libvirt, d libvirt.Domain) (string, error) {
	now, _, err := RunState(l, d)
	return now, err
}
