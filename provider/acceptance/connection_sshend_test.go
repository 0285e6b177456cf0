//go:build acceptance

package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// testSSHUploadCut ends the login, which all connections to a host share, in the middle of an upload.
func testSSHUploadCut(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	target := newSSHD(t, beta(), me.keys)
	me.has("known_hosts", target.line(target.address))
	s, a := newStack(t), poolAttrs(t, beta())
	file := beta().path(a["path"].(string) + "/it")
	content := bytes.Repeat([]byte("0123456789abcdef"), 16<<20/16)
	var cut sync.Once
	server := served(t, map[string]http.HandlerFunc{"/it": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		half := len(content) / 2
		_, _ = w.Write(content[:half])
		w.(http.Flusher).Flush()
		if within(hangLimit, func() bool { return r.Context().Err() != nil || written(file) }) && written(file) {
			cut.Do(target.cut)
		}
		_, _ = w.Write(content[half:])
	}})
	s.hosts[beta().Name], s.env = "qemu+ssh://root@"+target.address+"/system", me.env
	s.apply(config{aPool: a})
	c := config{aPool: a, aVolume: {"host": beta().Name, "pool": "${" + aPool + ".name}", "name": "it", "format": "raw", "source": server.URL + "/it"}}
	s.applyFails(c, "on beta ("+s.hosts[beta().Name]+"): the connection was lost during the call")
	s.apply(c)
	s.settled()
	if !bytes.Equal(read(t, file), content) {
		t.Error("the volume has another content")
	}
	s.destroy()
}

// written reports whether a file has content.
func written(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Sys().(*syscall.Stat_t).Blocks > 0
}

// testSSHStaysNot ends a provider normally, and kills one that holds a login, waits for a server, and waits for a ProxyCommand.
func testSSHStaysNot(t *testing.T) {
	t.Parallel()
	me := newSSHUser(t)
	target := newSSHD(t, beta(), me.keys)
	me.has("known_hosts", target.line(target.address))
	me.has("config", "Host command\n\tProxyCommand sleep 1000\n")
	reached := "qemu+ssh://root@" + target.address + "/system"
	hostsSay(t, me.env, map[string]saying{"reached": {reached, ""}})
	eventually(t, "the end of all processes", func() bool { return len(me.processes("")) == 0 })

	request, err := json.Marshal(attrs{"hosts": attrs{"reached": attrs{"uri": reached}, "mute": attrs{"uri": "qemu+ssh://root@" + muteAddress(t) + "/system"},
		"command": attrs{"uri": "qemu+ssh://command/system"}}})
	if err != nil {
		t.Fatal(err)
	}
	provider := exec.Command(built(t), "inventory")
	provider.Env, provider.Stdin = append(os.Environ(), me.with("TMPDIR="+me.home)...), bytes.NewReader(request)
	if err := provider.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "three logins and the command", func() bool { return len(me.processes("ssh")) >= 3 && len(me.processes("sleep")) == 1 })
	if err := provider.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = provider.Wait()
	eventually(t, "the end of all processes", func() bool { return len(me.processes("")) == 0 })
	if left, _ := filepath.Glob(filepath.Join(me.home, "kf*")); len(left) > 0 {
		t.Error(fmt.Errorf("%v stays behind", left))
	}
}
