// Package blockdev finds disks by what is on them.
package blockdev

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Volume is a disk or partition with a file system that has a label.
type Volume struct {
	Device     string
	FileSystem string
	Label      string
}

const (
	sectorSize = 512
	// ISO 9660's primary volume descriptor is in its 17th sector of 2048 bytes.
	isoDescriptor = 16 * 2048
	isoLabel      = 40
	isoLabelSize  = 32
	fatLabelSize  = 11
)

// fatLabels are the places of label and type in a boot sector: FAT12 and FAT16, then FAT32.
var fatLabels = []struct{ label, kind int }{{43, 54}, {71, 82}}

// Devices are the block devices that can hold data, disks and partitions, in the order of their names.
func Devices(sys string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(sys, "class/block"))
	if err != nil {
		return nil, err
	}
	var devices []string
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, "loop") || strings.HasPrefix(name, "ram") || strings.HasPrefix(name, "fd") {
			continue
		}
		devices = append(devices, filepath.Join("/dev", name))
	}
	sort.Strings(devices)
	return devices, nil
}

// FindLabel returns the first volume of that label, in any case as cloud-init does; nil when there is none.
func FindLabel(devices []string, label string) *Volume {
	for _, device := range devices {
		// A drive without a medium can't be opened, and has no label.
		file, err := os.Open(device)
		if err != nil {
			continue
		}
		volume, err := Identify(file)
		file.Close()
		if err == nil && volume != nil && strings.EqualFold(volume.Label, label) {
			volume.Device = device
			return volume
		}
	}
	return nil
}

// Identify reads the label of an ISO 9660 or FAT file system; nil when it is neither.
func Identify(disk io.ReaderAt) (*Volume, error) {
	descriptor, err := readAt(disk, isoDescriptor, 2048)
	if err != nil {
		return nil, err
	}
	if len(descriptor) >= isoLabel+isoLabelSize && bytes.Equal(descriptor[1:6], []byte("CD001")) {
		return &Volume{FileSystem: "iso9660", Label: text(descriptor[isoLabel : isoLabel+isoLabelSize])}, nil
	}
	boot, err := readAt(disk, 0, sectorSize)
	if err != nil {
		return nil, err
	}
	for _, at := range fatLabels {
		if len(boot) == sectorSize && bytes.HasPrefix(boot[at.kind:], []byte("FAT")) {
			return &Volume{FileSystem: "vfat", Label: text(boot[at.label : at.label+fatLabelSize])}, nil
		}
	}
	return nil, nil
}

// readAt reads as much as the disk has there.
func readAt(disk io.ReaderAt, offset int64, size int) ([]byte, error) {
	buffer := make([]byte, size)
	count, err := disk.ReadAt(buffer, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return buffer[:count], nil
}

func text(field []byte) string { return strings.TrimRight(string(field), " \x00") }
