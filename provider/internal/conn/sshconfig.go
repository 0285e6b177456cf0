package conn

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/kevinburke/ssh_config"
)

func home() string {
	dir, err := os.UserHomeDir()
	if err != nil {
		return "/"
	}
	return dir
}

func inHome(path, home string) string {
	if rest, is := strings.CutPrefix(path, "~/"); is {
		return filepath.Join(home, rest)
	}
	return path
}

// sshConfig holds the user's and the system's ssh_config(5).
type sshConfig struct {
	files []*ssh_config.Config
	home  string
	user  string
}

const systemSSHConfig = "/etc/ssh/ssh_config"

func readSSHConfig() (*sshConfig, error) {
	c := &sshConfig{home: home(), user: os.Getenv("USER")}
	if u, err := user.Current(); err == nil {
		c.user = u.Username
	}
	for _, path := range []string{filepath.Join(c.home, ".ssh", "config"), systemSSHConfig} {
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = c.add(text)
		}
		if err != nil {
			return nil, fmt.Errorf("unable to read %s: %w", path, err)
		}
	}
	return c, nil
}

var match = regexp.MustCompile(`(?im)^[ \t]*match[ \t=]+(.*?)[ \t]*$`)

// plainMatch matches the supported conditions. The parser would read any other condition as a host pattern.
var plainMatch = regexp.MustCompile(`(?i)^(all|host[ \t]+[^\s,]+)$`)

func (c *sshConfig) add(text []byte) error {
	for _, found := range match.FindAllSubmatch(text, -1) {
		if !plainMatch.Match(found[1]) {
			return fmt.Errorf("'Match %s' is not supported; use 'Host'", found[1])
		}
	}
	parsed, err := ssh_config.DecodeBytes(text)
	if err != nil {
		return err
	}
	c.files = append(c.files, parsed)
	return nil
}

// all returns the values of a keyword whose values accumulate.
func (c *sshConfig) all(alias, keyword string) ([]string, error) {
	var values []string
	for _, f := range c.files {
		more, err := f.GetAll(alias, keyword)
		if err != nil {
			return nil, err
		}
		values = append(values, more...)
	}
	return values, nil
}

// get returns the value of a keyword whose first value counts.
func (c *sshConfig) get(alias, keyword string) string {
	for _, f := range c.files {
		if v, err := f.Get(alias, keyword); err == nil && v != "" {
			return v
		}
	}
	return ""
}

func (c *sshConfig) yes(alias, keyword string) bool {
	return strings.EqualFold(c.get(alias, keyword), "yes")
}

// sshServer is an sshd and how to log in there.
type sshServer struct {
	alias, host, port, user string

	keyAlias     string   // the name in known_hosts; "" for the host's own name
	knownHosts   []string // the files to look in; a new key is added to the first
	verify       string   // normal, auto or ignore
	identities   []string
	certificates []string
	named        bool // whether the configuration names the identities, so that a missing file is reported
	only         bool // IdentitiesOnly: offer no other key of the agent
	agent        string
	jump         string // ProxyJump
}

// address returns where the sshd listens.
func (s *sshServer) address() string { return net.JoinHostPort(s.host, s.port) }

func (s *sshServer) String() string { return s.user + "@" + s.address() }

// The values of libvirt's uri parameter known_hosts_verify.
const verifyNormal, verifyAuto, verifyIgnore = "normal", "auto", "ignore"

// defaultIdentities are the keys that ssh(1) uses by default, except those of security keys, which only an agent can use.
var defaultIdentities = []string{"~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ed25519"}

// server returns how to log in on a host. user and port are "" if the uri does not name them.
func (c *sshConfig) server(alias, user, port string) (*sshServer, error) {
	s := &sshServer{alias: alias, user: user, port: port, host: alias, only: c.yes(alias, "IdentitiesOnly"), keyAlias: c.get(alias, "HostKeyAlias")}
	var err error
	if name := c.get(alias, "HostName"); name != "" {
		if s.host, err = expand(name, map[byte]string{'h': alias}); err != nil {
			return nil, fmt.Errorf("HostName %s: %w", name, err)
		}
	}
	for _, d := range []struct {
		value             *string
		keyword, fallback string
	}{{&s.port, "Port", defaultSSHPort}, {&s.user, "User", c.user}} {
		if *d.value == "" {
			*d.value = c.get(alias, d.keyword)
		}
		if *d.value == "" {
			*d.value = d.fallback
		}
	}
	if s.verify, err = strictness(c.get(alias, "StrictHostKeyChecking")); err != nil {
		return nil, err
	}
	if command := c.get(alias, "ProxyCommand"); command != "" && !strings.EqualFold(command, "none") && c.get(alias, "ProxyJump") == "" {
		return nil, fmt.Errorf("the ssh configuration has a ProxyCommand for %q, which is not supported; use ProxyJump", alias)
	}
	if jump := c.get(alias, "ProxyJump"); !strings.EqualFold(jump, "none") {
		s.jump = jump
	}
	if err := c.nameFiles(s); err != nil {
		return nil, err
	}
	return s, nil
}

