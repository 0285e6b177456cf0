//go:build acceptance

package acceptance

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/seed"
)

const aSeed = "libvirt_seed.it"

// holds returns a function that reads the disk and returns which of the texts it contains. An ISO image contains files unchanged.
func holds(texts ...string) func(*testing.T, attrs) string {
	return func(t *testing.T, a attrs) string {
		t.Helper()
		path := at(hostOf(a).xml(t, "vol-dumpxml", a["name"].(string), "--pool", a["pool"].(string)), "target/path")
		content, err := os.ReadFile(hostOf(a).path(path))
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, text := range texts {
			if bytes.Contains(content, []byte(text)) {
				found = append(found, text)
			}
		}
		return strings.Join(found, " ")
	}
}

// inSeed returns a function that reads a file of the disk as Windows and as Linux see it; without a path, the seed itself.
func inSeed(path string) func(*testing.T, attrs) string {
	return func(t *testing.T, a attrs) string {
		t.Helper()
		onHost := hostOf(a).path(at(hostOf(a).xml(t, "vol-dumpxml", a["name"].(string), "--pool", a["pool"].(string)), "target/path"))
		if path == "" {
			if label := seedLabel(t, a); label != "none" {
				return "a disk"
			}
			return string(read(t, onHost))
		}
		var seen []string
		for _, names := range []string{"-J", "-R"} {
			out, err := exec.Command("isoinfo", names, "-x", "/"+path, "-i", onHost).CombinedOutput()
			if err != nil {
				t.Fatalf("isoinfo: %v\n%s", err, out)
			}
			seen = append(seen, string(out))
		}
		if seen[0] != seen[1] {
			return fmt.Sprintf("with Joliet %q, with Rock Ridge %q", seen[0], seen[1])
		}
		return seen[0]
	}
}

// seedLabel reads the label of the disk.
func seedLabel(t *testing.T, a attrs) string {
	t.Helper()
	onHost := hostOf(a).path(at(hostOf(a).xml(t, "vol-dumpxml", a["name"].(string), "--pool", a["pool"].(string)), "target/path"))
	out, err := exec.Command("isoinfo", "-d", "-i", onHost).CombinedOutput()
	_, label, found := strings.Cut(string(out), "Volume id: ")
	if err != nil || !found {
		return "none"
	}
	label, _, _ = strings.Cut(label, "\n")
	return label
}

