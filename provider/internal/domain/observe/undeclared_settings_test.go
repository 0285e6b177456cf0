package observe

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestSettingsThatNobodyDeclared(t *testing.T) {
	const (
		written = `<name>it</name><uuid>8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d02</uuid><memory unit='KiB'>2048</memory><currentMemory unit='KiB'>2048</currentMemory>` +
			`<vcpu placement='static'>1</vcpu><os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><boot dev='hd'/></os><features><acpi/><apic/></features>` +
			`<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model></cpu><clock offset='utc'/><on_poweroff>destroy</on_poweroff>` +
			`<on_reboot>restart</on_reboot><on_crash>destroy</on_crash><pm><suspend-to-mem enabled='no'/></pm>`
		disk = `<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/a'/><target dev='vda' bus='virtio'/>%s</disk></devices>`
	)
	declared := table.Model{"state": "running", "disks": table.Model{"vda": table.Model{"file": "/a"}}}
	with := func(values ...any) table.Model { return domaintest.With(declared, values...) }
	for name, c := range map[string]struct {
		m             table.Model
		defined, live string
		want          any
	}{
		"what libvirt writes":   {declared, written, "", nil},
		"texts":                 {declared, written + `<title>web</title><description>a; b</description>`, "", `description; title = "web"`},
		"a declared text":       {with("title", "web"), written + `<title>web</title>`, "", nil},
		"limits":                {declared, written + `<memtune><hard_limit unit='KiB'>9</hard_limit></memtune>`, "", "memtune.hard_limit = 9"},
		"a limit in a group":    {with("memtune", table.Model{"soft_limit": int64(8)}), written + `<memtune><hard_limit unit='KiB'>9</hard_limit><soft_limit unit='KiB'>8</soft_limit></memtune>`, "", "memtune.hard_limit = 9"},
		"processors":            {declared, written + `<cputune><vcpupin vcpu='0' cpuset='1'/></cputune>`, "", `cputune.vcpupin["0"]`},
		"elements":              {declared, written + `<iothreads>2</iothreads><numatune><memory mode='strict' nodeset='0'/></numatune><cputune><global_period>1000</global_period></cputune>`, "", `cputune.global_period = 1000; cputune.iothreads["1"]; cputune.iothreads["2"]; memory_backing.numatune.mode = "strict"; memory_backing.numatune.nodeset = "0"`},
		"a topology of one":     {declared, strings.Replace(written, "</model></cpu>", "</model><topology sockets='1' dies='1' cores='4' threads='1'/></cpu>", 1), "", nil},
		"a topology":            {declared, strings.Replace(written, "</model></cpu>", "</model><topology sockets='2' dies='1' cores='4' threads='1'/></cpu>", 1), "", `cpu.mode = "custom"; cpu.model = "qemu64"; cpu.topology.cores = 4; cpu.topology.sockets = 2`},
		"a feature":             {with("cpu", table.Model{"mode": "maximum"}), strings.Replace(written, "<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model></cpu>", "<cpu mode='maximum'><feature policy='disable' name='vmx'/></cpu>", 1), "", `cpu.features["vmx"]`},
		"events":                {declared, strings.Replace(written, ">destroy</on_poweroff>", ">preserve</on_poweroff>", 1), "", "on_poweroff = preserve"},
		"a maximum":             {declared, strings.Replace(strings.Replace(written, ">2048</memory>", ">4096</memory>", 1), "<vcpu placement='static'>1", "<vcpu current='1'>2", 1), "", nil}, // a change of the plan
		"of the running guest":  {declared, written, written + `<cputune><shares>512</shares></cputune>`, "cputune.shares = 512, in the running guest only"},
		"a title while it runs": {with("title", "web"), written + `<title>web</title>`, written + `<title>other</title>`, nil},
	} {
		root := func(content string) string { return "<domain type='kvm'>" + content + "</domain>" }
		defined := domaintest.Parse(t, root(c.defined))
		seen := xmlmodel.Read(schema.Table.Attrs, defined)
		settings := undeclaredSettings(c.m, seen, defined)
		if c.live != "" {
			settings = append(settings, compareDefinitions(domaintest.Parse(t, root(c.live)), defined.Copy()).settingsOfGuest(c.m)...)
		}
		if got := undeclared(nil, settings); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	defined := domaintest.Parse(t, "<domain type='kvm'>"+written+fmt.Sprintf(disk, "<iotune><total_iops_sec>100</total_iops_sec></iotune>")+"</domain>")
	seen := xmlmodel.Read(schema.Table.Attrs, defined)
	if got := undeclared(nil, undeclaredSettings(declared, seen, defined)); got != `disks["vda"].iotune.total_iops_sec = 100` {
		t.Errorf("a limit of a declared disk: got %v", got)
	}
}
