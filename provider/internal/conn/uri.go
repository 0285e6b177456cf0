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

// URI is a parsed connection uri. See https://libvirt.org/uri.html.
type URI struct {
	text      string
	peer      string
	transport transport
	remote    libvirt.ConnectURI
}

func (u URI) String() string { return u.text }

// Peer returns the uri at which another host of the fleet reaches this one's libvirt; "" if the uri depends on this
// machine or its user, as a socket and an ssh login do.
func (u URI) Peer() string { return u.peer }

const (
	defaultPort    = "16509"
	defaultTLSPort = "16514"
)

const uriForms = "use qemu:///system, qemu+unix:///system?socket=/path/to/libvirt-sock, qemu+ssh://[user@]host[:port]/system, " +
	"qemu+tls://host[:port]/system or qemu+tcp://host[:port]/system; for a user's own libvirt, qemu:///session or " +
	"qemu+ssh://[user@]host[:port]/session"

// systemPath and sessionPath are the paths of a uri: the libvirt of the host, and that of the user who logs in.
const systemPath, sessionPath = "/system", "/session"

// transports are the supported transports with the parameters of each: those that libvirt defines for it and that
// apply here.
var transports = map[string]struct {
	params []string
	remote bool
	user   bool
	local  bool // it reaches libvirt's sockets, on which alone the libvirt of a user listens
	parse  func(u *url.URL, p params, out *URI) error
}{
	"unix": {params: []string{"socket", "mode"}, local: true, parse: parseUnix},
	"tcp":  {remote: true, parse: parseTCP},
	"tls":  {params: []string{"pkipath", "no_verify"}, remote: true, parse: parseTLS},
	"ssh": {params: []string{"command", "keyfile", "known_hosts", "known_hosts_verify", "no_verify", "no_tty", "sshauth", "proxy", "netcat",
		"socket", "mode"},
		remote: true, user: true, local: true, parse: parseSSH},
}

// ParseURI parses a uri of libvirt's QEMU driver as libvirt does.
func ParseURI(text string) (URI, error) {
	bad := func(format string, args ...any) (URI, error) {
		return URI{}, fmt.Errorf("%s, got %q; %s", fmt.Sprintf(format, args...), withoutPassword(text), uriForms)
	}
	u, err := url.Parse(text)
	if err != nil {
		return bad("must be a libvirt URI")
	}
	driver, name, named := strings.Cut(u.Scheme, "+")
	switch {
	case !named && u.Host != "":
		name = "tls" // libvirt's default
	case !named:
		name = "unix"
	}
	way, supported := transports[name]
	if u.Scheme != "" && driver != "qemu" {
		return bad("must use the QEMU driver")
	}
	if !supported {
		return bad("must use the transport unix, ssh, tls or tcp")
	}
	if u.Path != systemPath && u.Path != sessionPath {
		return bad("must end in /system or /session")
	}
	if u.Path == sessionPath && !way.local {
		return bad("must end in /system with this transport: the libvirt of a user listens on a socket only")
	}
	if _, has := u.User.Password(); has {
		return bad("must not contain a password")
	}
	switch {
	case way.remote && u.Hostname() == "":
		return bad("must name a host")
	case !way.remote && u.Host != "":
		return bad("must not name a host with this transport")
	case !way.user && u.User != nil:
		return bad("must not name a user with this transport")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return bad("must be a libvirt URI")
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if slices.Contains(way.params, name) {
			continue
		}
		if len(way.params) == 0 {
			return bad("must not have the parameter %q: this transport has none", name)
		}
		return bad("must not have the parameter %q: this transport has %s", name, strings.Join(way.params, ", "))
	}
	out := URI{text: text, remote: libvirt.ConnectURI("qemu://" + u.Path)}
	if err := way.parse(u, params(query), &out); err != nil {
		return bad("%s", err)
	}
	return out, nil
}

var password = regexp.MustCompile(`(//[^:/@]*):.*@`)

func withoutPassword(uri string) string { return password.ReplaceAllString(uri, "$1:***@") }

// params are the parameters after the question mark.
type params url.Values

func (p params) get(name string) string { return url.Values(p).Get(name) }

// flag parses a parameter that is a number in libvirt: any number but 0 means true.
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

// path parses the path of a file or a directory.
func (p params) path(name string) (string, error) {
	text := p.get(name)
	if text != "" && !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "~/") {
		return "", fmt.Errorf("must have an absolute path for %q", name)
	}
	return text, nil
}

// socket returns the socket that the uri names, "" if it names none.
func (p params) socket() (string, error) {
	socket := p.get("socket")
	if socket != "" && !strings.HasPrefix(socket, "/") {
		return "", fmt.Errorf(`must have an absolute path for "socket"`)
	}
	return socket, nil
}

// daemons returns the daemons that may serve the uri, in the order in which libvirt tries them.
//
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/remote/remote_sockets.c (remoteGetUNIXSocket)
func (p params) daemons() ([]daemon, error) {
	switch p.get("mode") {
	case "", "auto":
		return []daemon{modularDaemon, monolithicDaemon}, nil
	case "direct":
		return []daemon{modularDaemon}, nil
	case "legacy":
		return []daemon{monolithicDaemon}, nil
	default:
		return nil, fmt.Errorf(`must have auto, direct or legacy for "mode"`)
	}
}

// sockets returns the sockets of this machine or host on which the libvirt of the host may listen.
func (p params) sockets() ([]string, error) {
	daemons, err := p.daemons()
	if err != nil {
		return nil, err
	}
	socket, err := p.socket()
	if err != nil || socket != "" {
		return []string{socket}, err
	}
	return socketsIn(systemRuntime, daemons), nil
}

func parseUnix(u *url.URL, p params, out *URI) error {
	sockets, err := p.sockets()
	if err != nil {
		return err
	}
	way := unixTransport{sockets: sockets}
	if u.Path == sessionPath && p.get("socket") == "" {
		if way.starts, err = p.daemons(); err != nil {
			return err
		}
		way.sockets = nil
	}
	out.transport = way
	return nil
}

func parseTCP(u *url.URL, _ params, out *URI) error {
	out.peer, out.transport = out.text, tcpTransport{address(u, defaultPort)}
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
	out.transport = tlsTransport{address: address(u, defaultTLSPort), host: u.Hostname(), pki: pki, noVerify: noVerify}
	out.peer = "qemu+tls://" + u.Host + "/system" // pkipath names a directory of this machine
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
