//go:build acceptance

package acceptance

import (
	"os"
	"strings"
	"testing"
)

func TestImport(t *testing.T) {
	t.Parallel()
	t.Run("pools, networks, volumes and filters of other tools", testImportOthers)
}

// testImportOthers imports objects of the other kinds as virsh and virt-manager define them.
func testImportOthers(t *testing.T) {
	t.Parallel()
	h := alpha()
	pool, dir := unique(t), directory(t)
	if err := os.MkdirAll(h.path(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	s := newStack(t)
	made := map[string]func(){}
	t.Cleanup(func() {
		if len(s.resources()) == 0 { // otherwise the stack destroys them
			for _, remove := range made {
				remove()
			}
		}
	})
	ids := map[string]string{}
	add := func(address, id string, remove ...string) {
		ids[address] = id
		made[address] = func() { _, _ = h.try(remove...) }
	}

	h.virsh(t, "pool-define-as", pool, "dir", "--target", dir)
	h.virsh(t, "pool-start", pool)
	h.virsh(t, "pool-autostart", pool)
	add("libvirt_pool.p", "alpha/"+pool, "pool-undefine", pool)
	h.virsh(t, "vol-create-as", pool, "thin.qcow2", "1M", "--format", "qcow2")
	h.virsh(t, "vol-create-as", pool, "whole.img", "1M", "--format", "raw")
	h.virsh(t, "vol-create-as", pool, "layer.qcow2", "1M", "--format", "qcow2", "--backing-vol", "thin.qcow2", "--backing-vol-format", "qcow2")
	for _, v := range []string{"thin.qcow2", "whole.img", "layer.qcow2"} {
		add("libvirt_volume."+strings.ReplaceAll(v, ".", "_"), "alpha/"+pool+"/"+v)
	}

	networks := map[string]string{
		"isolated": "<network><name>NAME</name><bridge name='BRIDGE'/></network>",
		"nat": "<network><name>NAME</name><forward mode='nat'><nat><port start='1024' end='65535'/></nat></forward><bridge name='BRIDGE' stp='on' delay='0'/>" +
			"<domain name='lab.example'/><ip address='NET.1' netmask='255.255.255.0'><dhcp><range start='NET.128' end='NET.254'/></dhcp></ip></network>", // as virt-manager defines it
		"bridged": "<network><name>NAME</name><forward mode='bridge'/><bridge name='fabric'/></network>",
	}
	for kind, xml := range networks {
		name, net := unique(t), subnet()
		bridge := "kfi" + name[strings.LastIndex(name, "-")+1:]
		h.define(t, "net-define", strings.NewReplacer("NAME", name, "BRIDGE", bridge, "NET", net).Replace(xml))
		add("libvirt_network."+kind, "alpha/"+name, "net-undefine", name)
		if kind != "bridged" {
			h.virsh(t, "net-start", name)
		}
	}
	secret := "0a81f5b2-8403-4b23-8c8d-21cdc1ec5a13"
	h.define(t, "secret-define", "<secret ephemeral='no' private='yes'><uuid>"+secret+"</uuid><description>of a disk</description><usage type='volume'><volume>"+dir+"/luks.img</volume></usage></secret>")
	add("libvirt_secret.s", "alpha/"+secret, "secret-undefine", secret)

	s.takeOver(ids, "")
	// The configuration that Terraform generated has no references, so Terraform does not know the order of destruction.
	for _, volume := range []string{"layer_qcow2", "thin_qcow2", "whole_img"} {
		s.runs("destroy", "-auto-approve", "-json", "-target=libvirt_volume."+volume)
	}
	s.destroy()
}
