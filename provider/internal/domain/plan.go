package domain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Validate checks what must and must not go together.
func (Resource) Validate(config table.Model) []table.Problem {
	out := slices.Concat(interfaceRules(config), diskRules(config), bootRules(config), firmwareRules(config), resourceRules(config), otherDeviceRules(config), escapeRules(config), waitRules(config))
	at := tftypes.NewAttributePath()
	if cpu := config.Group("cpu"); cpu != nil && cpu["mode"] != table.Unknown && (cpu["mode"] == "custom") != (cpu["model"] != nil) {
		out = append(out, table.Problem{Path: at.WithAttributeName("cpu").WithAttributeName("model"),
			Text: "'model' goes with mode \"custom\", and only with it; set both or neither"})
	}
	for _, name := range []string{"initrd", "cmdline"} {
		if config[name] != nil && config["kernel"] == nil {
			out = append(out, table.Problem{Path: at.WithAttributeName(name), Text: fmt.Sprintf("'%s' needs a 'kernel'; set it, or take this out", name)})
		}
	}
	if s := config.Group("serial"); s["log_append"] == true && s["log_file"] == nil {
		out = append(out, table.Problem{Path: at.WithAttributeName("serial").WithAttributeName("log_append"), Text: "'log_append' needs a 'log_file'; set it, or take this out"})
	}
	if g := config.Group("graphics"); (g["password"] != nil) != (g["password_version"] != nil) {
		out = append(out, table.Problem{Path: at.WithAttributeName("graphics").WithAttributeName("password_version"),
			Text: "'password_version' goes with 'password', and only with it; begin with 1, and raise it with each new password"})
	}
	// https://libvirt.org/formatdomain.html#graphical-framebuffers: the protocol has no longer ones
	if g := config.Group("graphics"); g["type"] == "vnc" && len(g.Str("password")) > 8 {
		out = append(out, table.Problem{Path: at.WithAttributeName("graphics").WithAttributeName("password"),
			Text: fmt.Sprintf("'password' must have at most 8 characters with \"vnc\", got %d; shorten it, or use \"spice\"", len(g.Str("password")))})
	}
	return out
}

// FindElsewhere asks every other host for the domain's UUID. A host that can't be asked may have it: then nobody knows, and that is an error.
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
				err = has(ctx, host, m)
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
		return nil, diag.New("look for", fmt.Sprintf("The state is kept as it was. Check that the host is up and that its uri is right, then run this again. Where you know that nothing "+
			"runs there, say so for this once: %s=%s", conn.AssumeDown, strings.Join(mute, ",")),
			"it is not on %s any more, and may be on a host that can't be asked: %w", m.Str("host"), errors.Join(fails...))
	}
	return nil, nil
}
