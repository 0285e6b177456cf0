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

// keys are the keys to offer at a login, and why others cannot be offered.
type keys struct {
	signers   []ssh.Signer
	names     []string // of each signer
	unusable  []string
	agent     net.Conn
	agentKeys []*agentKey
}

// agentKey is a key of the ssh agent.
type agentKey struct {
	signer  ssh.Signer
	offered bool
}

// keys collects the keys to offer to a server: those that the configuration names, then the other keys of the agent.
func (s *sshServer) keys() (*keys, error) {
	k := &keys{}
	k.readAgent(s.agent)
	for _, path := range s.identities {
		k.add(path, s.named)
	}
	if !s.only {
		for _, h := range k.agentKeys {
			if !h.offered {
				k.offer(h.signer, "an agent's key")
			}
		}
	}
	for _, path := range s.certificates {
		k.certify(path)
	}
	if len(k.signers) == 0 {
		k.close()
		return nil, fmt.Errorf("no ssh key is available for the login: %s", strings.Join(k.unusable, "; "))
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

// describe lists the keys that were offered and those that could not be.
func (k *keys) describe() string {
	text := strings.Join(k.names, ", ")
	if len(k.unusable) > 0 {
		text += "; not offered: " + strings.Join(k.unusable, "; ")
	}
	return text
}

func (k *keys) addUnusable(format string, args ...any) {
	k.unusable = append(k.unusable, fmt.Sprintf(format, args...))
}

func (k *keys) readAgent(socket string) {
	if socket == "" {
		k.addUnusable("no agent (SSH_AUTH_SOCK is not set)")
		return
	}
	c, err := net.DialTimeout("unix", socket, dialTimeout)
	if err != nil {
		k.addUnusable("the agent does not answer: %s", err)
		return
	}
	k.agent = c
	signers, err := agent.NewClient(c).Signers()
	if err != nil {
		k.addUnusable("the agent does not answer: %s", err)
		return
	}
	if len(signers) == 0 {
		k.addUnusable("the agent has no key")
	}
	for _, s := range signers {
		k.agentKeys = append(k.agentKeys, &agentKey{signer: s})
	}
}

// add offers the key of a file, through the agent if the agent has it. A missing file is reported only if the
// configuration names it.
func (k *keys) add(path string, named bool) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if public := readPublic(path + ".pub"); public != nil && k.byAgent(public, path) {
			return
		}
		if named || len(k.agentKeys) == 0 {
			k.addUnusable("%s does not exist", path)
		}
		return
	}
	if err != nil {
		k.addUnusable("%s", err)
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
			k.addUnusable("%s is encrypted, and the agent does not have it; add it with ssh-add %s", path, path)
		}
	default:
		if public := parsePublic(text); public == nil || !k.byAgent(public, path) {
			k.addUnusable("%s is not a private key, and the agent does not have it", path)
		}
	}
}

func (k *keys) byAgent(public ssh.PublicKey, path string) bool {
	for _, h := range k.agentKeys {
		if bytes.Equal(h.signer.PublicKey().Marshal(), public.Marshal()) {
			h.offered = true
			k.withCertificate(path, h.signer)
			return true
		}
	}
	return false
}

// withCertificate offers a key, and before it the certificate in the file beside it.
func (k *keys) withCertificate(path string, signer ssh.Signer) {
	if certificate, is := readPublic(path + "-cert.pub").(*ssh.Certificate); is {
		if certified, err := ssh.NewCertSigner(certificate, signer); err == nil {
			k.offer(certified, path+"-cert.pub")
		}
	}
	k.offer(signer, path)
}

// certify offers a certificate with the key that it belongs to.
func (k *keys) certify(path string) {
	certificate, is := readPublic(path).(*ssh.Certificate)
	if !is {
		k.addUnusable("%s is not a certificate", path)
		return
	}
	for _, signer := range k.signers {
		if certified, err := ssh.NewCertSigner(certificate, signer); err == nil {
			k.offer(certified, path)
			return
		}
	}
	k.addUnusable("no key for the certificate %s", path)
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
