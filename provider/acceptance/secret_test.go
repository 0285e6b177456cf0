//go:build acceptance

package acceptance

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/secret"
)

const aSecret = "libvirt_secret.it"

func secretAttrs(t *testing.T, h *labHost) attrs {
	t.Helper()
	return attrs{"host": h.Name, "usage": "ceph", "name": unique(t)}
}

// secretUUID returns the UUID that virsh lists for a secret.
func secretUUID(t *testing.T, a attrs) string {
	t.Helper()
	for line := range strings.Lines(hostOf(a).virsh(t, "secret-list")) {
		if f := strings.Fields(line); len(f) == 3 && f[1] == a["usage"] && f[2] == a["name"] {
			return f[0]
		}
	}
	t.Fatalf("no secret %v on %v", a["name"], a["host"])
	return ""
}

func ofSecret(where string) func(*testing.T, attrs) string {
	return func(t *testing.T, a attrs) string {
		t.Helper()
		return at(hostOf(a).xml(t, "secret-dumpxml", secretUUID(t, a)), where)
	}
}

// secretValue returns the value of a secret, as text.
func secretValue(t *testing.T, a attrs) string {
	t.Helper()
	value, err := base64.StdEncoding.DecodeString(hostOf(a).virsh(t, "secret-get-value", secretUUID(t, a)))
	if err != nil {
		t.Fatal(err)
	}
	return string(value)
}

func TestSecretUpdates(t *testing.T) {
	t.Parallel()
	const one, two = "0e1f2a3b-0001-4000-8000-000000000001", "0e1f2a3b-0002-4000-8000-000000000002"
	base := func(name string) attrs { return attrs{"host": alpha().Name, "usage": "ceph", "name": name} }
	value := func(text string, version int) attrs { return attrs{"value": text, "value_version": version} }
	encoded := func(encoding string, version int) attrs {
		return value("aGVsbG8=", version).with(attrs{"value_encoding": encoding})
	}
	usage, first, second := ofSecret("usage@type"), unique(t), unique(t)
	updates(t, secret.Table, base, map[string]update{
		"host":           {see: usage, steps: []step{{nil, "ceph"}, {attrs{"host": beta().Name}, "ceph"}}},
		"usage":          {see: usage, steps: []step{{nil, "ceph"}, {attrs{"usage": "tls"}, "tls"}}},
		"name":           {see: usage, steps: []step{{attrs{"name": first}, "ceph"}, {attrs{"name": second}, "ceph"}}},
		"uuid":           {see: ofSecret("uuid"), steps: []step{{attrs{"uuid": one}, one}, {attrs{"uuid": two}, two}, {nil, two}}},
		"description":    {see: ofSecret("description"), steps: []step{{attrs{"description": "a < b"}, "a < b"}, {attrs{"description": "b"}, "b"}, {nil, ""}}},
		"private":        {see: ofSecret("@private"), actions: []string{"update", "replace"}, steps: []step{{nil, "no"}, {attrs{"private": true}, "yes"}, {nil, "no"}}},
		"ephemeral":      {see: ofSecret("@ephemeral"), steps: []step{{nil, "no"}, {attrs{"ephemeral": true}, "yes"}, {nil, "no"}}},
		"protect":        {see: usage, steps: []step{{attrs{"protect": true}, "ceph"}, {attrs{"protect": false}, "ceph"}, {nil, "ceph"}}},
		"value":          {see: secretValue, actions: []string{"update", "update"}, steps: []step{{value("one", 1), "one"}, {value("two", 2), "two"}, {nil, "two"}}},
		"value_version":  {see: secretValue, steps: []step{{value("one", 1), "one"}, {value("two", 2), "two"}, {nil, "two"}}},
		"value_encoding": {see: secretValue, steps: []step{{encoded("text", 1), "aGVsbG8="}, {encoded("base64", 2), "hello"}, {value("plain", 3), "plain"}}},
	})
}

func TestSecretUsages(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	c, names := config{}, map[string]string{"ceph": "name", "iscsi": "target", "volume": "volume", "tls": "name", "vtpm": "name"}
	for usage := range names {
		c["libvirt_secret."+usage] = secretAttrs(t, alpha()).with(attrs{"usage": usage, "description": "it"})
	}
	c["libvirt_secret.volume"]["name"] = "/" + unique(t)
	s.apply(c)
	s.settled()
	for usage, element := range names {
		a := c["libvirt_secret."+usage]
		dumped := alpha().xml(t, "secret-dumpxml", secretUUID(t, a))
		expect(t, usage, at(dumped, "usage/"+element), a["name"].(string))
		validates(t, "secret", dumped)
	}
	s.importable()
	s.destroy()
	for usage := range names {
		if list := alpha().virsh(t, "secret-list"); strings.Contains(list, c["libvirt_secret."+usage]["name"].(string)) {
			t.Errorf("still there:\n%s", list)
		}
	}
}
func TestSecretValue(t *testing.T) {
	t.Parallel()
	t.Run("the value is on the host only", testSecretValue)
}

