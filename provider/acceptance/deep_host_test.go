//go:build acceptance

package acceptance

import (
	"bytes"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// deepKind is the kind of a host that is a virtual machine: its own kernel and systemd, and libvirt as Debian configures it.
const deepKind = "deep"

func (h *labHost) isDeep() bool { return h.SSHURI != "" }

// login returns a command that runs a program on a deep host as root.
func (h *labHost) login(args ...string) *exec.Cmd {
	uri, err := url.Parse(h.SSHURI)
	if err != nil {
		panic(err)
	}
	quoted := make([]string, 0, len(args))
	for _, arg := range args {
		quoted = append(quoted, "'"+strings.ReplaceAll(arg, "'", `'\''`)+"'")
	}
	return exec.Command("ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR", "-i", uri.Query().Get("keyfile"),
		"-o", "UserKnownHostsFile="+uri.Query().Get("known_hosts"), "root@"+h.Address, strings.Join(quoted, " "))
}

// shell runs a shell script on a deep host, and returns what it prints.
func (h *labHost) shell(t *testing.T, script string) string {
	t.Helper()
	return strings.TrimSpace(h.inside(t, "sh", "-ec", script))
}

// writeFile writes a file on a deep host.
func (h *labHost) writeFile(t *testing.T, path string, content []byte) {
	t.Helper()
	cmd := h.login("sh", "-c", "cat >"+path)
	cmd.Stdin = bytes.NewReader(content)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("writing %s on %s: %v\n%s", path, h.Name, err, out)
	}
}

// deepGuest is a machine on a deep host whose disk is a volume with a guest that greets and counts.
type deepGuest struct {
	host   *labHost
	name   string
	dir    string // the pool's directory
	pool   attrs
	volume attrs
	domain attrs
}

const (
	deepPool   = "libvirt_pool.p"
	deepVolume = "libvirt_volume.disk"
)

// newDeepGuest returns a machine with a pool and a volume of its own. Call it before newStack: its directory must outlive the stack.
func newDeepGuest(t *testing.T, h *labHost) *deepGuest {
	t.Helper()
	name := unique(t)
	g := &deepGuest{host: h, name: name, dir: "/srv/" + name}
	g.pool = attrs{"host": h.Name, "name": name, "type": "dir", "path": g.dir}
	g.volume = attrs{"host": h.Name, "pool": "${" + deepPool + ".name}", "name": "disk.img", "format": "raw", "source": sectorFile(t, tallySector)}
	g.domain = domainAttrs(t, h).with(attrs{
		"name": name, "type": "qemu", "disks": attrs{"vda": attrs{"file": "${" + deepVolume + ".path}", "format": "raw"}},
		"serial": attrs{"log_file": "/var/log/libvirt/qemu/" + name + "-serial.log"}, "shutdown": attrs{"timeout": 0},
	})
	t.Cleanup(func() { h.inside(t, "rm", "-rf", g.dir, "/var/log/libvirt/qemu/"+name+"-serial.log") })
	return g
}

func (g *deepGuest) config() config {
	return config{deepPool: g.pool, deepVolume: g.volume, aDomain: g.domain}
}

// label returns the label of its QEMU, as libvirt shows it.
func (g *deepGuest) label(t *testing.T) string {
	t.Helper()
	return info("dominfo", "Security label")(t, g.domain)
}

// process runs a shell script with the process id of its QEMU in $pid.
func (g *deepGuest) process(t *testing.T, script string) string {
	t.Helper()
	return g.host.shell(t, "pid=$(cat /run/libvirt/qemu/"+g.name+".pid); "+script)
}

// disk returns the file that its disk uses.
func (g *deepGuest) disk(t *testing.T) string {
	t.Helper()
	return at(g.host.xml(t, "dumpxml", g.name), "devices/disk/source@file")
}

// counts waits until the guest of this run has counted.
func (g *deepGuest) counts(t *testing.T) {
	t.Helper()
	file := g.domain["serial"].(attrs)["log_file"].(string)
	eventually(t, g.name+" to count", func() bool {
		out, err := g.host.tryInside("cat", file)
		return err == nil && bytes.Contains(out, []byte("\nAAAB\n"))
	})
}

// owner returns the owner, group and mode of a file.
func (h *labHost) owner(t *testing.T, file string) string {
	t.Helper()
	return h.shell(t, "stat -c '%U:%G %a' "+file)
}

// sectorFile writes a disk image with a boot sector to this machine.
func sectorFile(t *testing.T, code []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "guest.img")
	if err := os.WriteFile(file, code, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
