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

// sshConfig is what the user's and the system's ssh_config(5) say.
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
			return nil, fmt.Errorf("%s can't be used: %w", path, err)
		}
	}
	return c, nil
}

var match = regexp.MustCompile(`(?im)^[ \t]*match[ \t=]+(.*?)[ \t]*$`)

// The parser takes other conditions for patterns of hosts.
var plainMatch = regexp.MustCompile(`(?i)^(all|host[ \t]+[^\s,]+)$`)

func (c *sshConfig) add(text []byte) error {
	for _, found := range match.FindAllSubmatch(text, -1) {
		if !plainMatch.Match(found[1]) {
			return fmt.Errorf("'Match %s' can't be judged here; say it with 'Host'", found[1])
		}
	}
	parsed, err := ssh_config.DecodeBytes(text)
	if err != nil {
		return err
	}
	c.files = append(c.files, parsed)
	return nil
}

// all are the values of a keyword that adds up.
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

// get is the value of a keyword of which the first one counts.
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

// sshServer is an sshd, and how to log in there.
type sshServer struct {
	alias, host, port, user string

	keyAlias     string   // the name under which known_hosts has it; "" for its own
	knownHosts   []string // where its key may be; a new one goes to the first
	verify       string   // normal, auto or ignore
	identities   []string
	certificates []string
	named        bool // the identities were, and are missed if they are not there
	only         bool // no other key of the agent is shown
	agent        string
	jump         string // ProxyJump
}

// address is where the sshd listens.
func (s *sshServer) address() string { return net.JoinHostPort(s.host, s.port) }

func (s *sshServer) String() string { return s.user + "@" + s.address() }

// What to be normal, auto and ignored is in libvirt's words.
const verifyNormal, verifyAuto, verifyIgnore = "normal", "auto", "ignore"

// The keys that ssh(1) looks for, but those of a security key: only an agent can use them.
var usualIdentities = []string{"~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ed25519"}

// server is how to log in at a host; user and port are "" where nobody named them.
func (c *sshConfig) server(alias, user, port string) (*sshServer, error) {
	s := &sshServer{alias: alias, user: user, port: port, host: alias, only: c.yes(alias, "IdentitiesOnly"), keyAlias: c.get(alias, "HostKeyAlias")}
	var err error
	if name := c.get(alias, "HostName"); name != "" {
		if s.host, err = expand(name, map[byte]string{'h': alias}); err != nil {
			return nil, fmt.Errorf("HostName %s: %w", name, err)
		}
	}
	for _, d := range []struct {
		value          *string
		keyword, usual string
	}{{&s.port, "Port", defaultSSHPort}, {&s.user, "User", c.user}} {
		if *d.value == "" {
			*d.value = c.get(alias, d.keyword)
		}
		if *d.value == "" {
			*d.value = d.usual
		}
	}
	if s.verify, err = strictness(c.get(alias, "StrictHostKeyChecking")); err != nil {
		return nil, err
	}
	if command := c.get(alias, "ProxyCommand"); command != "" && !strings.EqualFold(command, "none") && c.get(alias, "ProxyJump") == "" {
		return nil, fmt.Errorf("the ssh configuration has a ProxyCommand for %q, which is not served; use ProxyJump", alias)
	}
	if jump := c.get(alias, "ProxyJump"); !strings.EqualFold(jump, "none") {
		s.jump = jump
	}
	if err := c.nameFiles(s); err != nil {
		return nil, err
	}
	return s, nil
}

// nameFiles gives the server those that the server's part of the configuration names, or the usual ones.
func (c *sshConfig) nameFiles(s *sshServer) error {
	identities, err := c.all(s.alias, "IdentityFile")
	if err != nil {
		return err
	}
	s.named = len(identities) > 0
	if !s.named {
		identities = usualIdentities
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
	for _, k := range []struct{ keyword, usual string }{
		{"UserKnownHostsFile", "~/.ssh/known_hosts ~/.ssh/known_hosts2"},
		{"GlobalKnownHostsFile", "/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2"},
	} {
		names := c.get(s.alias, k.keyword)
		if names == "" {
			names = k.usual
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

// strictness is in libvirt's words what the configuration says in ssh's.
func strictness(said string) (string, error) {
	switch strings.ToLower(said) {
	case "", "yes", "ask": // there is nobody to be asked
		return verifyNormal, nil
	case "accept-new":
		return verifyAuto, nil
	case "no", "off":
		return verifyIgnore, nil
	}
	return "", fmt.Errorf("StrictHostKeyChecking %s is unknown; use yes, accept-new or no", said)
}

var variable = regexp.MustCompile(`\$\{[^}]*\}`)

// paths are files as a keyword names them; "none" is none.
func (c *sshConfig) paths(s *sshServer, keyword string, names []string) ([]string, error) {
	host, _ := os.Hostname()
	short, _, _ := strings.Cut(host, ".")
	tokens := map[byte]string{'d': c.home, 'h': s.host, 'i': fmt.Sprint(os.Getuid()), 'k': s.host, 'L': short, 'l': host, 'n': s.alias, 'p': s.port, 'r': s.user, 'u': c.user}
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

// expand puts values in the place of ssh's tokens.
func expand(text string, tokens map[byte]string) (string, error) {
	var unknown error
	out := token.ReplaceAllStringFunc(text, func(t string) string {
		if t == "%%" {
			return "%"
		}
		value, known := tokens[t[len(t)-1]]
		if !known || len(t) == 1 {
			unknown = fmt.Errorf("%s is not known here", t)
		}
		return value
	})
	return out, unknown
}
