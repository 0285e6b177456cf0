package probing

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// guest is a machine with a probe in it.
type guest struct {
	Machine
	engine *engine
	agent  agent
	macs   []string
	arch   string
	placed bool   // the probe may have to be removed
	folder string // the folder of the probe
	err    error  // why the machine could not be probed

	taken   map[port]bool
	orders  wire.Orders
	results wire.Results // of what the guest sent
	arrived wire.Results
}

type port struct {
	protocol string
	address  netip.Addr
	number   uint16
}

var (
	errNotRunning = errors.New("not running")
	errNoAgent    = errors.New("the guest agent is not connected")
)

// find looks for the domain on its hosts.
func (g *guest) find(ctx context.Context) error {
	var troubles []error
	for _, name := range g.Hosts {
		host, err := g.engine.fleet.Host(name)
		if err == nil {
			err = g.findOn(ctx, host)
		}
		if err == nil {
			return nil
		}
		if errors.Is(err, errNoAgent) {
			return err
		}
		if !errors.Is(err, conn.ErrNotFound) && !errors.Is(err, errNotRunning) {
			troubles = append(troubles, err)
		}
	}
	where := strings.Join(g.Hosts, ", ")
	if len(troubles) > 0 {
		return fmt.Errorf("domain %q was not found running on %s, and not all of these hosts could be asked: %w; correct that and run the "+
			"command again", g.Domain, where, errors.Join(troubles...))
	}
	return fmt.Errorf("domain %q does not run on any of %s; start it and run the command again", g.Domain, where)
}

func (g *guest) findOn(ctx context.Context, host *conn.Host) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		d, err := l.DomainLookupByName(g.Domain)
		if err != nil {
			return err
		}
		state, _, err := l.DomainGetState(d, 0)
		if err != nil {
			return err
		}
		if libvirt.DomainState(state) != libvirt.DomainRunning {
			return errNotRunning
		}
		text, err := l.DomainGetXMLDesc(d, 0)
		if err != nil {
			return err
		}
		root, err := xmlmodel.Parse(text)
		if err != nil {
			return err
		}
		if !observe.AgentConnected(root) {
			return fmt.Errorf("%w: install qemu-guest-agent in %q and add the agent's channel, or wait until the guest has started",
				errNoAgent, g.Domain)
		}
		g.agent, g.macs = agent{host, d}, nil
		for _, n := range observe.NICs(root) {
			g.macs = append(g.macs, n.MAC)
		}
		return nil
	})
}

// findWithAgent looks for the domain, and waits for its agent: on a busy host, an agent is away for a while after it has served another
// command.
func (g *guest) findWithAgent(ctx context.Context) error {
	for until := time.Now().Add(agentLimit); ; {
		err := g.find(ctx)
		if !errors.Is(err, errNoAgent) || time.Now().After(until) || ctx.Err() != nil {
			return err
		}
		time.Sleep(maxPoll) // the guest may be on any of its hosts, so there is no single event to wait for
	}
}

// prepare finds the guest and determines its architecture.
func (g *guest) prepare(ctx context.Context) error {
	if err := g.findWithAgent(ctx); err != nil {
		return err
	}
	s, err := g.agent.system(ctx)
	if err != nil {
		return g.refused(err)
	}
	if s.ID == "mswindows" {
		return fmt.Errorf("%q on %s runs Windows, and the probe supports only Linux; leave the machine out", g.Domain, g.agent.host.Name)
	}
	if g.arch = architectures[s.Machine]; g.arch == "" {
		return fmt.Errorf("%q on %s has the architecture %q, and the probe supports only %s; leave the machine out",
			g.Domain, g.agent.host.Name, s.Machine, strings.Join(guestArchitectures, " and "))
	}
	for i := range g.Interfaces {
		if g.Interfaces[i].MAC == "" {
			if i >= len(g.macs) {
				return fmt.Errorf("%q on %s has %d interfaces, and none for the interface %q; apply the stack first",
					g.Domain, g.agent.host.Name, len(g.macs), g.Interfaces[i].Name)
			}
			g.Interfaces[i].MAC = g.macs[i]
		}
	}
	return nil
}

// refused adds what to do if the agent blocks a command.
func (g *guest) refused(err error) error {
	if forbidden(err) {
		return fmt.Errorf("%w; allow guest-exec and guest-get-osinfo in the guest (block-rpcs in /etc/qemu/qemu-ga.conf, or "+
			"/etc/sysconfig/qemu-ga), and restart its agent", err)
	}
	return err
}

