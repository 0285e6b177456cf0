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
	placed bool   // there may be something to take away
	folder string // where
	err    error  // why nothing is known of it

	taken   map[port]bool
	orders  wire.Orders
	results wire.Results // of what it sent
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
		return fmt.Errorf("domain %q was not found running on %s, and not all could be asked: %w; correct that and run this again", g.Domain, where, errors.Join(troubles...))
	}
	return fmt.Errorf("domain %q runs on none of %s; start it and run this again", g.Domain, where)
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
			return fmt.Errorf("%w: install qemu-guest-agent in %q and give it the agent's channel, or wait until its system has started", errNoAgent, g.Domain)
		}
		g.agent, g.macs = agent{host, d}, nil
		for _, n := range observe.NICs(root) {
			g.macs = append(g.macs, n.MAC)
		}
		return nil
	})
}

// prepare finds the guest and what it is.
func (g *guest) prepare(ctx context.Context) error {
	if err := g.find(ctx); err != nil {
		return err
	}
	s, err := g.agent.system(ctx)
	if err != nil {
		return g.refused(err)
	}
	if s.ID == "mswindows" {
		return fmt.Errorf("%q on %s runs Windows, and the probe is a program for Linux; leave the machine out", g.Domain, g.agent.host.Name)
	}
	if g.arch = architectures[s.Machine]; g.arch == "" {
		return fmt.Errorf("%q on %s runs on %q, and there are probes for %s; leave the machine out", g.Domain, g.agent.host.Name, s.Machine, strings.Join(guestArchitectures, " and "))
	}
	for i := range g.Legs {
		if g.Legs[i].MAC == "" {
			if i >= len(g.macs) {
				return fmt.Errorf("%q on %s has %d interfaces, and none for the leg %q; apply the stack first", g.Domain, g.agent.host.Name, len(g.macs), g.Legs[i].Name)
			}
			g.Legs[i].MAC = g.macs[i]
		}
	}
	return nil
}

// refused says what to do where the agent does not do what is asked.
func (g *guest) refused(err error) error {
	if forbidden(err) {
		return fmt.Errorf("%w; allow guest-exec and guest-get-osinfo in the guest (block-rpcs in /etc/qemu/qemu-ga.conf, or /etc/sysconfig/qemu-ga), and start its agent again", err)
	}
	return err
}

// What runs in the guest's shell. The folder is one in which programs may be run: /tmp is often mounted so that none is. It must not be there
// yet, so nobody else can have prepared it.
const (
	making = `for at in /tmp /var/tmp /root; do
  folder=$at/$1
  mkdir -m 700 "$folder" 2>/dev/null || continue
  printf '#!/bin/sh\n' >"$folder/try" && chmod 700 "$folder/try" && "$folder/try" 2>/dev/null && rm "$folder/try" && echo "$folder" && exit
  rm -rf "$folder"
done
echo 'a program can be run in none of /tmp, /var/tmp and /root' >&2
exit 1`
	starting = `gzip -dc <"$1/packed" >"$1/probe" && rm "$1/packed" && chmod 700 "$1/probe" && exec "$1/probe" listen "$1" "$2"`
	removing = `for at in /tmp /var/tmp /root; do
  folder=$at/$1
  [ -d "$folder" ] || continue
  echo end | "$folder/probe" ask "$folder" >/dev/null 2>&1
  rm -rf "$folder"
done`

	startLimit  = time.Minute
	askLimit    = 2 * time.Minute
	removeLimit = 30 * time.Second
)

func (g *guest) shell(ctx context.Context, limit time.Duration, script string, args ...string) (string, error) {
	return g.agent.run(ctx, limit, nil, "/bin/sh", append([]string{"-c", script, "sh"}, args...)...)
}

// place puts the probe into the guest and has it listen. It is not interrupted half-way: nobody would know what to take away.
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
	folder, err := g.shell(ctx, startLimit, making, g.engine.name)
	if err != nil {
		return r, err
	}
	g.folder = strings.TrimSpace(folder)
	if err := g.agent.write(ctx, g.folder+"/packed", program); err != nil {
		return r, err
	}
	text, err := g.shell(ctx, startLimit, starting, g.folder, s.Encode())
	if err != nil {
		return r, err
	}
	return wire.DecodeResults(text)
}

// ask asks the probe.
func (g *guest) ask(ctx context.Context, question string) (r wire.Results, err error) {
	text, err := g.agent.run(ctx, askLimit+time.Duration(len(g.orders.Talks))*talksWithin, []byte(question), g.folder+"/probe", "ask", g.folder)
	if err == nil {
		r, err = wire.DecodeResults(text)
	}
	if err != nil {
		return r, fmt.Errorf("the probe in %q on %s can't be asked any more: %w", g.Domain, g.agent.host.Name, err)
	}
	return r, nil
}

// askWherever asks the probe where it is now, while the guest may be on its way to another host.
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
			time.Sleep(lastLook) // that a guest has arrived is told on no host that we know of
			if found := g.find(ctx); found == nil {
				break
			}
		}
	}
}

// clean takes the probe away.
func (g *guest) clean(ctx context.Context) error {
	if !g.placed {
		return nil
	}
	if _, err := g.shell(ctx, removeLimit, removing, g.engine.name); err == nil {
		return nil
	}
	if err := g.find(ctx); err != nil {
		return err
	}
	_, err := g.shell(ctx, removeLimit, removing, g.engine.name)
	return err
}
