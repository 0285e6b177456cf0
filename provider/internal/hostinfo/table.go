package hostinfo

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// HostTable says what is known of a host.
var HostTable = &table.Table{
	Name: "host",
	Doc:  "What a host is and what it can run. It is asked in every plan.",
	See:  "https://libvirt.org/formatcaps.html and https://libvirt.org/formatdomaincaps.html",
	Attrs: []table.Attr{
		{Name: "id", Type: table.String, Mode: table.Computed, Doc: "The host's name."},
		{Name: "host", Type: table.String, Mode: table.Required, Doc: "The host, as named in the provider's `hosts`."},
		{Name: "libvirt_version", Type: table.String, Mode: table.Computed, Doc: "The version of its libvirt, for example `9.0.0`."},
		{Name: "hypervisor_version", Type: table.String, Mode: table.Computed, Doc: "The version of its QEMU, for example `7.2.22`."},
		{Name: "arch", Type: table.String, Mode: table.Computed, Doc: "Its architecture, for example `x86_64`."},
		{Name: "cpu", Type: table.Object, Mode: table.Computed, Doc: "Its processor, as libvirt knows it.", Attrs: []table.Attr{
			{Name: "model", Type: table.String, Mode: table.Computed, Doc: "The nearest model that libvirt knows by name."},
			{Name: "vendor", Type: table.String, Mode: table.Computed, Doc: "Who made it."},
		}},
		{Name: "cpus", Type: table.Int, Mode: table.Computed, Doc: "Number of its CPUs, threads counted, that are online."},
		{Name: "memory", Type: table.Int, Mode: table.Computed, Doc: "Its memory in KiB."},
		{Name: "numa_cells", Type: table.Map, Mode: table.Computed, Doc: "Its NUMA cells, by their numbers.", Attrs: []table.Attr{
			{Name: "memory", Type: table.Int, Mode: table.Computed, Doc: "The cell's memory in KiB."},
			{Name: "cpus", Type: table.String, Mode: table.Computed, Doc: "The cell's CPUs, for example `0-3,8-11`."},
		}},
		{Name: "security_models", Type: table.String, Mode: table.Computed, Doc: "What keeps its guests apart, separated by commas, for example `apparmor,dac`."},
		{Name: "machine_types", Type: table.Map, Mode: table.Computed, Doc: "The machine types of guests of its own architecture, by name.", Attrs: []table.Attr{
			{Name: "canonical", Type: table.String, Mode: table.Computed, Doc: "The machine type that this is another name of; unset where it is none."},
			{Name: "max_vcpus", Type: table.Int, Mode: table.Computed, Doc: "The most virtual CPUs that it can have."},
			{Name: "deprecated", Type: table.Bool, Mode: table.Computed, Doc: "Whether QEMU is about to drop it."},
		}},
		{Name: "domain_types", Type: table.Map, Mode: table.Computed, Doc: "What runs its guests, by the name that `libvirt_domain` has for it in `type`: `kvm`, `qemu`.", Attrs: []table.Attr{
			{Name: "emulator", Type: table.String, Mode: table.Computed, Doc: "Path of the emulator."},
			{Name: "machine", Type: table.String, Mode: table.Computed, Doc: "The machine type of a guest that asks for none."},
			{Name: "firmwares", Type: table.String, Mode: table.Computed, Doc: "The firmwares that libvirt finds by itself, besides the BIOS, separated by commas: `efi`."},
			{Name: "host_model", Type: table.String, Mode: table.Computed,
				Doc: "The model that a guest with the CPU mode `host-model` starts from: libvirt then takes features away and adds others."},
			{Name: "baseline_cpu", Type: table.String, Mode: table.Computed,
				Doc: "The newest model that the host can run whole; it is chosen as `libvirt_cpu_baseline` does. Unset: no model that runs 64-bit code."},
			{Name: "cpu_models", Type: table.Map, Mode: table.Computed, Doc: "The CPU models that libvirt and QEMU know by name.", Attrs: []table.Attr{
				{Name: "usable", Type: table.Bool, Mode: table.Computed, Doc: "Whether the host can run all of it, with no feature missing."},
				{Name: "deprecated", Type: table.Bool, Mode: table.Computed, Doc: "Whether QEMU is about to drop it."},
				{Name: "vendor", Type: table.String, Mode: table.Computed, Doc: "Who made it; `unknown` for those that QEMU made up."},
			}},
		}},
	},
}

// BaselineTable says what hosts have in common.
var BaselineTable = &table.Table{
	Name: "cpu_baseline",
	Doc: "The newest CPU model that every one of some hosts can run whole: a guest that has it can move between them while it runs.\n\n" +
		"Of the models that libvirt says to be usable on each of the hosts, it is the one with the most features (libvirt's " +
		"`virConnectBaselineHypervisorCPU` lists them), and of those with as many, the one that libvirt lists last. Models that QEMU has deprecated " +
		"are taken only where there is no other, and on x86_64 never one that can't run 64-bit code.\n\n" +
		"The hosts are asked in every plan: where a host is added that can do less, or QEMU learns more, the model is another one.",
	See: "https://libvirt.org/formatdomaincaps.html#cpu-configuration",
	Attrs: []table.Attr{
		{Name: "id", Type: table.String, Mode: table.Computed, Doc: "The type and the hosts' names."},
		{Name: "hosts", Type: table.Map, Mode: table.Required, Doc: "The hosts, as named in the provider's `hosts`, each with `{}`."},
		{Name: "type", Type: table.String, Mode: table.Optional, Default: "kvm", Enum: []string{"kvm", "qemu"},
			Doc: "What runs the guests: the processor's own virtualization, or emulation."},
		{Name: "model", Type: table.String, Mode: table.Computed, Doc: "The model's name, as `cpu.model` of `libvirt_domain` takes it."},
	},
}
