package conn

import (
	"reflect"
	"testing"
)

func TestURIs(t *testing.T) {
	both := []string{"/run/libvirt/virtqemud-sock", "/run/libvirt/libvirt-sock"}
	unix := func(sockets ...string) transport { return unixTransport{sockets} }
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
		"qemu+ssh://kvm1/system":                                 {sshTransport{alias: "kvm1", sockets: both}, ""},
		"qemu+ssh://admin@[fd00::1]:2222/system?no_tty=1":        {sshTransport{alias: "fd00::1", port: "2222", user: "admin", sockets: both}, ""},
		"qemu+ssh://kvm1/system?keyfile=~/k&known_hosts=/etc/kh": {sshTransport{alias: "kvm1", keyfile: "~/k", knownHosts: "/etc/kh", sockets: both}, ""},
		"qemu+ssh://kvm1/system?known_hosts_verify=auto":         {sshTransport{alias: "kvm1", verify: "auto", sockets: both}, ""},
		"qemu+ssh://kvm1/system?no_verify=1":                     {sshTransport{alias: "kvm1", verify: "ignore", sockets: both}, ""},
		"qemu+ssh://kvm1/system?socket=/run/x":                   {sshTransport{alias: "kvm1", sockets: []string{"/run/x"}, named: true}, ""},
	} {
		u, err := ParseURI(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if !reflect.DeepEqual(u.transport, want.way) || u.Peer() != want.peer || u.String() != text || u.remote != "qemu:///system" {
			t.Errorf("%s is %#v, for others %q, shown as %s, asks for %s", text, u.transport, u.Peer(), u, u.remote)
		}
	}
}

func TestBadURIs(t *testing.T) {
	const use = "use qemu:///system, qemu+unix:///system?socket=/path/to/libvirt-sock, qemu+ssh://[user@]host[:port]/system, " +
		"qemu+tls://host[:port]/system or qemu+tcp://host[:port]/system"
	for text, want := range map[string]string{
		"":                             `must end in /system, got ""; `,
		"alpha":                        `must end in /system, got "alpha"; `,
		"qemu://[/system":              `must be a libvirt URI, got "qemu://[/system"; `,
		"qemu:///session":              `must end in /system, got "qemu:///session"; `,
		"qemu:///embed?root=/x":        `must end in /system, got "qemu:///embed?root=/x"; `,
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
		"qemu+ssh://a/system?command=x": `must not have the parameter "command": this transport has keyfile, known_hosts, known_hosts_verify, no_verify, no_tty, socket, mode, ` +
			`got "qemu+ssh://a/system?command=x"; `,
		"qemu+tls://a/system?no_verify=yes":          `must have 0 or 1 for "no_verify", got "qemu+tls://a/system?no_verify=yes"; `,
		"qemu+tls://a/system?pkipath=pki":            `must have an absolute path for "pkipath", got "qemu+tls://a/system?pkipath=pki"; `,
		"qemu+ssh://a/system?keyfile=id":             `must have an absolute path for "keyfile", got "qemu+ssh://a/system?keyfile=id"; `,
		"qemu+ssh://a/system?known_hosts_verify=ask": `must have normal, auto or ignore for "known_hosts_verify", got "qemu+ssh://a/system?known_hosts_verify=ask"; `,
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
