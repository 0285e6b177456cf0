package hostinfo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Baseline is the data source libvirt_cpu_baseline.
type Baseline struct{}

var _ engine.DataSource = Baseline{}

// Table returns the baseline's table.
func (Baseline) Table() *table.Table { return BaselineTable }

// Hosts returns the names of the hosts, in order.
func (Baseline) Hosts(config table.Model) []string { return table.Keys(config.Group("hosts")) }

// Validate requires at least one host.
func (b Baseline) Validate(config table.Model) []table.Problem {
	if hosts, known := config["hosts"].(table.Model); known && len(hosts) == 0 {
		return []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("hosts"),
			Text: "'hosts' must name at least one host, got none; add one"}}
	}
	return nil
}

// Read asks all hosts at the same time which CPU models they can run, and the first host which of the common models is
// the newest.
func (b Baseline) Read(ctx context.Context, hosts []*conn.Host, config table.Model) (table.Model, error) {
	domainType := config.Str("type")
	all, err := askEach(hosts, func(h *conn.Host) (cpuSupport, error) { return readCPUSupport(ctx, h, domainType) })
	if err != nil {
		return nil, err
	}
	if err := checkSameArch(hosts, all); err != nil {
		return nil, err
	}
	names := b.Hosts(config)
	model, err := newestOn(ctx, hosts[0], domainType, commonSupport(all))
	if err != nil {
		return nil, err
	}
	if model == "" {
		return nil, noCommonModel(ctx, hosts, domainType, all)
	}
	return table.Model{"id": domainType + "/" + strings.Join(names, ","), "model": model}, nil
}

// cpuSupport is the CPU models that a host can run with one domain type.
type cpuSupport struct {
	arch   string
	models map[string]cpuModel // usable models only
}

func readCPUSupport(ctx context.Context, h *conn.Host, domainType string) (can cpuSupport, err error) {
	err = h.Do(ctx, func(l *libvirt.Libvirt) error {
		caps, err := readCapabilities(l)
		if err != nil {
			return err
		}
		can.arch = caps.arch()
		domain, err := domainCapabilities(l, "", can.arch, "", domainType)
		if err == nil {
			can.models = usable(cpuModels(domain))
		}
		return err
	})
	return can, err
}

func newestOn(ctx context.Context, h *conn.Host, domainType string, can cpuSupport) (model string, err error) {
	err = h.Do(ctx, func(l *libvirt.Libvirt) error {
		rank, err := newRanking(l, can.arch)
		if err == nil {
			model, err = rank.newest(domainType, can.models)
		}
		return err
	})
	return model, err
}

// commonSupport returns the models that all hosts can run. A model is deprecated if it is deprecated on one of them.
func commonSupport(all []cpuSupport) cpuSupport {
	both := cpuSupport{all[0].arch, map[string]cpuModel{}}
	for name, m := range all[0].models {
		everywhere := true
		for _, other := range all[1:] {
			theirs, has := other.models[name]
			everywhere = everywhere && has
			m.deprecated = m.deprecated || theirs.deprecated
		}
		if everywhere {
			both.models[name] = m
		}
	}
	return both
}

func checkSameArch(hosts []*conn.Host, all []cpuSupport) error {
	var each []string
	for i, h := range hosts {
		each = append(each, h.Name+" is "+all[i].arch)
	}
	if slices.ContainsFunc(all, func(a cpuSupport) bool { return a.arch != all[0].arch }) {
		return diag.New("find", "Use one data source for the hosts of each architecture.", "the hosts have different architectures: %s",
			strings.Join(each, ", "))
	}
	return nil
}

// noCommonModel returns the error for hosts without a common CPU model; it names the newest model of each host.
func noCommonModel(ctx context.Context, hosts []*conn.Host, domainType string, all []cpuSupport) error {
	each := make([]string, len(hosts))
	names := make([]string, len(hosts))
	for i, h := range hosts {
		names[i] = h.Name
		best, err := newestOn(ctx, h, domainType, all[i])
		switch {
		case err != nil:
			return err
		case best == "":
			each[i] = h.Name + " has none"
		default:
			each[i] = fmt.Sprintf("the newest of %s is %q", h.Name, best)
		}
	}
	return diag.New("find", "Remove a host, or set the guests' CPU model by name: 'virsh domcapabilities --virttype "+domainType+
		"' shows what a host can run.",
		"no CPU model of type %q that runs 64-bit code is usable on each of %s: %s", domainType, strings.Join(names, ", "), strings.Join(each, "; "))
}

// askEach asks all hosts at the same time. The answers are in the order of the hosts; the error joins those of all
// hosts that failed.
func askEach[T any](hosts []*conn.Host, question func(h *conn.Host) (T, error)) ([]T, error) {
	answers, failures := make([]T, len(hosts)), make([]error, len(hosts))
	var wait sync.WaitGroup
	for i, h := range hosts {
		wait.Go(func() { answers[i], failures[i] = question(h) })
	}
	wait.Wait()
	return answers, errors.Join(failures...)
}
