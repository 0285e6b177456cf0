package cloudinit

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/diskfs/go-diskfs/backend/file"
	"github.com/diskfs/go-diskfs/filesystem/iso9660"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

const (
	label     = "cidata" // the label that cloud-init looks for
	blockSize = 2048
	alignment = 64 << 10 // spare space, so that most changes fit into the existing volume
)

// files are the attributes that become files on the disk.
var files = []struct{ attr, name string }{
	{"user_data", "user-data"},
	{"meta_data", "meta-data"},
	{"network_config", "network-config"},
}

// build creates the ISO image, whose length is a multiple of the alignment.
func build(m table.Model) (image []byte, err error) {
	dir, err := os.MkdirTemp("", "kvm-fleet-cidata-") // readable by its owner only
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	tree := filepath.Join(dir, "tree")
	if err := os.Mkdir(tree, 0o700); err != nil {
		return nil, err
	}
	for _, f := range files {
		if text, ok := m[f.attr].(string); ok {
			if err := os.WriteFile(filepath.Join(tree, f.name), []byte(text), 0o600); err != nil {
				return nil, err
			}
		}
	}
	path := filepath.Join(dir, "cidata.iso")
	backend, err := file.CreateFromPath(path, 1)
	if err != nil {
		return nil, err
	}
	iso, err := iso9660.Create(backend, 0, 0, blockSize, tree)
	if err == nil {
		err = iso.Finalize(iso9660.FinalizeOptions{RockRidge: true, VolumeIdentifier: label})
	}
	if err = errors.Join(err, backend.Close()); err != nil {
		return nil, fmt.Errorf("unable to create the ISO image: %w", err)
	}
	image, err = os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if rest := len(image) % alignment; rest != 0 {
		image = append(image, make([]byte, alignment-rest)...)
	}
	return image, nil
}

// parse reads an image. An image that is not a NoCloud disk reads as empty.
func parse(image []byte) table.Model {
	m := table.Model{"user_data": "", "meta_data": "", "network_config": nil}
	iso, err := iso9660.Read(file.New(&memory{bytes.NewReader(image), int64(len(image))}, true), int64(len(image)), 0, blockSize)
	if err != nil {
		return m
	}
	for _, f := range files {
		if content, err := iso.ReadFile(f.name); err == nil {
			m[f.attr] = string(content)
		}
	}
	return m
}

// memory is an image in memory with the file interface that the library needs.
type memory struct {
	*bytes.Reader
	size int64
}

func (m *memory) Close() error               { return nil }
func (m *memory) Stat() (fs.FileInfo, error) { return info{size: m.size}, nil }

type info struct {
	fs.FileInfo
	size int64
}

func (i info) Size() int64       { return i.size }
func (i info) Mode() fs.FileMode { return 0o400 }
func (i info) IsDir() bool       { return false }
func (i info) Name() string      { return "cidata.iso" }
