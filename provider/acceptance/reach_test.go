//go:build acceptance

package acceptance

import (
	"bytes"
	"os"
	"testing"
)

// ordinaryQEMU returns a host whose libvirt says that QEMU runs as user 9 rather than as root. Guests still run as root.
func ordinaryQEMU(t *testing.T, h *labHost) *proxy {
	t.Helper()
	p := newProxy(t, h, func(message) verdict { return pass })
	p.edit = func(_ message, body []byte) {
		for _, kind := range []string{"kvm", "qemu"} {
			copy(after(body, []byte("<baselabel type='"+kind+"'>")), bytes.Replace([]byte("+0:+0"), []byte("0"), []byte("9"), 2))
		}
	}
	return p
}

// TestReach asserts that the plan knows directories that the user of QEMU may not search, and refuses only what certainly fails.
func TestReach(t *testing.T) {
	t.Parallel()
	h, s := alpha(), newStack(t)
	closed := directory(t)
	inside := closed + "/images"
	for dir, mode := range map[string]os.FileMode{closed: 0o700, inside: 0o755} {
		if err := os.MkdirAll(h.path(dir), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(h.path(dir), mode); err != nil {
			t.Fatal(err)
		}
	}
	file := inside + "/disk.img"
	if err := os.WriteFile(h.path(file), make([]byte, mib), 0o600); err != nil {
		t.Fatal(err)
	}
	guest := withDisk(t, h, file, "raw").with(attrs{"type": "qemu", "state": "paused"})
	pool := attrs{"host": h.Name, "name": unique(t), "path": inside}
	s.hosts[h.Name] = ordinaryQEMU(t, h).uri

	refusal := "QEMU on alpha runs as user 9, who may not search " + closed + ", so the guest cannot open " + file + ` (disks["vda"].file); let others ` +
		"search that directory (chmod o+x " + closed + "), or move the file"
	s.planFails(config{aDomain: guest}, refusal)
	s.planFails(config{aDomain: guest.with(attrs{"disks": nil, "kernel": file})}, "who may not search "+closed, "(kernel)")
	existing := unique(t)
	h.virsh(t, "pool-create-as", existing, "dir", "--target", inside)
	t.Cleanup(func() { _, _ = h.try("pool-destroy", existing) })
	byName := guest.with(attrs{"disks": attrs{"vda": attrs{"source": attrs{"pool": existing, "volume": "disk.img"}, "format": "raw"}}})
	s.planFails(config{aDomain: byName}, "who may not search "+closed, "so the guest cannot open "+file+` (disks["vda"].source.volume)`)
	h.virsh(t, "pool-destroy", existing)
	for what, c := range map[string]config{
		"a stopped guest":          {aDomain: guest.with(attrs{"state": "stopped"})},
		"a guest of a user":        {aDomain: guest.with(attrs{"seclabel": attrs{"dac": attrs{"type": "static", "label": "+0:+0"}}})},
		"a directory for a helper": {aDomain: guest.with(attrs{"disks": nil, "devices": attrs{"filesystems": attrs{"a": attrs{"source": inside, "driver": "9p"}}}})},
	} {
		if o := s.plan(c); o.code == 1 {
			t.Errorf("%s: the plan is refused: %s", what, o.errors())
		}
	}
	unreachable := "Guests cannot open the volumes of pool \"" + pool["name"].(string) + "\""
	s.says(s.plan(config{aPool: pool}).warnings(), []string{unreachable, "QEMU on alpha runs as user 9, who may not search " + closed})
	if err := os.Chmod(h.path(closed), 0o711); err != nil {
		t.Fatal(err)
	}
	s.says(s.plan(config{aPool: pool.with(permitted(attrs{"owner": 0, "mode": "0700"}))}).warnings(), []string{unreachable, "who may not search " + inside})
	for what, c := range map[string]config{
		"a guest":                    {aDomain: guest},
		"a directory for everybody":  {aPool: pool},
		"a directory of QEMU's user": {aPool: pool.with(permitted(attrs{"owner": 9, "mode": "0700"}))},
	} {
		if o := s.plan(c); o.code == 1 || o.warnings() != "" {
			t.Errorf("%s: %s%s", what, o.errors(), o.warnings())
		}
	}
}

// TestReachNFS asserts that the plan says what volumes on NFS need, unless a volume shows that the server knows libvirt as root. The kernel of the
// hosts has no NFS: libvirt takes any file system with the name of the export for the export.
func TestReachNFS(t *testing.T) {
	t.Parallel()
	h, s := alpha(), newStack(t)
	dir := directory(t)
	h.inside(t, "mkdir", "-p", dir)
	h.inside(t, "mount", "-t", "tmpfs", "-o", "size=8m", "127.0.0.1:/export", dir)
	t.Cleanup(func() { _, _ = h.tryInside("umount", dir) })
	pool := attrs{"host": h.Name, "name": unique(t), "type": "netfs", "path": dir, "source": attrs{"host": "127.0.0.1", "dir": "/export", "format": "nfs"}}
	s.hosts[h.Name] = ordinaryQEMU(t, h).uri
	warned := func(c config) {
		t.Helper()
		s.says(s.plan(c).warnings(), []string{"Guests may be unable to open volumes of pool \"" + pool["name"].(string) + "\", which is on NFS",
			"which runs as user 9.", `set permissions = { owner = 9, group = 9, mode = "0666" } for the volumes`})
	}
	accepted := func(what string, c config) {
		t.Helper()
		if o := s.plan(c); o.code == 1 || o.warnings() != "" {
			t.Errorf("%s: %s%s", what, o.errors(), o.warnings())
		}
	}
	warned(config{aPool: pool})
	s.apply(config{aPool: pool})
	in := attrs{"host": h.Name, "pool": "${" + aPool + ".name}"}
	volume, everybody := in.with(attrs{"name": "disk.img", "format": "raw", "capacity": mib}), permitted(attrs{"owner": 9, "group": 9, "mode": "0666"})
	seed := in.with(attrs{"name": "seed.iso", "content": "hello\n"})
	warned(config{aPool: pool, aVolume: volume})
	warned(config{aPool: pool, aVolume: volume.with(permitted(attrs{"owner": 9, "mode": "0600"}))})
	warned(config{aPool: pool, aSeed: seed})
	accepted("a volume and a seed for everybody", config{aPool: pool, aVolume: volume.with(everybody), aSeed: seed.with(everybody)})

	file := func(name, owner, mode string) {
		h.inside(t, "sh", "-c", "truncate -s 1M "+dir+"/"+name+"; chown "+owner+" "+dir+"/"+name+"; chmod "+mode+" "+dir+"/"+name)
		h.virsh(t, "pool-refresh", pool["name"].(string))
	}
	guest := func(name string) config {
		return config{aPool: pool, aDomain: withDisk(t, h, dir+"/"+name, "raw").with(attrs{"type": "qemu", "state": "paused"})}
	}
	file("of-nobody.img", "65534", "0600")
	file("of-qemu.img", "9", "0644")
	file("to-read.img", "65534", "0644")
	warned(guest("of-nobody.img"))
	warned(guest("to-read.img"))
	accepted("a guest with a volume of its user", guest("of-qemu.img"))
	file("of-root.img", "0", "0600")
	accepted("a guest on a server that knows root", guest("of-nobody.img"))
	accepted("a volume on a server that knows root", config{aPool: pool, aVolume: volume})
	s.destroy()
}
