package hostinfo

import (
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// ranked has the features of some models already, and asks no host.
func ranked(arch string) *ranking {
	words := strings.Fields
	return &ranking{arch: arch, order: words("486 qemu64 Nehalem Westmere Opteron_G2 Opteron_G9 EPYC"), features: map[string][]string{
		"486": words("fpu"), "qemu64": words("fpu lm sse"), "Nehalem": words("fpu lm sse sse4"), "Westmere": words("fpu lm sse sse4 aes"),
		"Opteron_G2": words("fpu lm sse 3dnow"), "Opteron_G9": words("fpu lm sse sse4 3dnow"), "EPYC": words("fpu lm sse sse4 aes avx"), "EPYC-v1": words("fpu lm sse sse4 aes avx"),
	}}
}

func TestNewestModel(t *testing.T) {
	for name, c := range map[string]struct {
		arch, models, want string // a model with a '-' before it is deprecated
	}{
		"has the most features":                 {"x86_64", "486 qemu64 Nehalem Westmere", "Westmere"},
		"of as many, libvirt lists it last":     {"x86_64", "Westmere Opteron_G9 Nehalem", "Opteron_G9"},
		"is rather one that libvirt itself has": {"x86_64", "EPYC-v1 EPYC", "EPYC"},
		"is not deprecated":                     {"x86_64", "qemu64 -Westmere", "qemu64"},
		"is deprecated where there is no other": {"x86_64", "486 -Westmere -Nehalem", "Westmere"},
		"runs 64-bit code":                      {"x86_64", "486", ""},
		"of none is none":                       {"x86_64", "", ""},
		"runs what the architecture has, else":  {"i686", "486", "486"},
	} {
		models := map[string]cpuModel{}
		for _, m := range strings.Fields(c.models) {
			name, deprecated := strings.CutPrefix(m, "-")
			models[name] = cpuModel{usable: true, deprecated: deprecated}
		}
		for range 20 { // maps have no order
			if got, err := ranked(c.arch).newest("kvm", models); got != c.want || err != nil {
				t.Fatalf("%s: got %q (%v), want %q", name, got, err, c.want)
			}
		}
	}
}

func TestSharedModels(t *testing.T) {
	has := func(arch string, models map[string]bool) cpuSupport {
		a := cpuSupport{arch, map[string]cpuModel{}}
		for name, deprecated := range models {
			a.models[name] = cpuModel{usable: true, deprecated: deprecated}
		}
		return a
	}
	both := commonSupport([]cpuSupport{has("x86_64", map[string]bool{"a": false, "b": false, "c": false}), has("x86_64", map[string]bool{"b": true, "c": false, "d": false})})
	if len(both.models) != 2 || !both.models["b"].deprecated || both.models["c"].deprecated {
		t.Errorf("got %v", both.models)
	}
}

func TestCPUModelsOfDomainCapabilities(t *testing.T) {
	root, err := xmlmodel.Parse(`<domainCapabilities><cpu>
		<mode name='host-model' supported='yes'><model fallback='forbid'>EPYC</model><feature policy='disable' name='x'/></mode>
		<mode name='custom' supported='yes'><model usable='yes' vendor='Intel'>Westmere</model><model usable='no' deprecated='yes' vendor='AMD'>Opteron_G1</model>
		<model usable='unknown'>cortex-a53</model></mode></cpu></domainCapabilities>`)
	if err != nil {
		t.Fatal(err)
	}
	got := cpuModels(root)
	want := map[string]cpuModel{"Westmere": {usable: true, vendor: "Intel"}, "Opteron_G1": {deprecated: true, vendor: "AMD"}, "cortex-a53": {}}
	for name, m := range want {
		if got[name] != m {
			t.Errorf("%s: got %v, want %v", name, got[name], m)
		}
	}
	if len(got) != len(want) || hostModel(root) != "EPYC" {
		t.Errorf("got %v, host-model %s", got, hostModel(root))
	}
}

func TestSpelling(t *testing.T) {
	for _, c := range []struct {
		cpus []int
		want string
	}{{nil, ""}, {[]int{3}, "3"}, {[]int{1, 0, 2}, "0-2"}, {[]int{0, 1, 4, 8, 9}, "0-1,4,8-9"}} {
		if got := cpuSet(c.cpus); got != c.want {
			t.Errorf("CPUs %v: got %q, want %q", c.cpus, got, c.want)
		}
	}
	if got := Version(9002013); got != "9.2.13" {
		t.Errorf("version: got %s", got)
	}
	for wanted, want := range map[string]string{
		"pc-q35-9.1": "pc-q35-7.10", "pc-i440fx-1.2": "pc-i440fx-6.2", "virt-8.0": "microvm, pc-q35-7.10, pc-q35-7.2, q35, pc-q35-4.0.1, pc-i440fx-6.2"} {
		if got := nearestMachine(wanted, []string{"q35", "pc-q35-7.2", "pc-q35-7.10", "pc-q35-4.0.1", "pc-i440fx-6.2", "microvm"}); got != want {
			t.Errorf("nearest to %s: got %s, want %s", wanted, got, want)
		}
	}
}