func TestSeedUpdates(t *testing.T) {
	t.Parallel()
	pool, _ := poolEverywhere(t)
	other, _ := poolEverywhere(t)
	base := func(name string) attrs {
		return attrs{"host": alpha().Name, "pool": pool, "name": name, "content": "plain"}
	}
	form := func(name string, v any) attrs { return attrs{"content": nil, name: v} }
	cloudInit := func(more attrs) attrs {
		return form("cloud_init", attrs{"user_data": "#cloud-config\n", "meta_data": "instance-id: it\n"}.with(more))
	}
	also := func(files attrs) attrs {
		c := cloudInit(nil)
		c["files"] = files
		return c
	}
	drive := func(more attrs) attrs { return form("config_drive", attrs{"meta_data": "{}"}.with(more)) }
	labelled := func(label string, files attrs) attrs { return attrs{"content": nil, "label": label, "files": files} }
	plain := inSeed("")
	first, second := unique(t), unique(t)
	updates(t, seed.Table, base, map[string]update{
		"host":              {see: plain, steps: []step{{nil, "plain"}, {attrs{"host": beta().Name}, "plain"}}},
		"pool":              {see: plain, steps: []step{{attrs{"pool": pool}, "plain"}, {attrs{"pool": other}, "plain"}}},
		"name":              {see: plain, steps: []step{{attrs{"name": first}, "plain"}, {attrs{"name": second}, "plain"}}},
		"content":           {see: plain, steps: []step{{attrs{"content": "longer content"}, "longer content"}, {attrs{"content": "short"}, "short"}, {cloudInit(nil), "a disk"}}},
		"permissions":       {see: volXML("target/permissions/mode"), steps: []step{{permitted(attrs{"mode": "0640"}), "0640"}, {permitted(attrs{"mode": "644"}), "0644"}, {nil, "0644"}}},
		"permissions.owner": {see: volXML("target/permissions/owner"), steps: []step{{permitted(attrs{"owner": 1001}), "1001"}, {permitted(attrs{"owner": 1002}), "1002"}, {nil, "1002"}}},
		"permissions.group": {see: volXML("target/permissions/group"), steps: []step{{permitted(attrs{"group": 1001}), "1001"}, {permitted(attrs{"group": 1002}), "1002"}, {nil, "1002"}}},
		"permissions.mode":  {see: volXML("target/permissions/mode"), steps: []step{{permitted(attrs{"mode": "0666"}), "0666"}, {permitted(attrs{"mode": "0400"}), "0400"}, {nil, "0400"}}},
		"cloud_init":        {see: seedLabel, steps: []step{{cloudInit(nil), "cidata"}, {nil, "none"}}},
		"cloud_init.user_data": {see: inSeed("user-data"), steps: []step{{cloudInit(attrs{"user_data": "one"}), "one"}, {cloudInit(attrs{"user_data": "two"}), "two"},
			{cloudInit(attrs{"user_data": "#" + strings.Repeat("x", 200_000)}), "#" + strings.Repeat("x", 200_000)}}},
		"cloud_init.meta_data":      {see: inSeed("meta-data"), steps: []step{{cloudInit(attrs{"meta_data": "one"}), "one"}, {cloudInit(attrs{"meta_data": "two"}), "two"}}},
		"cloud_init.vendor_data":    {see: inSeed("vendor-data"), steps: []step{{cloudInit(attrs{"vendor_data": "one"}), "one"}, {cloudInit(attrs{"vendor_data": "two"}), "two"}, {cloudInit(nil), ""}}},
		"cloud_init.network_config": {see: inSeed("network-config"), steps: []step{{cloudInit(attrs{"network_config": "one"}), "one"}, {cloudInit(attrs{"network_config": "two"}), "two"}, {cloudInit(nil), ""}}},
		"config_drive":              {see: seedLabel, steps: []step{{drive(nil), "config-2"}, {nil, "none"}}},
		"config_drive.meta_data":    {see: inSeed("openstack/latest/meta_data.json"), steps: []step{{drive(nil), "{}"}, {drive(attrs{"meta_data": `{"uuid":"a"}`}), `{"uuid":"a"}`}}},
		"config_drive.user_data":    {see: inSeed("openstack/latest/user_data"), steps: []step{{drive(attrs{"user_data": "one"}), "one"}, {drive(attrs{"user_data": "two"}), "two"}, {drive(nil), ""}}},
		"config_drive.vendor_data":  {see: inSeed("openstack/latest/vendor_data.json"), steps: []step{{drive(attrs{"vendor_data": "{}"}), "{}"}, {drive(attrs{"vendor_data": "[]"}), "[]"}, {drive(nil), ""}}},
		"config_drive.network_data": {see: inSeed("openstack/latest/network_data.json"), steps: []step{{drive(attrs{"network_data": "{}"}), "{}"}, {drive(attrs{"network_data": "[]"}), "[]"}, {drive(nil), ""}}},
		"ignition":                  {see: seedLabel, steps: []step{{form("ignition", attrs{"config": "{}"}), "ignition"}, {nil, "none"}}},
		"ignition.config":           {see: inSeed("ignition/config.ign"), steps: []step{{form("ignition", attrs{"config": "{}"}), "{}"}, {form("ignition", attrs{"config": "[]"}), "[]"}}},
		"combustion":                {see: seedLabel, steps: []step{{form("combustion", attrs{"script": "#!/bin/sh\n"}), "combustion"}, {nil, "none"}}},
		"combustion.script":         {see: inSeed("combustion/script"), steps: []step{{form("combustion", attrs{"script": "one"}), "one"}, {form("combustion", attrs{"script": "two"}), "two"}}},
		"label": {see: seedLabel, steps: []step{{labelled("OEMDRV", attrs{"a": attrs{"content": "b"}}), "OEMDRV"}, {labelled("Other", attrs{"a": attrs{"content": "b"}}), "Other"},
			{nil, "none"}}},
		"files": {see: inSeed("deep/in/it"), steps: []step{{labelled("x", attrs{"deep/in/it": attrs{"content": "one"}}), "one"},
			{labelled("x", attrs{"deep/in/it": attrs{"content": "two"}, "more": attrs{"content": ""}}), "two"}, {cloudInit(nil), ""}}},
		"files.content": {see: inSeed("a"), steps: []step{{also(attrs{"a": attrs{"content": "one"}}), "one"},
			{also(attrs{"a": attrs{"content": "two"}}), "two"}, {cloudInit(nil), ""}}},
		"files.content_base64": {see: inSeed("a"), steps: []step{{labelled("x", attrs{"a": attrs{"content_base64": "AP8="}}), "\x00\xff"},
			{labelled("x", attrs{"a": attrs{"content_base64": "AP7/"}}), "\x00\xfe\xff"}, {labelled("x", attrs{"a": attrs{"content": "text"}}), "text"}}},
	})
	expect(t, "what is left in the pool", alpha().virsh(t, "vol-list", pool), "")
}

