package kernel

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSettings(t *testing.T) {
	folder, proc := t.TempDir(), t.TempDir()
	write := func(path, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(proc, "net/ipv4/ip_forward"), "")
	write(filepath.Join(proc, "net/ipv6/conf/all/forwarding"), "")
	write(filepath.Join(folder, "10-router.conf"), "# routes\n; also\n\nnet.ipv4.ip_forward = 0\n-net/ipv6/conf/none = 1\n")
	write(filepath.Join(folder, "20-router.conf"), "net.ipv4.ip_forward=1\nnet.ipv6.conf.all.forwarding = 1\n")
	write(filepath.Join(folder, "notes"), "net.ipv4.ip_forward=2\n")

	if err := Set(folder, proc); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"} {
		content, err := os.ReadFile(filepath.Join(proc, name))
		if err != nil || !strings.HasPrefix(string(content), "1\n") {
			t.Errorf("%s is %q (%v)", name, content, err)
		}
	}

	write(filepath.Join(folder, "30-wrong.conf"), "nothing\nnet.ipv4.none = 1\n")
	err := Set(folder, proc)
	if err == nil || !strings.HasPrefix(err.Error(), "'nothing' is not like net.ipv4.ip_forward = 1\nopen ") {
		t.Errorf("got %v", err)
	}
}
