//go:build acceptance

package acceptance

import (
	"os"
	"strings"
	"testing"
)

// isUnconfined reports whether a security driver does not confine a guest.
func isUnconfined(a attrs) bool {
	labels, _ := a["seclabel"].(attrs)
	for _, label := range labels {
		if label.(attrs)["type"] == "none" {
			return true
		}
	}
	return false
}

// confinementCases returns the cases of what confines a guest, and of what it has of caches and memory bandwidth.
func confinementCases() map[string]update {
	group := []string{"update", "update"}
	label := func(driver string, a attrs) attrs { return attrs{"seclabel": attrs{driver: a}} }
	none := func(reason string) attrs { return label("apparmor", attrs{"type": "none", "reason": reason}) }
	static := func(a attrs) attrs {
		return label("dac", attrs{"type": "static", "label": "+1000:+1000"}.with(a))
	}
	dynamic := func(base string) attrs { return label("selinux", attrs{"type": "dynamic", "baselabel": base}) }
	disk := func(options any) attrs {
		return attrs{"disks": attrs{"vda": attrs{"file": "/srv/one.img", "options": options}.with(nil)}}
	}
	image := func(a attrs) attrs { return disk(attrs{"queues": 2, "seclabel": attrs{"dac": a}}) }
	const first, second = "system_u:system_r:svirt_t:s0", "system_u:system_r:svirt_tcg_t:s0"
	see, seeImage := together("seclabel@type", "seclabel@model"), together("devices/disk/source/seclabel@relabel", "devices/disk/source/seclabel/label")
	cases := map[string]update{
		"seclabel":           {see: see, actions: group, steps: []step{{nil, " "}, {none("not yet"), "none apparmor"}, {attrs{"seclabel": nil}, " "}}},
		"seclabel.type":      {see: see, steps: []step{{static(nil), "static dac"}, {label("dac", attrs{"type": "none", "reason": "not yet"}), "none dac"}}},
		"seclabel.label":     {see: defined("seclabel/label"), steps: []step{{static(nil), "+1000:+1000"}, {static(attrs{"label": "+1001:+1001"}), "+1001:+1001"}, {none("not yet"), ""}}},
		"seclabel.baselabel": {see: defined("seclabel/baselabel"), steps: []step{{dynamic(first), first}, {dynamic(second), second}, {none("not yet"), ""}}},
		"seclabel.relabel":   {see: defined("seclabel@relabel"), steps: []step{{static(attrs{"relabel": true}), "yes"}, {static(attrs{"relabel": false}), "no"}, {static(nil), "no"}}},
		"seclabel.reason":    {see: see, steps: []step{{none("not yet"), "none apparmor"}, {none("until May"), "none apparmor"}, {static(nil), "static dac"}}},
		"disks.options.seclabel": {see: seeImage, actions: group, steps: []step{
			{disk(attrs{"queues": 2}), " "}, {image(attrs{"relabel": false}), "no "}, {disk(attrs{"queues": 2}), " "}}},
		"disks.options.seclabel.relabel": {see: seeImage, steps: []step{{image(attrs{"relabel": false}), "no "}, {image(attrs{"label": "+1:+1"}), "yes +1:+1"}}},
		"disks.options.seclabel.label":   {see: seeImage, steps: []step{{image(attrs{"label": "+1:+1"}), "yes +1:+1"}, {image(attrs{"label": "+2:+2"}), "yes +2:+2"}, {image(attrs{"relabel": false}), "no "}}},
	}
	tune := func(a attrs) attrs { return attrs{"cputune": attrs{"shares": 512}.with(a)} }
	caches := func(size int, level any) attrs {
		return tune(attrs{"cachetune": attrs{"0": attrs{"caches": attrs{"0/both": attrs{"size": size}.with(attrs{"level": level})}}}})
	}
	bandwidth := func(percent int) attrs {
		return tune(attrs{"memorytune": attrs{"0": attrs{"nodes": attrs{"0": attrs{"bandwidth": percent}}}}})
	}
	for path, u := range map[string]update{
		"cputune.cachetune":                  {see: defined("cputune/cachetune/cache@size"), actions: group, steps: []step{{tune(nil), ""}, {caches(3072, 3), "3"}, {tune(nil), ""}}},
		"cputune.cachetune.caches.level":     {see: defined("cputune/cachetune/cache@level"), steps: []step{{caches(3072, 3), "3"}, {caches(3072, 2), "2"}, {caches(3072, nil), "3"}}},
		"cputune.cachetune.caches.size":      {see: defined("cputune/cachetune/cache@size"), steps: []step{{caches(3072, 3), "3"}, {caches(6144, 3), "6"}}},
		"cputune.memorytune":                 {see: defined("cputune/memorytune/node@bandwidth"), actions: group, steps: []step{{tune(nil), ""}, {bandwidth(50), "50"}, {tune(nil), ""}}},
		"cputune.memorytune.nodes.bandwidth": {see: defined("cputune/memorytune/node@bandwidth"), steps: []step{{bandwidth(50), "50"}, {bandwidth(60), "60"}}},
	} {
		if theLab.Accelerator != "kvm" {
			u.lacking = "KVM, without which libvirt allocates no caches"
		}
		cases[path] = u
	}
	return cases
}

