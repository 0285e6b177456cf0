//go:build acceptance

package acceptance

import (
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"testing"
)

// TestVolumeStaleFormat uses volumes for which libvirt has another format than theirs.
func TestVolumeStaleFormat(t *testing.T) {
	t.Parallel()
	t.Run("an overlay of an image whose upload has ended", testOverlayAfterUpload)
	t.Run("the format of an upload that has ended", testGrowAfterUpload)
	t.Run("the content of a raw volume", testGrowRawContent)
}

const volumeKind = "libvirt_volume"

// newCoreWithVolume creates a volume, and returns a configuration in which it is larger, and its file on this machine.
func newCoreWithVolume(t *testing.T, format string) (c *core, larger attrs, file string) {
	t.Helper()
	pool, dir := alpha().pool(t)
	c, err := newCore(alpha().URI, t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(c.apply(volumeKind, nil), c.close()); err != nil {
			t.Error(err)
		}
	})
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": format, "capacity": 2 * mib}
	if err := c.apply(volumeKind, a); err != nil {
		t.Fatal(err)
	}
	return c, a.with(attrs{"capacity": 4 * mib}), alpha().path(dir + "/it")
}

// changeUnseen changes the volume without reading it before.
func (c *core) changeUnseen(t *testing.T, want attrs) error {
	t.Helper()
	planned, replace, err := c.plan(volumeKind, c.state[volumeKind], want)
	if err != nil || replace {
		t.Fatalf("the plan: %v, replaces the volume: %t", err, replace)
	}
	return c.change(volumeKind, c.state[volumeKind], planned, want)
}

// libvirtFinds asserts that a new look of libvirt's at the volume finds a format.
func libvirtFinds(t *testing.T, volume attrs, format string) {
	t.Helper()
	alpha().virsh(t, "pool-refresh", volume["pool"].(string))
	expect(t, "the format that libvirt finds", volXML("target/format@type")(t, volume), format)
}

// staleAfterUpload leaves libvirt with the format that a volume has during an upload, which writes the beginning last.
func staleAfterUpload(t *testing.T, volume attrs, file string) {
	t.Helper()
	image := read(t, file)
	if err := overwrite(file, strings.Repeat("\n", len(image))); err != nil {
		t.Fatal(err)
	}
	libvirtFinds(t, volume, "raw")
	if err := overwrite(file, string(image)); err != nil {
		t.Fatal(err)
	}
}

func testOverlayAfterUpload(t *testing.T) {
	t.Parallel()
	c, base, file := newCoreWithVolume(t, "qcow2")
	staleAfterUpload(t, base, file)
	path := strings.TrimPrefix(file, alpha().path(""))
	overlay := base.with(attrs{"name": "overlay", "capacity": nil, "backing_store": attrs{"path": path, "format": "qcow2"}})
	delete(c.state, volumeKind) // the image stays
	if err := errors.Join(c.apply(volumeKind, overlay), c.settled(volumeKind, overlay)); err != nil {
		t.Error(err)
	}
	alpha().virsh(t, "vol-delete", "--pool", base["pool"].(string), "it")
}

func testGrowAfterUpload(t *testing.T) {
	t.Parallel()
	c, larger, file := newCoreWithVolume(t, "qcow2")
	staleAfterUpload(t, larger, file)
	if err := errors.Join(c.changeUnseen(t, larger), c.settled(volumeKind, larger)); err != nil {
		t.Error(err)
	}
	if out, err := exec.Command("qemu-img", "info", file).CombinedOutput(); err != nil || !strings.Contains(string(out), "virtual size: 4 MiB") {
		t.Errorf("the volume is %s, %v", out, err)
	}
}

func testGrowRawContent(t *testing.T) {
	t.Parallel()
	c, larger, file := newCoreWithVolume(t, "raw")
	inner, _ := image(t, "qcow2", mib)
	if err := overwrite(file, string(read(t, inner))); err != nil {
		t.Fatal(err)
	}
	libvirtFinds(t, larger, "qcow2")
	content := read(t, file)
	err := c.changeUnseen(t, larger)
	if want := "libvirt takes the content for format 'qcow2', and 'format' is 'raw'"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	if !bytes.Equal(read(t, file), content) {
		t.Error("the content has changed")
	}
}
