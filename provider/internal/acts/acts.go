// Package acts starts, stops and reboots machines, and takes snapshots of them, when an operator asks for it, outside of any plan.
package acts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/power"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Request names the machines, and what to do with them.
type Request struct {
	Hosts    exchange.Hosts `json:"hosts"`
	Act      string         `json:"act"` // one of acts
	Machines []Machine      `json:"machines"`
}

// Machine is a machine as the stack declares it. Name is its key in the request; Domain is its name in libvirt.
type Machine struct {
	Name     string   `json:"name"`
	Domain   string   `json:"domain"`
	Host     string   `json:"host"`
	Shutdown Shutdown `json:"shutdown"`
	// Snapshot is nil unless the act is "snapshot".
	Snapshot *Snapshot `json:"snapshot"`
}

// Shutdown says how the guest is shut down, like the attribute 'shutdown' of libvirt_domain.
type Shutdown struct {
	Timeout   *int64 `json:"timeout"`   // in seconds; 0 cuts the power at once; nil for the default
	Mode      string `json:"mode"`      // "acpi", "agent", or "" to leave it to libvirt
	OnTimeout string `json:"onTimeout"` // "force" or "fail"
}

// Snapshot says which snapshot is taken, like the attributes of libvirt_domain_snapshot.
type Snapshot struct {
	Name    string `json:"name"`
	Memory  bool   `json:"memory"`
	Quiesce bool   `json:"quiesce"`
}

// Report is the result for each machine, in the order of the request.
type Report struct {
	Machines []MachineReport `json:"machines"`
}

// MachineReport is the state of a machine afterwards. If Error is set, the act failed.
type MachineReport struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Error string `json:"error"`
}

// act does something with a domain.
type act func(ctx context.Context, host *conn.Host, d libvirt.Domain, m Machine) error

// acts are what can be asked for.
var acts = map[string]act{
	"start":    transition(schema.Running),
	"stop":     transition(schema.Stopped),
	"reboot":   reboot,
	"snapshot": takeSnapshot,
}

// Run reads a Request, and writes a Report.
func Run(ctx context.Context, in io.Reader, out io.Writer) error {
	var req Request
	if err := exchange.Decode(in, &req); err != nil {
		return fmt.Errorf(`act: expected {"hosts": {...}, "act": "start", "machines": [...]} on standard input: %w`, err)
	}
	do := acts[req.Act]
	if do == nil {
		return fmt.Errorf(`act: 'act' must be "start", "stop", "reboot" or "snapshot", got %q`, req.Act)
	}
	fleet, err := req.Hosts.Fleet()
	if err != nil {
		return fmt.Errorf("act: %w", err)
	}
	defer fleet.Close()
	report := Report{Machines: make([]MachineReport, len(req.Machines))}
	var wait sync.WaitGroup
	for i, m := range req.Machines {
		wait.Go(func() {
			report.Machines[i].Name = m.Name
			state, err := m.do(ctx, fleet, do)
			if report.Machines[i].State = state; err != nil {
				report.Machines[i].Error = strings.TrimSpace(err.Error())
			}
		})
	}
	wait.Wait()
	return exchange.Encode(out, report)
}

func (m Machine) do(ctx context.Context, fleet *conn.Fleet, do act) (string, error) {
	host, err := fleet.Host(m.Host)
	if err != nil {
		return "", err
	}
	d, err := exchange.FindDomain(ctx, host, m.Domain)
	if err == nil {
		err = do(ctx, host, d, m)
	}
	if err != nil {
		return "", err
	}
	var state string
	err = host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		state, _, err = observe.RunState(l, d)
		return err
	})
	return state, err
}

func transition(state string) act {
	return func(ctx context.Context, host *conn.Host, d libvirt.Domain, m Machine) error {
		s := m.Shutdown
		policy := table.Model{"shutdown": table.Model{"mode": s.Mode, "on_timeout": s.OnTimeout}}
		if s.Timeout != nil {
			policy.Group("shutdown")["timeout"] = *s.Timeout
		}
		return power.New(host, d, policy).TransitionTo(ctx, state)
	}
}

// reboot asks the guest to reboot. libvirt does not tell whether the guest does.
func reboot(ctx context.Context, host *conn.Host, d libvirt.Domain, m Machine) error {
	s := m.Shutdown
	flag := map[string]libvirt.DomainRebootFlagValues{
		"acpi": libvirt.DomainRebootAcpiPowerBtn, "agent": libvirt.DomainRebootGuestAgent,
	}[s.Mode]
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		if s.Timeout != nil && *s.Timeout == 0 {
			return l.DomainReset(d, 0)
		}
		return l.DomainReboot(d, flag)
	})
}

// takeSnapshot takes a snapshot as libvirt_domain_snapshot does, so that it can be imported. The domain's state stays true: libvirt's record tells
// that the overlays belong to its disks.
func takeSnapshot(ctx context.Context, host *conn.Host, d libvirt.Domain, m Machine) error {
	if m.Snapshot == nil {
		return fmt.Errorf("'snapshot' is required for the act \"snapshot\"")
	}
	plan := table.Model{"host": host.Name, "domain": d.Name, "name": m.Snapshot.Name, "memory": m.Snapshot.Memory, "quiesce": m.Snapshot.Quiesce}
	for _, a := range snapshot.Table.Attrs {
		if a.Check != nil && plan[a.Name] != nil {
			if err := a.Check(plan[a.Name]); err != nil {
				return fmt.Errorf("'%s' %w", a.Name, err)
			}
		}
	}
	if problems := (snapshot.Resource{}).Validate(plan); len(problems) > 0 {
		return errors.New(problems[0].Text)
	}
	_, err := snapshot.Resource{}.Create(ctx, host, plan)
	if errors.Is(err, conn.ErrExists) {
		return fmt.Errorf("%s has a snapshot %q already; take another name", d.Name, m.Snapshot.Name)
	}
	return advised(err)
}

// advised adds to an error what to do.
func advised(err error) error {
	var e *diag.Error
	if errors.As(err, &e) && e.Remedy != "" {
		return fmt.Errorf("%w. %s", err, e.Remedy)
	}
	return err
}
