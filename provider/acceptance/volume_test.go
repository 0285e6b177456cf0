//go:build acceptance

package acceptance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/volume"
)

const aVolume = "libvirt_volume.it"

const mib = 1 << 20

// poolEverywhere creates a pool of the same name on every host.
func poolEverywhere(t *testing.T) (name, dir string) {
	t.Helper()
	name, dir = unique(t), directory(t)
	for _, h := range theLab.Hosts {
		if err := os.MkdirAll(h.path(dir), 0o755); err != nil {
			t.Fatal(err)
		}
		h.virsh(t, "pool-create-as", name, "dir", "--target", dir)
		t.Cleanup(func() { h.virsh(t, "pool-destroy", name) })
	}
	return name, dir
}

// image creates a local image with content of its own, and returns its path and digest.
func image(t *testing.T, format string, size int) (path, digest string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), unique(t)+"."+format)
	if out, err := exec.Command("qemu-img", "create", "-q", "-f", format, path, fmt.Sprint(size)).CombinedOutput(); err != nil {
		t.Fatalf("qemu-img: %v\n%s", err, out)
	}
	if format == "raw" {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err == nil {
			_, err = f.WriteString(path)
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	return path, sum(t, path)
}

func sum(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

// volXML returns a function that reads places in what virsh shows of a volume.
func volXML(places ...string) func(*testing.T, attrs) string {
	return func(t *testing.T, a attrs) string {
		t.Helper()
		xml, seen := hostOf(a).xml(t, "vol-dumpxml", a["name"].(string), "--pool", a["pool"].(string)), ""
		for i, where := range places {
			if i > 0 {
				seen += " "
			}
			seen += at(xml, where)
		}
		return seen
	}
}

func TestVolumeUpdates(t *testing.T) {
	t.Parallel()
	pool, dir := poolEverywhere(t)
	other, _ := poolEverywhere(t)
	one, oneSum := image(t, "qcow2", mib)
	two, twoSum := image(t, "qcow2", 2*mib)
	backing := func(name, format string) string {
		local, _ := image(t, format, mib)
		content, err := os.ReadFile(local)
		if err == nil {
			err = os.WriteFile(alpha().path(dir+"/"+name), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return dir + "/" + name
	}
	base1, base2, baseRaw, larger := backing("base1", "qcow2"), backing("base2", "qcow2"), backing("base-raw", "raw"), backing("larger", "qcow2")
	if out, err := exec.Command("qemu-img", "resize", "-q", alpha().path(larger), "2M").CombinedOutput(); err != nil {
		t.Fatalf("qemu-img: %v\n%s", err, out)
	}
	alpha().virsh(t, "pool-refresh", pool)
	on := func(path, format string) attrs {
		store := attrs{"path": path}
		if format != "" {
			store["format"] = format
		}
		return attrs{"capacity": nil, "backing_store": store}
	}
	uploaded := func(source string, a attrs) attrs { return attrs{"capacity": nil, "source": source}.with(a) }
	unset := func(a attrs) attrs { a["capacity"] = nil; return a }

	copied := func(from string) attrs { return attrs{"capacity": nil, "clone_from": from} }
	raw := func(a attrs) attrs { return attrs{"format": "raw"}.with(a) }
	locked := encryptions(t, pool, dir, unique(t), unique(t), unique(t))

	const lazy = "<features><lazy_refcounts/></features>"
	features := volXML("target/features/lazy_refcounts?")
	header := func(under, xml string) attrs { return attrs{"xml": attrs{"it": element(under, xml)}} }
	sized := attrs{"xml": attrs{"it": attributesOf("capacity", attrs{"unit": "bytes"})}}
	capacity := volXML("capacity")
	first, second := unique(t), unique(t)
	base := func(name string) attrs {
		return attrs{"host": alpha().Name, "pool": pool, "name": name, "capacity": mib}
	}
	updates(t, volume.Table, base, map[string]update{
		"host":    {see: capacity, steps: []step{{nil, "1048576"}, {attrs{"host": beta().Name}, "1048576"}}},
		"pool":    {see: capacity, steps: []step{{attrs{"pool": pool}, "1048576"}, {attrs{"pool": other}, "1048576"}}},
		"name":    {see: capacity, steps: []step{{attrs{"name": first}, "1048576"}, {attrs{"name": second}, "1048576"}}},
		"format":  {see: volXML("target/format@type"), steps: []step{{nil, "qcow2"}, {attrs{"format": "raw"}, "raw"}, {nil, "qcow2"}}},
		"protect": {see: capacity, steps: []step{{attrs{"protect": true}, "1048576"}, {attrs{"protect": false}, "1048576"}, {nil, "1048576"}}},
		"capacity": {see: capacity, steps: []step{
			{uploaded(one, attrs{"capacity": 2 * mib}), "2097152"}, {uploaded(one, attrs{"capacity": 4 * mib}), "4194304"}, {unset(uploaded(one, nil)), "4194304"}}},
		"source": {see: capacity, steps: []step{
			{unset(uploaded(one, nil)), "1048576"}, {unset(uploaded(two, nil)), "2097152"}, {attrs{"capacity": 3 * mib}, "3145728"}}},
		"source_sha256": {see: capacity, steps: []step{
			{unset(uploaded(one, attrs{"source_sha256": oneSum})), "1048576"}, {unset(uploaded(two, attrs{"source_sha256": twoSum})), "2097152"}, {unset(uploaded(two, nil)), "2097152"}}},
		"preallocation": {see: volXML("allocation"), steps: []step{
			{raw(nil), "0"}, {raw(attrs{"preallocation": "full"}), "1048576"}, {raw(nil), "1048576"}}},
		"xml":            {see: features, actions: []string{"update", "update"}, steps: []step{{nil, "false"}, {header("target", lazy), "false"}, {nil, "false"}}},
		"xml.under":      {see: features, actions: []string{"update", "update"}, steps: []step{{header("target", lazy), "true"}, {sized, "true"}, {nil, "true"}}},
		"xml.element":    {see: features, steps: []step{{header("target", lazy), "true"}, {header("target", "<features/>"), "true"}, {nil, "true"}}},
		"xml.attributes": {see: volXML("capacity@unit"), steps: []step{{sized, "bytes"}, {nil, "bytes"}}},
		"on_new_content": {see: capacity, steps: []step{{nil, "1048576"}, {attrs{"on_new_content": "replace"}, "1048576"}, {nil, "1048576"}}},
		"clone_from": {see: volXML("capacity", "backingStore?"), steps: []step{
			{unset(copied(larger)), "2097152 false"}, {unset(copied(base1)), "1048576 false"}, {nil, "1048576 false"}}},
		"encryption": {see: volXML("target/encryption@format"), actions: []string{"replace", "replace"}, steps: []step{
			{locked(0, 0).with(attrs{"encryption": nil}), ""}, {locked(0, 0), "luks"}, {locked(0, 0).with(attrs{"encryption": nil}), ""}}},
		"encryption.format": {see: volXML("target/encryption@format"), actions: []string{"replace"}, steps: []step{
			{locked(1, 1), "luks"}, {locked(1, 1).with(attrs{"encryption": nil}), ""}}},
		"encryption.secret_uuid": {see: relisted(volXML("target/encryption@format", "capacity")), steps: []step{
			{locked(2, 1), "luks 1048576"}, {locked(2, 2), "luks 1048576"}}},
		"permissions": {see: volXML("target/permissions/mode"), steps: []step{{permitted(attrs{"mode": "0640"}), "0640"}, {permitted(attrs{"mode": "644"}), "0644"}, {nil, "0644"}}},
		"permissions.owner": {see: volXML("target/permissions/owner"), steps: []step{
			{permitted(attrs{"owner": 1001}), "1001"}, {permitted(attrs{"owner": 1002}), "1002"}, {nil, "1002"}}},
		"permissions.group": {see: volXML("target/permissions/group"), steps: []step{{permitted(attrs{"group": 1001}), "1001"}, {permitted(attrs{"group": 1002}), "1002"}, {nil, "1002"}}},
		"permissions.mode":  {see: volXML("target/permissions/mode"), steps: []step{{permitted(attrs{"mode": "0666"}), "0666"}, {permitted(attrs{"mode": "0400"}), "0400"}, {nil, "0400"}}},
		"backing_store": {see: volXML("backingStore/path"), steps: []step{
			{nil, ""}, {on(base1, ""), base1}, {nil, ""}}},
		"backing_store.path": {see: volXML("backingStore/path", "capacity"), steps: []step{
			{on(base1, ""), base1 + " 1048576"}, {on(base2, ""), base2 + " 1048576"}}},
		"backing_store.format": {see: volXML("backingStore/format@type"), steps: []step{
			{on(base1, ""), "qcow2"}, {on(baseRaw, "raw"), "raw"}, {on(base2, ""), "qcow2"}}},
	})
	alpha().virsh(t, "pool-refresh", pool)
	expect(t, "what is left in the pool", alpha().virsh(t, "vol-list", pool),
		fmt.Sprintf("base-raw   %s\n base1      %s\n base2      %s\n larger     %s", baseRaw, base1, base2, larger))
}

func testVolumeUpload(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	raw, rawSum := image(t, "raw", 3*mib)
	qcow2, qcow2Sum := image(t, "qcow2", 8*mib)
	s := newStack(t)
	s.apply(config{
		aVolume:               {"host": alpha().Name, "pool": pool, "name": "raw.img", "format": "raw", "source": raw, "source_sha256": rawSum},
		"libvirt_volume.thin": {"host": alpha().Name, "pool": pool, "name": "thin.qcow2", "source": qcow2},
	})
	s.settled()
	expect(t, "the raw image", sum(t, alpha().path(dir+"/raw.img")), rawSum)
	expect(t, "the qcow2 image", sum(t, alpha().path(dir+"/thin.qcow2")), qcow2Sum)
	expect(t, "path", s.state(aVolume)["path"].(string), dir+"/raw.img")
	expect(t, "capacity of the raw image", volXML("capacity")(t, s.state(aVolume)), fmt.Sprint(3*mib))
	expect(t, "capacity of the qcow2 image", volXML("capacity")(t, s.state("libvirt_volume.thin")), fmt.Sprint(8*mib))

	s.importable("source", "source_sha256")
	s.destroy()
	expect(t, "what is left in the pool", alpha().virsh(t, "vol-list", pool), "")
	for _, name := range []string{"raw.img", "thin.qcow2"} {
		if _, err := os.Stat(alpha().path(dir + "/" + name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
}

func testVolumeSameContent(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	source, digest := image(t, "raw", mib)
	content, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	moved := filepath.Join(t.TempDir(), "moved.raw")
	if err := os.WriteFile(moved, content, 0o600); err != nil {
		t.Fatal(err)
	}
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": source, "source_sha256": digest}
	s := newStack(t)
	s.apply(config{aVolume: a})
	onHost := alpha().path(dir + "/it")
	if err := os.WriteFile(onHost, []byte("written by the guest"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.shows(config{aVolume: a.with(attrs{"source": moved})}, "~ source =", "0 to add, 1 to change, 0 to destroy")
	s.apply(config{aVolume: a.with(attrs{"source": moved})})
	after, err := os.ReadFile(onHost)
	if err != nil || string(after) != "written by the guest" {
		t.Errorf("the content was replaced: %v", err)
	}
}
func TestVolumeUpdate(t *testing.T) {
	t.Parallel()
	t.Run("a volume is not shrunk", testVolumeShrink)
	t.Run("a volume grows under a running guest", testVolumeGrows)
}

func testVolumeShrink(t *testing.T) {
	t.Parallel()
	pool, _ := alpha().pool(t)
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "capacity": 2 * mib}
	s := newStack(t)
	s.apply(config{aVolume: a})
	s.planFails(config{aVolume: a.with(attrs{"capacity": mib})},
		"'capacity' must be at least the present 2097152 bytes, got 1048576: shrinking would lose data; create a new, smaller volume and copy the data")
	alpha().virsh(t, "vol-resize", "it", "4M", "--pool", pool)
	s.planFails(config{aVolume: a}, "'capacity' must be at least the present 4194304 bytes, got 2097152")
	s.apply(config{aVolume: a.with(attrs{"capacity": 8 * mib})})
	expect(t, "capacity", volXML("capacity")(t, a), "8388608")

	source, _ := image(t, "qcow2", 2*mib)
	small := attrs{"host": alpha().Name, "pool": pool, "name": "small", "source": source, "capacity": mib}
	s.applyFails(config{"libvirt_volume.small": small}, "'capacity' must be at least the capacity of the image, 2097152 bytes, got 1048576")
}

func testVolumeDeletedOutside(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	s, c := newStack(t), config{aVolume: {"host": alpha().Name, "pool": pool, "name": "it", "capacity": mib}}
	s.apply(c)
	alpha().virsh(t, "vol-delete", "it", "--pool", pool)
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	s.settled()
	// Delete the file without libvirt: libvirt still lists the volume.
	if err := os.Remove(alpha().path(dir + "/it")); err != nil {
		t.Fatal(err)
	}
	s.shows(c, "1 to add, 0 to change, 0 to destroy")
	s.apply(c)
	s.settled()
}

func testVolumePoolStopped(t *testing.T) {
	t.Parallel()
	s, pool := newStack(t), poolAttrs(t, alpha())
	name := pool["name"].(string)
	a := attrs{"host": alpha().Name, "pool": "${" + aPool + ".name}", "name": "it", "capacity": mib}
	disk := attrs{"host": alpha().Name, "pool": "${" + aPool + ".name}", "name": "ci.iso", "cloud_init": attrs{"user_data": "#cloud-config\n", "meta_data": "{}"}}
	c := config{aPool: pool, aVolume: a, aSeed: disk}
	s.apply(c)
	alpha().virsh(t, "pool-destroy", name)
	s.shows(c, "~ active = false -> true", "0 to add, 1 to change, 0 to destroy")
	s.apply(c)
	s.settled()
	alpha().virsh(t, "vol-info", "it", "--pool", name)
	s.destroy()
	alpha().lacks(t, "pool-info", name)
}

func testVolumeExisting(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	source, _ := image(t, "raw", mib)
	alpha().virsh(t, "vol-create-as", pool, "it", "1M", "--format", "raw")
	onHost := alpha().path(dir + "/it")
	if err := os.WriteFile(onHost, []byte("another program's data"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newStack(t)
	c := config{aVolume: {"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": source}}
	s.applyFails(c, fmt.Sprintf("alpha already has a volume \"it\" in pool %q; choose another, or import that one: terraform import ADDRESS alpha/%s/it", pool, pool))
	content, err := os.ReadFile(onHost)
	if err != nil || string(content) != "another program's data" {
		t.Errorf("its content was touched: %q %v", content, err)
	}
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
}

func testVolumeWrongContent(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	source, digest := image(t, "raw", mib)
	wrong := sum(t, os.Args[0])
	a := attrs{"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": source, "source_sha256": wrong}
	s := newStack(t)
	s.planFails(config{aVolume: a}, "'source_sha256' is "+wrong+", but "+source+" has "+digest+"; correct it, or use the right file")
	s.applyFails(config{aVolume: a}, "'source_sha256' is "+wrong)
	if len(s.resources()) != 0 {
		t.Error("it is in the state")
	}
	expect(t, "what is left in the pool", alpha().virsh(t, "vol-list", pool), "")
	a["source_sha256"] = digest
	s.apply(config{aVolume: a})
	expect(t, "content", sum(t, alpha().path(dir+"/it")), digest)
	s.settled()
}
func TestVolumeImport(t *testing.T) {
	t.Parallel()
	t.Run("an imported volume keeps its content", testVolumeImported)
}

func testVolumeImported(t *testing.T) {
	t.Parallel()
	pool, dir := alpha().pool(t)
	source, _ := image(t, "raw", mib)
	alpha().virsh(t, "vol-create-as", pool, "it", "1M", "--format", "raw")
	before := sum(t, alpha().path(dir+"/it"))
	s, c := newStack(t), config{aVolume: {"host": alpha().Name, "pool": pool, "name": "it", "format": "raw", "source": source}}
	s.write(c, attrs{"import": []attrs{{"to": aVolume, "id": "alpha/" + pool + "/it"}}})
	o := s.run("apply", "-auto-approve", "-json")
	if o.code != 0 {
		t.Fatal(o.errors())
	}
	s.says(o.warnings(), []string{`Volume "it" keeps its content` + "\nThe volume exists, so " + source +
		" is only recorded as its source and not uploaded. To upload it, replace the volume (-replace)."})
	s.settled()
	expect(t, "content", sum(t, alpha().path(dir+"/it")), before)
}
