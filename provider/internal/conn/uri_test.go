package conn

import (
	"testing"
)

func TestURIs(t *testing.T) {
	for text, want := range map[string]struct{ network, address string }{
		"qemu:///system":                                   {"unix", "/run/libvirt/libvirt-sock"},
		"qemu+unix:///system":                              {"unix", "/run/libvirt/libvirt-sock"},
		"qemu:///system?socket=/run/a/libvirt-sock":        {"unix", "/run/a/libvirt-sock"},
		"qemu+unix:///system?socket=/run/a/libvirt-sock":   {"unix", "/run/a/libvirt-sock"},
		"qemu+unix:///system?socket=%2Frun%2Flibvirt-sock": {"unix", "/run/libvirt-sock"},
		"qemu+tcp://kvm1/system":                           {"tcp", "kvm1:16509"},
		"qemu+tcp://kvm1:16000/system":                     {"tcp", "kvm1:16000"},
		"qemu+tcp://10.0.0.1/system":                       {"tcp", "10.0.0.1:16509"},
		"qemu+tcp://[fd00::1]/system":                      {"tcp", "[fd00::1]:16509"},
		"qemu+tcp://[fd00::1]:16000/system":                {"tcp", "[fd00::1]:16000"},
	} {
		u, err := ParseURI(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if u.network != want.network || u.address != want.address || u.String() != text || u.remote != "qemu:///system" {
			t.Errorf("%s is %s %s, shown as %s, asks for %s", text, u.network, u.address, u, u.remote)
		}
	}
}

func TestBadURIs(t *testing.T) {
	const use = "use qemu:///system, qemu+unix:///system?socket=/path/to/libvirt-sock or qemu+tcp://host[:port]/system"
	for text, want := range map[string]string{
		"":                           `must end in /system, got ""; `,
		"alpha":                      `must end in /system, got "alpha"; `,
		"qemu://[/system":            `must be a libvirt URI, got "qemu://[/system"; `,
		"qemu:///session":            `must end in /system, got "qemu:///session"; `,
		"qemu+tcp:///system":         `must name a host, got "qemu+tcp:///system"; `,
		"qemu://alpha/system":        `must not name a host with this transport, got "qemu://alpha/system"; `,
		"qemu+unix://alpha/system":   `must not name a host with this transport, got "qemu+unix://alpha/system"; `,
		"qemu+ssh://alpha/system":    `must have the unix or tcp transport, got "qemu+ssh://alpha/system"; `,
		"xen:///system":              `must have the unix or tcp transport, got "xen:///system"; `,
		"qemu+tls://alpha/system":    `must have the unix or tcp transport, got "qemu+tls://alpha/system"; `,
		"https://example.org/system": `must have the unix or tcp transport, got "https://example.org/system"; `,
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
		"later": `the uri of host "later" is not known yet; apply what gives it first`,
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
