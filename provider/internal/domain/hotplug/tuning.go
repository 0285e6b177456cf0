package hotplug

import (
	"context"
	"math"
	"strconv"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// What the kernel gives a guest of which nothing is said. libvirt has no call for 'as if it had never been set': a value that is taken away
// is set to this, and then leaves the definition.
const (
	defaultShares     = 1024    // control groups v1
	defaultWeightV2   = 100     // cpu.weight of v2, which libvirt calls shares as well
	defaultPeriod     = 100_000 // µs
	noQuota           = -1
	defaultDiskWeight = 100 // of BFQ, and of v2's io.weight
)

// parameter is a row of a tuning group as libvirt's calls name it.
type parameter struct {
	field string
	value func(n int64) *libvirt.TypedParamValue
	unset int64
}

func unsignedLong(n int64) *libvirt.TypedParamValue {
	return libvirt.NewTypedParamValueUllong(uint64(n))
}

func unsignedInt(n int64) *libvirt.TypedParamValue { return libvirt.NewTypedParamValueUint(uint32(n)) }

var scheduling = map[string]parameter{
	"shares":          {"cpu_shares", unsignedLong, defaultShares},
	"period":          {"vcpu_period", unsignedLong, defaultPeriod},
	"quota":           {"vcpu_quota", libvirt.NewTypedParamValueLlong, noQuota},
	"emulator_period": {"emulator_period", unsignedLong, defaultPeriod},
	"emulator_quota":  {"emulator_quota", libvirt.NewTypedParamValueLlong, noQuota},
}

var memoryLimits = map[string]parameter{
	"hard_limit":      {"hard_limit", unsignedLong, libvirt.DomainMemoryParamUnlimited},
	"soft_limit":      {"soft_limit", unsignedLong, libvirt.DomainMemoryParamUnlimited},
	"swap_hard_limit": {"swap_hard_limit", unsignedLong, libvirt.DomainMemoryParamUnlimited},
}

var diskShare = map[string]parameter{"weight": {"weight", unsignedInt, defaultDiskWeight}}

// parameters are the changes as one call takes them.
func parameters(known map[string]parameter, changes []table.Change, plan table.Model) []libvirt.TypedParam {
	var out []libvirt.TypedParam
	for _, c := range changes {
		name := table.StepName(c.Path.Steps()[1])
		p, ok := known[name]
		if !ok {
			continue
		}
		n := p.unset
		if plan[name] != nil {
			n = plan.Int(name)
		}
		out = append(out, libvirt.TypedParam{Field: p.field, Value: *p.value(n)})
	}
	return out
}

func changeMemoryLimits(ctx context.Context, g guest, changes []table.Change) error {
	params := parameters(memoryLimits, changes, g.plan.Group("memtune"))
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		return l.DomainSetMemoryParameters(g.domain, params, uint32(liveAndConfig))
	})
}

func changeDiskShare(ctx context.Context, g guest, changes []table.Change) error {
	params := parameters(diskShare, changes, g.plan.Group("blkiotune"))
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		return l.DomainSetBlkioParameters(g.domain, params, uint32(liveAndConfig))
	})
}

func changeScheduling(ctx context.Context, g guest, changes []table.Change) error {
	plan := g.plan.Group("cputune")
	params := parameters(scheduling, changes, plan)
	err := g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		for i := range params {
			if params[i].Field == "cpu_shares" && plan["shares"] == nil {
				if err := defaultSharesOfHost(l, g.domain, &params[i]); err != nil {
					return err
				}
			}
		}
		if len(params) == 0 {
			return nil
		}
		return l.DomainSetSchedulerParametersFlags(g.domain, params, uint32(liveAndConfig))
	})
	if err != nil {
		return err
	}
	return changePins(ctx, g, changes)
}

// defaultSharesOfHost: control groups v2 has another scale. libvirt doesn't say which the host has, but shows a quota that is not set in its own way
// for each: -1 with v1, the greatest number in thousands with v2.
func defaultSharesOfHost(l *libvirt.Libvirt, d libvirt.Domain, shares *libvirt.TypedParam) error {
	_, n, err := l.DomainGetSchedulerType(d)
	if err != nil {
		return err
	}
	now, err := l.DomainGetSchedulerParametersFlags(d, n, uint32(libvirt.DomainAffectLive))
	for _, p := range now {
		if quota, ok := p.Value.I.(int64); ok && p.Field == "global_quota" && quota == math.MaxUint64/1000 {
			shares.Value = *unsignedLong(defaultWeightV2)
		}
	}
	return err
}

// changePins moves what runs the guest to other CPUs of its host.
func changePins(ctx context.Context, g guest, changes []table.Change) error {
	root, err := runningRoot(ctx, g)
	if err != nil {
		return err
	}
	plan := g.plan.Group("cputune")
	for _, c := range changes {
		steps := c.Path.Steps()
		switch table.StepName(steps[1]) {
		case "emulatorpin":
			err = pin(ctx, g, plan.Str("emulatorpin"), root, func(l *libvirt.Libvirt, cpus []byte) error {
				return l.DomainPinEmulator(g.domain, cpus, liveAndConfig)
			})
		case "vcpupin":
			n, _ := strconv.ParseInt(table.StepName(steps[2]), 10, 64)
			if schema.HasVCPU(root, n) { // else the definition has it, for when it comes
				err = pinVCPU(ctx, g, uint32(n), plan.Group("vcpupin").Group(table.StepName(steps[2])).Str("cpuset"))
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func pinVCPU(ctx context.Context, g guest, n uint32, cpus string) error {
	root, err := runningRoot(ctx, g)
	if err != nil {
		return err
	}
	return pin(ctx, g, cpus, root, func(l *libvirt.Libvirt, cpus []byte) error {
		return l.DomainPinVcpuFlags(g.domain, n, cpus, uint32(liveAndConfig))
	})
}

// pin gives a call the CPUs as it takes them: "" are those that the guest may use in general.
func pin(ctx context.Context, g guest, cpus string, running *etree.Element, call func(l *libvirt.Libvirt, cpus []byte) error) error {
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		online, _, count, err := l.NodeGetCPUMap(1, 1, 0)
		if err != nil {
			return err
		}
		if cpus == "" {
			cpus = running.SelectElement("vcpu").SelectAttrValue("cpuset", "")
		}
		if cpus == "" {
			return call(l, online)
		}
		set, err := schema.ParseCPUs(cpus)
		if err != nil {
			return err
		}
		bits, err := set.Bitmap(int(count))
		if err != nil {
			return err
		}
		return call(l, bits)
	})
}
