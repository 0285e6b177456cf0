package secret

import (
	"context"
	"fmt"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Keys returns the usage and the name, which identify a secret as its UUID does.
func (Resource) Keys(_ context.Context, m table.Model) []engine.Key {
	if m.Str("usage") == "" || m.Str("name") == "" {
		return nil
	}
	return []engine.Key{{What: m.Str("usage") + " secret", Row: "name", Value: m.Str("name"), Names: true}}
}

// Existing returns the secret of the host that has the UUID, or the usage and the name.
func (k Resource) Existing(ctx context.Context, host *conn.Host, plan table.Model) (found []engine.Existing, err error) {
	name, id := plan.Str("name"), plan.Str("uuid")
	listed := func(n hostinfo.Names) bool { return hostinfo.Has(name)(n) || hostinfo.Has(id)(n) }
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		secrets, err := hostinfo.Secrets(l, func(n hostinfo.Names) bool { return !listed(n) })
		if err != nil || !listed(secrets) {
			return err
		}
		s, row, err := present(l, plan)
		if conn.IsNotFound(err) {
			return nil
		}
		if err == nil {
			what := fmt.Sprintf("a %s secret %q", plan.Str("usage"), name)
			if row == "uuid" {
				what = "a secret with this UUID"
			}
			uuid := conn.FormatUUID(s.UUID)
			found = append(found, engine.Existing{ID: k.ImportID(table.Model{"host": host.Name, "uuid": uuid}), What: what, Row: row, UUID: uuid})
		}
		return err
	})
	return found, err
}

// present finds a secret by the UUID, or by the usage and the name, and says by which.
func present(l *libvirt.Libvirt, m table.Model) (s libvirt.Secret, row string, err error) {
	if m.Str("uuid") != "" {
		if s, err = lookup(l, m); !conn.IsNotFound(err) {
			return s, "uuid", err
		}
	}
	s, err = l.SecretLookupByUsage(int32(purposeOf(m.Str("usage")).number), m.Str("name"))
	return s, "name", err
}
