package hotplug

import (
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// parameters converts the changes of a group to the parameters of one call. What is in a map of the group has a call of its own.
func parameters(changes []table.Change, plan table.Model) []libvirt.TypedParam {
	var out []libvirt.TypedParam
	for _, c := range changes {
		p := c.Attr.Running.Parameter
		if p == nil || len(c.Path.Steps()) > 2 {
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
	case table.SignedInt:
		return libvirt.NewTypedParamValueInt(int32(n))
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

// changeHostNodes moves the guest's memory to other NUMA nodes of the host. The kernel moves the pages.
func changeHostNodes(ctx context.Context, g guest, _ []table.Change) error {
	nodes := g.plan.Group("memory_backing").Group("numatune").Str("nodeset")
	params := []libvirt.TypedParam{{Field: "numa_nodeset", Value: *libvirt.NewTypedParamValueString(nodes)}}
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		return l.DomainSetNumaParameters(g.domain, params, uint32(liveAndConfig))
	})
}

func changeDiskShare(ctx context.Context, g guest, changes []table.Change) error {
	var own []table.Change
	disks := map[string]bool{}
	for _, c := range changes {
		if steps := c.Path.Steps(); len(steps) > 2 {
			disks[table.StepName(steps[2])] = true
		} else {
			own = append(own, c)
		}
	}
	was, is := g.prior.Group("blkiotune"), g.plan.Group("blkiotune")
	params := append(parameters(own, is), hostDiskParameters(disks, was.Group("devices"), is.Group("devices"))...)
	return g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		return l.DomainSetBlkioParameters(g.domain, params, uint32(liveAndConfig))
	})
}

// hostDiskRows are the rows of what a guest may use of a disk of the host.
var hostDiskRows = schema.Row("blkiotune", "devices").Attrs

// hostDiskParameters converts the changes of disks of the host to the parameters of one call: one for each row, with the values of all
// disks. 0 removes a value.
func hostDiskParameters(disks map[string]bool, was, is table.Model) (params []libvirt.TypedParam) {
	for _, row := range hostDiskRows {
		var values []string
		for _, path := range slices.Sorted(maps.Keys(disks)) {
			if n := is.Group(path).Int(row.Name); n != was.Group(path).Int(row.Name) {
				values = append(values, path, strconv.FormatInt(n, 10))
			}
		}
		if values != nil {
			text := *libvirt.NewTypedParamValueString(strings.Join(values, ","))
			params = append(params, libvirt.TypedParam{Field: "device_" + row.Name, Value: text})
		}
	}
	return params
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

// ioThreadRows are the rows of an I/O thread.
var ioThreadRows = schema.Row("cputune", "iothreads").Attrs

// ioThreadParameters converts what is new of an I/O thread to the parameters of one call.
func ioThreadParameters(was, is table.Model) (params []libvirt.TypedParam) {
	for _, row := range ioThreadRows {
		if p := row.Running.Parameter; p != nil && is[row.Name] != nil && is[row.Name] != was[row.Name] {
			params = append(params, libvirt.TypedParam{Field: p.Field, Value: *parameterValue(p.Type, is.Int(row.Name))})
		}
	}
	return params
}

// changeIOThread adds an I/O thread to the guest, removes it, changes how it works, or moves it to other CPUs of the host.
func changeIOThread(ctx context.Context, g guest, key string, running *etree.Element) error {
	n, err := strconv.ParseUint(key, 10, 32)
	if err != nil {
		return err
	}
	id := uint32(n)
	was, is := g.prior.Group("cputune").Group("iothreads").Group(key), g.plan.Group("cputune").Group("iothreads").Group(key)
	err = g.host.Do(ctx, func(l *libvirt.Libvirt) error {
		if is == nil {
			return l.DomainDelIothread(g.domain, id, liveAndConfig)
		}
		if was == nil {
			if err := l.DomainAddIothread(g.domain, id, liveAndConfig); err != nil {
				return err
			}
		}
		if params := ioThreadParameters(was, is); len(params) > 0 {
			return l.DomainSetIothreadParams(g.domain, id, params, uint32(liveAndConfig))
		}
		return nil
	})
	if err != nil || is == nil || is["cpuset"] == was["cpuset"] {
		return err
	}
	return pin(ctx, g, is.Str("cpuset"), running, func(l *libvirt.Libvirt, cpus []byte) error {
		return l.DomainPinIothread(g.domain, id, cpus, liveAndConfig)
	})
}

// changePins moves the threads that run the guest to other CPUs of the host.
func changePins(ctx context.Context, g guest, changes []table.Change) error {
	root, err := runningRoot(ctx, g)
	if err != nil {
		return err
	}
	plan := g.plan.Group("cputune")
	done := map[string]bool{} // I/O threads, of which all changes are made together
	for _, c := range changes {
		steps := c.Path.Steps()
		switch table.StepName(steps[1]) {
		case "emulatorpin":
			err = pin(ctx, g, plan.Str("emulatorpin"), root, func(l *libvirt.Libvirt, cpus []byte) error {
				return l.DomainPinEmulator(g.domain, cpus, liveAndConfig)
			})
		case "iothreads":
			if key := table.StepName(steps[2]); !done[key] {
				done[key], err = true, changeIOThread(ctx, g, key, root)
			}
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
