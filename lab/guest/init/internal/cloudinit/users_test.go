package cloudinit

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// asRoot skips where files can't be given to other users.
func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file to another user")
	}
}

func TestUsersGetAnAccountAndTheirKeys(t *testing.T) {
	asRoot(t)
	root := newRoot(t)
	marks := apply(t, root, map[string]string{"user-data": `#cloud-config
users:
  - default
  - name: ada
    gecos: Ada
    shell: /bin/bash
    ssh_authorized_keys: ["` + ed25519Key + `"]
  - name: bob
    uid: 2000
    homedir: /srv/bob
write_files:
  - {path: /home/ada/note, content: x, owner: "ada:ada"}
`})
	if !slices.Equal(marks, []string{"cloud-init ssh-key ada " + ed25519Print, "cloud-init file /home/ada/note"}) {
		t.Errorf("got %q", marks)
	}
	passwd, err := os.ReadFile(filepath.Join(root, "etc/passwd"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"ada:x:1000:1000:Ada:/home/ada:/bin/sh\n", "bob:x:2000:2000::/srv/bob:/bin/sh\n"} {
		if !strings.Contains(string(passwd), line) {
			t.Errorf("no %q in %q", line, passwd)
		}
	}
	keys := filepath.Join(root, "home/ada/.ssh/authorized_keys")
	content, err := os.ReadFile(keys)
	if err != nil || string(content) != ed25519Key+"\n" {
		t.Errorf("got %q, %v", content, err)
	}
	if info, err := os.Stat(keys); err != nil || info.Mode() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
}

func TestBadUsersAreRefused(t *testing.T) {
	for _, user := range []string{"{name: 'a:b'}", "{}", "'a b'"} {
		marks := apply(t, newRoot(t), map[string]string{"user-data": "#cloud-config\nusers: [" + user + "]\n"})
		if len(marks) != 1 || !strings.Contains(marks[0], "is not a user's name") {
			t.Errorf("%s: got %q", user, marks)
		}
	}
}

func TestBadKeysAreRefused(t *testing.T) {
	for _, key := range []string{"hello", "ssh-ed25519 ***"} {
		marks := apply(t, newRoot(t), map[string]string{"user-data": "#cloud-config\nssh_authorized_keys: ['" + key + "']\n"})
		if len(marks) != 1 || !strings.Contains(marks[0], "cloud-init error user root: '"+key+"' is not a public key") {
			t.Errorf("%s: got %q", key, marks)
		}
	}
}

func TestFingerprintSkipsOptions(t *testing.T) {
	print, err := Fingerprint(`command="/bin/true",no-pty ` + ed25519Key)
	if err != nil || print != ed25519Print {
		t.Errorf("got %s, %v", print, err)
	}
}
