package domain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func exists(ctx context.Context, host *conn.Host, m table.Model) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, err := observe.Find(l, m)
		return err
	})
}

// FindElsewhere asks every other host for the domain's UUID. A host that can't be asked may have the domain, so that is an error.
func (Resource) FindElsewhere(ctx context.Context, fleet *conn.Fleet, m table.Model) (table.Model, error) {
	if m.Str("uuid") == "" {
		return nil, nil
	}
	var (
		wait  sync.WaitGroup
		mu    sync.Mutex
		found string
		fails []error
		mute  []string
	)
	for _, name := range fleet.Names() {
		if name == m.Str("host") {
			continue
		}
		wait.Go(func() {
			host, err := fleet.Host(name)
			if err == nil {
				err = exists(ctx, host, m)
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				found = name
			case !errors.Is(err, conn.ErrNotFound) && (host == nil || !host.AssumedDown()):
				fails, mute = append(fails, err), append(mute, name)
			}
		})
	}
	wait.Wait()
	if found != "" {
		return table.Model{"host": found}, nil
	}
	if len(fails) > 0 {
		slices.Sort(mute)
		return nil, diag.New("look for", fmt.Sprintf(diag.Kept+" Check that the host is up and that its uri is correct, then run "+
			"the command again. If you know that nothing runs there, say so for this one command: %s=%s", conn.AssumeDown, strings.Join(mute, ",")),
			"it is not on %s any more, and may be on a host that can't be asked: %w", m.Str("host"), errors.Join(fails...))
	}
	return nil, nil
}
