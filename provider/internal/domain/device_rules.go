package domain

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// empty: nothing is set in a group. libvirt would forget it.
func empty(group table.Model) bool {
	for _, v := range group {
		if v != nil {
			return false
		}
	}
	return true
}
