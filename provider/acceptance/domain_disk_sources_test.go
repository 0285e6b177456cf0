//go:build acceptance

package acceptance

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fromSource returns a guest with these disks, which logs its serial port: the log shows what the guest boots.
func fromSource(t *testing.T, disks attrs) attrs {
	t.Helper()
	dir := directory(t)
	if err := os.MkdirAll(alpha().path(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return domainAttrs(t, alpha()).with(attrs{"disks": disks, "serial": attrs{"log_file": dir + "/serial.log"}})
}

// says returns a boot sector that greets with another letter.
func says(letter byte) []byte {
	code := bytes.Clone(bootSector)
	code[4] = letter
	return code
}

// put writes a file on a host and returns its path there.
func (h *labHost) put(t *testing.T, onHost string, content []byte) string {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(h.path(onHost)), 0o755)
	if err == nil {
		err = os.WriteFile(h.path(onHost), content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return onHost
}

// loopDevice creates a block device with this content, which every host of the lab has.
func loopDevice(t *testing.T, content []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "device")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("losetup", "--find", "--show", file).CombinedOutput()
	device := strings.TrimSpace(string(out))
	if err != nil {
		t.Skipf("this machine has no loop devices: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("losetup", "--detach", device).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	return device
}

// daemon runs a program until the test ends. It waits until is returns true.
func daemon(t *testing.T, is func() bool, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Skipf("this machine has no %s: %v", program, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended already
		<-ended
	})
	eventually(t, program+" to be up", func() bool {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s: %v\n%s", program, err, said.String())
		default:
		}
		return is()
	})
}

// freePort returns a port on which all hosts of the lab can reach what the test serves.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(theLab.Shared.Host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

func answers(port int) bool {
	c, err := net.DialTimeout("tcp", net.JoinHostPort(theLab.Shared.Host, fmt.Sprint(port)), time.Second)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

func imageFile(t *testing.T, content []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "image")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// atFabric returns the hosts of a source that the test serves.
func atFabric(port int) attrs { return attrs{theLab.Shared.Host: attrs{"port": port}} }

// nbd serves an image to all hosts.
func nbd(t *testing.T, export string, content []byte) attrs {
	t.Helper()
	port := freePort(t)
	daemon(t, func() bool { return answers(port) }, "qemu-nbd", "--persistent", "--shared=0", "--format=raw", "--export-name="+export,
		"--bind="+theLab.Shared.Host, fmt.Sprintf("--port=%d", port), imageFile(t, content))
	return attrs{"protocol": "nbd", "name": export, "hosts": atFabric(port)}
}

// nbdSocket serves an image to one host.
func nbdSocket(t *testing.T, h *labHost, content []byte) attrs {
	t.Helper()
	socket := h.put(t, directory(t)+"/nbd.img", content)
	socket = strings.TrimSuffix(socket, ".img") + ".sock"
	up := func() bool { _, err := os.Stat(h.path(socket)); return err == nil }
	daemon(t, up, "qemu-nbd", "--persistent", "--shared=0", "--format=raw", "--socket="+h.path(socket), strings.TrimSuffix(h.path(socket), ".sock")+".img")
	return attrs{"protocol": "nbd", "socket": socket}
}

// web serves files by name, over HTTP.
func web(t *testing.T, files map[string][]byte) attrs {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(theLab.Shared.Host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, there := files[strings.TrimPrefix(r.URL.Path, "/")]
		if !there {
			http.NotFound(w, r)
			return
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	})}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return attrs{"protocol": "http", "hosts": atFabric(l.Addr().(*net.TCPAddr).Port)}
}

// luks creates an encrypted image on a host. The secret that a disk names must hold its passphrase.
func (h *labHost) luks(t *testing.T, content []byte, passphrase string) string {
	t.Helper()
	onHost := h.put(t, directory(t)+"/luks.img", nil)
	plain := imageFile(t, content)
	// On a busy machine QEMU may fail because it can't measure how long a try of the passphrase takes.
	eventually(t, "qemu-img to encrypt an image", func() bool {
		out, err := exec.Command("qemu-img", "convert", "--object", "secret,id=key,data="+passphrase, "-f", "raw", "-O", "luks", "-o", "key-secret=key,iter-time=10",
			plain, h.path(onHost)).CombinedOutput()
		if err != nil && !strings.Contains(string(out), "accurate CPU usage") {
			t.Fatalf("qemu-img: %v\n%s", err, out)
		}
		return err == nil
	})
	return onHost
}
func TestDomainDisks(t *testing.T) {
	t.Parallel()
	t.Run("a guest boots from each kind of source", testBootFromEachSource)
	t.Run("a missing secret is reported", testDiskSecretMissing)
}

func testBootFromEachSource(t *testing.T) {
	t.Parallel()
	const passphrase, key = "sesame", "7a1ddc74-5f3b-4d3e-9d49-52d5ff7f3c01"
	luks := alpha().luks(t, bootSector, passphrase)
	c := config{"libvirt_secret.key": attrs{"host": alpha().Name, "usage": "volume", "name": luks, "uuid": key, "value": passphrase, "value_version": 1}}
	file := alpha().guestDisk(t)
	pool := attrs{"host": alpha().Name, "name": unique(t), "path": path.Dir(file)}
	c["libvirt_pool.files"] = pool
	disks := map[string]attrs{
		"volume": {"source": attrs{"pool": pool["name"], "volume": path.Base(file)}, "format": "raw"},
		"block":  {"source": attrs{"block": loopDevice(t, bootSector)}, "format": "raw", "cache": "none", "options": attrs{"io": "native", "discard": "unmap", "detect_zeroes": "unmap", "queues": 2, "serial": "DATA-1"}},
		"nbd":    {"source": nbd(t, "disk", bootSector), "format": "raw"},
		"socket": {"source": nbdSocket(t, alpha(), bootSector), "format": "raw", "options": attrs{"read_only": true}},
		"http":   {"source": web(t, map[string][]byte{"a/disk.img": bootSector}).with(attrs{"name": "a/disk.img"}), "format": "raw", "options": attrs{"read_only": true}},
		"luks":   {"file": luks, "source": attrs{"encryption_secret": key}, "format": "raw"},
		"scsi":   {"file": alpha().guestDisk(t), "format": "raw", "bus": "scsi", "options": attrs{"shareable": true, "io": "io_uring"}},
	}
	if target := iscsi(t, bootSector, "chap-user", "chap-secret-1"); target != nil {
		const login = "7a1ddc74-5f3b-4d3e-9d49-52d5ff7f3c02"
		c["libvirt_secret.login"] = attrs{"host": alpha().Name, "usage": "iscsi", "name": unique(t), "uuid": login, "value": "chap-secret-1", "value_version": 1}
		disks["iscsi"] = attrs{"source": target.with(attrs{"username": "chap-user", "secret": login, "initiator": "iqn.2013-07.com.example:alpha"}), "format": "raw"}
	}
	var needs []string
	for address := range c {
		needs = append(needs, address)
	}
	guests := map[string]attrs{}
	for name, disk := range disks {
		dev := map[bool]string{true: "sda", false: "vda"}[disk["bus"] == "scsi"]
		guests[name] = fromSource(t, attrs{dev: disk}).with(attrs{"depends_on": needs})
		c["libvirt_domain."+name] = guests[name]
	}
	s := newStack(t)
	s.apply(c)
	s.settled()
	for name, a := range guests {
		t.Run(name, func(t *testing.T) { booted(t, a) })
	}
	s.importable("shutdown", "depends_on", "value", "value_version")
	s.destroy()
}

func testDiskSecretMissing(t *testing.T) {
	t.Parallel()
	const missing = "7a1ddc74-5f3b-4d3e-9d49-52d5ff7f3c0f"
	s := newStack(t)
	a := fromSource(t, attrs{"vda": attrs{"file": alpha().luks(t, bootSector, "sesame"), "source": attrs{"encryption_secret": missing}, "format": "raw"}})
	s.applyFails(config{aDomain: a}, `alpha does not have secret "`+missing+`" (disks["vda"].source.encryption_secret)`)
}
func TestDomainDisksLive(t *testing.T) {
	t.Parallel()
	t.Run("network media of a CD-ROM drive change live", testNetworkMediaLive)
	t.Run("disks of each kind of source are attached live", testDisksOfEachSourceLive)
	t.Run("disks change live", testDisksLive)
}

func testNetworkMediaLive(t *testing.T) {
	t.Parallel()
	g := newLively(t, nil)
	const cdrom = "devices/disk[@device='cdrom']"
	drive := g.disks["sda"].(attrs)
	becomes := func(medium, want attrs) {
		t.Helper()
		seen := map[string]string{}
		for where, is := range want {
			seen[cdrom+where] = is.(string)
		}
		g.becomes(attrs{"disks": g.disks.with(attrs{"sda": drive.with(medium)})}, seen)
	}
	one := web(t, map[string][]byte{"one.iso": bootSector, "two.iso": bootSector})
	other, block, file := web(t, map[string][]byte{"two.iso": bootSector}), loopDevice(t, bootSector), g.file("three.iso")
	becomes(attrs{"source": one.with(attrs{"name": "one.iso"})}, attrs{"@type": "network", "/source@name": "one.iso"})
	becomes(attrs{"source": one.with(attrs{"name": "two.iso"})}, attrs{"/source@name": "two.iso"})
	becomes(attrs{"source": other.with(attrs{"name": "two.iso"})}, attrs{"/source@name": "two.iso"})
	becomes(attrs{"file": file}, attrs{"@type": "file", "/source@file": file, "/source@protocol": ""})
	becomes(attrs{"source": attrs{"block": block}}, attrs{"@type": "block", "/source@dev": block})
	becomes(nil, attrs{"/source@dev": "", "/source@protocol": ""})
	g.same()
}

func testDisksOfEachSourceLive(t *testing.T) {
	t.Parallel()
	const passphrase, key = "sesame", "7a1ddc74-5f3b-4d3e-9d49-52d5ff7f3c03"
	g := newLively(t, nil)
	luks := alpha().luks(t, bootSector, passphrase)
	secrets := newStack(t)
	secrets.apply(config{"libvirt_secret.key": attrs{"host": alpha().Name, "usage": "volume", "name": luks, "uuid": key, "value": passphrase, "value_version": 1}})
	device := loopDevice(t, bootSector)
	of := func(dev, where string) string { return "devices/disk/target[@dev='" + dev + "']/.." + where }
	g.becomes(attrs{"disks": g.disks.with(attrs{
		"vdb": attrs{"source": nbd(t, "disk", bootSector), "format": "raw", "options": attrs{"discard": "unmap", "serial": "B"}},
		"vdc": attrs{"file": luks, "source": attrs{"encryption_secret": key}, "format": "raw"},
		"vdd": attrs{"source": attrs{"block": device}, "format": "raw"},
	})}, map[string]string{of("vdb", "/source@protocol"): "nbd", of("vdb", "/driver@discard"): "unmap", of("vdb", "/serial"): "B",
		of("vdc", "/source/encryption/secret@uuid"): key, of("vdd", "/source@dev"): device})
	g.same()
	g.s.destroy()
	secrets.destroy()
}
func TestDomainBoot(t *testing.T) {
	t.Parallel()
	t.Run("a guest boots in the configured order", testBootOrder)
}

func testBootOrder(t *testing.T) {
	t.Parallel()
	dir := directory(t)
	raw := func(name string, letter byte) attrs {
		return attrs{"file": alpha().put(t, dir+"/"+name, says(letter)), "format": "raw"}
	}
	// The empty drive comes first by name.
	disks := attrs{"sda": attrs{"device": "cdrom", "bus": "sata", "format": "raw"}, "vda": raw("a.img", 'A'), "vdb": raw("b.img", 'B')}
	first := func(dev string, others ...string) attrs {
		d := disks.with(attrs{dev: disks[dev].(attrs).with(attrs{"boot": 1})})
		for i, other := range others {
			d[other] = d[other].(attrs).with(attrs{"boot": i + 2})
		}
		return d
	}
	greets := func(a attrs, letter string) {
		t.Helper()
		eventually(t, "the guest to greet with "+letter, func() bool {
			text, err := os.ReadFile(alpha().path(a["serial"].(attrs)["log_file"].(string)))
			return err == nil && strings.HasPrefix(string(text), letter)
		})
	}
	s, a := newStack(t), fromSource(t, first("vda")).with(attrs{"on_change": "restart"})
	s.apply(config{aDomain: a})
	s.settled()
	greets(a, "A")
	expect(t, "the order of kinds", at(definition(t, a), "os/boot?"), "false")
	s.importable("shutdown", "on_change")

	a = a.with(attrs{"disks": first("vdb", "vda")})
	s.apply(config{aDomain: a})
	s.settled()
	greets(a, "B")
	a = a.with(attrs{"disks": first("sda", "vda")}) // the drive is empty
	s.apply(config{aDomain: a})
	s.settled()
	greets(a, "A")

	a = a.with(attrs{"disks": disks.with(attrs{"sda": nil}), "on_change": "defer"})
	s.apply(config{aDomain: a})
	s.settled()
	s.pendingIs(`disks["sda"], disks["vda"].boot`)
	expect(t, "the order of kinds", at(definition(t, a), "os/boot@dev"), "hd")
}
func TestDomainImport(t *testing.T) {
	t.Parallel()
	t.Run("disks that another tool defined are imported", testImportDisks)
	t.Run("domains that other tools defined are imported", testImportDomains)
	t.Run("a domain with any device is imported", testImportForeignDevices)
	t.Run("a configuration that is written by hand takes no device out", testImportBesideForeignDevices)
}

// testImportDisks imports disks as virsh and virt-install define them, without a change.
func testImportDisks(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../internal/domain/schema/testdata/storage-q35.xml")
	if err != nil {
		t.Fatal(err)
	}
	name := unique(t)
	alpha().define(t, "define", strings.Replace(string(text), "<name>storage</name>", "<name>"+name+"</name>", 1))
	defined := alpha().virsh(t, "dumpxml", name, "--inactive")
	s := newStack(t)
	t.Cleanup(func() {
		if len(s.resources()) == 0 { // otherwise the stack destroys it
			alpha().virsh(t, "undefine", name, "--nvram")
		}
	})
	s.takeOver(map[string]string{aDomain: "alpha/" + name}, "")
	expect(t, "the definition", alpha().virsh(t, "dumpxml", name, "--inactive"), defined)
}
