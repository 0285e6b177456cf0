package conn

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// sshHome is a home directory with a configuration of ssh, and nothing of this machine's own environment.
func sshHome(t *testing.T, config string) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("SSH_AUTH_SOCK", "")
	if err := os.Mkdir(filepath.Join(dir, ".ssh"), 0o700); err != nil {
		t.Fatal(err)
	}
	if config != "" {
		writeFile(t, filepath.Join(dir, ".ssh", "config"), config)
	}
	return dir
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func serverOf(t *testing.T, uri string) (*sshServer, error) {
	t.Helper()
	u, err := ParseURI(uri)
	if err != nil {
		t.Fatal(err)
	}
	c, err := readSSHConfig()
	if err != nil {
		return nil, err
	}
	c.user = "me"
	return u.transport.(sshTransport).server(c)
}

const someSSHConfig = `
IdentityAgent /run/agent.sock

Host web
	HostName %h.example.org
	User deploy
	Port 2200
	IdentityFile ~/.ssh/%r@%h
	IdentityFile "/keys/%n-%p%%"
	IdentitiesOnly yes
	UserKnownHostsFile ~/.ssh/fleet /etc/fleet/known_hosts
	GlobalKnownHostsFile none
	ProxyJump gate,inner:2022
	HostKeyAlias web-1
	StrictHostKeyChecking accept-new

Host plain
	ProxyJump none
	IdentityFile none
	CertificateFile ${KVM_FLEET_TEST}/cert.pub
	StrictHostKeyChecking no

Match host matched
	User by-match

Host *
	User everyone
	IdentityFile ~/.ssh/shared
`

func TestWhereSSHGoes(t *testing.T) {
	home := sshHome(t, someSSHConfig)
	t.Setenv("KVM_FLEET_TEST", "/certs")
	in := func(name string) string { return filepath.Join(home, ".ssh", name) }
	usual := []string{in("known_hosts"), in("known_hosts2"), "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"}
	for uri, want := range map[string]sshServer{
		"qemu+ssh://web/system": {
			alias: "web", host: "web.example.org", port: "2200", user: "deploy", keyAlias: "web-1", verify: "auto", named: true, only: true, jump: "gate,inner:2022",
			identities: []string{in("deploy@web.example.org"), "/keys/web-2200%", in("shared")}, knownHosts: []string{in("fleet"), "/etc/fleet/known_hosts"},
		},
		"qemu+ssh://root@web:22/system?keyfile=~/k&known_hosts=~/kh&known_hosts_verify=normal": {
			alias: "web", host: "web.example.org", port: "22", user: "root", keyAlias: "web-1", verify: "normal", named: true, only: true, jump: "gate,inner:2022",
			identities: []string{filepath.Join(home, "k")}, knownHosts: []string{filepath.Join(home, "kh")},
		},
		"qemu+ssh://plain/system": {
			alias: "plain", host: "plain", port: "22", user: "everyone", verify: "ignore", named: true, identities: []string{in("shared")},
			certificates: []string{"/certs/cert.pub"}, knownHosts: usual,
		},
		"qemu+ssh://matched/system": {
			alias: "matched", host: "matched", port: "22", user: "by-match", verify: "normal", named: true, identities: []string{in("shared")}, knownHosts: usual,
		},
	} {
		got, err := serverOf(t, uri)
		if err != nil {
			t.Errorf("%s: %v", uri, err)
			continue
		}
		want.agent = "/run/agent.sock"
		if !reflect.DeepEqual(*got, want) {
			t.Errorf("%s\ngot  %#v\nwant %#v", uri, *got, want)
		}
	}
}

func TestWhereSSHGoesWithoutAConfiguration(t *testing.T) {
	home := sshHome(t, "")
	t.Setenv("SSH_AUTH_SOCK", "/run/mine")
	got, err := serverOf(t, "qemu+ssh://[fd00::1]/system")
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(home, ".ssh", name) }
	if got.String() != "me@[fd00::1]:22" || got.agent != "/run/mine" || got.named || got.verify != "normal" ||
		!reflect.DeepEqual(got.identities, []string{in("id_rsa"), in("id_ecdsa"), in("id_ed25519")}) {
		t.Errorf("got %#v", *got)
	}
}

func TestWhatOfSSHsConfigurationIsRefused(t *testing.T) {
	for config, want := range map[string]string{
		"Match exec /bin/true\n User x\n":          "unable to read HOME/.ssh/config: 'Match exec /bin/true' is not supported; use 'Host'",
		"Match host web user deploy\n User x\n":    "unable to read HOME/.ssh/config: 'Match host web user deploy' is not supported; use 'Host'",
		"Match host web,db\n User x\n":             "unable to read HOME/.ssh/config: 'Match host web,db' is not supported; use 'Host'",
		"Host web\n ProxyCommand nc %h %p\n":       `the ssh configuration has a ProxyCommand for "web", which is not supported; use ProxyJump`,
		"Host web\n IdentityFile ~/%x\n":           "IdentityFile ~/%x: the token %x is not supported",
		"Host web\n HostName %n.example.org\n":     "HostName %n.example.org: the token %n is not supported",
		"Host web\n StrictHostKeyChecking maybe\n": "StrictHostKeyChecking maybe is not supported; use yes, accept-new or no",
	} {
		home := sshHome(t, config)
		_, err := serverOf(t, "qemu+ssh://web/system")
		if err == nil || strings.ReplaceAll(err.Error(), home, "HOME") != want {
			t.Errorf("%q: got %v, want %s", config, err, want)
		}
	}
}

func TestWhoIsAskedForKeys(t *testing.T) {
	t.Setenv("OTHER_AGENT", "/run/other")
	for value, want := range map[string]string{
		"": "/run/mine", "SSH_AUTH_SOCK": "/run/mine", "none": "", "$OTHER_AGENT": "/run/other", "${OTHER_AGENT}": "/run/other", "/run/agent-%u": "/run/agent-me",
	} {
		sshHome(t, "Host web\n IdentityAgent "+value+"\n")
		t.Setenv("SSH_AUTH_SOCK", "/run/mine")
		if got, err := serverOf(t, "qemu+ssh://web/system"); err != nil || got.agent != want {
			t.Errorf("%q: got %v %v, want %q", value, got, err, want)
		}
	}
}
