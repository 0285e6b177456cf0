package iso9660

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var disks = map[string]Disk{
	"cloud-init":   {"cidata", map[string][]byte{"user-data": []byte("#cloud-config\n"), "meta-data": nil}},
	"config drive": {"config-2", map[string][]byte{"openstack/latest/user_data": []byte("a"), "openstack/latest/meta_data.json": []byte("{}"), "openstack/content/0000": []byte("b")}},
	"long names": {"sixteen letters.", map[string][]byte{strings.Repeat("long", 16): bytes.Repeat([]byte("x"), 5000), strings.Repeat("long", 15) + "name": []byte("y"),
		"ünïcode": []byte("z"), "UPPER": []byte("1"), "upper": []byte("2"), "a.b.c": []byte("3"), ".hidden": []byte("4"), "1/2/3/4/5/6/7/8": []byte("deep")}},
	"many files": {"many", func() map[string][]byte {
		all := map[string][]byte{}
		for i := range 300 {
			all[fmt.Sprintf("directory-%d/file-%d", i%7, i)] = []byte(fmt.Sprint(i))
		}
		return all
	}()},
	"empty": {"empty", map[string][]byte{}},
}

func TestWhatIsWrittenReadsBack(t *testing.T) {
	for name, d := range disks {
		image := d.Image()
		if !bytes.Equal(image, d.Image()) {
			t.Errorf("%s: written again, it differs", name)
		}
		got, err := Read(image)
		if err != nil || got.Label != d.Label || !maps.EqualFunc(got.Files, d.Files, bytes.Equal) {
			t.Errorf("%s: read %q and %d of %d files: %v", name, got.Label, len(got.Files), len(d.Files), err)
		}
		withoutJoliet := bytes.Clone(image)
		copy(withoutJoliet[(systemArea+1)*sector+escapeAt:], "xxx")
		got, err = Read(withoutJoliet)
		if err != nil || !maps.EqualFunc(got.Files, d.Files, bytes.Equal) {
			t.Errorf("%s, the names of Rock Ridge: read %d of %d files: %v", name, len(got.Files), len(d.Files), err)
		}
	}
}

// TestOthersReadTheImage has genisoimage's reader read the images, as Windows does (Joliet), as Linux does (Rock Ridge), and as others do.
func TestOthersReadTheImage(t *testing.T) {
	if _, err := exec.LookPath("isoinfo"); err != nil {
		t.Skip(err)
	}
	for name, d := range disks {
		file := filepath.Join(t.TempDir(), "disk.iso")
		if err := os.WriteFile(file, d.Image(), 0o600); err != nil {
			t.Fatal(err)
		}
		isoinfo := func(args ...string) string {
			cmd := exec.Command("isoinfo", append(args, "-i", file)...)
			cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%s: isoinfo %v: %v\n%s", name, args, err, out)
			}
			return string(out)
		}
		about := isoinfo("-d")
		for _, want := range []string{"Volume id: " + d.Label + "\n", "Joliet with UCS level 3 found", "Rock Ridge signatures version 1 found"} {
			if !strings.Contains(about, want) {
				t.Errorf("%s: isoinfo does not say %q but\n%s", name, want, about)
			}
		}
		for path, want := range d.Files {
			if path == "ünïcode" { // isoinfo expects another character set
				continue
			}
			for _, names := range []string{"-J", "-R"} {
				if got := isoinfo(names, "-x", "/"+path); got != string(want) {
					t.Errorf("%s: isoinfo %s reads %q in %s", name, names, got, path)
				}
			}
			if strings.Count(isoinfo("-f"), "\n") < len(d.Files) {
				t.Errorf("%s: without extensions, there are fewer files", name)
			}
			if len(d.Files) > 100 {
				break // a process for each takes long
			}
		}
		second := d.Image()[(systemArea+1)*sector+labelAt:][:labelSize]
		if got := strings.TrimRight(strings.ReplaceAll(string(second), "\x00", ""), " "); got != d.Label {
			t.Errorf("%s: Windows sees the label %q", name, got)
		}
	}
}

func TestAnImageOfAnotherProgramIsRead(t *testing.T) {
	if _, err := exec.LookPath("genisoimage"); err != nil {
		t.Skip(err)
	}
	want := disks["config drive"]
	tree := t.TempDir()
	for path, content := range want.Files {
		if err := os.MkdirAll(filepath.Join(tree, filepath.Dir(path)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(tree, path), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, names := range [][]string{{"-J", "-R"}, {"-R"}, {"-J"}} {
		image, err := exec.Command("genisoimage", append(names, "-quiet", "-V", want.Label, tree)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(image)
		if err != nil || got.Label != want.Label || !maps.EqualFunc(got.Files, want.Files, bytes.Equal) {
			t.Errorf("%v: read %v: %v", names, got, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(disks["config drive"].Image())
	f.Fuzz(func(_ *testing.T, image []byte) { _, _ = Read(image) })
}

func TestADamagedImageIsAnError(t *testing.T) {
	image := disks["config drive"].Image()
	for name, b := range map[string][]byte{"nothing": nil, "zeros": make([]byte, 70_000), "half": image[:len(image)/2], "descriptors": image[:17*sector]} {
		if d, err := Read(b); err == nil {
			t.Errorf("%s: read %v", name, d)
		}
	}
}
