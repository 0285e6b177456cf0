//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// portal is an iSCSI target that runs until the test ends, with one unit of 16 MiB. It requires a login if there is a password.
type portal struct {
	port   int
	target string
	ipc    string
}

func iscsiTarget(t *testing.T, user, password string) *portal {
	t.Helper()
	p := &portal{port: freePort(t), target: "iqn.2024-01.test.fleet:" + unique(t), ipc: filepath.Join(t.TempDir(), "tgt")}
	daemon := exec.Command("tgtd", "--foreground", "--iscsi", fmt.Sprintf("portal=%s:%d", theLab.Shared.Host, p.port))
	daemon.Env = append(os.Environ(), "TGT_IPC_SOCKET="+p.ipc)
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := daemon.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = daemon.Wait()
	})
	eventually(t, "tgtd to answer", func() bool { _, err := p.admin("--mode", "sys", "--op", "show"); return err == nil })

	disk := filepath.Join(t.TempDir(), "unit.img")
	if err := os.WriteFile(disk, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(disk, 16*mib); err != nil {
		t.Fatal(err)
	}
	steps := [][]string{
		{"--mode", "target", "--op", "new", "--tid", "1", "--targetname", p.target},
		{"--mode", "logicalunit", "--op", "new", "--tid", "1", "--lun", "1", "--backing-store", disk},
		{"--mode", "target", "--op", "bind", "--tid", "1", "--initiator-address", "ALL"},
	}
	if password != "" {
		steps = append(steps, []string{"--mode", "account", "--op", "new", "--user", user, "--password", password},
			[]string{"--mode", "account", "--op", "bind", "--tid", "1", "--user", user})
	}
	for _, step := range steps {
		if out, err := p.admin(step...); err != nil {
			t.Fatalf("tgtadm %v: %v\n%s", step[:4], err, out)
		}
	}
	return p
}

func (p *portal) admin(args ...string) (string, error) {
	cmd := exec.Command("tgtadm", append([]string{"--lld", "iscsi"}, args...)...)
	cmd.Env = append(os.Environ(), "TGT_IPC_SOCKET="+p.ipc)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestPoolISCSI(t *testing.T) {
	t.Parallel()
	const password, wrong = "hush-hush-hush", "hush-hush-hash"
	san := iscsiTarget(t, "fleet", password)
	s := newStack(t)
	key := attrs{"host": alpha().Name, "usage": "iscsi", "name": unique(t), "value": wrong, "value_version": 1}
	p := attrs{"host": alpha().Name, "name": unique(t), "type": "iscsi-direct", "source": attrs{"host": theLab.Shared.Host, "port": san.port, "devices": []string{san.target},
		"initiator": "iqn.2024-01.test.fleet:alpha", "auth": attrs{"type": "chap", "username": "fleet", "secret_uuid": "${" + aSecret + ".uuid}"}}}

	s.applyFails(config{aSecret: key, aPool: p}, "Unable to start pool", "Authentication failure")
	key = key.with(attrs{"value": password, "value_version": 2})
	c := config{aSecret: key, aPool: p}
	s.apply(c)
	s.settled()
	units := alpha().virsh(t, "vol-list", p["name"].(string))
	if want := fmt.Sprintf("ip-%s:%d-iscsi-%s-lun-1", theLab.Shared.Host, san.port, san.target); !strings.Contains(units, want) {
		t.Errorf("expected %q in\n%s", want, units)
	}
	if s.state(aPool)["path"] != nil {
		t.Errorf("it has a path: %v", s.state(aPool)["path"])
	}
	s.importable("value", "value_version", "value_encoding")
	s.destroy()
	alpha().lacks(t, "pool-info", p["name"].(string))
}
