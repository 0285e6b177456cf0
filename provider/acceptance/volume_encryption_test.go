//go:build acceptance

package acceptance

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// secret creates a secret for a volume, with this usage.
func (h *labHost) secret(t *testing.T, usage string) (id string) {
	t.Helper()
	id = uuid.NewString()
	h.secretOf(t, id, usage)
	return id
}

// secretOf creates a secret with this UUID.
func (h *labHost) secretOf(t *testing.T, id, usage string) {
	t.Helper()
	h.define(t, "secret-define", fmt.Sprintf("<secret private='yes'><uuid>%s</uuid><usage type='volume'><volume>%s</volume></usage></secret>", id, usage))
	t.Cleanup(func() { h.virsh(t, "secret-undefine", id) })
	file := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(file, []byte("a passphrase"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.virsh(t, "secret-set-value", id, "--file", file, "--plain")
}

// encryptions returns volumes of alpha with these names, each with a secret of its own. The first number selects the volume, the second the
// volume whose secret it has.
func encryptions(t *testing.T, pool, dir string, names ...string) func(i, secret int) attrs {
	t.Helper()
	var ids []string
	for _, name := range names {
		ids = append(ids, alpha().secret(t, dir+"/"+name))
	}
	return func(i, secret int) attrs {
		return attrs{"pool": pool, "name": names[i], "format": "raw", "encryption": attrs{"secret_uuid": ids[secret]}}
	}
}

// relisted makes libvirt forget what it can't read from the volume itself, then reads with see.
func relisted(see func(*testing.T, attrs) string) func(*testing.T, attrs) string {
	return func(t *testing.T, a attrs) string {
		t.Helper()
		hostOf(a).virsh(t, "pool-refresh", a["pool"].(string))
		return see(t, a)
	}
}
func TestVolumeEncryption(t *testing.T) {
	t.Parallel()
	t.Run("a volume is encrypted", testVolumeEncrypted)
	t.Run("volumes of a running guest grow", testEncryptedVolumeGrows)
}

func testVolumeEncrypted(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	from, digest := image(t, "raw", mib)
	plain := attrs{"host": alpha().Name, "pool": pool, "name": "plain", "format": "raw", "source": from, "source_sha256": digest}
	on := func(format string, size int) attrs {
		return attrs{"host": alpha().Name, "pool": pool, "name": "luks." + format, "format": format, "capacity": size,
			"clone_from": "${libvirt_volume.plain.path}", "encryption": attrs{"secret_uuid": "${local." + format + "}"}}
	}
	locals := attrs{"raw": alpha().secret(t, dir+"/luks.raw"), "qcow2": alpha().secret(t, dir+"/luks.qcow2")}
	at := func(size int) config {
		return config{"libvirt_volume.plain": plain, "libvirt_volume.raw": on("raw", size), "libvirt_volume.qcow2": on("qcow2", size)}
	}
	s := newStack(t)
	for _, size := range []int{mib, 8 * mib} { // libvirt treats a size below the allocation as shrinking, and LUKS needs 2 MiB of its own
		s.applyWith(at(size), attrs{"locals": locals})
		if size == mib {
			alpha().virsh(t, "pool-refresh", pool) // after this, libvirt knows no secret
		}
		for format := range locals {
			a := attrs{"host": alpha().Name, "pool": pool, "name": "luks." + format}
			expect(t, "what is seen of "+format, volXML("target/format@type", "target/encryption@format", "capacity")(t, a), fmt.Sprintf("%s luks %d", format, size))
			if size == mib {
				continue // opening an image takes seconds of hashing
			}
			expect(t, "content of "+format, decrypted(t, alpha().path(dir+"/luks."+format), format, mib), digest)
		}
		s.write(at(size), attrs{"locals": locals})
		if o := s.run("plan", "-json", "-detailed-exitcode", "-out=plan"); o.code != 0 {
			t.Errorf("the plan is not empty: %s%s", o.errors(), s.planned())
		}
	}
	content, err := os.ReadFile(alpha().path(dir + "/luks.raw"))
	if err != nil || strings.Contains(string(content), from) {
		t.Errorf("its content can be read (%v)", err)
	}
}

// decrypted returns the digest of what a guest would see of an encrypted image.
func decrypted(t *testing.T, file, format string, size int) string {
	t.Helper()
	key, out := filepath.Join(t.TempDir(), "key"), filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(key, []byte(base64.StdEncoding.EncodeToString([]byte("a passphrase"))), 0o600); err != nil {
		t.Fatal(err)
	}
	opts := "driver=luks,key-secret=k,file.filename=" + file
	if format == "qcow2" {
		opts = "driver=qcow2,encrypt.key-secret=k,file.filename=" + file
	}
	if said, err := exec.Command("qemu-img", "convert", "--object", "secret,id=k,format=base64,file="+key, "--image-opts", opts, "-O", "raw", out).CombinedOutput(); err != nil {
		t.Fatalf("qemu-img: %v\n%s", err, said)
	}
	if err := os.Truncate(out, int64(size)); err != nil {
		t.Fatal(err)
	}
	return sum(t, out)
}

func testEncryptedVolumeGrows(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	secret := alpha().secret(t, unique(t)) // libvirt does not find it by itself
	kinds := map[string]attrs{
		"vda": {"format": "raw", "encryption": attrs{"secret_uuid": secret}},
		"vdb": {"format": "raw", "preallocation": "full"},
	}
	at := func(size int) config {
		c := config{}
		for target, a := range kinds {
			c["libvirt_volume."+target] = attrs{"host": alpha().Name, "pool": pool, "name": target, "capacity": size}.with(a)
		}
		return c
	}
	s := newStack(t)
	s.apply(at(mib))
	s.settled()
	name, disks := unique(t), ""
	for target, a := range kinds {
		encryption := ""
		if a["encryption"] != nil {
			encryption = "<encryption format='luks'><secret type='passphrase' uuid='" + secret + "'/></encryption>"
		}
		disks += fmt.Sprintf("<disk type='file'><driver name='qemu' type='%s'/><source file='%s/%s'>%s</source><target dev='%s' bus='virtio'/></disk>", a["format"], dir, target, encryption, target)
	}
	alpha().define(t, "create", "<domain type='qemu'><name>"+name+"</name><memory unit='MiB'>32</memory><os><type>hvm</type></os><devices>"+disks+"</devices></domain>", "--paused")
	t.Cleanup(func() { _, _ = alpha().try("destroy", name) })

	s.apply(at(3 * mib))
	s.settled()
	for target := range kinds {
		expect(t, "what the guest sees of "+target, lineOf(alpha().virsh(t, "domblkinfo", name, target), "Capacity:"), fmt.Sprint(3*mib))
	}
	expect(t, "what is allocated", volXML("allocation")(t, attrs{"host": alpha().Name, "pool": pool, "name": "vdb"}), fmt.Sprint(3*mib))

	alpha().virsh(t, "destroy", name)
	alpha().virsh(t, "pool-refresh", pool)
	s.applyFails(at(4*mib), `Unable to resize volume "vda"`, "no secret provided for luks encryption",
		`give the libvirt_secret the usage "volume" and the name "`+dir+`/vda". While a machine runs with the volume, the volume can grow in any case.`)
}
