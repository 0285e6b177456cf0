package schema

import (
	"fmt"
	"strconv"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// cputuneRows are in several elements of the definition.
var cputuneRows = []table.Attr{
	{
		Name: "shares", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: SharesParameter, Type: table.UnsignedLong, Unset: DefaultShares}},
		Check:   table.Between(2, 262144), XML: xmlmodel.At("cputune/shares"),
		Doc: "The weight relative to other guests when the host is busy.",
	},
	{
		Name: "period", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "vcpu_period", Type: table.UnsignedLong, Unset: defaultPeriod}},
		Check:   table.Between(1000, 1000000), XML: xmlmodel.At("cputune/period"),
		Doc: "The period in which `quota` is counted, in µs.",
	},
	{
		Name: "quota", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "vcpu_quota", Type: table.SignedLong, Unset: noQuota}},
		Check:   quota, XML: xmlmodel.At("cputune/quota"),
		Doc: "How long each virtual CPU may run in a `period`, in µs.",
	},
	{
		Name: "emulator_period", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "emulator_period", Type: table.UnsignedLong, Unset: defaultPeriod}},
		Check:   table.Between(1000, 1000000), XML: xmlmodel.At("cputune/emulator_period"),
		Doc: "The period in which `emulator_quota` is counted, in µs.",
	},
	{
		Name: "emulator_quota", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "emulator_quota", Type: table.SignedLong, Unset: noQuota}},
		Check:   quota, XML: xmlmodel.At("cputune/emulator_quota"),
		Doc: "How long the threads other than virtual CPUs may run in an `emulator_period`, in µs.",
	},
	{
		Name: "global_period", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "global_period", Type: table.UnsignedLong, Unset: defaultPeriod}},
		Check:   table.Between(1000, 1000000), XML: xmlmodel.At("cputune/global_period"),
		Doc: "The period in which `global_quota` is counted, in µs.",
	},
	{
		Name: "global_quota", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "global_quota", Type: table.SignedLong, Unset: noQuota}},
		Check:   quota, XML: xmlmodel.At("cputune/global_quota"),
		Doc: "How long all threads of the guest together may run in a `global_period`, in µs.",
	},
	{
		Name: "iothread_period", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "iothread_period", Type: table.UnsignedLong, Unset: defaultPeriod}},
		Check:   table.Between(1000, 1000000), XML: xmlmodel.At("cputune/iothread_period"),
		Doc: "The period in which `iothread_quota` is counted, in µs.",
	},
	{
		Name: "iothread_quota", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "iothread_quota", Type: table.SignedLong, Unset: noQuota}},
		Check:   quota, XML: xmlmodel.At("cputune/iothread_quota"),
		Doc: "How long each I/O thread may run in an `iothread_period`, in µs.",
	},
	{
		Name: "emulatorpin", Type: table.String, Mode: table.Optional, Check: cpusetForm, Same: sameCPUs, OnHost: table.OnHost{CPUs: true},
		XML: inChild("cputune", emulatorpin),
		Doc: "The host's CPUs for the threads other than virtual CPUs: `0-3,^2`.",
	},
	{
		Name: "vcpupin", Type: table.Map, Mode: table.Optional, Check: vcpuNumber, Entries: threadsCodec{"vcpupin", "vcpu"},
		Doc: "The host's CPUs for each virtual CPU, by its number. An entry for a CPU that the guest does not have yet " +
			"applies when the CPU is added.",
		Attrs: []table.Attr{
			{
				Name: "cpuset", Type: table.String, Mode: table.Required, Check: cpusetForm, Same: sameCPUs, OnHost: table.OnHost{CPUs: true},
				XML: xmlmodel.At("@cpuset"),
				Doc: "The host's CPUs: `0-3,^2`.",
			},
		},
	},
	{
		Name: "emulatorsched", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: xmlmodel.Element{"cputune", "emulatorsched"},
		Doc:   "The kernel's scheduler for the threads other than virtual CPUs and I/O threads. Unset: the ordinary one.",
		Attrs: schedulerRows(""),
	},
	{
		Name: "vcpusched", Type: table.Map, Mode: table.Optional, Check: vcpuNumber, Change: table.NextBoot,
		Entries: threadsCodec{"vcpusched", "vcpus"},
		Doc:     "The kernel's scheduler for virtual CPUs, by their numbers. Unset: the ordinary one.",
		Attrs:   schedulerRows(""),
	},
	iothreadsRow,
	cachetuneRow,
	memorytuneRow,
	{
		Name: "partition", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: table.AbsolutePath, Assigned: true,
		Implied: func(host any) bool { return host == any("/machine") },
		XML:     nested{"resource", xmlmodel.At("partition")},
		Doc:     "The control group of the host in which the guest's own one is made: `/machine/production`. It must exist. Unset: `/machine`.",
	},
}

// schedulerRows are the scheduler of a thread and its priority. name is where they are, below the thread's element.
func schedulerRows(at xmlmodel.At) []table.Attr {
	return []table.Attr{
		{
			Name: "scheduler", Type: table.String, Mode: table.Required, Enum: []string{"fifo", "rr", "batch", "idle"}, Change: table.NextBoot,
			XML: at + "@scheduler",
			Doc: "`fifo` and `rr` are real-time schedulers, for which the host must have time to give; `batch` and `idle` yield to other threads.",
		},
		{
			Name: "priority", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.Between(1, 99), XML: at + "@priority",
			Doc: "The priority with `fifo` and `rr`, which require it: 99 is the highest.",
		},
	}
}

// quota checks a quota: the kernel accepts no shorter one. https://docs.kernel.org/scheduler/sched-bwc.html
func quota(v any) error {
	if n, ok := v.(int64); ok && (n < 1000 || n > 17592186044415) {
		return fmt.Errorf("must be from 1000 to 17592186044415, got %d; leave it out to have no limit", n)
	}
	return nil
}

func vcpuNumber(v any) error {
	if n, err := strconv.Atoi(v.(string)); err != nil || n < 0 || strconv.Itoa(n) != v {
		return fmt.Errorf("must be the number of a virtual CPU like \"0\", got %q", v)
	}
	return nil
}
