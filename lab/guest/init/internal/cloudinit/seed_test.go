package cloudinit

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ed25519Key and its fingerprint as ssh-keygen prints it.
const (
	ed25519Key   = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@example"
	ed25519Print = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"
)

func newRoot(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	// Its root is the user who runs the test, since only that user may change the owner of files.
	uid, gid := os.Getuid(), os.Getgid()
	write(t, filepath.Join(root, "etc/passwd"), fmt.Sprintf("root:x:%d:%d:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n", uid, gid))
	write(t, filepath.Join(root, "etc/group"), fmt.Sprintf("root:x:%d:\n", gid))
	return root
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func apply(t *testing.T, root string, files map[string]string) []string {
	t.Helper()
	disk := t.TempDir()
	for name, content := range files {
		write(t, filepath.Join(disk, name), content)
	}
	var marks []string
	mark := func(format string, values ...any) { marks = append(marks, fmt.Sprintf(format, values...)) }
	seed, problems := Read(disk)
	for _, problem := range problems {
		mark("cloud-init error %v", problem)
	}
	seed.Apply(root, mark)
	return marks
}

func TestApplyPrintsWhatItDid(t *testing.T) {
	root := newRoot(t)
	marks := apply(t, root, map[string]string{
		"meta-data": "instance-id: i-1\nlocal-hostname: from-meta\n",
		"user-data": "#cloud-config\nhostname: web-1\npackages: [vim]\nssh_authorized_keys: ['" + ed25519Key + "']\n" +
			"write_files:\n  - {path: /etc/motd, content: hello}\n",
	})
	expected := []string{
		"cloud-init hostname web-1",
		"cloud-init ssh-key root " + ed25519Print,
		"cloud-init file /etc/motd",
		"cloud-init ignored packages",
	}
	if !slices.Equal(marks, expected) {
		t.Errorf("got\n%s", strings.Join(marks, "\n"))
	}
	content, err := os.ReadFile(filepath.Join(root, "etc/motd"))
	if err != nil || string(content) != "hello" {
		t.Errorf("got %q, %v", content, err)
	}
}

func TestHostnameOfMetaDataIsUsedWhenUserDataNamesNone(t *testing.T) {
	marks := apply(t, newRoot(t), map[string]string{"meta-data": "local-hostname: from-meta\n", "user-data": "#cloud-config\n"})
	if !slices.Equal(marks, []string{"cloud-init hostname from-meta"}) {
		t.Errorf("got %q", marks)
	}
}

func TestAnEmptyDiskChangesNothing(t *testing.T) {
	if marks := apply(t, newRoot(t), nil); len(marks) != 0 {
		t.Errorf("got %q", marks)
	}
}

func TestOneBadFileLeavesTheOthersInForce(t *testing.T) {
	tests := map[string]struct {
		files    map[string]string
		expected string
	}{
		"no cloud-config": {map[string]string{"user-data": "#!/bin/sh\n"}, "must begin with the line '#cloud-config', got '#!/bin/sh'"},
		"no YAML":         {map[string]string{"user-data": "#cloud-config\nhostname: [\n"}, "user-data: yaml: line 2"},
		"wrong type":      {map[string]string{"user-data": "#cloud-config\nwrite_files: yes please\n"}, "user-data: yaml: unmarshal errors"},
		"version 1":       {map[string]string{"network-config": "version: 1\n"}, "network-config: 'version' must be 2, got 1"},
		"bad address": {
			map[string]string{"network-config": "version: 2\nethernets: {eth0: {addresses: [10.1.0.5]}}\n"},
			"network-config: ethernets.eth0: 'addresses' must be like 10.1.0.5/24, got '10.1.0.5'",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.files["meta-data"] = "local-hostname: web-1\n"
			marks := apply(t, newRoot(t), test.files)
			if len(marks) != 2 || !strings.Contains(marks[0], test.expected) || marks[1] != "cloud-init hostname web-1" {
				t.Errorf("got %q", marks)
			}
		})
	}
}
