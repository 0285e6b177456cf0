package conn

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// sshError is why ssh failed.
type sshError struct {
	said string // on standard error
	err  error
}

func (e *sshError) Error() string {
	if e.said != "" {
		return e.said
	}
	return e.err.Error()
}

// explain returns what ssh said, or that it said nothing within the limit, and what to do.
func (s openSSH) explain(ctx context.Context, limit time.Duration, err error) error {
	var failed *sshError
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("ssh to %s: no answer within %s; check it with: %s", s, limit, s.byHand())
	case ctx.Err() != nil:
		return fmt.Errorf("ssh to %s: %w", s, ctx.Err())
	case !errors.As(err, &failed):
		return fmt.Errorf("ssh to %s: %w", s, err)
	}
	separator := " "
	if strings.Contains(failed.Error(), "\n") {
		separator = "\n"
	}
	return fmt.Errorf("ssh to %s failed:%s%w%s(%s)", s, separator, failed, separator, s.sshAdvice(failed.said))
}

func (s openSSH) sshAdvice(said string) string {
	switch {
	case strings.Contains(said, "HOST IDENTIFICATION HAS CHANGED"):
		return "the host was reinstalled, or an attacker intercepts the connection; compare the key with the one on the host " +
			"(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), and remove the old key only if you know why it changed"
	case strings.Contains(said, "Certificate invalid"):
		return "this is the certificate of the host: have its authority sign the host's key again, for the name in the uri, and compare the clocks"
	case strings.Contains(said, "Host key verification failed"), strings.Contains(said, "host key is known for"):
		return fmt.Sprintf("the host's key is not known; to see it and to accept it, run: %s; compare it with the one on the host "+
			"(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub)", s.byHand())
	case strings.Contains(said, "Too many authentication failures"):
		return "the agent has more keys than the host lets a login try; set IdentitiesOnly and IdentityFile for the host in the configuration of ssh"
	case strings.Contains(said, "Permission denied") && s.outdated != "":
		return fmt.Sprintf("%s; have its authority sign the key again, and check it with: %s", s.outdated, s.byHand("-o", "BatchMode=yes"))
	case strings.Contains(said, "Permission denied"):
		return fmt.Sprintf("the login must work without a password or passphrase: authorize a key on the host, add an encrypted key to the agent "+
			"with ssh-add, and check it with: %s", s.byHand("-o", "BatchMode=yes"))
	default:
		return "check it with: " + s.byHand()
	}
}

// byHand returns the command with which a person logs in in the same way.
func (s openSSH) byHand(options ...string) string {
	words := append(append([]string{s.program}, options...), s.arguments()...)
	if s.command == "" {
		words[0] = "ssh"
	}
	words = append(words, s.host)
	for i, word := range words {
		if strings.ContainsAny(word, " \t\"'\\$`&;|<>()*?#!~") {
			words[i] = quoted(word)
		}
	}
	return strings.Join(words, " ")
}
