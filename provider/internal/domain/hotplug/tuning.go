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

// parameters converts the changes of a group to the parameters of one call.
func parameters(changes []table.Change, plan table.Model) []libvirt.TypedParam {
	var out []libvirt.TypedParam
	for _, c := range changes {
		p := c.Attr.Running.Parameter
		if p == nil {
			continue
		}
		n := p.Unset
		if plan[c.Attr.Name] != nil {
			n = plan.Int(c.Attr.Name)
		}
		out = append(out, libvirt.TypedParam{Field: p.Field, Value: *parameterValue(p.Type, n)})
	}
	return out
}

func parameterValue(typ table.ParameterType, n int64) *libvirt.TypedParamValue {
	switch typ {
	case table.UnsignedInt:
		return libvirt.NewTypedParamValueUint(uint32(n))
	case table.UnsignedLong:
		return libvirt.NewTypedParamValueUllong(uint64(n))
	default:
		return libvirt.NewTypedParamValueLlong(n)
	}
}

func changeMemoryLimits(ctx context.Context, g guest, changes []table.Change) error {
	params := parameters(changes, g.plan.Group("memtune"))
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		return l.DomainSetMemoryParameters(g.domain, params, uint32(liveAndConfig))
	})
}

func changeDiskShare(ctx context.Context, g guest, changes []table.Change) error {
	params := parameters(changes, g.plan.Group("blkiotune"))
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		return l.DomainSetBlkioParameters(g.domain, params, uint32(liveAndConfig))
	})
}

func changeScheduling(ctx context.Context, g guest, changes []table.Change) error {
	plan := g.plan.Group("cputune")
	params := parameters(changes, plan)
	err := g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		for i := range params {
			if params[i].Field == schema.SharesParameter && plan["shares"] == nil {
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

// defaultSharesOfHost sets the default weight of the host's control groups: v2 has another scale than v1. libvirt does not report the
// version, but shows an unset quota as -1 with v1 and as the greatest number in thousands with v2.
func defaultSharesOfHost(l *libvirt.Libvirt, d libvirt.Domain, shares *libvirt.TypedParam) error {
	_, n, err := l.DomainGetSchedulerType(d)
	if err != nil {
		return err
	}
	now, err := l.DomainGetSchedulerParametersFlags(d, n, uint32(libvirt.DomainAffectLive))
	for _, p := range now {
		if quota, ok := p.Value.I.(int64); ok && p.Field == "global_quota" && quota == math.MaxUint64/1000 {
			shares.Value = *libvirt.NewTypedParamValueUllong(schema.DefaultSharesV2)
		}
	}
	return err
}

// changePins moves the threads that run the guest to other CPUs of the host.
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
			if schema.HasVCPU(root, n) { // otherwise the definition pins the processor when it is added
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

// pin converts a list of CPUs to the bitmap that a call takes, and makes the call. "" stands for the CPUs that the guest may use in
// general.
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
