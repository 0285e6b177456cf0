package blockdev

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// KeepMagic opens the partition in which the guest keeps what must outlive a boot. The image is built with it.
const KeepMagic = "kvm-fleet guest keep\n"

// The partition's first sector holds the magic, the length of the content and its checksum; the content follows.
const (
	keepLength   = 32
	keepChecksum = 64
	keepLimit    = 32 * 1024
)

// Keep is a partition without a file system: a guest that is killed while it writes damages nothing else.
type Keep struct{ device string }

// FindKeep returns the partition; nil when no disk has one.
func FindKeep(devices []string) *Keep {
	for _, device := range devices {
		file, err := os.Open(device)
		if err != nil {
			continue
		}
		sector, err := readAt(file, 0, sectorSize)
		file.Close()
		if err == nil && bytes.HasPrefix(sector, []byte(KeepMagic)) {
			return &Keep{device: device}
		}
	}
	return nil
}

// Load returns what was kept; nil when nothing was, or when it was not written to its end.
func (k *Keep) Load() ([]byte, error) {
	file, err := os.Open(k.device)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	header, err := readAt(file, 0, sectorSize)
	if err != nil || len(header) < sectorSize {
		return nil, fmt.Errorf("read %s: %w", k.device, errors.Join(err, errors.New("too short")))
	}
	length := binary.LittleEndian.Uint32(header[keepLength:])
	if length == 0 || length > keepLimit {
		return nil, nil
	}
	content, err := readAt(file, sectorSize, int(length))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	if !bytes.Equal(sum[:], header[keepChecksum:keepChecksum+sha256.Size]) {
		return nil, nil
	}
	return content, nil
}

// Store keeps the content on the disk.
func (k *Keep) Store(content []byte) error {
	if len(content) > keepLimit {
		return fmt.Errorf("%d bytes are too many to keep, at most %d", len(content), keepLimit)
	}
	header := make([]byte, sectorSize)
	copy(header, KeepMagic)
	binary.LittleEndian.PutUint32(header[keepLength:], uint32(len(content)))
	sum := sha256.Sum256(content)
	copy(header[keepChecksum:], sum[:])
	file, err := os.OpenFile(k.device, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(append(header, content...)); err != nil {
		return err
	}
	return file.Sync()
}
