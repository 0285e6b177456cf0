//go:build acceptance

package acceptance

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestNetworkFilter(t *testing.T) {
	t.Parallel()
	t.Run("a host that can't filter fails the plan", testFilteringMissing)
	t.Run("a filter of a running guest changes live", testFilterOfRunningGuest)
	t.Run("a filter that libvirt rejects changes nothing", testFilterRejected)
	t.Run("libvirt is asked about no filter while one changes", testFilterCalls)
}

// testFilteringMissing asserts that the plan refuses filters on a host that can't filter. Such a host would accept a filter and an
// interface with one, and fail when the guest starts.
func testFilteringMissing(t *testing.T) {
	t.Parallel()
	b := newBareHost(t)
	b.start()
	on := func(c config) *stack {
		s := newStack(t)
		s.hosts[alpha().Name] = b.uri()
		s.last = c
		return s
	}
	filter := filterAttrs(t, attrs{"web": tcp(80)})
	guest := domainAttrs(t, alpha()).with(attrs{"type": "qemu", "state": "stopped"})
	filtered := guest.with(attrs{"interfaces": attrs{"lan": attrs{"bridge": "br0", "filter": "clean-traffic"}}})
	s := on(nil)
	s.apply(config{aFilter: filter})
	s.shows(config{aFilter: filter, aDomain: filtered}, "1 to add, 0 to change, 0 to destroy")

	changed := filter.with(attrs{"rules": attrs{"web": tcp(443)}})
	const instead = "; or choose another host"
	for _, c := range []struct {
		tools []string
		says  string
	}{
		{[]string{"ebtables"}, "alpha has no ebtables, which libvirt needs for network filters; install ebtables and iptables there, and restart libvirtd or virtnwfilterd" + instead},
		{[]string{"iptables", "ip6tables"}, "alpha has no iptables, no ip6tables, which libvirt needs for network filters; "},
	} {
		t.Run(strings.Join(c.tools, " and "), func(t *testing.T) {
			defer b.without(c.tools...)()
			s := on(nil)
			s.planFails(config{aFilter: filter.with(attrs{"name": unique(t)})}, c.says)
			s.planFails(config{aDomain: filtered}, c.says)
			s.shows(config{aDomain: guest}, "1 to add")
		})
	}
	t.Run("a filter that is there", func(t *testing.T) {
		defer b.without("ebtables")()
		s.planFails(config{aFilter: changed}, "alpha has no ebtables, ")
		s.planFails(config{aFilter: filter, aDomain: filtered}, "alpha has no ebtables, ")
		s.shows(config{aFilter: filter, aDomain: guest}, "1 to add, 0 to change, 0 to destroy") // a guest without a filter needs no ebtables
	})
	t.Run("a guest that is to come", func(t *testing.T) {
		coming := newStack(t)
		coming.apply(config{aDomain: filtered})
		coming.hosts[beta().Name] = b.uri()
		moved := config{aDomain: filtered.with(attrs{"host": beta().Name})}
		defer b.without("ebtables")()
		coming.planFails(moved, "beta has no ebtables, which libvirt needs for network filters; ")
	})
	s.destroy()

	b.stop()
	b.withoutDriver()
	b.start()
	const driver = "alpha has no driver for network filters (this function is not supported by the connection driver: virConnectListAllNWFilters); " +
		"install libvirt's nwfilter driver there and restart libvirtd, or start virtnwfilterd" + instead
	s.planFails(config{aFilter: filter}, driver)
	s.planFails(config{aDomain: filtered}, driver)
	s.shows(config{aDomain: guest}, "1 to add")
}

// bareHost is a libvirtd of the test's own. The test can remove parts of it without affecting other tests. It runs no guests.
type bareHost struct {
	t      *testing.T
	root   string
	daemon *exec.Cmd
	log    bytes.Buffer
	hidden string // mounts to make before it starts
}

const alternatives = "/etc/alternatives" // where Debian maps the name of a program to the program

func newBareHost(t *testing.T) *bareHost {
	t.Helper()
	root, err := os.MkdirTemp("", "bare") // a path from t.TempDir() is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	b := &bareHost{t: t, root: root}
	t.Cleanup(func() {
		b.stop()
		_ = os.RemoveAll(root)
	})
	return b
}

