package conn

import (
	"reflect"
	"strings"
	"testing"
)

func TestURIs(t *testing.T) {
	both := []string{"/run/libvirt/virtqemud-sock", "/run/libvirt/libvirt-sock"}
	any := relay{true, "auto", "", both}
	unix := func(sockets ...string) transport { return unixTransport{sockets: sockets} }
	for text, want := range map[string]struct {
		way  transport
		peer string
	}{
		"qemu:///system":                                         {unix(both...), ""},
		"qemu+unix:///system":                                    {unix(both...), ""},
		"qemu:///system?socket=/run/a/libvirt-sock":              {unix("/run/a/libvirt-sock"), ""},
		"qemu+unix:///system?socket=/run/a/libvirt-sock":         {unix("/run/a/libvirt-sock"), ""},
		"qemu+unix:///system?socket=%2Frun%2Flibvirt-sock":       {unix("/run/libvirt-sock"), ""},
		"qemu:///system?mode=direct":                             {unix("/run/libvirt/virtqemud-sock"), ""},
		"qemu:///system?mode=legacy":                             {unix("/run/libvirt/libvirt-sock"), ""},
		"qemu:///system?mode=auto":                               {unix(both...), ""},
		"qemu:///session":                                        {unixTransport{starts: []daemon{modularDaemon, monolithicDaemon}}, ""},
		"qemu:///session?mode=legacy":                            {unixTransport{starts: []daemon{monolithicDaemon}}, ""},
		"qemu+unix:///session?socket=/run/user/1/libvirt-sock":   {unix("/run/user/1/libvirt-sock"), ""},
		"qemu+ssh://kvm1/session":                                {sshTransport{host: "kvm1", relay: relay{false, "native", "", nil}}, ""},
		"qemu+ssh://kvm1/session?socket=/run/x":                  {sshTransport{host: "kvm1", relay: relay{true, "netcat", "", []string{"/run/x"}}}, ""},
		"qemu+tcp://kvm1/system":                                 {tcpTransport{"kvm1:16509"}, "qemu+tcp://kvm1/system"},
		"qemu+tcp://kvm1:16000/system":                           {tcpTransport{"kvm1:16000"}, "qemu+tcp://kvm1:16000/system"},
		"qemu+tcp://10.0.0.1/system":                             {tcpTransport{"10.0.0.1:16509"}, "qemu+tcp://10.0.0.1/system"},
		"qemu+tcp://[fd00::1]/system":                            {tcpTransport{"[fd00::1]:16509"}, "qemu+tcp://[fd00::1]/system"},
		"qemu+tcp://[fd00::1]:16000/system":                      {tcpTransport{"[fd00::1]:16000"}, "qemu+tcp://[fd00::1]:16000/system"},
		"qemu+tls://kvm1/system":                                 {tlsTransport{address: "kvm1:16514", host: "kvm1"}, "qemu+tls://kvm1/system"},
		"qemu://kvm1/system":                                     {tlsTransport{address: "kvm1:16514", host: "kvm1"}, "qemu+tls://kvm1/system"},
		"qemu+tls://[fd00::1]:17000/system":                      {tlsTransport{address: "[fd00::1]:17000", host: "fd00::1"}, "qemu+tls://[fd00::1]:17000/system"},
		"qemu+tls://kvm1/system?pkipath=/home/me/pki":            {tlsTransport{address: "kvm1:16514", host: "kvm1", pki: "/home/me/pki"}, "qemu+tls://kvm1/system"},
		"qemu+tls://kvm1/system?pkipath=~/pki&no_verify=1":       {tlsTransport{address: "kvm1:16514", host: "kvm1", pki: "~/pki", noVerify: true}, "qemu+tls://kvm1/system?no_verify=1"},
		"qemu+tls://kvm1/system?no_verify=0":                     {tlsTransport{address: "kvm1:16514", host: "kvm1"}, "qemu+tls://kvm1/system"},
		"qemu+ssh://kvm1/system":                                 {sshTransport{host: "kvm1", relay: any}, ""},
		"qemu+ssh://admin@[fd00::1]:2222/system?no_tty=1":        {sshTransport{host: "fd00::1", port: "2222", user: "admin", relay: any}, ""},
		"qemu+ssh://kvm1/system?keyfile=~/k&known_hosts=/etc/kh": {sshTransport{host: "kvm1", keyfile: "~/k", knownHosts: "/etc/kh", relay: any}, ""},
		"qemu+ssh://kvm1/system?known_hosts_verify=auto":         {sshTransport{host: "kvm1", verify: "auto", relay: any}, ""},
		"qemu+ssh://kvm1/system?no_verify=1":                     {sshTransport{host: "kvm1", verify: "ignore", relay: any}, ""},
		"qemu+ssh://kvm1/system?command=/opt/ssh&proxy=native":   {sshTransport{host: "kvm1", command: "/opt/ssh", relay: relay{false, "native", "", both}}, ""},
		"qemu+ssh://kvm1/system?netcat=/opt/nc":                  {sshTransport{host: "kvm1", relay: relay{false, "netcat", "/opt/nc", both}}, ""},
		"qemu+ssh://kvm1/system?proxy=auto&mode=legacy":          {sshTransport{host: "kvm1", relay: relay{true, "netcat", "", both[1:]}}, ""},
		"qemu+ssh://kvm1/system?socket=/run/x":                   {sshTransport{host: "kvm1", relay: relay{true, "netcat", "", []string{"/run/x"}}}, ""},
	} {
		u, err := ParseURI(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if !reflect.DeepEqual(u.transport, want.way) || u.Peer() != want.peer || u.String() != text || !strings.Contains(text, string(u.remote[len("qemu://"):])) {
			t.Errorf("%s is %#v, for others %q, shown as %s, asks for %s", text, u.transport, u.Peer(), u, u.remote)
		}
	}
}

func TestBadURIs(t *testing.T) {
	const use = "use qemu:///system, qemu+unix:///system?socket=/path/to/libvirt-sock, qemu+ssh://[user@]host[:port]/system, " +
		"qemu+tls://host[:port]/system or qemu+tcp://host[:port]/system; for a user's own libvirt, qemu:///session or qemu+ssh://[user@]host[:port]/session"
	for text, want := range map[string]string{
		"":                     `must end in /system or /session, got ""; `,
		"alpha":                `must end in /system or /session, got "alpha"; `,
		"qemu://[/system":      `must be a libvirt URI, got "qemu://[/system"; `,
		"qemu:///user":         `must end in /system or /session, got "qemu:///user"; `,
		"qemu+tcp://a/session": `must end in /system with this transport: the libvirt of a user listens on a socket only, got "qemu+tcp://a/session"; `,
		"qemu://a/session":     `must end in /system with this transport: the libvirt of a user listens on a socket only, got "qemu://a/session"; `,
		"qemu+ssh://a/session?proxy=netcat": `must have "socket" with netcat in a session: only virt-ssh-helper finds the socket itself, ` +
			`got "qemu+ssh://a/session?proxy=netcat"; `,
		"qemu:///embed?root=/x":        `must end in /system or /session, got "qemu:///embed?root=/x"; `,
		"qemu+tcp:///system":           `must name a host, got "qemu+tcp:///system"; `,
		"qemu+ssh:///system":           `must name a host, got "qemu+ssh:///system"; `,
		"qemu+unix://alpha/system":     `must not name a host with this transport, got "qemu+unix://alpha/system"; `,
		"qemu+tcp://me@alpha/system":   `must not name a user with this transport, got "qemu+tcp://me@alpha/system"; `,
		"qemu+ssh://me:pw@a/system":    `must not contain a password, got "qemu+ssh://me:***@a/system"; `,
		"qemu+ssh://me:p%w@a/system":   `must be a libvirt URI, got "qemu+ssh://me:***@a/system"; `,
		"xen:///system":                `must use the QEMU driver, got "xen:///system"; `,
		"lxc+ssh://alpha/system":       `must use the QEMU driver, got "lxc+ssh://alpha/system"; `,
		"https://example.org/system":   `must use the QEMU driver, got "https://example.org/system"; `,
		"qemu+ext://alpha/system":      `must use the transport unix, ssh, tls or tcp, got "qemu+ext://alpha/system"; `,
		"qemu+libssh2://alpha/system":  `must use the transport unix, ssh, tls or tcp, got "qemu+libssh2://alpha/system"; `,
		"qemu+tcp://a/system?mode=x":   `must not have the parameter "mode": this transport has none, got "qemu+tcp://a/system?mode=x"; `,
		"qemu+tls://a/system?socket=x": `must not have the parameter "socket": this transport has pkipath, no_verify, got "qemu+tls://a/system?socket=x"; `,
		"qemu+ssh://a/system?pkipath=/x": `must not have the parameter "pkipath": this transport has command, keyfile, known_hosts, known_hosts_verify, no_verify, no_tty, sshauth, proxy, netcat, socket, mode, ` +
			`got "qemu+ssh://a/system?pkipath=/x"; `,
		"qemu+tls://a/system?no_verify=yes":          `must have 0 or 1 for "no_verify", got "qemu+tls://a/system?no_verify=yes"; `,
		"qemu+tls://a/system?pkipath=pki":            `must have an absolute path for "pkipath", got "qemu+tls://a/system?pkipath=pki"; `,
		"qemu+ssh://a/system?keyfile=id":             `must have an absolute path for "keyfile", got "qemu+ssh://a/system?keyfile=id"; `,
		"qemu+ssh://a/system?known_hosts_verify=ask": `must have normal, auto or ignore for "known_hosts_verify", got "qemu+ssh://a/system?known_hosts_verify=ask"; `,
		"qemu+ssh://a/system?sshauth=gssapi":         `must have agent, privkey, password or keyboard-interactive, separated by commas, for "sshauth", got "qemu+ssh://a/system?sshauth=gssapi"; `,
		"qemu+ssh://a/system?sshauth=password":       `must have agent or privkey in "sshauth": ssh asks for no password here, got "qemu+ssh://a/system?sshauth=password"; `,
		"qemu+ssh://a/system?proxy=ssh":              `must have auto, native or netcat for "proxy", got "qemu+ssh://a/system?proxy=ssh"; `,
		"qemu+ssh://a/system?proxy=native&socket=/x": `must not combine proxy=native with "socket": virt-ssh-helper chooses the socket itself, got "qemu+ssh://a/system?proxy=native&socket=/x"; `,
		"qemu:///system?mode=modular":                `must have auto, direct or legacy for "mode", got "qemu:///system?mode=modular"; `,
		"qemu:///system?socket=sock":                 `must have an absolute path for "socket", got "qemu:///system?socket=sock"; `,
		"qemu:///system?x=%zz":                       `must be a libvirt URI, got "qemu:///system?x=%zz"; `,
	} {
		if _, err := ParseURI(text); err == nil || err.Error() != want+use {
			t.Errorf("%q: got\n%v\nwant\n%s", text, err, want+use)
		}
	}
}

func TestHostsOfAFleet(t *testing.T) {
	uri, err := ParseURI("qemu:///system")
	if err != nil {
		t.Fatal(err)
	}
	f := NewFleet(map[string]*URI{"beta": &uri, "alpha": &uri, "later": nil})
	for name, want := range map[string]string{
		"alpha": "",
		"later": `the uri of host "later" is not known yet; apply the resource that provides it first`,
		"omega": `no host "omega": the provider block names alpha, beta; add it to 'hosts' or correct the name`,
	} {
		h, err := f.Host(name)
		switch {
		case want == "" && (err != nil || h.Name != name || h.URI() != "qemu:///system"):
			t.Errorf("%s: %v %v", name, h, err)
		case want != "" && (err == nil || err.Error() != want):
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
	if !f.Known("alpha") || f.Known("later") || !f.Pending("later") || f.Pending("omega") {
		t.Error("what is known, and what is awaited, is mixed up")
	}
	if _, err := NewFleet(nil).Host("alpha"); err == nil || err.Error() != `no host "alpha": the provider block names no host; add it to 'hosts'` {
		t.Errorf("got %v", err)
	}
}
