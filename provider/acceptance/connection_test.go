//go:build acceptance

package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pki is the directory in which each host has certificates under libvirt's own names.
const pki = "/etc/libvirt/pki"

func (h *labHost) tlsURI() string {
	return "qemu+tls://" + h.Address + "/system?pkipath=" + h.path(pki)
}

func query(values ...string) string {
	q := url.Values{}
	for i := 0; i < len(values); i += 2 {
		q.Set(values[i], values[i+1])
	}
	return "?" + q.Encode()
}

// whatAnswers connects to each URI and returns the error by name; "" for a host that answers.
func whatAnswers(t *testing.T, env []string, uris map[string]string) map[string]string {
	t.Helper()
	hosts := map[string]any{}
	for name, uri := range uris {
		hosts[name] = attrs{"uri": uri}
	}
	in, err := json.Marshal(attrs{"hosts": hosts})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(built(t), "inventory")
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	var report struct {
		Hosts []struct{ Name, Error string }
	}
	if err == nil {
		err = json.Unmarshal(out, &report)
	}
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, h := range report.Hosts {
		got[h.Name] = h.Error
	}
	return got
}

// saying is a URI and the error that a connection to it must give; "" for none.
type saying struct{ uri, want string }

func hostsSay(t *testing.T, env []string, wanted map[string]saying) {
	t.Helper()
	uris := map[string]string{}
	for name, a := range wanted {
		uris[name] = a.uri
	}
	for name, got := range whatAnswers(t, env, uris) {
		want := wanted[name].want
		if want != "" {
			want = fmt.Sprintf("on %s (%s): %s", name, uris[name], want)
		}
		if got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

// serves asserts that a stack works over this URI: it applies, settles and destroys one resource of each kind.
func serves(t *testing.T, h *labHost, uri string, env []string) {
	t.Helper()
	s, c := newStack(t), oneOfEach(t, h)
	s.hosts[h.Name], s.env = uri, env
	s.apply(c)
	s.settled()
	expect(t, "state", domainState(t, c[aDomain]), "running")
	s.destroy()
	h.lacks(t, "dominfo", c[aDomain]["name"].(string))
}

func testConnectionTLS(t *testing.T) {
	t.Parallel()
	serves(t, beta(), beta().tlsURI(), nil)
}

func testConnectionSSH(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	target := newSSHD(t, beta(), me.keys)
	serves(t, beta(), "qemu+ssh://root@"+target.address+"/system"+query("keyfile", me.key, "known_hosts", me.has("fleet", target.line(target.address))), me.env)
}

func testSSHWithoutForwarding(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	target := newSSHD(t, beta(), me.keys, "AllowStreamLocalForwarding no")
	me.has("known_hosts", target.line(target.address))
	serves(t, beta(), "qemu+ssh://root@"+target.address+"/system", me.env)
}

// testSSHReconnect asserts that the provider logs in again when a login is lost between two calls.
func testSSHReconnect(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	gate, target := newSSHD(t, alpha(), me.keys), newSSHD(t, beta(), me.keys)
	me.has("known_hosts", gate.line(gate.address)+target.line(target.address))
	me.has("config", fmt.Sprintf("Host machine\n HostName %s\n Port %s\n User root\n ProxyJump root@%s\n", theLab.Shared.Host, target.port(), gate.address))
	for which, cut := range map[string]func(){"the host's": target.cut, "the jump host's": gate.cut} {
		t.Run(which, func(t *testing.T) {
			listener, err := net.Listen("tcp", net.JoinHostPort(theLab.Shared.Host, "0"))
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			go func() { // cuts the connections on request, and closes the request's connection when ssh has noticed
				for {
					c, err := listener.Accept()
					if err != nil {
						return
					}
					cut()
					within(hangLimit, func() bool { return len(me.processes("ssh")) <= 1 }) // the login on the jump host may remain
					_ = c.Close()
				}
			}()
			s := newStack(t)
			s.hosts[beta().Name], s.env = "qemu+ssh://machine/system", me.env
			c := config{
				"libvirt_network.before": {"host": beta().Name, "name": unique(t), "provisioner": []attrs{{"local-exec": attrs{
					"command": "cat </dev/tcp/" + strings.Replace(listener.Addr().String(), ":", "/", 1), "interpreter": []string{"bash", "-c"}}}}},
				"libvirt_network.after": {"host": beta().Name, "name": unique(t), "depends_on": []string{"libvirt_network.before"}},
			}
			s.apply(c)
			s.settled()
			s.destroy()
		})
	}
}

// TestDomainMigrationTransports migrates over each transport. Hosts with certificates for TLS migrate directly. Without them, and where
// only this machine's user can log in, the migration goes through this machine.
func TestDomainMigrationTransports(t *testing.T) {
	t.Parallel()
	const between = "migrating through this machine"
	g, s := newTraveller(t), newStack(t)
	me := newSSHUser(t)
	logged := func(during func()) string {
		path := filepath.Join(t.TempDir(), "log")
		s.env = append(me.env, "TF_LOG_PROVIDER=INFO", "TF_LOG_PATH="+path)
		during()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, h := range theLab.Hosts {
		s.hosts[h.Name] = h.tlsURI()
	}
	s.env = me.env
	s.apply(g.on(alpha()))
	if log := logged(func() { g.migrates(t, s, alpha(), beta()) }); !strings.Contains(log, "alpha cannot reach beta at qemu+tls://"+beta().Address+"/system; "+between) {
		t.Error("hosts without certificates of their own did it between them")
	}

	s.migrationURIs = map[string]string{}
	for _, h := range theLab.Hosts {
		s.migrationURIs[h.Name] = "qemu+tls://" + h.Address + "/system?pkipath=" + pki
	}
	if log := logged(func() { g.migrates(t, s, beta(), alpha()) }); strings.Contains(log, between) {
		t.Error("hosts with certificates did not do it between them")
	}

	s.migrationURIs = nil
	known := ""
	for _, h := range theLab.Hosts {
		d := newSSHD(t, h, me.keys)
		known += d.line(d.address)
		s.hosts[h.Name] = "qemu+ssh://root@" + d.address + "/system"
	}
	me.has("known_hosts", known)
	if log := logged(func() { g.migrates(t, s, alpha(), beta()) }); strings.Contains(log, "cannot reach") {
		t.Error("a host was sent to where only this machine's user can log in")
	}
	s.settled()
	g.uninterrupted(t)
	s.destroy()
}

// testUnknownURI plans with a URI that is known only after the apply: the plan contacts no other host instead, and keeps the state of the
// resources on that host.
func testUnknownURI(t *testing.T) {
	t.Parallel()
	s, name := newStack(t), unique(t)
	s.hosts[beta().Name] = "${terraform_data.where.output}"
	c := func(again string) config {
		return config{
			"terraform_data.where": {"input": beta().URI, "triggers_replace": []string{again}},
			aNetwork:               {"host": beta().Name, "name": name, "ipv4": ipv4(subnet(), nil)},
		}
	}
	first := c("first")
	s.apply(first)
	s.settled()
	uuid := beta().virsh(t, "net-uuid", name)

	second := c("second")
	second[aNetwork] = first[aNetwork]
	beta().virsh(t, "net-destroy", name) // a refresh would show this change
	s.keepsItsState(func() {
		s.shows(second, "# terraform_data.where must be replaced", "Plan: 1 to add, 0 to change, 1 to destroy.")
	})
	s.apply(second)
	expect(t, "the network", beta().virsh(t, "net-uuid", name), uuid)
	s.apply(second)
	expect(t, "whether it runs", info("net-info", "Active")(t, second[aNetwork]), "yes")
	s.settled()
}

// testSilentHosts asserts that each host that does not answer fails with its own error and no other, and that the resources of other hosts
// are applied.
func testSilentHosts(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	mute := muteAddress(t)
	dropped := unanswered(t)
	silent := map[string]saying{
		"mute-ssh": {"qemu+ssh://root@" + mute + "/system", "ssh to root@" + mute + " failed: Connection timed out during banner exchange"},
		"mute-tls": {"qemu+tls://" + mute + "/system" + query("pkipath", alpha().path(pki)), "TLS with " + mute + ": no answer within 15s"},
		"far-tcp":  {"qemu+tcp://" + dropped + "/system", "dial tcp " + dropped + ":16509: i/o timeout"},
		"far-ssh":  {"qemu+ssh://root@" + dropped + "/system", "ssh to root@" + dropped + " failed: ssh: connect to host " + dropped + " port 22: Connection timed out"},
		"far-tls":  {"qemu+tls://" + dropped + "/system" + query("pkipath", alpha().path(pki)), "dial tcp " + dropped + ":16514: i/o timeout"},
	}
	s := newStack(t)
	s.env = me.env
	c := config{"libvirt_network.here": {"host": alpha().Name, "name": unique(t)}}
	var says []string
	for name, a := range silent {
		s.hosts[name] = a.uri
		c["libvirt_network."+name] = attrs{"host": name, "name": "it"}
		says = append(says, fmt.Sprintf("on %s (%s): %s", name, a.uri, a.want))
	}
	began := time.Now()
	s.applyFails(c, says...)
	if took := time.Since(began); took >= time.Duration(len(silent))*15*time.Second { // the time that one after the other would take
		t.Errorf("it took %s", took)
	}
	if there := s.resources(); len(there) != 1 || there["libvirt_network.here"] == nil {
		t.Errorf("the state has %v", there)
	}
	alpha().virsh(t, "net-info", c["libvirt_network.here"]["name"].(string))
}

// muteAddress accepts connections and sends nothing.
func muteAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(theLab.Shared.Host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
		}
	}()
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}

// unanswered returns an address of the fabric that no host has, and for which no host answers with an error.
func unanswered(t *testing.T) string {
	t.Helper()
	const address, nobody = "198.18.255.254", "02:00:00:00:00:01"
	out, err := exec.Command("ip", "-oneline", "route", "get", address).Output()
	fields := strings.Fields(string(out))
	if err != nil || len(fields) < 3 {
		t.Fatalf("no way to %s: %v %s", address, err, out)
	}
	neighbour := func(verb string, more ...string) {
		if out, err := exec.Command("ip", append([]string{"neigh", verb, address, "dev", fields[2]}, more...)...).CombinedOutput(); err != nil {
			t.Errorf("ip neigh %s: %v\n%s", verb, err, out)
		}
	}
	neighbour("replace", "lladdr", nobody, "nud", "permanent")
	t.Cleanup(func() { neighbour("del") })
	return address
}