// TestDomainConfinement asserts that a guest runs as the user that its label names, that the change of a label waits for the next start, that a plan
// shows why a guest is not confined, and that a plan refuses what the host cannot do.
func TestDomainConfinement(t *testing.T) {
	t.Parallel()
	a := sectorGuest(t, alpha(), tallySector).with(attrs{"shutdown": attrs{"timeout": 0}, "seclabel": attrs{"dac": attrs{"type": "static", "label": "+1234:+1234", "relabel": true}}})
	if err := os.Chmod(alpha().path(diskOf(a)), 0o666); err != nil { // the host may change no owner
		t.Fatal(err)
	}
	s, name := newStack(t), a["name"].(string)
	s.apply(config{aDomain: a})
	s.settled()
	s.pendingIs(nil)
	s.importable("shutdown")
	run := pid(t, a)
	user := func() string {
		t.Helper()
		status, err := os.ReadFile("/proc/" + pid(t, a) + "/status")
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(status), "\nUid:\t")
		return strings.Fields(rest)[0]
	}
	expect(t, "user of QEMU", user(), "1234")
	confined, _ := s.resources()[aDomain]["confined_by"].(string)
	expect(t, "what confines a guest without SELinux and AppArmor", confined, "")

	changed := put(a, []string{"seclabel", "dac", "label"}, "+1235:+1235")
	expect(t, "warning", s.plan(config{aDomain: changed}).warnings(), name+` keeps running as it is: seclabel["dac"].label`+waits)
	s.apply(config{aDomain: changed})
	s.settled()
	s.pendingIs(`seclabel["dac"].label`)
	expect(t, "the process that runs the guest", pid(t, a), run)
	s.apply(config{aDomain: changed.with(attrs{"on_change": "restart"})})
	s.settled()
	s.pendingIs(nil)
	expect(t, "user of QEMU after a restart", user(), "1235")

	unconfined := put(a, []string{"seclabel"}, attrs{"dac": attrs{"type": "none", "reason": "its user is set outside, until May"}})
	if text := s.plan(config{aDomain: unconfined}).warnings(); !strings.Contains(text, name+" is not confined by dac: its user is set outside, until May") {
		t.Errorf("the plan does not say why the guest is not confined: %s", text)
	}
	s.planFails(config{aDomain: put(a, []string{"seclabel", "smack"}, attrs{"type": "none", "reason": "x"})}, `alpha has no security driver "smack", only none, dac`)
	s.planFails(config{aDomain: a.with(attrs{"cputune": attrs{"cachetune": attrs{"0": attrs{"caches": attrs{"0/both": attrs{"size": 4096}}}}}})}, "alpha allocates no caches: its processor cannot")
	s.planFails(config{aDomain: a.with(attrs{"cputune": attrs{"memorytune": attrs{"0": attrs{"nodes": attrs{"0": attrs{"bandwidth": 50}}}}}})}, "alpha limits no memory bandwidth: its processor cannot")
	s.planFails(config{aDomain: a.with(attrs{"cputune": attrs{"emulatorpin": "9999"}})}, "'emulatorpin' must be CPUs of alpha, which has ")
	s.write(config{aDomain: changed.with(attrs{"on_change": "restart"})}, nil)
}
