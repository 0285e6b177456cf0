package blockdev

import (
	"os"
	"path/filepath"
	"testing"
)

func newPartition(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vda2")
	content := make([]byte, 1<<20)
	copy(content, KeepMagic)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWhatIsKeptIsFoundAgain(t *testing.T) {
	path := newPartition(t)
	keep := FindKeep([]string{path})
	if keep == nil {
		t.Fatal("not found")
	}
	if content, err := keep.Load(); content != nil || err != nil {
		t.Errorf("a new partition: got %q, %v", content, err)
	}
	for _, content := range []string{"first", "second, which is longer", "3"} {
		if err := keep.Store([]byte(content)); err != nil {
			t.Fatal(err)
		}
		loaded, err := FindKeep([]string{path}).Load()
		if err != nil || string(loaded) != content {
			t.Errorf("got %q, %v", loaded, err)
		}
	}
}

func TestWhatWasNotWrittenToItsEndIsNotLoaded(t *testing.T) {
	path := newPartition(t)
	keep := FindKeep([]string{path})
	if err := keep.Store([]byte("content")); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte("X"), sectorSize); err != nil {
		t.Fatal(err)
	}
	if content, err := keep.Load(); content != nil || err != nil {
		t.Errorf("got %q, %v", content, err)
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	if err := FindKeep([]string{newPartition(t)}).Store(make([]byte, keepLimit+1)); err == nil {
		t.Error("no error")
	}
}

func TestADiskWithoutThePartition(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vda")
	if err := os.WriteFile(path, make([]byte, 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	if keep := FindKeep([]string{path, path + "1"}); keep != nil {
		t.Errorf("got %+v", keep)
	}
}
