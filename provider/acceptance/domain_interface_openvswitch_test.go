//go:build acceptance

package acceptance

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// vswitch starts Open vSwitch in userspace on alpha, with one bridge. ask runs ovs-vsctl.
func vswitch(t *testing.T, bridge string) (ask func(args ...string) string) {
	t.Helper()
	if _, err := exec.LookPath("ovs-vswitchd"); err != nil {
		t.Skip("this machine has no Open vSwitch")
	}
	dir := t.TempDir()
	onHost := func(args ...string) string {
		t.Helper()
		out, err := exec.Command("nsenter", append([]string{"--mount", "--net", "--target", strconv.Itoa(libvirtd(t, alpha()))}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	daemon := func(name string, args ...string) {
		t.Helper()
		pid := filepath.Join(dir, name+".pid")
		onHost(append([]string{name, "--detach", "--pidfile=" + pid, "--log-file=" + filepath.Join(dir, name+".log"), "-vconsole:off"}, args...)...)
		t.Cleanup(func() {
			n, err := strconv.Atoi(onHost("cat", pid))
			if err == nil {
				err = syscall.Kill(n, syscall.SIGTERM)
			}
			if err != nil {
				t.Errorf("ending %s: %v", name, err)
			}
			eventually(t, "the end of "+name, func() bool { return syscall.Kill(n, 0) != nil })
		})
	}
	onHost("mkdir", "-p", "/run/openvswitch")
	t.Cleanup(func() { onHost("rm", "-rf", "/run/openvswitch") })
	onHost("ovsdb-tool", "create", dir+"/conf.db", "/usr/share/openvswitch/vswitch.ovsschema")
	daemon("ovsdb-server", dir+"/conf.db", "--remote=punix:/run/openvswitch/db.sock")
	onHost("ovs-vsctl", "--no-wait", "init")
	daemon("ovs-vswitchd", "unix:/run/openvswitch/db.sock")
	ask = func(args ...string) string {
		t.Helper()
		return onHost(append([]string{"ovs-vsctl", "--timeout=10"}, args...)...)
	}
	ask("add-br", bridge, "--", "set", "bridge", bridge, "datapath_type=netdev")
	t.Cleanup(func() { ask("del-br", bridge) })
	return ask
}
func TestDomainInterfaces(t *testing.T) {
	t.Parallel()
	t.Run("interfaces on Open vSwitch", testOpenVSwitch)
}

func testOpenVSwitch(t *testing.T) {
	t.Parallel()
	const bridge, nic = "kfovs", "devices/interface/alias[@name='ua-lan']/../"
	ask := vswitch(t, bridge)
	tap := func(g *lively, key string) string {
		return at(alpha().xml(t, "dumpxml", g.name()), "devices/interface/alias[@name='ua-"+key+"']/../target@dev")
	}
	s := newStack(t)
	a := bridged(t, bridge).with(attrs{"virtualport": "openvswitch", "portgroups": attrs{"eng": attrs{"default": true, "vlan": attrs{"tags": []string{"10"}}}, "both": attrs{"vlan": attrs{"tags": []string{"20", "21"}}}}})
	s.apply(config{aNetwork: a})
	s.settled()
	s.importable()
	name := a["name"].(string)
	lan := func(tags ...string) attrs {
		return attrs{"bridge": bridge, "virtualport": "openvswitch", "vlan": attrs{"tags": tags}}
	}
	grouped := attrs{"network": name, "portgroup": "both"}
	g := newLively(t, attrs{"interfaces": attrs{"lan": lan("5"), "eng": attrs{"network": name}, "both": grouped}})
	vlans := func(key, want string) {
		t.Helper()
		expect(t, "the VLANs of "+key, ask("get", "port", tap(g, key), "tag")+" "+ask("get", "port", tap(g, key), "trunks"), want)
	}
	vlans("lan", "5 []")
	vlans("eng", "10 []")
	vlans("both", "[] [20, 21]")
	with := func(lan attrs) attrs {
		return attrs{"interfaces": attrs{"lan": lan, "eng": attrs{"network": name}, "both": grouped}}
	}
	g.becomes(with(lan("6")), map[string]string{nic + "vlan/tag@id": "6"})
	vlans("lan", "6 []")
	g.becomes(with(lan("6", "7")), map[string]string{nic + "vlan@trunk": "yes"})
	vlans("lan", "[] [6, 7]")
	g.becomes(with(lan("6", "7").with(attrs{"link": "down"})), map[string]string{nic + "link@state": "down"})
	vlans("lan", "[] [6, 7]")

	// libvirt would leave the interface in no VLAN at all. The provider keeps it in its VLAN until the next start.
	g.a = g.a.with(with(lan("6", "7").with(attrs{"link": "down"}))).with(attrs{"interfaces": attrs{"lan": lan("6", "7").with(attrs{"link": "down"}), "eng": attrs{"network": name, "portgroup": "both"}, "both": grouped}})
	expect(t, "what waits", strings.Join(g.s.waiting(config{aDomain: g.a}), ", "), `interfaces["eng"].portgroup`)
	g.s.apply(config{aDomain: g.a})
	vlans("eng", "10 []")
	g.same()
	g.s.destroy()
}
