package cloudinit

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func parseFile(t *testing.T, text string) WriteFile {
	t.Helper()
	var file WriteFile
	if err := yaml.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestContentIsDecodedAsCloudInitDoes(t *testing.T) {
	// gzip of "hello", made with gzip -n.
	const packed = "H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA=="
	tests := map[string]string{
		"{content: hello}":                                   "hello",
		"{content: hello, encoding: text/plain}":             "hello",
		"{content: aGVsbG8=, encoding: b64}":                 "hello",
		"{content: \"aGVs\\n  bG8=\\n\", encoding: base64}":  "hello",
		"{content: " + packed + ", encoding: gz+b64}":        "hello",
		"{content: " + packed + ", encoding: gzip+base64}":   "hello",
		"{content: !!binary " + packed + ", encoding: gzip}": "hello",
		"{content: \"one\\ntwo\\n\"}":                        "one\ntwo\n",
		"{path: /etc/empty}":                                 "",
	}
	for text, expected := range tests {
		content, err := parseFile(t, text).Decode()
		if err != nil || string(content) != expected {
			t.Errorf("%s: got %q, %v", text, content, err)
		}
	}
}

func TestPermissionsAreOctal(t *testing.T) {
	tests := map[string]fs.FileMode{
		"{}":                    0o644,
		"{permissions: '0600'}": 0o600,
		"{permissions: 0755}":   0o755,
		"{permissions: 0o755}":  0o755,
		"{permissions: 640}":    0o640,
		"{permissions: '4755'}": 0o755 | fs.ModeSetuid,
	}
	for text, expected := range tests {
		mode, err := parseFile(t, text).Mode()
		if err != nil || mode != expected {
			t.Errorf("%s: got %v, %v", text, mode, err)
		}
	}
}

func TestWriteMakesFoldersAndSetsThePermissions(t *testing.T) {
	root := newRoot(t)
	if err := parseFile(t, "{path: /opt/a/b.txt, content: one, permissions: '0600'}").Write(root); err != nil {
		t.Fatal(err)
	}
	if err := parseFile(t, "{path: /opt/a/b.txt, content: two, append: true, permissions: '0640'}").Write(root); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "opt/a/b.txt")
	content, err := os.ReadFile(path)
	if err != nil || string(content) != "onetwo" {
		t.Errorf("got %q, %v", content, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o640 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
}

func TestWriteRefusesWhatItCanNotDo(t *testing.T) {
	tests := map[string]string{
		"{path: etc/motd}":                        "path must be absolute, got 'etc/motd'",
		"{path: /a, encoding: rot13}":             "encoding 'rot13' is not known",
		"{path: /a, encoding: b64, content: '*'}": "illegal base64 data at input byte 0",
		"{path: /a, permissions: rw}":             "permissions must be octal digits, got 'rw'",
		"{path: /a, owner: 'ada:ada'}":            "owner 'ada' is not a user of this guest",
		"{path: /a, owner: 'root:wheel'}":         "group 'wheel' is not a group of this guest",
	}
	for text, expected := range tests {
		if err := parseFile(t, text).Write(newRoot(t)); err == nil || !strings.Contains(err.Error(), expected) {
			t.Errorf("%s: got %v", text, err)
		}
	}
}
