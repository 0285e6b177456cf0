package seed

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/iso9660"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

type m = table.Model

// seedOf returns a model with every row, as the engine passes it.
func seedOf(set m) m {
	all := m{"files": nil}
	for k, v := range set {
		all[k] = v
	}
	return all
}

func textFile(text string) m { return m{"content": text, "content_base64": nil} }

func TestWhatIsBuiltReadsBack(t *testing.T) {
	for name, want := range map[string]m{
		"cloud-init": seedOf(m{"cloud_init": m{"user_data": "#cloud-config\n", "meta_data": "instance-id: a\n"}}),
		"all of cloud-init": seedOf(m{"cloud_init": m{"user_data": "#!/bin/sh\n", "meta_data": "instance-id: a\n", "vendor_data": "#cloud-config\n",
			"network_config": "version: 2\n"}}),
		"longer than a block": seedOf(m{"cloud_init": m{"user_data": "#cloud-config\n# " + strings.Repeat("x", 100_000), "meta_data": "{}"}}),
		"config drive":        seedOf(m{"config_drive": m{"meta_data": `{"uuid":"a"}`, "user_data": "#cloud-config\n", "network_data": "{}"}}),
		"ignition":            seedOf(m{"ignition": m{"config": `{"ignition":{"version":"3.4.0"}}`}}),
		"combustion": m{"combustion": m{"script": "#!/bin/sh\n"}, "files": m{"combustion/etc/issue": textFile("hello\n"),
			"combustion/key": m{"content": nil, "content_base64": "AP8="}}},
		"any label": {"label": "OEMDRV", "files": m{"ks.cfg": textFile("text\n"), "A long name with UPPER case.xml": textFile("<a/>")}},
		"any file":  {"content": `{"ignition":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			content := bytesOf(want)
			if got := parse(content, want); !table.Equal(got, want) {
				t.Errorf("read back %v", got)
			}
			if got := parse(content, m{}); !table.Equal(got, want) {
				t.Errorf("an import reads %v", got)
			}
			if want["content"] == nil && len(content)%alignment != 0 {
				t.Errorf("the image has %d bytes, not a multiple of %d", len(content), alignment)
			}
		})
	}
}

func TestEachGuestFindsItsFiles(t *testing.T) {
	for label, c := range map[string]struct {
		seed  m
		files string
	}{
		"cidata": {m{"cloud_init": m{"user_data": "a", "meta_data": "b", "vendor_data": "c", "network_config": "d"}}, "meta-data network-config user-data vendor-data"},
		"config-2": {m{"config_drive": m{"meta_data": "a", "user_data": "b", "vendor_data": "c", "network_data": "d"}}, "openstack/latest/meta_data.json " +
			"openstack/latest/network_data.json openstack/latest/user_data openstack/latest/vendor_data.json"},
		"ignition":   {m{"ignition": m{"config": "a"}}, "ignition/config.ign"},
		"combustion": {m{"combustion": m{"script": "a"}, "files": m{"combustion/more": textFile("b")}}, "combustion/more combustion/script"},
		"OEMDRV":     {m{"label": "OEMDRV", "files": m{"ks.cfg": textFile("a")}}, "ks.cfg"},
	} {
		d, err := iso9660.Read(bytesOf(c.seed))
		files := strings.Join(slices.Sorted(maps.Keys(d.Files)), " ")
		if err != nil || d.Label != label || files != c.files {
			t.Errorf("%s: label %q, files %s: %v", label, d.Label, files, err)
		}
	}
}

func TestWhatIsNoImageReadsAsEmpty(t *testing.T) {
	state := seedOf(m{"cloud_init": m{"user_data": "a", "meta_data": "b", "network_config": nil}})
	want := seedOf(m{"cloud_init": m{"user_data": "", "meta_data": ""}})
	if got := parse(make([]byte, 70_000), state); !table.Equal(got, want) {
		t.Errorf("read %v out of zeros", got)
	}
}

func TestADigestFollowsTheContent(t *testing.T) {
	one := m{"host": "alpha", "cloud_init": m{"user_data": "a", "meta_data": "b"}}
	same := m{"host": "beta", "cloud_init": m{"user_data": "a", "meta_data": "b", "network_config": nil}}
	if digest(one) != digest(same) {
		t.Error("the same content has another digest")
	}
	for name, other := range map[string]m{
		"text":  {"cloud_init": m{"user_data": "a", "meta_data": "c"}},
		"files": {"cloud_init": m{"user_data": "a", "meta_data": "b"}, "files": m{"x": textFile("")}},
		"label": {"label": "b", "files": m{"user-data": textFile("a"), "meta-data": textFile("b")}},
	} {
		if digest(one) == digest(other) {
			t.Errorf("another %s has the same digest", name)
		}
	}
	if got := digest(m{"cloud_init": m{"user_data": table.Unknown, "meta_data": "b"}}); got != table.Unknown {
		t.Errorf("content that is not known has digest %v", got)
	}
}

func TestThePlanSaysWhatTheGuestDoes(t *testing.T) {
	of := func(row, name, text string) m { return m{row: m{name: text}} }
	for name, c := range map[string]struct {
		was, is m
		want    string
	}{
		"the same instance": {of("cloud_init", "meta_data", "instance-id: a\n"), of("cloud_init", "meta_data", "local-hostname: b\ninstance-id: a\n"),
			`Its instance-id stays "a", so cloud-init does not do again`},
		"another instance": {of("cloud_init", "meta_data", "instance-id: a\n"), of("cloud_init", "meta_data", `{"instance-id": "b"}`),
			`Its instance-id changes from "a" to "b", so cloud-init runs again as at the first boot`},
		"config drive": {of("config_drive", "meta_data", `{"uuid":"a"}`), of("config_drive", "meta_data", `{"name":"x", "uuid": "b"}`),
			`Its uuid changes from "a" to "b"`},
		"not known":  {of("cloud_init", "meta_data", "instance-id: a\n"), m{"cloud_init": m{"meta_data": table.Unknown}}, "which is not known yet"},
		"ignition":   {of("ignition", "config", "{}"), of("ignition", "config", "[]"), "It uses the seed only at its first boot"},
		"any label":  {m{"label": "a"}, m{"label": "b"}, "What it does with it then is up to the guest."},
		"combustion": {of("combustion", "script", "a"), of("combustion", "script", "b"), "replace the machine with its root disk"},
	} {
		if got := effect(c.was, c.is); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestRules(t *testing.T) {
	cloudInit := m{"user_data": "a", "meta_data": "b"}
	for want, config := range map[string]m{
		"one of cloud_init, config_drive, ignition, combustion, label, content is required; set the one that the guest reads": {},
		"'content' cannot be combined with 'cloud_init'; a seed has one form: remove one of them":                             {"cloud_init": cloudInit, "content": "a"},
		"'label' requires 'files'; set the files that the disk contains":                                                      {"label": "a"},
		"'files' cannot be combined with 'content', which is no disk; remove one of them":                                     {"content": "a", "files": m{"a": textFile("")}},
		"'ignition.config' must be JSON; correct it":                                                                          {"ignition": m{"config": "variant: fcos"}},
		"'config_drive.meta_data' must be JSON; correct it":                                                                   {"config_drive": m{"meta_data": "uuid: a"}},
		"'files' must not have \"user-data\", which is 'cloud_init.user_data'; set that instead":                              {"cloud_init": cloudInit, "files": m{"user-data": textFile("a")}},
		`'files' must have relative paths, whose parts have 1 to 64 characters without any of *:;?\, got "../a"; choose another path`: {"label": "a",
			"files": m{"../a": textFile("")}},
		`'files' must not have a file and a directory of the same name, got "a" and "a/b"; rename one of them`: {"label": "a",
			"files": m{"a": textFile(""), "a/b": textFile("")}},
		`'files["a"]' requires 'content' or 'content_base64'; set one of them`: {"label": "a", "files": m{"a": m{}}},
	} {
		var got []string
		for _, p := range (Resource{}).Validate(config) {
			got = append(got, p.Text)
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, text := range []string{"?", "AP8=\n", "AP8"} {
		if err := checkBase64(text); err == nil {
			t.Errorf("%q is accepted as base64", text)
		}
	}
	if err := checkLabel("seventeen letters"); err == nil {
		t.Error("a label that Windows would cut off is accepted")
	}
}
