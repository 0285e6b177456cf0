package observe

import (
	"sort"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
)

// Overview is what can be seen of any domain from outside, whether this provider created it or not.
type Overview struct {
	Name      string
	UUID      string
	State     string
	VCPU      int
	Memory    uint64 // KiB
	Addresses []string
}

// ReadOverview reads the overview of a domain, with the addresses that the host's own networks leased to it or reserve for it.
func ReadOverview(l *libvirt.Libvirt, d libvirt.Domain) (Overview, error) {
	s := Overview{Name: d.Name, UUID: uuid.UUID(d.UUID).String(), Addresses: []string{}}
	var err error
	if s.State, err = runStateName(l, d); err != nil {
		return s, err
	}
	_, memory, _, vcpu, _, err := l.DomainGetInfo(d)
	if err != nil {
		return s, err
	}
	s.Memory, s.VCPU = memory, int(vcpu)
	if s.State != schema.Running {
		return s, nil
	}
	nics, err := l.DomainInterfaceAddresses(d, uint32(libvirt.DomainInterfaceAddressesSrcLease), 0)
	if conn.IsInactive(err) { // it has stopped in the meantime, and may be starting again
		if s.State, err = runStateName(l, d); err != nil || s.State != schema.Running {
			return s, err
		}
	}
	if err != nil {
		return s, err
	}
	for _, n := range nics {
		for _, a := range n.Addrs {
			s.Addresses = append(s.Addresses, a.Addr)
		}
	}
	if len(s.Addresses) == 0 {
		kept, err := reservedAddresses(l, d)
		if err != nil {
			return s, err
		}
		s.Addresses = append(s.Addresses, kept...)
	}
	sort.Strings(s.Addresses)
	return s, nil
}
