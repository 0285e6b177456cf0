package conn

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// keys are what can be shown at a login, and why the rest can't.
type keys struct {
	signers  []ssh.Signer
	names    []string // of each signer
	unusable []string
	agent    net.Conn
	held     []*held
}

// held is a key that an agent has.
type held struct {
	signer ssh.Signer
	shown  bool
}

// keys gathers the keys to show at a server: those that the configuration names, and what else the agent has.
func (s *sshServer) keys() (*keys, error) {
	k := &keys{}
	k.ask(s.agent)
	for _, path := range s.identities {
		k.add(path, s.named)
	}
	if !s.only {
		for _, h := range k.held {
			if !h.shown {
				k.offer(h.signer, "an agent's key")
			}
		}
	}
	for _, path := range s.certificates {
		k.certify(path)
	}
	if len(k.signers) == 0 {
		k.close()
		return nil, fmt.Errorf("there is no ssh key to log in with: %s", strings.Join(k.unusable, "; "))
	}
	return k, nil
}

func (k *keys) close() {
	if k.agent != nil {
		_ = k.agent.Close()
	}
}

func (k *keys) all() ([]ssh.Signer, error) { return k.signers, nil }

func (k *keys) offer(s ssh.Signer, from string) {
	k.signers = append(k.signers, s)
	k.names = append(k.names, fmt.Sprintf("%s (%s %s)", from, s.PublicKey().Type(), ssh.FingerprintSHA256(s.PublicKey())))
}

// describe says what was shown and what could not be.
func (k *keys) describe() string {
	text := strings.Join(k.names, ", ")
	if len(k.unusable) > 0 {
		text += "; not shown: " + strings.Join(k.unusable, "; ")
	}
	return text
}

func (k *keys) lacks(format string, args ...any) {
	k.unusable = append(k.unusable, fmt.Sprintf(format, args...))
}

func (k *keys) ask(socket string) {
	if socket == "" {
		k.lacks("no agent (SSH_AUTH_SOCK is not set)")
		return
	}
	c, err := net.DialTimeout("unix", socket, dialTimeout)
	if err != nil {
		k.lacks("the agent does not answer: %s", err)
		return
	}
	k.agent = c
	signers, err := agent.NewClient(c).Signers()
	if err != nil {
		k.lacks("the agent does not answer: %s", err)
		return
	}
	if len(signers) == 0 {
		k.lacks("the agent has no key")
	}
	for _, s := range signers {
		k.held = append(k.held, &held{signer: s})
	}
}

// add shows the key of a file: by the agent, if that has it. One that nobody named need not be there.
func (k *keys) add(path string, named bool) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if public := readPublic(path + ".pub"); public != nil && k.byAgent(public, path) {
			return
		}
		if named {
			k.lacks("%s is not there", path)
		} else if len(k.held) == 0 {
			k.lacks("no %s", path)
		}
		return
	}
	if err != nil {
		k.lacks("%s", err)
		return
	}
	signer, err := ssh.ParsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	switch {
	case err == nil:
		if !k.byAgent(signer.PublicKey(), path) {
			k.withCertificate(path, signer)
		}
	case errors.As(err, &locked):
		public := locked.PublicKey
		if public == nil {
			public = readPublic(path + ".pub")
		}
		if public == nil || !k.byAgent(public, path) {
			k.lacks("%s is encrypted, and no agent has it: ssh-add %s", path, path)
		}
	default:
		if public := parsePublic(text); public == nil || !k.byAgent(public, path) {
			k.lacks("%s is no private key, and no agent has it", path)
		}
	}
}

func (k *keys) byAgent(public ssh.PublicKey, path string) bool {
	for _, h := range k.held {
		if bytes.Equal(h.signer.PublicKey().Marshal(), public.Marshal()) {
			h.shown = true
			k.withCertificate(path, h.signer)
			return true
		}
	}
	return false
}

// withCertificate shows a key, and before it the certificate that lies beside it.
func (k *keys) withCertificate(path string, signer ssh.Signer) {
	if certificate, is := readPublic(path + "-cert.pub").(*ssh.Certificate); is {
		if certified, err := ssh.NewCertSigner(certificate, signer); err == nil {
			k.offer(certified, path+"-cert.pub")
		}
	}
	k.offer(signer, path)
}

// certify shows a certificate by the key that it is for.
func (k *keys) certify(path string) {
	certificate, is := readPublic(path).(*ssh.Certificate)
	if !is {
		k.lacks("%s is no certificate", path)
		return
	}
	for _, signer := range k.signers {
		if certified, err := ssh.NewCertSigner(certificate, signer); err == nil {
			k.offer(certified, path)
			return
		}
	}
	k.lacks("no key for the certificate %s", path)
}

func readPublic(path string) ssh.PublicKey {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return parsePublic(text)
}

func parsePublic(text []byte) ssh.PublicKey {
	public, _, _, _, err := ssh.ParseAuthorizedKey(text)
	if err != nil {
		return nil
	}
	return public
}
