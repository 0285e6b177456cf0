package schema

import (
	"fmt"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// The kernel's defaults. If a value is removed, it is set to the default before it leaves the definition, because libvirt has
// no call that removes a value.
const (
	SharesParameter = "cpu_shares" // libvirt's name of the row 'shares', see DefaultSharesV2

	DefaultShares     = 1024    // control groups v1
	DefaultSharesV2   = 100     // cpu.weight of control groups v2, which libvirt calls shares too
	defaultPeriod     = 100_000 // µs
	noQuota           = -1
	noMemoryLimit     = 9007199254740991 // VIR_DOMAIN_MEMORY_PARAM_UNLIMITED, in KiB
	defaultDiskWeight = 100              // of BFQ, and of io.weight of control groups v2
)

// tuningRows are the guest's shares and limits on its host.
var tuningRows = []table.Attr{
	{
		Name: "cputune", Type: table.Object, Mode: table.Optional,
		Running: table.Running{Operation: ChangeScheduling, Drifts: always},
		Group:   cputune{xmlmodel.Within{"cputune"}, cputuneRows},
		Doc:     "The share of the host's processors, and the threads of the guest that run on them.",
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
	{
		Name: "devices", Type: table.Map, Mode: table.Optional, Check: hostDisk, Entries: hostDisksCodec{},
		Doc:   "Limits of the guest's use of single disks of the host, by the path of the whole disk, `/dev/sda`, not of a partition.",
		Attrs: hostDiskRows,
	},
}

// hostDiskRows have the names that libvirt's call gives them after "device_". https://libvirt.org/formatdomain.html#block-i-o-tuning
var hostDiskRows = []table.Attr{
	{
		Name: "weight", Type: table.Int, Mode: table.Optional, Check: table.Between(10, 1000), XML: xmlmodel.At("weight"),
		Doc: "The weight relative to other guests, on a disk with the I/O scheduler BFQ. Unset: as `blkiotune.weight` says.",
	},
	hostDiskLimit("read_bytes_sec", "Bytes per second that are read."),
	hostDiskLimit("write_bytes_sec", "Bytes per second that are written."),
	hostDiskLimit("read_iops_sec", "Operations per second that read."),
	hostDiskLimit("write_iops_sec", "Operations per second that write."),
}

func hostDiskLimit(name, doc string) table.Attr {
	return table.Attr{
		Name: name, Type: table.Int, Mode: table.Optional, Check: table.AtLeast(1, ""), XML: xmlmodel.At(name),
		Doc: doc + " Unset: no limit.",
	}
}

// hostDisk checks the path of a disk of the host: libvirt's call separates paths and values by commas.
func hostDisk(v any) error {
	if err := table.AbsolutePath(v); err != nil {
		return err
	}
	if strings.Contains(v.(string), ",") {
		return fmt.Errorf("must not contain a comma, got %q; choose another name of the disk in /dev", v)
	}
	return nil
}
