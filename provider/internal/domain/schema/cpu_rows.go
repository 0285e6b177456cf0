package schema

import (
	"fmt"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// cpuRows are the kind of the virtual CPUs. They come after the rows of `vcpu` and `maximum`, which change a topology that no attribute sets.
// https://libvirt.org/formatdomain.html#cpu-model-and-topology
var cpuRows = []table.Attr{
	{
		Name: "cpu", Type: table.Object, Mode: table.Optional,
		Running: table.Running{UndoStart: undoCPU, Observed: forgetDefaultCPU},
		OnHost:  table.OnHost{Decides: table.MachineKind}, Change: table.NextBoot,
		Group: cpu{xmlmodel.Within{"cpu"}}, Implied: impliedCPU,
		Doc: "The virtual CPU. Unset: libvirt's own choice, which every host can run; for `aarch64` a Cortex-A57, or the host's CPU with KVM.",
		Attrs: []table.Attr{
			{
				Name: "mode", Type: table.String, Mode: table.Optional,
				Enum: []string{"host-passthrough", "host-model", "maximum", "custom"}, Change: table.NextBoot,
				XML: cpuMode,
				Doc: "`host-passthrough` is the host's CPU, `host-model` the nearest named model, `maximum` all features of " +
					"the accelerator, `custom` the CPU named in `model`. Unset: libvirt's own choice.",
			},
			{
				Name: "model", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: notEmpty,
				XML: cpuModel,
				Doc: "The CPU model, with mode `custom`: for example `Skylake-Server`.",
			},
			{
				Name: "vendor_id", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: cpuVendor,
				XML: vendorOfCPU,
				Doc: "The vendor that the guest reads from the CPU (CPUID), 12 characters, with mode `custom` or `host-model`: `GenuineIntel`, " +
					"`AuthenticAMD`. Unset: that of the model.",
			},
			{
				Name: "check", Type: table.String, Mode: table.Optional, Enum: []string{"none", "partial", "full"}, Change: table.NextBoot,
				Running: table.Running{Unpredictable: true}, Assigned: true, XML: xmlmodel.At("@check"),
				Doc: "What libvirt compares at the start: `none`; `partial`, whether the host has the model and the features; `full`, whether the " +
					"guest gets exactly these. Unset: `partial` for a named model with KVM, `none` otherwise.",
			},
			{
				Name: "migratable", Type: table.Bool, Mode: table.Optional, Change: table.NextBoot,
				Assigned: true, XML: switched("@migratable"),
				Doc: "Whether features that keep the guest from moving are left out, with mode `host-passthrough` or `maximum`. Unset: `true`.",
			},
			{
				Name: "cache", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: xmlmodel.Element{"cache"},
				Doc: "The CPU cache that the guest sees. Unset: the hypervisor's choice.",
				Attrs: []table.Attr{
					{
						Name: "mode", Type: table.String, Mode: table.Required, Enum: []string{"emulate", "passthrough", "disable"},
						Change: table.NextBoot, XML: modeWithout("level"),
						Doc: "`passthrough` is the host's, with mode `host-passthrough` or `maximum`; `emulate` is QEMU's own, and requires " +
							"`level` 3; `disable`: none.",
					},
					{
						Name: "level", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.Between(1, 3),
						XML: xmlmodel.At("@level"),
						Doc: "The level. Unset: all.",
					},
				},
			},
			{
				Name: "maxphysaddr", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: xmlmodel.Element{"maxphysaddr"},
				Doc: "The size of physical addresses, which limits the guest's memory. Unset: the hypervisor's choice.",
				Attrs: []table.Attr{
					{
						Name: "mode", Type: table.String, Mode: table.Required, Enum: []string{"passthrough", "emulate"},
						Change: table.NextBoot, XML: modeWithout("bits"),
						Doc: "`passthrough` is the host's size, `emulate` that of `bits`.",
					},
					{
						Name: "bits", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.Between(1, 64),
						XML: xmlmodel.At("@bits"),
						Doc: "The size in bits, with mode `emulate`.",
					},
				},
			},
			{
				Name: "features", Type: table.Map, Mode: table.Optional, Check: cpuFeature, Change: table.NextBoot,
				Running: table.Running{Unpredictable: true}, Entries: cpuFeatureCodec{},
				Doc: "CPU features that differ from those of `mode` and `model`, by libvirt's name: `vmx`, `pcid`. They require `mode`.",
				Attrs: []table.Attr{
					{
						Name: "policy", Type: table.String, Mode: table.Optional, Default: "require",
						Enum:   []string{"force", "require", "optional", "disable", "forbid"},
						Change: table.NextBoot, Running: table.Running{Unpredictable: true}, XML: xmlmodel.At("@policy"),
						Doc: "`force`: the guest has it even if the host does not. `require`: the host must have it. " +
							"`optional`: if the host has it. `disable`: the guest does not have it. `forbid`: the host must not have it.",
					},
				},
			},
			{
				Name: "topology", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: topology{},
				Assigned: true, Implied: impliedTopology,
				Doc: "How the virtual CPUs are divided. The product of all numbers must be `maximum.vcpu`, or `vcpu` without it. Unset: the " +
					"cores of one socket in a new domain; an existing domain keeps its topology, whose cores or sockets follow `vcpu`.",
				Attrs: []table.Attr{
					topologyRow("sockets", "The number of sockets. Desktop Windows uses two at most."),
					topologyRow("dies", "The number of dies in a socket."),
					since(10_001_000, topologyRow("clusters", "The number of clusters in a die, on ARM.")),
					topologyRow("cores", "The number of cores in a cluster."),
					topologyRow("threads", "The number of threads in a core."),
				},
			},
			numaRow,
		},
	},
}

func topologyRow(part, doc string) table.Attr {
	return table.Attr{
		Name: part, Type: table.Int, Mode: table.Optional, Default: int64(1), Change: table.NextBoot, Check: countCPU,
		XML: topologyCount(part), Doc: doc,
	}
}

// since marks a row that older versions of libvirt drop without an error. The version is in libvirt's form: 10_001_000 is 10.1.0.
func since(libvirt uint64, a table.Attr) table.Attr {
	a.OnHost.Since = libvirt
	return a
}

// cpuVendor checks a vendor as libvirt does: CPUID has room for 12 characters.
func cpuVendor(v any) error {
	switch s := v.(string); {
	case len(s) != 12:
		return fmt.Errorf("must have 12 characters, got %q, which has %d", s, len(s))
	case strings.Contains(s, ","):
		return fmt.Errorf("must not contain a comma, got %q; remove it", s)
	}
	return nil
}

// cpuFeature checks the name of a feature, as far as the name alone can tell: libvirt refuses those that it does not know.
func cpuFeature(v any) error {
	name := v.(string)
	for _, c := range name {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", c) {
			return fmt.Errorf("must be the name of a CPU feature like \"vmx\", got %q", name)
		}
	}
	if name == "" {
		return fmt.Errorf("must be the name of a CPU feature like \"vmx\", got %q", name)
	}
	return nil
}