// nameFiles sets the files that the configuration names for the server, or the default ones.
func (c *sshConfig) nameFiles(s *sshServer) error {
	identities, err := c.all(s.alias, "IdentityFile")
	if err != nil {
		return err
	}
	s.named = len(identities) > 0
	if !s.named {
		identities = defaultIdentities
	}
	if s.identities, err = c.paths(s, "IdentityFile", identities); err != nil {
		return err
	}
	certificates, err := c.all(s.alias, "CertificateFile")
	if err != nil {
		return err
	}
	if s.certificates, err = c.paths(s, "CertificateFile", certificates); err != nil {
		return err
	}
	for _, k := range []struct{ keyword, fallback string }{
		{"UserKnownHostsFile", "~/.ssh/known_hosts ~/.ssh/known_hosts2"},
		{"GlobalKnownHostsFile", "/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2"},
	} {
		names := c.get(s.alias, k.keyword)
		if names == "" {
			names = k.fallback
		}
		paths, err := c.paths(s, k.keyword, strings.Fields(names))
		if err != nil {
			return err
		}
		s.knownHosts = append(s.knownHosts, paths...)
	}
	agent, err := c.paths(s, "IdentityAgent", []string{c.agent(s.alias)})
	if err == nil && len(agent) > 0 {
		s.agent = agent[0]
	}
	return err
}

func (c *sshConfig) agent(alias string) string {
	name := c.get(alias, "IdentityAgent")
	switch variable, is := strings.CutPrefix(name, "$"); {
	case name == "" || name == "SSH_AUTH_SOCK":
		return os.Getenv("SSH_AUTH_SOCK")
	case is && !strings.HasPrefix(variable, "{"):
		return os.Getenv(variable)
	}
	return name
}

// strictness translates StrictHostKeyChecking to libvirt's known_hosts_verify.
func strictness(value string) (string, error) {
	switch strings.ToLower(value) {
	case "", "yes", "ask": // there is no terminal to ask on
		return verifyNormal, nil
	case "accept-new":
		return verifyAuto, nil
	case "no", "off":
		return verifyIgnore, nil
	}
	return "", fmt.Errorf("StrictHostKeyChecking %s is not supported; use yes, accept-new or no", value)
}

var variable = regexp.MustCompile(`\$\{[^}]*\}`)

// paths expands the file names of a keyword; "none" names no file.
func (c *sshConfig) paths(s *sshServer, keyword string, names []string) ([]string, error) {
	host, _ := os.Hostname()
	short, _, _ := strings.Cut(host, ".")
	tokens := map[byte]string{'d': c.home, 'h': s.host, 'i': fmt.Sprint(os.Getuid()), 'k': s.host, 'L': short, 'l': host, 'n': s.alias, 'p': s.port,
		'r': s.user, 'u': c.user}
	if s.keyAlias != "" {
		tokens['k'] = s.keyAlias
	}
	var paths []string
	for _, name := range names {
		if name == "" || strings.EqualFold(name, "none") {
			continue
		}
		path, err := expand(name, tokens)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", keyword, name, err)
		}
		paths = append(paths, inHome(variable.ReplaceAllStringFunc(path, os.ExpandEnv), c.home))
	}
	return paths, nil
}

var token = regexp.MustCompile(`%.?`)

// expand replaces ssh's percent tokens.
func expand(text string, tokens map[byte]string) (string, error) {
	var unknown error
	out := token.ReplaceAllStringFunc(text, func(t string) string {
		if t == "%%" {
			return "%"
		}
		value, known := tokens[t[len(t)-1]]
		if !known || len(t) == 1 {
			unknown = fmt.Errorf("the token %s is not supported", t)
		}
		return value
	})
	return out, unknown
}