func (b *bareHost) uri() string {
	return "qemu+unix:///system?socket=" + b.root + "/run/libvirt/libvirt-sock"
}

// start runs libvirtd in a mount and a network namespace that end with it. In them, libvirtd writes only to the test's own directories.
func (b *bareHost) start() {
	b.t.Helper()
	config := filepath.Join(b.root, "libvirtd.conf")
	if err := os.WriteFile(config, []byte("auth_unix_rw = \"none\"\nunix_sock_rw_perms = \"0700\"\n"), 0o600); err != nil {
		b.t.Fatal(err)
	}
	script := "set -e; cd " + b.root + "\n" +
		"for d in etc/libvirt var/lib/libvirt var/cache/libvirt var/log/libvirt run/libvirt; do mkdir -p $d; done\n" +
		// As in a lab: a QEMU whose user may not open /dev/kvm makes libvirt (9.0) probe it again in nearly every call.
		"printf 'user = \"root\"\ngroup = \"root\"\n' > etc/libvirt/qemu.conf\n" +
		"for d in etc/libvirt var/lib/libvirt var/cache/libvirt var/log/libvirt run; do mount --bind $PWD/$d /$d; done\n" +
		b.hidden + "exec libvirtd --config " + config + "\n"
	b.log.Reset()
	b.daemon = exec.Command("unshare", "--mount", "--net", "--propagation", "private", "bash", "-c", script)
	b.daemon.Stdout, b.daemon.Stderr = &b.log, &b.log
	if err := b.daemon.Start(); err != nil {
		b.t.Fatal(err)
	}
	eventually(b.t, "libvirtd to answer", func() bool { return exec.Command("virsh", "--connect", b.uri(), "uri").Run() == nil })
}

func (b *bareHost) stop() {
	if b.daemon == nil {
		return
	}
	_ = b.daemon.Process.Kill()
	_ = b.daemon.Wait() // the error says that it was killed
	if b.t.Failed() {
		b.t.Logf("libvirtd of the bare host:\n%s", b.log.String())
	}
	b.daemon = nil
}

// without removes programs, and returns a function that restores them.
func (b *bareHost) without(tools ...string) (back func()) {
	b.t.Helper()
	some := filepath.Join(b.root, strings.Join(tools, "-"))
	if out, err := exec.Command("cp", "--archive", alternatives, some).CombinedOutput(); err != nil {
		b.t.Fatalf("%v\n%s", err, out)
	}
	for _, tool := range tools {
		if err := os.Remove(filepath.Join(some, tool)); err != nil {
			b.t.Fatal(err)
		}
	}
	within := func(args ...string) {
		b.t.Helper()
		in := []string{"--mount", "--target", strconv.Itoa(b.daemon.Process.Pid)}
		if out, err := exec.Command("nsenter", append(in, args...)...).CombinedOutput(); err != nil {
			b.t.Fatalf("%v\n%s", err, out)
		}
	}
	within("mount", "--bind", some, alternatives)
	return func() { within("umount", alternatives); _ = os.RemoveAll(some) }
}

// withoutDriver removes libvirt's driver for network filters, from the next start on.
func (b *bareHost) withoutDriver() {
	b.t.Helper()
	found, err := filepath.Glob("/usr/lib/*/libvirt/connection-driver/libvirt_driver_nwfilter.so")
	if err != nil || len(found) != 1 {
		b.t.Fatalf("libvirt's driver for network filters is at %v (%v)", found, err)
	}
	drivers, some := filepath.Dir(found[0]), filepath.Join(b.root, "drivers")
	if out, err := exec.Command("cp", "--archive", drivers, some).CombinedOutput(); err != nil {
		b.t.Fatalf("%v\n%s", err, out)
	}
	if err := os.Remove(filepath.Join(some, filepath.Base(found[0]))); err != nil {
		b.t.Fatal(err)
	}
	b.hidden = fmt.Sprintf("mount --bind %s %s\n", some, drivers)
}
