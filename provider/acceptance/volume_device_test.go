//go:build acceptance

package acceptance

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestVolumeOnDevice has the host convert an image while it copies it to a partition, as to every pool whose volumes are devices.
func TestVolumeOnDevice(t *testing.T) {
	t.Parallel()
	if isOverlay(t, "/dev") {
		t.Skip("/dev is an overlay on this machine, which does not show partitions that the kernel adds to it")
	}
	device := loop(t)
	pool, _ := alpha().pool(t)
	content := bytes.Repeat([]byte("disk"), 2*mib/4)
	raw := filepath.Join(t.TempDir(), "raw")
	if err := os.WriteFile(raw, content, 0o600); err != nil {
		t.Fatal(err)
	}
	qcow2 := filepath.Join(t.TempDir(), "qcow2")
	if out, err := exec.Command("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, qcow2).CombinedOutput(); err != nil {
		t.Fatalf("qemu-img: %v\n%s", err, out)
	}
	s := newStack(t)
	s.apply(config{
		aPool:                  {"host": alpha().Name, "name": unique(t), "type": "disk", "path": "/dev", "source": attrs{"devices": []string{device}, "format": "gpt"}, "build": "new"},
		"libvirt_volume.image": {"host": alpha().Name, "pool": pool, "name": "image", "source": qcow2},
		"libvirt_volume.root": {"host": alpha().Name, "pool": "${" + aPool + ".name}", "name": filepath.Base(device) + "p1", "format": "raw",
			"capacity": 8 * mib, "clone_from": "${libvirt_volume.image.path}"},
	})
	s.settled()
	if got := read(t, s.state("libvirt_volume.root")["path"].(string)); !bytes.Equal(got[:len(content)], content) {
		t.Errorf("the partition has another content: %q", got[:64])
	}
	// libvirt (9.0) cannot delete a partition of a loop device: it asks parted for the partition "p1" and not for 1.
	if o := s.run("state", "rm", "libvirt_volume.root"); o.code != 0 {
		t.Fatal(o.errors())
	}
	s.destroy()
}

// isOverlay reports whether a directory is on an overlay file system, as under lab/without-kvm.sh.
func isOverlay(t *testing.T, directory string) bool {
	t.Helper()
	var system unix.Statfs_t
	if err := unix.Statfs(directory, &system); err != nil {
		t.Fatal(err)
	}
	return system.Type == unix.OVERLAYFS_SUPER_MAGIC
}
