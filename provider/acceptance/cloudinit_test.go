//go:build acceptance

package acceptance

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/cloudinit"
)

const aCloudInit = "libvirt_cloudinit_disk.it"

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

func TestCloudInitUpdates(t *testing.T) {
	t.Parallel()
	pool, _ := poolEverywhere(t)
	other, _ := poolEverywhere(t)
	label := holds("cidata")
	long := "#" + strings.Repeat("x", 200_000)
	base := func(name string) attrs {
		return attrs{"host": alpha().Name, "pool": pool, "name": name, "user_data": "#cloud-config\n", "meta_data": "instance-id: it\n"}
	}
	first, second := unique(t), unique(t)
	updates(t, cloudinit.Table, base, map[string]update{
		"host":      {see: label, steps: []step{{nil, "cidata"}, {attrs{"host": beta().Name}, "cidata"}}},
		"pool":      {see: label, steps: []step{{attrs{"pool": pool}, "cidata"}, {attrs{"pool": other}, "cidata"}}},
		"name":      {see: label, steps: []step{{attrs{"name": first}, "cidata"}, {attrs{"name": second}, "cidata"}}},
		"user_data": {see: holds("user-one", "user-two", "xxx"), steps: []step{{attrs{"user_data": "user-one"}, "user-one"}, {attrs{"user_data": "user-two"}, "user-two"}, {attrs{"user_data": long}, "xxx"}}},
		"meta_data": {see: holds("meta-one", "meta-two"), steps: []step{{attrs{"meta_data": "meta-one"}, "meta-one"}, {attrs{"meta_data": "meta-two"}, "meta-two"}}},
		"network_config": {see: holds("net-one", "net-two"), steps: []step{
			{attrs{"network_config": "net-one"}, "net-one"}, {attrs{"network_config": "net-two"}, "net-two"}, {nil, ""}}},
	})
	expect(t, "what is left in the pool", alpha().virsh(t, "vol-list", pool), "")
}
func TestCloudInitDisk(t *testing.T) {
	t.Parallel()
	t.Run("content changed outside Terraform is written again", testCloudInitChangedOutside)
	t.Run("an existing volume is not taken over", testCloudInitExisting)
	t.Run("secrets appear in no plan, log or output", testCloudInitSecrets)
}

func testCloudInitChangedOutside(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	s := newStack(t)
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it.iso", "user_data": "#cloud-config\nhostname: web-1\n", "meta_data": "instance-id: web-1\n"}
	c := config{aCloudInit: a}
	s.apply(c)
	expect(t, "path", s.state(aCloudInit)["path"].(string), dir+"/it.iso")
	s.importable()

	junk := filepath.Join(t.TempDir(), "junk")
	if err := os.WriteFile(junk, make([]byte, 64<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	alpha().virsh(t, "vol-upload", "it.iso", junk, "--pool", pool)
	plan := s.shows(c, "+ user_data = (sensitive value)", "+ meta_data =", "0 to add, 1 to change, 0 to destroy")
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

func testCloudInitExisting(t *testing.T) {
	t.Parallel()
	pool, _ := alpha().pool(t)
	alpha().virsh(t, "vol-create-as", pool, "it.iso", "1M", "--format", "raw")
	s := newStack(t)
	s.applyFails(config{aCloudInit: {"host": alpha().Name, "pool": pool, "name": "it.iso", "user_data": "#", "meta_data": "{}"}},
		`Unable to create cloudinit disk "it.iso"`, "on alpha ("+alpha().URI+")", "terraform import ADDRESS alpha/"+pool+"/it.iso")
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
}

func testCloudInitSecrets(t *testing.T) {
	t.Parallel()
	pool, _ := alpha().pool(t)
	s := newStack(t)
	log := filepath.Join(s.dir, "trace.log")
	s.env = []string{"TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=" + log}
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it.iso", "user_data": "password: sesame-1", "network_config": "wifi: sesame-2", "meta_data": "{}"}
	said := s.shows(config{aCloudInit: a}) + s.apply(config{aCloudInit: a}).stdout
	a["user_data"] = "password: sesame-3"
	said += s.shows(config{aCloudInit: a}) + s.apply(config{aCloudInit: a}).stdout
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(said, "sesame") {
		t.Error("a secret is in what Terraform printed")
	}
	if strings.Contains(string(text), "sesame") {
		t.Error("a secret is in the provider's log")
	}
}
