package schema

import (
	"fmt"
	"strconv"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// What the kernel gives a guest without a value of its own. A value that is removed is set to this and then leaves the definition, since libvirt has
// no call that takes one away.
const (
	SharesParameter = "cpu_shares" // libvirt's name of the row 'shares', see DefaultSharesV2

	DefaultShares     = 1024    // control groups v1
	DefaultSharesV2   = 100     // cpu.weight of control groups v2, which libvirt calls shares too
	defaultPeriod     = 100_000 // µs
	noQuota           = -1
	noMemoryLimit     = 9007199254740991 // VIR_DOMAIN_MEMORY_PARAM_UNLIMITED, in KiB
	defaultDiskWeight = 100              // of BFQ, and of io.weight of control groups v2
)

// tuningRows are the guest's share of its host.
var tuningRows = []table.Attr{
	{
		Name: "cputune", Type: table.Object, Mode: table.Optional,
		Running: table.Running{Operation: ChangeScheduling, Drifts: always},
		Group:   tuning{xmlmodel.Element{"cputune"}, cputuneRows},
		Doc:     "The share of the host's processors.",
		Attrs:   cputuneRows,
	},
	{
		Name: "memtune", Type: table.Object, Mode: table.Optional,
		Running: table.Running{Operation: ChangeMemoryLimits, Drifts: always},
		Group:   tuning{xmlmodel.Element{"memtune"}, memtuneRows},
		Doc: "Limits of the memory on the host, in KiB. The guest's process needs more memory than the guest has; the " +
			"host may kill a process that exceeds `hard_limit`.",
		Attrs: memtuneRows,
	},
	{
		Name: "blkiotune", Type: table.Object, Mode: table.Optional,
		Running: table.Running{Operation: ChangeDiskShare, Drifts: always},
		Group:   tuning{xmlmodel.Element{"blkiotune"}, blkiotuneRows},
		Doc:     "The share of the host's disks.",
		Attrs:   blkiotuneRows,
	},
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

var cputuneRows = []table.Attr{
	{
		Name: "shares", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: SharesParameter, Type: table.UnsignedLong, Unset: DefaultShares}},
		Check:   table.Between(2, 262144), XML: xmlmodel.At("shares"),
		Doc: "The weight relative to other guests when the host is busy.",
	},
	{
		Name: "period", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "vcpu_period", Type: table.UnsignedLong, Unset: defaultPeriod}},
		Check:   table.Between(1000, 1000000), XML: xmlmodel.At("period"),
		Doc: "The period in which `quota` is counted, in µs.",
	},
	{
		Name: "quota", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "vcpu_quota", Type: table.SignedLong, Unset: noQuota}},
		Check:   quota, XML: xmlmodel.At("quota"),
		Doc: "How long each virtual CPU may run in a `period`, in µs.",
	},
	{
		Name: "emulator_period", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "emulator_period", Type: table.UnsignedLong, Unset: defaultPeriod}},
		Check:   table.Between(1000, 1000000), XML: xmlmodel.At("emulator_period"),
		Doc: "The period in which `emulator_quota` is counted, in µs.",
	},
	{
		Name: "emulator_quota", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "emulator_quota", Type: table.SignedLong, Unset: noQuota}},
		Check:   quota, XML: xmlmodel.At("emulator_quota"),
		Doc: "How long the threads other than virtual CPUs may run in an `emulator_period`, in µs.",
	},
	{
		Name: "emulatorpin", Type: table.String, Mode: table.Optional, Check: cpusetForm, Same: sameCPUs,
		XML: emulatorpin,
		Doc: "The host's CPUs for the threads other than virtual CPUs: `0-3,^2`.",
	},
	{
		Name: "vcpupin", Type: table.Map, Mode: table.Optional, Check: vcpuNumber, Entries: vcpupinCodec{},
		Doc: "The host's CPUs for each virtual CPU, by its number. An entry for a CPU that the guest does not have yet " +
			"applies when the CPU is added.",
		Attrs: []table.Attr{
			{
				Name: "cpuset", Type: table.String, Mode: table.Required, Check: cpusetForm, Same: sameCPUs,
				XML: xmlmodel.At("@cpuset"),
				Doc: "The host's CPUs: `0-3,^2`.",
			},
		},
	},
}

var memtuneRows = []table.Attr{
	{
		Name: "hard_limit", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "hard_limit", Type: table.UnsignedLong, Unset: noMemoryLimit}},
		Check:   table.AtLeast(1, " KiB"), XML: kibAt("hard_limit"),
		Doc: "The maximum memory.",
	},
	{
		Name: "soft_limit", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "soft_limit", Type: table.UnsignedLong, Unset: noMemoryLimit}},
		Check:   table.AtLeast(1, " KiB"), XML: kibAt("soft_limit"),
		Doc: "The maximum memory when the host is short of memory.",
	},
	{
		Name: "swap_hard_limit", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "swap_hard_limit", Type: table.UnsignedLong, Unset: noMemoryLimit}},
		Check:   table.AtLeast(1, " KiB"), XML: kibAt("swap_hard_limit"),
		Doc: "The maximum of memory and swap together.",
	},
}

var blkiotuneRows = []table.Attr{
	{
		Name: "weight", Type: table.Int, Mode: table.Optional,
		Running: table.Running{Parameter: &table.Parameter{Field: "weight", Type: table.UnsignedInt, Unset: defaultDiskWeight}},
		Check:   table.Between(10, 1000), XML: xmlmodel.At("weight"),
		Doc: "The weight relative to other guests.",
	},
}
