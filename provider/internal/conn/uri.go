package conn

import (
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/digitalocean/go-libvirt"
)

const (
	dialTimeout   = 15 * time.Second
	defaultSocket = "/run/libvirt/libvirt-sock"
	defaultPort   = "16509"
)

// URI is a connection address, parsed once. See https://libvirt.org/uri.html.
type URI struct {
	text             string
	network, address string
	remote           libvirt.ConnectURI
}

func (u URI) String() string { return u.text }

// Local says whether the host can be reached this way from its own machine only.
func (u URI) Local() bool { return u.network == "unix" }

const uriForms = "use qemu:///system, qemu+unix:///system?socket=/path/to/libvirt-sock or qemu+tcp://host[:port]/system"

// ParseURI understands the unix and tcp transports.
func ParseURI(text string) (URI, error) {
	u, err := url.Parse(text)
	if err != nil {
		return URI{}, fmt.Errorf("must be a libvirt URI, got %q; %s", text, uriForms)
	}
	bad := func(what string) (URI, error) {
		return URI{}, fmt.Errorf("%s, got %q; %s", what, text, uriForms)
	}
	out := URI{text: text, remote: "qemu:///system"}
	if u.Path != "/system" {
		return bad("must end in /system")
	}
	socket := u.Query().Get("socket")
	switch {
	case u.Scheme == "qemu+tcp":
		if u.Hostname() == "" {
			return bad("must name a host")
		}
		port := u.Port()
		if port == "" {
			port = defaultPort
		}
		out.network, out.address = "tcp", net.JoinHostPort(u.Hostname(), port)
	case u.Scheme == "qemu" || u.Scheme == "qemu+unix":
		if u.Host != "" {
			return bad("must not name a host with this transport")
		}
		if socket == "" {
			socket = defaultSocket
		}
		out.network, out.address = "unix", socket
	default:
		return bad("must have the unix or tcp transport")
	}
	return out, nil
}

func (u URI) dial() (net.Conn, error) {
	return net.DialTimeout(u.network, u.address, dialTimeout)
}
