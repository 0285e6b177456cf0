// Package cloudinit understands the part of cloud-init's NoCloud data that a small guest can apply.
//
// See https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
package cloudinit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

// Seed is what a NoCloud disk says.
type Seed struct {
	UserData UserData
	MetaData MetaData
	// Network is nil when the disk has no network-config: then every interface asks for an address by DHCP.
	Network *Network
}

// MetaData is the file meta-data.
type MetaData struct {
	InstanceID    string `yaml:"instance-id"`
	LocalHostname string `yaml:"local-hostname"`
}

// UserData is the file user-data, a cloud-config.
type UserData struct {
	Hostname          string      `yaml:"hostname"`
	Users             []User      `yaml:"users"`
	SSHAuthorizedKeys []string    `yaml:"ssh_authorized_keys"`
	WriteFiles        []WriteFile `yaml:"write_files"`
	// Ignored are the keys of the document that this guest has no use for.
	Ignored []string `yaml:"-"`
}

var applied = map[string]bool{"hostname": true, "users": true, "ssh_authorized_keys": true, "write_files": true}

// Read reads the files of a mounted NoCloud disk. A file that can't be understood is reported and left out: the guest
// boots with the rest, as cloud-init does.
func Read(directory string) (Seed, []error) {
	var seed Seed
	var problems []error
	read := func(name string, parse func([]byte) error) {
		content, err := os.ReadFile(filepath.Join(directory, name))
		if errors.Is(err, fs.ErrNotExist) {
			return
		}
		if err == nil {
			err = parse(content)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
	}
	read("meta-data", func(content []byte) error { return yaml.Unmarshal(content, &seed.MetaData) })
	read("user-data", func(content []byte) (err error) {
		seed.UserData, err = ParseUserData(content)
		return err
	})
	read("network-config", func(content []byte) (err error) {
		seed.Network, err = ParseNetwork(content)
		return err
	})
	return seed, problems
}

// Hostname is the name that the machine is given; empty when the disk names none.
func (s Seed) Hostname() string {
	if s.UserData.Hostname != "" {
		return s.UserData.Hostname
	}
	return s.MetaData.LocalHostname
}

// ParseUserData reads a cloud-config. Its first line says what it is; without that line cloud-init ignores it.
func ParseUserData(content []byte) (UserData, error) {
	var data UserData
	if len(strings.TrimSpace(string(content))) == 0 {
		return data, nil
	}
	first, _, _ := strings.Cut(string(content), "\n")
	if strings.TrimSpace(first) != "#cloud-config" {
		return data, fmt.Errorf("must begin with the line '#cloud-config', got '%.40s'", first)
	}
	if err := yaml.Unmarshal(content, &data); err != nil {
		return UserData{}, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return UserData{}, err
	}
	if len(document.Content) == 1 {
		for index := 0; index+1 < len(document.Content[0].Content); index += 2 {
			if key := document.Content[0].Content[index].Value; !applied[key] {
				data.Ignored = append(data.Ignored, key)
			}
		}
	}
	return data, nil
}