// The scripts for the guest's shell. They choose a folder in which programs can be executed: /tmp is often mounted without that. The folder
// must not exist yet, so that no other user can have prepared it.
const (
	createScript = `for at in /tmp /var/tmp /root; do
  folder=$at/$1
  mkdir -m 700 "$folder" 2>/dev/null || continue
  printf '#!/bin/sh\n' >"$folder/try" && chmod 700 "$folder/try" && "$folder/try" 2>/dev/null && rm "$folder/try" && echo "$folder" && exit
  rm -rf "$folder"
done
echo 'programs cannot be executed in /tmp, /var/tmp or /root' >&2
exit 1`
	startScript  = `gzip -dc <"$1/packed" >"$1/probe" && rm "$1/packed" && chmod 700 "$1/probe" && exec "$1/probe" listen "$1" "$2"`
	removeScript = `for at in /tmp /var/tmp /root; do
  folder=$at/$1
  [ -d "$folder" ] || continue
  echo end | "$folder/probe" ask "$folder" >/dev/null 2>&1
  rm -rf "$folder"
done`

	// Limits for what hangs: a guest may get little of a processor.
	agentLimit  = 30 * time.Second
	startLimit  = 5 * time.Minute
	askLimit    = 5 * time.Minute
	removeLimit = 2 * time.Minute
)

func (g *guest) shell(ctx context.Context, limit time.Duration, script string, args ...string) (string, error) {
	return g.agent.run(ctx, limit, nil, "/bin/sh", append([]string{"-c", script, "sh"}, args...)...)
}

// place copies the probe into the guest and starts it. It cannot be interrupted: otherwise it would be unknown what
// has to be removed.
func (g *guest) place(ctx context.Context, program []byte, s wire.Service) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.placed = true
	r, err := g.start(context.WithoutCancel(ctx), program, s)
	if err != nil {
		return g.refused(fmt.Errorf("unable to start the probe in %q on %s: %w", g.Domain, g.agent.host.Name, err))
	}
	g.taken = map[port]bool{}
	for _, t := range r.Taken {
		address, _ := netip.AddrFromSlice(t.Address)
		g.taken[port{t.Protocol, address, t.Port}] = true
	}
	return nil
}

func (g *guest) start(ctx context.Context, program []byte, s wire.Service) (r wire.Results, err error) {
	folder, err := g.shell(ctx, startLimit, createScript, g.engine.name)
	if err != nil {
		return r, err
	}
	g.folder = strings.TrimSpace(folder)
	if err := g.agent.write(ctx, g.folder+"/packed", program); err != nil {
		return r, err
	}
	text, err := g.shell(ctx, startLimit, startScript, g.folder, s.Encode())
	if err != nil {
		return r, err
	}
	return wire.DecodeResults(text)
}

// ask sends a question to the probe.
func (g *guest) ask(ctx context.Context, question string) (r wire.Results, err error) {
	text, err := g.agent.run(ctx, askLimit+time.Duration(len(g.orders.Flows))*flowsWithin, []byte(question), g.folder+"/probe", "ask", g.folder)
	if err == nil {
		r, err = wire.DecodeResults(text)
	}
	if err != nil {
		return r, fmt.Errorf("the probe in %q on %s no longer answers: %w", g.Domain, g.agent.host.Name, err)
	}
	return r, nil
}

// askWherever asks the probe on the guest's current host, while the guest may be migrating.
func (g *guest) askWherever(ctx context.Context, question string, patience time.Duration) (r wire.Results, err error) {
	var ended *exitError
	for until := time.Now().Add(patience); ; {
		if r, err = g.ask(ctx, question); err == nil || errors.As(err, &ended) || ctx.Err() != nil {
			return r, err
		}
		for {
			if time.Now().After(until) || ctx.Err() != nil {
				return r, err
			}
			time.Sleep(maxPoll) // libvirt has no event on a known host for the arrival of a guest
			if found := g.find(ctx); found == nil {
				break
			}
		}
	}
}

// clean removes the probe.
func (g *guest) clean(ctx context.Context) error {
	if !g.placed {
		return nil
	}
	if _, err := g.shell(ctx, removeLimit, removeScript, g.engine.name); err == nil {
		return nil
	}
	if err := g.find(ctx); err != nil {
		return err
	}
	_, err := g.shell(ctx, removeLimit, removeScript, g.engine.name)
	return err
}
