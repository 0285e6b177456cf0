package storage

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpen(t *testing.T) {
	qcow2, raw, tiny, empty := file(t, "a", "QFI\xfb and more"), file(t, "b", "a disk"), file(t, "c", "QF"), file(t, "d", "")
	folder := t.TempDir()
	for name, c := range map[string]struct{ path, format, want string }{
		"qcow2":          {qcow2, "qcow2", ""},
		"raw":            {raw, "raw", ""},
		"tiny":           {tiny, "raw", ""},
		"empty":          {empty, "raw", ""},
		"qcow2 as raw":   {qcow2, "raw", "'source' must be a raw image, and " + qcow2 + " is qcow2; correct 'format', or convert it with qemu-img"},
		"raw as qcow2":   {raw, "qcow2", "'source' must be a qcow2 image, and " + raw + " is not qcow2; correct 'format', or convert it with qemu-img"},
		"empty as qcow2": {empty, "qcow2", "'source' must be a qcow2 image, and " + empty + " is not qcow2; correct 'format', or convert it with qemu-img"},
		"missing":        {"/nonexistent", "raw", "'source': open /nonexistent: no such file or directory; give the path of a file on the machine that runs this"},
		"a folder":       {folder, "raw", "'source' must be a file, got " + folder},
	} {
		image, err := Open(c.path, c.format)
		switch {
		case c.want != "" && (err == nil || err.Error() != c.want):
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want == "":
			content, err := io.ReadAll(image.content)
			if err != nil || int64(len(content)) != image.Size {
				t.Errorf("%s: read %d of %d bytes: %v", name, len(content), image.Size, err)
			}
			image.Close()
		}
	}
}

func TestAnImageInMemory(t *testing.T) {
	image := FromBytes(3, strings.NewReader("abc"))
	defer image.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(image.content); err != nil || out.String() != "abc" || image.Size != 3 {
		t.Errorf("got %q of %d bytes: %v", out.String(), image.Size, err)
	}
}

func TestImportIDs(t *testing.T) {
	var kind InPool
	m, err := kind.Locate([]string{"vms", "web.qcow2"})
	if err != nil {
		t.Fatal(err)
	}
	m["host"] = "alpha"
	if want := (table.Model{"host": "alpha", "pool": "vms", "name": "web.qcow2"}); !table.Equal(m, want) {
		t.Errorf("got %v", m)
	}
	if id := kind.ImportID(m); id != "alpha/vms/web.qcow2" {
		t.Errorf("got %s", id)
	}
}

func TestReadingAnUploadIsNoticed(t *testing.T) {
	moved := 0
	if _, err := io.ReadAll(&watched{strings.NewReader("abc"), func() { moved++ }}); err != nil || moved == 0 {
		t.Errorf("moved %d times: %v", moved, err)
	}
}
