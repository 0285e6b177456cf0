//go:build acceptance

package acceptance

import (
	"fmt"
	"strings"
	"testing"
)

func TestSeedOfDomain(t *testing.T) {
	t.Parallel()
	t.Run("QEMU passes a plain seed to the guest by fw_cfg", testSeedByFwCfg)
	t.Run("its digest replaces a domain when the content changes, and only then", testSeedDigest)
}

func testSeedByFwCfg(t *testing.T) {
	t.Parallel()
	pool, _ := alpha().pool(t)
	name := unique(t)
	seed := attrs{"host": alpha().Name, "pool": pool, "name": "it.ign", "content": `{"ignition":{"version":"3.4.0"}}`}
	domain := attrs{"host": alpha().Name, "name": name, "type": theLab.Accelerator, "vcpu": 1, "memory": 32 << 10, "shutdown": attrs{"timeout": 0},
		"xml": attrs{"seed": attrs{"element": `<sysinfo type="fwcfg"><entry name="opt/com.coreos/config" file="${` + aSeed + `.path}"/></sysinfo>`}}}
	s := newStack(t)
	s.apply(config{aSeed: seed, aDomain: domain})
	s.settled()
	expect(t, "state", alpha().virsh(t, "domstate", name), "running")
	process := alpha().inside(t, "sh", "-c", "tr '\\0' ' ' < /proc/$(cat /run/libvirt/qemu/"+name+".pid)/cmdline")
	if !strings.Contains(process, "-fw_cfg name=opt/com.coreos/config,file=") {
		t.Errorf("QEMU does not pass the file: %s", process)
	}
	expect(t, "the file", inSeed("")(t, seed), seed["content"].(string))

	changed := seed.with(attrs{"content": `{}`})
	o := s.apply(config{aSeed: changed, aDomain: domain})
	if !strings.Contains(o.warnings(), `Seed "it.ign" gets new content`) {
		t.Errorf("the apply does not say that the seed changes: %s", o.warnings())
	}
	s.settled()
	expect(t, "the shorter file", inSeed("")(t, changed), `{}`)
}

func testSeedDigest(t *testing.T) {
	t.Parallel()
	pool, _ := poolEverywhere(t)
	seed := func(host *labHost, user string) attrs {
		return attrs{"host": host.Name, "pool": pool, "name": "it.iso", "cloud_init": attrs{"user_data": user, "meta_data": "instance-id: it\n"}}
	}
	domain := func(host *labHost) attrs {
		return attrs{"host": host.Name, "name": unique(t), "type": theLab.Accelerator, "vcpu": 1, "memory": 32 << 10, "state": "stopped",
			"disks":     attrs{"sda": attrs{"file": "${" + aSeed + ".path}", "format": "raw", "device": "cdrom", "bus": "sata"}},
			"lifecycle": attrs{"replace_triggered_by": []string{aSeed + ".digest"}}}
	}
	s := newStack(t)
	s.apply(config{aSeed: seed(alpha(), "#one"), aDomain: domain(alpha())})
	uuid := func() string { return fmt.Sprint(s.state(aDomain)["uuid"]) }
	first := uuid()
	s.apply(config{aSeed: seed(beta(), "#one"), aDomain: domain(beta())})
	s.apply(config{aSeed: seed(beta(), "#one"), aDomain: domain(beta())})
	expect(t, "the domain after it moved with its seed", uuid(), first)
	s.shows(config{aSeed: seed(beta(), "#two"), aDomain: domain(beta())}, "1 to add, 1 to change, 1 to destroy")
	s.apply(config{aSeed: seed(beta(), "#two"), aDomain: domain(beta())})
	if uuid() == first {
		t.Error("the domain was not replaced")
	}
	s.settled()
}
