package conn

import (
	"fmt"
	"maps"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/digitalocean/go-libvirt"
)

// URI is a connection address, parsed once. See https://libvirt.org/uri.html.
type URI struct {
	text   string
	peer   string
	way    transport
	remote libvirt.ConnectURI
}

func (u URI) String() string { return u.text }

// Peer is where another host of the fleet reaches this one's libvirt, as far as the uri tells: "" for what depends on this machine or its
// user, as a socket does and a login by ssh.
func (u URI) Peer() string { return u.peer }

const (
	defaultPort    = "16509"
	defaultTLSPort = "16514"
	defaultSSHPort = "22"
)

const uriForms = "use qemu:///system, qemu+unix:///system?socket=/path/to/libvirt-sock, qemu+ssh://[user@]host[:port]/system, " +
	"qemu+tls://host[:port]/system or qemu+tcp://host[:port]/system"

// kinds are the transports that are served, and the parameters that each takes: those that libvirt has for it and that mean anything here.
var kinds = map[string]struct {
	params []string
	remote bool
	user   bool
	parse  func(u *url.URL, p params, out *URI) error
}{
	"unix": {params: []string{"socket", "mode"}, parse: parseUnix},
	"tcp":  {remote: true, parse: parseTCP},
	"tls":  {params: []string{"pkipath", "no_verify"}, remote: true, parse: parseTLS},
	"ssh": {params: []string{"keyfile", "known_hosts", "known_hosts_verify", "no_verify", "no_tty", "socket", "mode"},
		remote: true, user: true, parse: parseSSH},
}

// ParseURI understands the uris of libvirt's QEMU driver, as it does itself.
func ParseURI(text string) (URI, error) {
	bad := func(format string, args ...any) (URI, error) {
		return URI{}, fmt.Errorf("%s, got %q; %s", fmt.Sprintf(format, args...), withoutPassword(text), uriForms)
	}
	u, err := url.Parse(text)
	if err != nil {
		return bad("must be a libvirt URI")
	}
	driver, way, said := strings.Cut(u.Scheme, "+")
	switch {
	case !said && u.Host != "":
		way = "tls" // as libvirt has it
	case !said:
		way = "unix"
	}
	kind, served := kinds[way]
	if u.Scheme != "" && driver != "qemu" {
		return bad("must be of the QEMU driver")
	}
	if !served {
		return bad("must have the unix, ssh, tls or tcp transport")
	}
	if u.Path != "/system" {
		return bad("must end in /system")
	}
	if _, has := u.User.Password(); has {
		return bad("must not hold a password")
	}
	switch {
	case kind.remote && u.Hostname() == "":
		return bad("must name a host")
	case !kind.remote && u.Host != "":
		return bad("must not name a host with this transport")
	case !kind.user && u.User != nil:
		return bad("must not name a user with this transport")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return bad("must be a libvirt URI")
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if slices.Contains(kind.params, name) {
			continue
		}
		if len(kind.params) == 0 {
			return bad("must not have the parameter %q: this transport has none", name)
		}
		return bad("must not have the parameter %q: this transport has %s", name, strings.Join(kind.params, ", "))
	}
	out := URI{text: text, remote: "qemu:///system"}
	if err := kind.parse(u, params(query), &out); err != nil {
		return bad("%s", err)
	}
	return out, nil
}

var password = regexp.MustCompile(`(//[^:/@]*):.*@`)

func withoutPassword(uri string) string { return password.ReplaceAllString(uri, "$1:***@") }

// params are what follows the question mark.
type params url.Values

func (p params) get(name string) string { return url.Values(p).Get(name) }

// flag reads one that is a number in libvirt: anything but 0 is yes.
func (p params) flag(name string) (bool, error) {
	text := p.get(name)
	if text == "" {
		return false, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return false, fmt.Errorf("must have 0 or 1 for %q", name)
	}
	return n != 0, nil
}

// path reads the path of a file or a directory.
func (p params) path(name string) (string, error) {
	text := p.get(name)
	if text != "" && !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "~/") {
		return "", fmt.Errorf("must have an absolute path for %q", name)
	}
	return text, nil
}

// sockets are where libvirt may listen on the host, in the order in which libvirt itself looks.
//
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/remote/remote_sockets.c (remoteGetUNIXSocket)
func (p params) sockets() ([]string, error) {
	socket := p.get("socket")
	if socket != "" && !strings.HasPrefix(socket, "/") {
		return nil, fmt.Errorf(`must have an absolute path for "socket"`)
	}
	mode := p.get("mode")
	switch {
	case mode != "" && mode != "auto" && mode != "direct" && mode != "legacy":
		return nil, fmt.Errorf(`must have auto, direct or legacy for "mode"`)
	case socket != "":
		return []string{socket}, nil
	case mode == "direct":
		return []string{directSocket}, nil
	case mode == "legacy":
		return []string{legacySocket}, nil
	default:
		return []string{directSocket, legacySocket}, nil
	}
}

func parseUnix(_ *url.URL, p params, out *URI) error {
	sockets, err := p.sockets()
	out.way = unixWay{sockets}
	return err
}

func parseTCP(u *url.URL, _ params, out *URI) error {
	out.peer, out.way = out.text, tcpWay{address(u, defaultPort)}
	return nil
}

func parseTLS(u *url.URL, p params, out *URI) error {
	noVerify, err := p.flag("no_verify")
	if err != nil {
		return err
	}
	pki, err := p.path("pkipath")
	if err != nil {
		return err
	}
	out.way = tlsWay{address: address(u, defaultTLSPort), host: u.Hostname(), pki: pki, noVerify: noVerify}
	out.peer = "qemu+tls://" + u.Host + "/system" // pkipath is one of this machine
	if noVerify {
		out.peer += "?no_verify=1"
	}
	return nil
}

func address(u *url.URL, port string) string {
	if u.Port() != "" {
		port = u.Port()
	}
	return net.JoinHostPort(u.Hostname(), port)
}
