package domain

import (
	"context"
	"fmt"
	"strings"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Keys returns the UUID, of which libvirt has one domain each, and the MAC addresses on the networks and bridges of the host. libvirt accepts a
// MAC address twice, but a network delivers to one of them.
func (Resource) Keys(_ context.Context, m table.Model) []engine.Key {
	var keys []engine.Key
	if id := m.Str("uuid"); id != "" {
		keys = append(keys, engine.Key{What: "domain with the UUID", Row: "uuid", Value: id, Names: true})
	}
	interfaces := m.Group("interfaces")
	for _, name := range table.Keys(interfaces) {
		mac := interfaces.Group(name).Str("mac")
		for _, link := range []string{"network", "bridge"} {
			if to := interfaces.Group(name).Str(link); mac != "" && to != "" {
				keys = append(keys, engine.Key{
					What: "MAC address of " + link + " " + to, Row: "mac", Map: "interfaces", Entry: name, Value: strings.ToLower(mac),
				})
			}
		}
	}
	return keys
}

// Existing returns the domains of the host that have the name or the UUID.
func (k Resource) Existing(ctx context.Context, host *conn.Host, plan table.Model) (found []engine.Existing, err error) {
	name, id := plan.Str("name"), plan.Str("uuid")
	listed := func(n hostinfo.Names) bool {
		_, taken := n[name]
		for _, other := range n {
			taken = taken || other == id
		}
		return taken
	}
	note := func(d libvirt.Domain, err error, row, what string) error {
		if err == nil {
			found = append(found, engine.Existing{
				ID: host.Name + "/" + d.Name, What: fmt.Sprintf(what, d.Name), Row: row, UUID: conn.FormatUUID(d.UUID),
			})
		}
		if conn.IsNotFound(err) {
			return nil
		}
		return err
	}
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		domains, err := hostinfo.Domains(l, func(n hostinfo.Names) bool { return !listed(n) })
		if err != nil || !listed(domains) {
			return err
		}
		d, err := l.DomainLookupByName(name) // the list may have what this apply has removed meanwhile
		if err := note(d, err, "name", "a domain %q"); err != nil {
			return err
		}
		wanted, parseErr := uuid.Parse(id)
		if parseErr != nil || err == nil && d.UUID == libvirt.UUID(wanted) {
			return nil
		}
		d, err = l.DomainLookupByUUID(libvirt.UUID(wanted))
		return note(d, err, "uuid", "a domain with this UUID, %q")
	})
	return found, err
}
