package conn

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
)

// proxy returns the options that lead through the login on the last of the jump hosts, which the hosts behind it share: sshd drops connections
// that want to log in at the same time.
func (s openSSH) proxy(ctx context.Context, jumps string, via []string) ([]string, error) {
	if jumps == "" || jumps == "none" {
		return nil, nil
	}
	hop := s.lastJump(jumps)
	if slices.Contains(via, hop.key()) {
		return nil, nil // ssh reports the loop
	}
	l, err := hop.shared(ctx, via)
	if err != nil {
		return nil, fmt.Errorf("on the way to %s: %w", s, err)
	}
	if l.control == "" {
		return nil, nil // ssh itself finds the login that the user holds
	}
	words := l.command().Args
	for i, word := range words {
		words[i] = quoted(literal(word))
	}
	return []string{"-o", "ProxyJump=none", "-o", "ProxyCommand=" + strings.Join(words, " ") + " -W '[%h]:%p' " + quoted(literal(hop.host))}, nil
}

// lastJump returns how to log in on the last of the servers that the option -J has.
func (s openSSH) lastJump(jumps string) openSSH {
	hop := openSSH{program: s.program}
	hop.command = s.command
	last := jumps
	if i := strings.LastIndexByte(jumps, ','); i >= 0 {
		hop.jumps, last = jumps[:i], jumps[i+1:]
	}
	hop.host = strings.TrimSuffix(strings.TrimPrefix(last, "ssh://"), "/")
	if i := strings.LastIndexByte(hop.host, '@'); i >= 0 {
		hop.user, hop.host = hop.host[:i], hop.host[i+1:]
	}
	if host, port, err := net.SplitHostPort(hop.host); err == nil {
		hop.host, hop.port = host, port
	}
	hop.host = strings.Trim(hop.host, "[]")
	return hop
}

// gate returns the first server on which a login with these settings logs in.
func gate(settings map[string]string, behindShared bool) string {
	for _, keyword := range []string{"proxyjump", "proxycommand"} {
		if value := settings[keyword]; value != "" && value != "none" && !behindShared {
			return value
		}
	}
	return net.JoinHostPort(settings["hostname"], settings["port"])
}
