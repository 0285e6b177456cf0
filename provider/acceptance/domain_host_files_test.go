//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestDomainHostFiles asserts that the plan knows whether a host has the files that a definition names, wherever it names them.
func TestDomainHostFiles(t *testing.T) {
	t.Parallel()
	t.Run("a new domain is refused if its host lacks a file", testFilesOfNewDomain)
	t.Run("a domain does not move to a host that lacks its files", testFilesOfMovingDomain)
}

// fwcfg and argument are elements that name a file.
func fwcfg(file string) attrs {
	return attrs{"a": attrs{"element": fmt.Sprintf(`<sysinfo type="fwcfg"><entry name="opt/com.coreos/config" file=%q/></sysinfo>`, file)}}
}

func argument(file string) attrs {
	return attrs{"a": attrs{"element": fmt.Sprintf(`<qemu:commandline xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"><qemu:arg value="-fw_cfg"/>`+
		`<qemu:arg value="name=opt/com.coreos/config,file=%s"/></qemu:commandline>`, file)}}
}

func testFilesOfNewDomain(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"type": "qemu", "state": "paused"})
	loose := directory(t) // in no pool
	if err := os.MkdirAll(alpha().path(loose), 0o755); err != nil {
		t.Fatal(err)
	}
	_, pooled := alpha().pool(t)
	for _, dir := range []string{loose, pooled} {
		file := dir + "/config.ign"
		for at, c := range map[string]attrs{
			"kernel":               {"kernel": file},
			`disks["vda"].file`:    {"disks": attrs{"vda": attrs{"file": file}}},
			`xml["a"]`:             {"xml": fwcfg(file)},
			`initrd`:               {"kernel": "/boot/none", "initrd": file},
			`devices.filesystems`:  {"devices": attrs{"filesystems": attrs{"a": attrs{"source": file, "driver": "9p"}}}},
			`serial.log_file`:      {"serial": attrs{"log_file": file + "/log"}},
			`efi.loader`:           {"firmware": "efi", "efi": attrs{"loader": file}},
			`disks["sda"].file`:    {"disks": attrs{"sda": attrs{"file": file, "device": "cdrom", "bus": "sata"}}},
			`xml["a"], on the way`: {"xml": argument(file)},
		} {
			o := s.plan(config{aDomain: a.with(c)})
			if o.code != 1 {
				t.Errorf("%s in %s: the plan is accepted", at, dir)
			}
			s.says(o.errors(), []string{file})
			stopped := s.plan(config{aDomain: a.with(c).with(attrs{"state": "stopped"})})
			if stopped.code == 1 {
				t.Errorf("%s in %s: the plan of a stopped domain is refused: %s", at, dir, stopped.errors())
			}
			s.says(stopped.warnings(), []string{file})
		}
		if err := os.WriteFile(alpha().path(file), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		s.apply(config{aDomain: a.with(attrs{"xml": fwcfg(file)})})
		s.settled()
		s.planFails(config{aDomain: a.with(attrs{"xml": fwcfg(file + ".other"), "on_change": "restart"})}, "alpha does not have the file "+file+`.other (xml["a"]), but config.ign`)
		s.write(config{aDomain: a.with(attrs{"xml": fwcfg(file)})}, nil) // or the change is planned before the destruction
		s.destroy()
	}

	// A pool below /dev may have other names for its files, as one of iSCSI has, and does not list all devices.
	devices, pool := "/dev/shm/"+unique(t), unique(t)
	alpha().inside(t, "mkdir", devices)
	t.Cleanup(func() { alpha().inside(t, "rmdir", devices) })
	alpha().virsh(t, "pool-create-as", pool, "dir", "--target", devices)
	t.Cleanup(func() { alpha().virsh(t, "pool-destroy", pool) })
	if o := s.plan(config{aDomain: a.with(attrs{"disks": attrs{"vda": attrs{"file": devices + "/lun-1", "format": "raw"}}})}); o.code == 1 {
		t.Errorf("a path that libvirt cannot list is taken for a missing one: %s", o.errors())
	}
	s.planFails(config{aDomain: a.with(attrs{"kernel": "/nonexistent/vmlinuz"})}, "alpha does not have the file /nonexistent/vmlinuz (kernel), nor its directory")
}

func testFilesOfMovingDomain(t *testing.T) {
	t.Parallel()
	dir, name := directory(t), unique(t)
	pools := config{}
	for _, h := range theLab.Hosts {
		pools["libvirt_pool."+h.Name] = attrs{"host": h.Name, "name": name, "path": dir}
	}
	source := filepath.Join(t.TempDir(), "config.ign")
	if err := os.WriteFile(source, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for how, names := range map[string]func(file string) attrs{
		"fwcfg": func(file string) attrs { return attrs{"xml": fwcfg(file)} }, "argument": func(file string) attrs { return attrs{"xml": argument(file)} },
		"kernel": func(file string) attrs { return attrs{"kernel": file} },
	} {
		for _, state := range []string{"stopped", "paused"} {
			if how == "kernel" && state == "paused" {
				continue // it is none
			}
			t.Run(how+" "+state, func(t *testing.T) {
				s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"type": "qemu", "state": state})
				c := config{"libvirt_volume.ign": attrs{"host": "alpha", "pool": "${libvirt_pool.alpha.name}", "name": unique(t), "format": "raw", "source": source}}
				for address, pool := range pools {
					c[address] = pool.with(attrs{"name": unique(t), "path": dir + "/" + unique(t)})
				}
				c["libvirt_pool.beta"] = c["libvirt_pool.alpha"].with(attrs{"host": "beta"})
				file := c["libvirt_pool.alpha"]["path"].(string) + "/" + c["libvirt_volume.ign"]["name"].(string)
				on := func(host string) config {
					d := config{aDomain: a.with(attrs{"host": host, "depends_on": []string{"libvirt_volume.ign", "libvirt_pool.beta"}}).with(names(file))}
					for address, other := range c {
						d[address] = other
					}
					return d
				}
				s.apply(on("alpha"))
				s.planFails(on("beta"), "beta does not have the file "+file)
				there := on("beta")
				there["libvirt_volume.there"] = c["libvirt_volume.ign"].with(attrs{"host": "beta", "pool": "${libvirt_pool.beta.name}"})
				there[aDomain]["depends_on"] = []string{"libvirt_volume.ign", "libvirt_volume.there"}
				s.apply(there)
				s.settled()
			})
		}
	}
}