func testSecretValue(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), secretAttrs(t, alpha())
	hush := "hush-" + unique(t)
	s.env = []string{"TF_VAR_hush=" + hush, "TF_LOG=TRACE", "TF_LOG_PATH=" + filepath.Join(s.dir, "trace.log")}
	variables := attrs{"variable": attrs{"hush": attrs{"type": "string", "ephemeral": true, "sensitive": true}}}
	c := config{aSecret: a.with(attrs{"value": "${var.hush}", "value_version": 1})}
	s.write(c, variables)
	shown := s.run("plan", "-out=plan").stdout + s.run("show", "-json", "plan").stdout
	applied := s.run("apply", "-json", "plan")
	if applied.code != 0 {
		t.Fatal(applied.errors())
	}
	expect(t, "its value", secretValue(t, a), hush)
	for what, text := range map[string]string{"the plan": shown, "what apply prints": applied.stdout, "the state": fmt.Sprint(s.resources())} {
		if strings.Contains(text, hush) {
			t.Errorf("it is in %s", what)
		}
	}
	// Terraform's own trace omits the values of environment variables.
	for _, file := range []string{"trace.log", "terraform.tfstate", "plan"} {
		text, err := os.ReadFile(filepath.Join(s.dir, file))
		if err != nil || strings.Contains(string(text), hush) {
			t.Errorf("it is in %s, or that can't be read: %v", file, err)
		}
	}
	s.write(config{}, variables)
	if o := s.run("apply", "-auto-approve", "-json"); o.code != 0 {
		t.Error(o.errors())
	}
}
func TestSecretDrift(t *testing.T) {
	t.Parallel()
	t.Run("changes outside Terraform are shown and reverted", testSecretChangedOutside)
}

func testSecretChangedOutside(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), secretAttrs(t, alpha())
	a = a.with(attrs{"value": "one", "value_version": 1, "description": "ours"})
	c := config{aSecret: a}
	s.apply(c)
	id := secretUUID(t, a)
	definition := func(description string) string {
		return fmt.Sprintf("<secret><uuid>%s</uuid><description>%s</description><usage type='ceph'><name>%s</name></usage></secret>", id, description, a["name"])
	}

	alpha().define(t, "secret-define", definition("theirs"))
	s.shows(c, `~ description = "theirs" -> "ours"`, "0 to add, 1 to change, 0 to destroy")
	s.apply(c)
	expect(t, "its value", secretValue(t, a), "one")

	alpha().virsh(t, "secret-undefine", id)
	alpha().define(t, "secret-define", definition("ours"))
	s.shows(c, "~ has_value = false -> (known after apply)", "+ value_version = 1", "0 to add, 1 to change, 0 to destroy")
	s.apply(c)
	expect(t, "its value", secretValue(t, a), "one")
	s.settled()

	alpha().virsh(t, "secret-undefine", id)
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	expect(t, "its value", secretValue(t, a), "one")
	s.settled()
}
func TestSecretCreate(t *testing.T) {
	t.Parallel()
	t.Run("an existing secret is not taken over", testSecretExisting)
}

func testSecretExisting(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), secretAttrs(t, alpha())
	alpha().define(t, "secret-define", fmt.Sprintf("<secret><usage type='ceph'><name>%s</name></usage></secret>", a["name"]))
	id := secretUUID(t, a)
	t.Cleanup(func() { alpha().virsh(t, "secret-undefine", id) })
	for _, theirs := range []attrs{nil, {"name": unique(t), "uuid": id}} {
		s.applyFails(config{aSecret: a.with(theirs)}, "Unable to create secret", "alpha already has a ",
			"terraform import ADDRESS alpha/"+id+" (ADDRESS is the resource's address in the plan, libvirt_secret.NAME)")
	}
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
}
func TestSecretDestroy(t *testing.T) {
	t.Parallel()
	t.Run("a secret in use is not destroyed", testSecretInUse)
}

func testSecretInUse(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), secretAttrs(t, alpha()).with(attrs{"usage": "ceph"})
	name := unique(t)
	s.apply(config{aSecret: a})
	id := secretUUID(t, a)
	alpha().define(t, "define", "<domain type='"+theLab.Accelerator+"'><name>"+name+"</name><memory>1024</memory><os><type>hvm</type></os><devices>"+
		"<disk type='network'><source protocol='rbd' name='pool/it'><host name='ceph.example'/><auth username='it'><secret type='ceph' uuid='"+id+"'/></auth></source><target dev='vda' bus='virtio'/></disk>"+
		"</devices></domain>")
	s.applyFails(config{}, "Unable to destroy secret", fmt.Sprintf("on alpha: it is used by domains %q", name), "Nothing was changed. Set another secret for them, or destroy them, first.")
	alpha().virsh(t, "undefine", name)
	alpha().define(t, "pool-define", fmt.Sprintf("<pool type='rbd'><name>%s</name><source><name>it</name><host name='ceph.example'/><auth type='ceph' username='it'><secret usage='%s'/></auth></source></pool>", name, a["name"]))
	s.applyFails(config{}, fmt.Sprintf("on alpha: it is used by pool %q", name))
	alpha().virsh(t, "pool-undefine", name)
	s.destroy()
}
