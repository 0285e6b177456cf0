package hostinfo

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// HostTable is the table of libvirt_host.
var HostTable = &table.Table{
	Name: "host",
	Doc:  "Properties of a host and what it can run. The provider asks the host in every plan.",
	See:  "https://libvirt.org/formatcaps.html and https://libvirt.org/formatdomaincaps.html",
	Attrs: []table.Attr{
		{Name: "id", Type: table.String, Mode: table.Computed, Doc: "The host's name."},
		{Name: "host", Type: table.String, Mode: table.Required, Doc: "The host, as named in the provider's `hosts`."},
		{Name: "libvirt_version", Type: table.String, Mode: table.Computed, Doc: "The version of libvirt, for example `9.0.0`."},
		{Name: "hypervisor_version", Type: table.String, Mode: table.Computed, Doc: "The version of QEMU, for example `7.2.22`."},
		{Name: "arch", Type: table.String, Mode: table.Computed, Doc: "The host's architecture, for example `x86_64`."},
		{Name: "cpu", Type: table.Object, Mode: table.Computed, Doc: "The host's processor.", Attrs: []table.Attr{
			{Name: "model", Type: table.String, Mode: table.Computed, Doc: "The named model of libvirt that is closest to the processor."},
			{Name: "vendor", Type: table.String, Mode: table.Computed, Doc: "The vendor."},
		}},
		{Name: "cpus", Type: table.Int, Mode: table.Computed, Doc: "The number of online CPUs, including threads."},
		{Name: "memory", Type: table.Int, Mode: table.Computed, Doc: "The host's memory in KiB."},
		{Name: "numa_cells", Type: table.Map, Mode: table.Computed, Doc: "The NUMA cells, by number.", Attrs: []table.Attr{
			{Name: "memory", Type: table.Int, Mode: table.Computed, Doc: "The cell's memory in KiB."},
			{Name: "cpus", Type: table.String, Mode: table.Computed, Doc: "The cell's CPUs, for example `0-3,8-11`."},
		}},
		{Name: "security_models", Type: table.String, Mode: table.Computed,
			Doc: "The security models that isolate guests from each other, separated by commas, for example `apparmor,dac`."},
		{Name: "machine_types", Type: table.Map, Mode: table.Computed,
			Doc: "The machine types of guests of the host's own architecture, by name.", Attrs: []table.Attr{
				{Name: "canonical", Type: table.String, Mode: table.Computed,
					Doc: "The machine type of which this one is an alias; unset if it is not an alias."},
				{Name: "max_vcpus", Type: table.Int, Mode: table.Computed, Doc: "The maximum number of virtual CPUs."},
				{Name: "deprecated", Type: table.Bool, Mode: table.Computed, Doc: "Whether QEMU has deprecated it."},
			}},
		{Name: "domain_types", Type: table.Map, Mode: table.Computed,
			Doc: "The domain types, by the name that `type` of `libvirt_domain` takes: `kvm`, `qemu`.", Attrs: []table.Attr{
				{Name: "emulator", Type: table.String, Mode: table.Computed, Doc: "The path of the emulator."},
				{Name: "machine", Type: table.String, Mode: table.Computed, Doc: "The default machine type."},
				{Name: "firmwares", Type: table.String, Mode: table.Computed,
					Doc: "The firmwares that libvirt finds by itself, in addition to the BIOS, separated by commas: `efi`."},
				{Name: "host_model", Type: table.String, Mode: table.Computed,
					Doc: "The model on which the CPU mode `host-model` is based: libvirt removes features from it and adds others."},
				{Name: "baseline_cpu", Type: table.String, Mode: table.Computed,
					Doc: "The newest model that the host supports completely, chosen as in `libvirt_cpu_baseline`. Unset: no supported " +
						"model can run 64-bit code."},
				{Name: "cpu_models", Type: table.Map, Mode: table.Computed,
					Doc: "The CPU models that libvirt and QEMU know by name.", Attrs: []table.Attr{
						{Name: "usable", Type: table.Bool, Mode: table.Computed, Doc: "Whether the host supports all features of the model."},
						{Name: "deprecated", Type: table.Bool, Mode: table.Computed, Doc: "Whether QEMU has deprecated it."},
						{Name: "vendor", Type: table.String, Mode: table.Computed, Doc: "The vendor; `unknown` for models that QEMU defines itself."},
					}},
			}},
	},
}

// BaselineTable is the table of libvirt_cpu_baseline.
var BaselineTable = &table.Table{
	Name: "cpu_baseline",
	Doc: "The newest CPU model that several hosts all support completely: a guest with this model can be migrated live between them.\n\n" +
		"Of the models that libvirt reports as usable on each of the hosts, it is the one with the most features (libvirt's " +
		"`virConnectBaselineHypervisorCPU` lists them), and of several with as many, the one that libvirt lists last. A model " +
		"that QEMU has deprecated is chosen only if there is no other; on x86_64, a model that cannot run 64-bit code is never chosen.\n\n" +
		"The provider asks the hosts in every plan. The model changes when a host with a less capable CPU is added, or when a newer " +
		"QEMU supports more models.",
	See: "https://libvirt.org/formatdomaincaps.html#cpu-configuration",
	Attrs: []table.Attr{
		{Name: "id", Type: table.String, Mode: table.Computed, Doc: "The type and the hosts' names."},
		{Name: "hosts", Type: table.Map, Mode: table.Required, Doc: "The hosts, as named in the provider's `hosts`, each with `{}`."},
		{Name: "type", Type: table.String, Mode: table.Optional, Default: "kvm", Enum: []string{"kvm", "qemu"},
			Doc: "The domain type of the guests: `kvm` is hardware virtualization, `qemu` is emulation."},
		{Name: "model", Type: table.String, Mode: table.Computed, Doc: "The name of the model, as `cpu.model` of `libvirt_domain` takes it."},
	},
}
