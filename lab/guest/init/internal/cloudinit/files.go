package cloudinit

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// WriteFile is one entry of write_files.
type WriteFile struct {
	Path     string `yaml:"path"`
	Content  string `yaml:"content"`
	Encoding string `yaml:"encoding"`
	Owner    string `yaml:"owner"`
	Append   bool   `yaml:"append"`
	// Permissions are octal digits, as text or as a number: `0644` without quotes means the same here.
	Permissions yaml.Node `yaml:"permissions"`
}

const defaultPermissions = 0o644

// Decode returns the file's bytes.
func (f WriteFile) Decode() ([]byte, error) {
	content := []byte(f.Content)
	var packed, encoded bool
	switch strings.ToLower(strings.TrimSpace(f.Encoding)) {
	case "", "text/plain":
	case "b64", "base64":
		encoded = true
	case "gz", "gzip":
		packed = true
	case "gz+b64", "gz+base64", "gzip+b64", "gzip+base64":
		packed, encoded = true, true
	default:
		return nil, fmt.Errorf("encoding '%s' is not known", f.Encoding)
	}
	if encoded {
		// Base64 in YAML is often folded over several lines.
		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(f.Content), ""))
		if err != nil {
			return nil, err
		}
		content = decoded
	}
	if packed {
		reader, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(reader)
	}
	return content, nil
}

// Mode returns the file's permissions.
func (f WriteFile) Mode() (fs.FileMode, error) {
	if f.Permissions.Value == "" {
		return defaultPermissions, nil
	}
	mode, err := strconv.ParseUint(strings.TrimPrefix(f.Permissions.Value, "0o"), 8, 12)
	if err != nil {
		return 0, fmt.Errorf("permissions must be octal digits, got '%s'", f.Permissions.Value)
	}
	permissions := fs.FileMode(mode & 0o777)
	for bit, flag := range map[uint64]fs.FileMode{0o4000: fs.ModeSetuid, 0o2000: fs.ModeSetgid, 0o1000: fs.ModeSticky} {
		if mode&bit != 0 {
			permissions |= flag
		}
	}
	return permissions, nil
}

// Write writes the file below the root, with the folders that it needs.
func (f WriteFile) Write(root string) error {
	if !filepath.IsAbs(f.Path) {
		return fmt.Errorf("path must be absolute, got '%s'", f.Path)
	}
	content, err := f.Decode()
	if err != nil {
		return err
	}
	mode, err := f.Mode()
	if err != nil {
		return err
	}
	owner, group, err := lookUpOwner(root, f.Owner)
	if err != nil {
		return err
	}
	path := filepath.Join(root, f.Path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if f.Append {
		flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	}
	file, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(content); err != nil {
		return err
	}
	if err := file.Chown(owner, group); err != nil {
		return err
	}
	// After the owner: changing that clears set-user-id.
	return file.Chmod(mode)
}
