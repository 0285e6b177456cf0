package cloudinit

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

// DefaultUser is who `default` in users means, and whose the top-level ssh_authorized_keys are.
const DefaultUser = "root"

// User is one entry of users: a name alone, or a mapping.
type User struct {
	Name              string   `yaml:"name"`
	Gecos             string   `yaml:"gecos"`
	HomeDir           string   `yaml:"homedir"`
	Shell             string   `yaml:"shell"`
	UID               *int     `yaml:"uid"`
	SSHAuthorizedKeys []string `yaml:"ssh_authorized_keys"`
}

// UnmarshalYAML reads either form.
func (u *User) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		u.Name = node.Value
	} else {
		type plain User
		if err := node.Decode((*plain)(u)); err != nil {
			return err
		}
	}
	if u.Name == "default" {
		u.Name = DefaultUser
	}
	if u.Name == "" || strings.ContainsAny(u.Name, ":/\n ") {
		return fmt.Errorf("line %d: '%s' is not a user's name", node.Line, u.Name)
	}
	return nil
}

// Apply makes the user unless there is one of that name, and adds the keys. It returns the keys' fingerprints.
func (u User) Apply(root string) ([]string, error) {
	known, found, err := findAccount(root, u.Name)
	if err != nil {
		return nil, err
	}
	if !found {
		if known, err = addAccount(root, u); err != nil {
			return nil, err
		}
	}
	return authorize(root, known, u.SSHAuthorizedKeys)
}

func authorize(root string, user account, keys []string) ([]string, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	folder := filepath.Join(root, user.home, ".ssh")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "authorized_keys")
	var prints []string
	for _, key := range keys {
		print, err := Fingerprint(key)
		if err != nil {
			return prints, err
		}
		if err := appendLine(file, strings.TrimSpace(key)); err != nil {
			return prints, err
		}
		prints = append(prints, print)
	}
	// sshd refuses keys that someone else could have put there.
	if err := os.Chmod(file, 0o600); err != nil {
		return prints, err
	}
	for _, path := range []string{folder, file} {
		if err := os.Chown(path, user.uid, user.gid); err != nil {
			return prints, err
		}
	}
	return prints, nil
}

// Fingerprint is the key's name as `ssh-keygen -l` prints it.
func Fingerprint(line string) (string, error) {
	fields := strings.Fields(line)
	for index, field := range fields {
		if !isKeyType(field) || index+1 >= len(fields) {
			continue
		}
		blob, err := base64.StdEncoding.DecodeString(fields[index+1])
		if err != nil {
			return "", fmt.Errorf("'%.40s' is not a public key: %w", line, err)
		}
		sum := sha256.Sum256(blob)
		return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:]), nil
	}
	return "", fmt.Errorf("'%.40s' is not a public key", line)
}

func isKeyType(field string) bool {
	for _, prefix := range []string{"ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"} {
		if strings.HasPrefix(field, prefix) {
			return true
		}
	}
	return false
}
