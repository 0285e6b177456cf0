package blockdev

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func iso(label string) []byte {
	disk := make([]byte, 40*1024)
	copy(disk[isoDescriptor:], "\x01CD001\x01")
	copy(disk[isoDescriptor+isoLabel:], bytes.Repeat([]byte{' '}, isoLabelSize))
	copy(disk[isoDescriptor+isoLabel:], label)
	return disk
}

func fat(kind, label string, kindAt, labelAt int) []byte {
	disk := make([]byte, 64*1024)
	copy(disk[labelAt:], "           ")
	copy(disk[labelAt:], label)
	copy(disk[kindAt:], kind)
	return disk
}

func TestIdentify(t *testing.T) {
	tests := map[string]struct {
		disk     []byte
		expected *Volume
	}{
		"iso9660":   {iso("cidata"), &Volume{FileSystem: "iso9660", Label: "cidata"}},
		"FAT12":     {fat("FAT12   ", "CIDATA", 54, 43), &Volume{FileSystem: "vfat", Label: "CIDATA"}},
		"FAT32":     {fat("FAT32   ", "CIDATA", 82, 71), &Volume{FileSystem: "vfat", Label: "CIDATA"}},
		"empty":     {make([]byte, 1<<20), nil},
		"too short": {[]byte("x"), nil},
	}
	for name, test := range tests {
		volume, err := Identify(bytes.NewReader(test.disk))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if (volume == nil) != (test.expected == nil) || volume != nil && *volume != *test.expected {
			t.Errorf("%s: got %+v", name, volume)
		}
	}
}

func TestFindLabelSkipsWhatItCanNotRead(t *testing.T) {
	folder := t.TempDir()
	other, seed := filepath.Join(folder, "vda"), filepath.Join(folder, "vdb")
	for path, content := range map[string][]byte{other: iso("other"), seed: iso("CIDATA")} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	volume := FindLabel([]string{filepath.Join(folder, "sr0"), other, seed}, "cidata")
	if volume == nil || volume.Device != seed {
		t.Errorf("got %+v", volume)
	}
}

func TestDevicesAreDisksAndPartitions(t *testing.T) {
	sys := t.TempDir()
	for _, name := range []string{"vdb", "vda", "vda1", "loop0", "ram3", "sr0"} {
		if err := os.MkdirAll(filepath.Join(sys, "class/block", name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	devices, err := Devices(sys)
	if err != nil {
		t.Fatal(err)
	}
	expected := []string{"/dev/sr0", "/dev/vda", "/dev/vda1", "/dev/vdb"}
	if len(devices) != len(expected) {
		t.Fatalf("got %q", devices)
	}
	for index := range expected {
		if devices[index] != expected[index] {
			t.Errorf("got %q", devices)
		}
	}
}