func TestSeed(t *testing.T) {
	t.Parallel()
	t.Run("content changed outside Terraform is written again", testSeedChangedOutside)
	t.Run("an existing volume is not taken over", testSeedExisting)
	t.Run("secrets appear in no plan, log or output", testSeedSecrets)
}

func testSeedChangedOutside(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	s := newStack(t)
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it.iso", "cloud_init": attrs{"user_data": "#cloud-config\nhostname: web-1\n", "meta_data": "instance-id: web-1\n"}}
	c := config{aSeed: a}
	s.apply(c)
	expect(t, "path", s.state(aSeed)["path"].(string), dir+"/it.iso")
	s.importable()

	junk := filepath.Join(t.TempDir(), "junk")
	if err := os.WriteFile(junk, make([]byte, 64<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	alpha().virsh(t, "vol-upload", "it.iso", junk, "--pool", pool)
	plan := s.shows(c, "user_data = (sensitive value)", "meta_data =", "0 to add, 1 to change, 0 to destroy")
	if strings.Contains(plan, "hostname") {
		t.Error("the plan shows the user data")
	}
	s.apply(c)
	expect(t, "content", holds("hostname: web-1", "instance-id: web-1")(t, a), "hostname: web-1 instance-id: web-1")
	s.settled()

	alpha().virsh(t, "vol-delete", "it.iso", "--pool", pool)
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	s.settled()
	// Delete the file without libvirt: libvirt still lists the volume.
	if err := os.Remove(alpha().path(dir + "/it.iso")); err != nil {
		t.Fatal(err)
	}
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	s.settled()
}

func testSeedExisting(t *testing.T) {
	t.Parallel()
	pool, _ := alpha().pool(t)
	alpha().virsh(t, "vol-create-as", pool, "it.iso", "1M", "--format", "raw")
	s := newStack(t)
	s.applyFails(config{aSeed: {"host": alpha().Name, "pool": pool, "name": "it.iso", "cloud_init": attrs{"user_data": "#", "meta_data": "{}"}}},
		`Unable to create seed "it.iso"`, `alpha already has a volume "it.iso" in pool "`+pool+`"`, "terraform import ADDRESS alpha/"+pool+"/it.iso")
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
}

func testSeedSecrets(t *testing.T) {
	t.Parallel()
	pool, _ := alpha().pool(t)
	s := newStack(t)
	log := filepath.Join(s.dir, "trace.log")
	s.env = []string{"TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=" + log}
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it.iso",
		"cloud_init": attrs{"user_data": "password: sesame-1", "network_config": "wifi: sesame-2", "meta_data": "{}"}}
	said := s.shows(config{aSeed: a}) + s.apply(config{aSeed: a}).stdout
	a["cloud_init"] = attrs{"user_data": "password: sesame-3", "network_config": "wifi: sesame-2", "meta_data": "{}"}
	said += s.shows(config{aSeed: a}) + s.apply(config{aSeed: a}).stdout
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	// Terraform quotes the line of the configuration that a message is about; here, all is in one line.
	said = regexp.MustCompile(`"snippet":\{.*`).ReplaceAllString(said, "")
	if strings.Contains(said, "sesame") {
		t.Error("a secret is in what Terraform printed")
	}
	if strings.Contains(string(text), "sesame") {
		t.Error("a secret is in the provider's log")
	}
}
