//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// uefiGuest returns a guest with nothing to boot: its firmware starts the built-in shell, or is not allowed to.
func uefiGuest(t *testing.T, more attrs) attrs {
	t.Helper()
	log := directory(t)
	if err := os.MkdirAll(alpha().path(log), 0o755); err != nil {
		t.Fatal(err)
	}
	// The guest runs in software: Debian's firmware needs System Management Mode, which KVM lacks on a host that is itself virtual.
	return domainAttrs(t, alpha()).with(attrs{"firmware": "efi", "type": "qemu", "memory": 128 << 10, "serial": attrs{"log_file": log + "/serial.log"}}).with(more)
}

// firmwareSays waits for a line of the firmware on the serial port.
func firmwareSays(t *testing.T, a attrs, words string) {
	t.Helper()
	log := hostOf(a).path(a["serial"].(attrs)["log_file"].(string))
	eventually(t, "the firmware to say "+words, func() bool {
		text, err := os.ReadFile(log)
		return err == nil && strings.Contains(string(text), words)
	})
}

const (
	shellStarts  = "UEFI Interactive Shell"
	shellRefused = "Security Violation" // the shell is not signed
)

func testSecureBoot(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), uefiGuest(t, attrs{"on_change": "restart"})
	secure := a.with(attrs{"efi": attrs{"secure_boot": true}})
	variables := func() string { return at(alpha().xml(t, "dumpxml", a["name"].(string)), "os/nvram") }
	s.apply(config{aDomain: a})
	s.settled()
	firmwareSays(t, a, shellStarts)
	open := variables()

	// libvirt 9.0 uses an existing file of variables as it is: without the keys, the firmware would start anything.
	s.shows(config{aDomain: secure}, "+ secure_boot = true")
	s.apply(config{aDomain: secure})
	s.settled()
	firmwareSays(t, a, shellRefused)
	closed := variables()
	expect(t, "whether the loader is secure", at(alpha().xml(t, "dumpxml", a["name"].(string)), "os/loader@secure"), "yes")
	if open == closed {
		t.Errorf("both firmwares use the variables in %s", open)
	}
	s.importable("shutdown", "on_change")

	s.apply(config{aDomain: a})
	s.settled()
	firmwareSays(t, a, shellStarts)
	expect(t, "the variables that it had before", variables(), open)
	s.destroy()
	for _, file := range []string{open, closed} {
		if _, err := os.Stat(alpha().path(file)); err == nil {
			t.Errorf("%s outlived the domain", file)
		}
	}
}

func testLoaderPath(t *testing.T) {
	t.Parallel()
	a := uefiGuest(t, nil)
	dir := filepath.Dir(a["serial"].(attrs)["log_file"].(string))
	loader := alpha().firmware(t, "_CODE_4M.ms.fd")
	own := attrs{"loader": loader, "nvram_template": strings.Replace(loader, "_CODE_", "_VARS_", 1), "nvram": dir + "/own.fd", "secure_boot": true}
	s, a := newStack(t), a.with(attrs{"efi": own})
	s.apply(config{aDomain: a})
	s.settled()
	firmwareSays(t, a, shellRefused)
	if _, err := os.Stat(alpha().path(dir + "/own.fd")); err != nil {
		t.Error(err)
	}
	s.importable("shutdown")
	s.destroy()
	if _, err := os.Stat(alpha().path(dir + "/own.fd")); err == nil {
		t.Error("the variables outlived the domain")
	}
}

func testFirmwareMissing(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), domainAttrs(t, alpha()).with(attrs{"firmware": "efi", "type": "qemu", "state": "stopped"})
	s.planFails(config{aDomain: a.with(attrs{"machine": alpha().versioned(t, "pc-i440fx")[0], "efi": attrs{"secure_boot": true}})}, "'secure_boot' requires 'machine' to be \"q35\"")
	s.planFails(config{aDomain: a.with(attrs{"machine": "microvm"})}, `alpha has no firmware for "efi"`)
	s.planFails(config{aDomain: a.with(attrs{"arch": "i686", "machine": "isapc", "efi": attrs{"secure_boot": true}})}, "alpha has no firmware")
	s.apply(config{aDomain: a.with(attrs{"firmware": "bios"})})
	s.planFails(config{aDomain: a.with(attrs{"machine": "microvm"})}, `alpha has no firmware for "efi"`)
	s.apply(config{aDomain: a})
}

func testFirmwarePending(t *testing.T) {
	t.Parallel()
	s, a := newStack(t), uefiGuest(t, nil)
	s.apply(config{aDomain: a})
	dir := filepath.Dir(a["serial"].(attrs)["log_file"].(string))
	code, template := alpha().firmware(t, "_CODE_4M.secboot.fd"), strings.Replace(alpha().firmware(t, "_CODE_4M.ms.fd"), "_CODE_", "_VARS_", 1)
	variables := dir + "/own.fd"
	waits := func(efi attrs, waiting ...string) {
		t.Helper()
		c := config{aDomain: a.with(attrs{"efi": efi}.with(nil))}
		list := strings.Join(waiting, ", ")
		if o := s.plan(c); list != "" && !strings.Contains(o.warnings(), " keeps running as it is: ") {
			t.Errorf("the plan says %q of what waits", o.warnings())
		}
		s.apply(c)
		s.settled()
		s.pendingIs(orNil(list))
	}
	waits(attrs{"secure_boot": true}, "efi.secure_boot")
	waits(attrs{"nvram": variables}, "efi.nvram")
	waits(attrs{"loader": code, "nvram_template": template}, "efi.loader", "efi.nvram_template")
	waits(nil) // as the guest runs now
	s.apply(config{aDomain: a.with(attrs{"firmware": "bios"})})
	s.settled()
	s.pendingIs("firmware")
	waits(nil) // the variables are the same as before
	s.destroy()
}
