package forecast

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// CheckStart checks, before a guest is shut down or started, that its host has what the changed domain needs. The plan has checked the same, but
// what the same apply creates has to exist by now.
func CheckStart(ctx context.Context, host *conn.Host, prior, plan table.Model) error {
	refreshPools(ctx, host, prior, plan)
	problems, missing := checkHost(ctx, host.Fleet(), prior, plan, Summarize(prior, plan))
	var texts []string
	for _, p := range problems {
		texts = append(texts, p.Text)
	}
	for _, m := range missing {
		summary, _, _ := strings.Cut(m, "\n")
		texts = append(texts, summary)
	}
	if len(texts) == 0 {
		return nil
	}
	return &diag.Error{
		Verb: "start", Err: fmt.Errorf("on %s: the guest would not start: %w", host.Name, errors.New(strings.Join(texts, "; "))),
		Remedy: "Nothing was changed.",
	}
}

// refreshPools has libvirt read the directories of all new images again: a pool lists what it had when it was last read. A directory that
// cannot be read now is listed as it was.
func refreshPools(ctx context.Context, host *conn.Host, prior, plan table.Model) {
	for _, image := range table.NewValues(schema.Table.Attrs, prior, plan, naming(table.FileOnHost)) {
		if !storage.IsListed(path.Dir(image.Text)) {
			continue
		}
		_ = host.Do(ctx, func(l *libvirt.Libvirt) error {
			return storage.InDirectory(host, l, path.Dir(image.Text), func(libvirt.StoragePool) error { return nil })
		})
	}
}
