//go:build acceptance

package acceptance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

const laptop = "laptop"

// ordinaryUser is a user without any rights on this machine, who has a home directory.
type ordinaryUser struct {
	t    *testing.T
	as   *syscall.Credential
	home string
}

// newOrdinaryUser creates the user's home directory. When the test ends, it stops the user's libvirt and removes the directory.
func newOrdinaryUser(t *testing.T) *ordinaryUser {
	t.Helper()
	home, err := os.MkdirTemp("/tmp", "kvm-fleet-user-") // a short path: it has sockets
	if err != nil {
		t.Fatal(err)
	}
	const nobody = 65534
	u := &ordinaryUser{t, &syscall.Credential{Uid: nobody, Gid: nobody}, home}
	t.Cleanup(func() {
		if text, err := os.ReadFile(filepath.Join(home, "run/libvirt/libvirtd.pid")); err == nil {
			if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && syscall.Kill(pid, syscall.SIGTERM) == nil {
				gone(pid)
			}
		}
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	u.owns(home)
	u.owns(filepath.Join(home, "run"))
	return u
}

// owns creates a directory of the user.
func (u *ordinaryUser) owns(dir string) string {
	u.t.Helper()
	err := os.MkdirAll(dir, 0o755)
	if err = errors.Join(err, os.Chmod(dir, 0o755), os.Chown(dir, int(u.as.Uid), int(u.as.Gid))); err != nil {
		u.t.Fatal(err)
	}
	return dir
}

func (u *ordinaryUser) env() []string {
	return []string{"HOME=" + u.home, "XDG_RUNTIME_DIR=" + u.home + "/run", "XDG_CONFIG_HOME=", "XDG_CACHE_HOME=", "XDG_DATA_HOME="}
}

// stack returns a stack in which the user runs Terraform, with a provider that the user can read.
func (u *ordinaryUser) stack() *stack {
	u.t.Helper()
	program, err := os.ReadFile(built(u.t))
	bin := u.owns(filepath.Join(u.home, "bin"))
	settings := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", source, bin)
	err = errors.Join(err, os.WriteFile(filepath.Join(bin, "terraform-provider-libvirt"), program, 0o755),
		os.WriteFile(filepath.Join(bin, "settings.tfrc"), []byte(settings), 0o644))
	if err != nil {
		u.t.Fatal(err)
	}
	s := newStack(u.t)
	s.as, s.dir, s.hosts = u.as, u.owns(filepath.Join(u.home, "stack")), map[string]string{laptop: "qemu:///session"}
	s.env = append(u.env(), "TF_CLI_CONFIG_FILE="+filepath.Join(bin, "settings.tfrc"))
	return s
}

// virsh asks the user's libvirt.
func (u *ordinaryUser) virsh(args ...string) string {
	u.t.Helper()
	cmd := exec.Command("virsh", append([]string{"-c", "qemu:///session"}, args...)...)
	cmd.Env = append(os.Environ(), u.env()...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: u.as}
	cmd.Dir = u.home
	out, err := cmd.CombinedOutput()
	if err != nil {
		u.t.Fatalf("virsh %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestSession manages machines with the libvirt of an ordinary user, which does not run yet.
func TestSession(t *testing.T) {
	t.Parallel()
	u := newOrdinaryUser(t)
	s := u.stack()
	name, pool := unique(t), filepath.Join(u.home, "pool")
	machine := domainAttrs(t, alpha()).with(attrs{"host": laptop, "name": name, "type": "qemu", "state": "running", "firmware": "efi",
		"disks": attrs{
			"vda": attrs{"file": "${libvirt_volume.v.path}", "format": "qcow2"},
			"sda": attrs{"file": "${libvirt_seed.s.path}", "format": "raw", "device": "cdrom", "bus": "sata"},
		}})
	c := config{
		"libvirt_pool.p":   {"host": laptop, "name": "p", "path": pool},
		"libvirt_volume.v": {"host": laptop, "pool": "${libvirt_pool.p.name}", "name": "v", "format": "qcow2", "capacity": mib},
		"libvirt_seed.s":   {"host": laptop, "pool": "${libvirt_pool.p.name}", "name": "s", "cloud_init": attrs{"user_data": "#cloud-config\n", "meta_data": "instance-id: a\n"}},
		aDomain:            machine,
	}
	s.apply(c)
	s.settled()
	expect(t, "the state", u.virsh("domstate", name), "running")
	for _, file := range []string{"v", "s"} {
		is, err := os.Stat(filepath.Join(pool, file))
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "the owner of "+file, fmt.Sprint(is.Sys().(*syscall.Stat_t).Uid), fmt.Sprint(u.as.Uid))
	}

	stopped := attrs{"state": "stopped"}
	s.planFails(c.changed(aDomain, stopped).changed(aDomain, attrs{"efi": attrs{"secure_boot": true}}), "'secure_boot' requires 'efi.nvram'")
	s.apply(c.changed(aDomain, stopped))
	renamed := stopped.with(attrs{"name": name + "-2"})
	s.planFails(c.changed(aDomain, renamed), "a new 'name' requires 'efi.nvram'")
	own := renamed.with(attrs{"efi": attrs{"nvram": filepath.Join(u.home, "variables.fd")}})
	s.apply(c.changed(aDomain, stopped.with(attrs{"efi": own["efi"]})))
	s.apply(c.changed(aDomain, own))
	s.settled()
	expect(t, "the domains", u.virsh("list", "--all", "--name"), name+"-2")
	s.apply(c.changed(aDomain, own.with(attrs{"state": "running"})))
	s.settled()
	s.destroy()
	expect(t, "the domains", u.virsh("list", "--all", "--name"), "")
	for _, file := range []string{pool + "/v", pool + "/s", u.home + "/variables.fd"} {
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", file, err)
		}
	}
}
