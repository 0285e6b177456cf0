package journal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func begin(t *testing.T, j *Journal, object string) *Entry {
	t.Helper()
	e, err := j.Begin(object)
	if err != nil || e == nil {
		t.Fatalf("got %v, %v", e, err)
	}
	return e
}

func TestWhatWasKilledIsRemembered(t *testing.T) {
	j := New(filepath.Join(t.TempDir(), "data", "kvm-fleet"))
	e := begin(t, j, "libvirt_pool alpha/it")
	if e.Leftover != "" {
		t.Errorf("something was left: %q", e.Leftover)
	}
	if err := Record(WithEntry(context.Background(), e), "a-uuid"); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Begin("libvirt_pool alpha/it"); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v while it is being made", err)
	}
	if left := j.Leftover("libvirt_pool alpha/it"); left != "a-uuid" {
		t.Errorf("ahead, left is %q", left)
	}
	_ = e.file.Close() // as the system does when the process dies
	if e = begin(t, j, "libvirt_pool alpha/it"); e.Leftover != "a-uuid" {
		t.Errorf("left is %q", e.Leftover)
	}
	if other := begin(t, j, "libvirt_pool alpha/other"); other.Leftover != "" {
		t.Errorf("another object has %q", other.Leftover)
	}
	if err := Record(WithEntry(context.Background(), e), "b"); err != nil {
		t.Fatal(err)
	}
	_ = e.file.Close()
	if e = begin(t, j, "libvirt_pool alpha/it"); e.Leftover != "b" {
		t.Errorf("left is %q", e.Leftover)
	}
	e.Done()
	for _, how := range []struct {
		keep bool
		left string
	}{{true, "b"}, {false, ""}} {
		if e = begin(t, j, "libvirt_pool alpha/it"); e.Leftover != "b" {
			t.Errorf("before Terraform has ended it, left is %q", e.Leftover)
		}
		e.Done()
		other := New(j.dir)
		if how.keep {
			other.KeepAll()
		}
		begin(t, other, "libvirt_pool alpha/it").Done()
		other.Close()
		if left := j.Leftover("libvirt_pool alpha/it"); left != how.left {
			t.Errorf("interrupted %v, left is %q", how.keep, left)
		}
	}
	e = begin(t, j, "libvirt_pool alpha/it")
	if err := Record(WithEntry(context.Background(), e), "c"); err != nil {
		t.Fatal(err)
	}
	e.Done()
	j.Forget("libvirt_pool alpha/it")
	if left := j.Leftover("libvirt_pool alpha/it"); left != "" {
		t.Errorf("what the state has is left as %q", left)
	}
}

func TestNothingIsNeededToRemember(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var none *Journal
	for _, j := range []*Journal{none, New(filepath.Join(file, "no-directory"))} {
		e, err := j.Begin("it")
		if e != nil || err != nil {
			t.Errorf("got %v, %v", e, err)
		}
		if err := Record(WithEntry(context.Background(), e), "x"); err != nil {
			t.Error(err)
		}
		e.Done()
		j.KeepAll()
		j.Forget("it")
		if left := j.Leftover("it"); left != "" {
			t.Errorf("left is %q", left)
		}
	}
	if err := Record(context.Background(), "x"); err != nil {
		t.Error(err)
	}
}
