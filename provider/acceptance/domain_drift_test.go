//go:build acceptance

package acceptance

import (
	"strings"
	"testing"
)

// testDriftOfRunningGuest changes only the running guest, outside Terraform. The plan shows the change, and the apply reverts it in the
// running guest.
func testDriftOfRunningGuest(t *testing.T) {
	t.Parallel()
	lan := alpha().network(t)
	a := sectorGuest(t, alpha(), tallySector)
	a = put(a, []string{"disks", "vda", "iotune"}, attrs{"total_iops_sec": 500}).with(attrs{
		"interfaces": attrs{"lan": attrs{"network": lan, "mac": "52:54:00:00:ec:01", "link": "up"}},
		"cputune":    attrs{"shares": 512}, "title": "web", "shutdown": attrs{"timeout": 0},
	})
	a = put(a, []string{"disks", "sda"}, attrs{"file": alpha().guestDisk(t), "format": "raw", "device": "cdrom", "bus": "sata"})
	c, name := config{aDomain: a}, a["name"].(string)
	s := newStack(t)
	s.apply(c)
	s.settled()
	run, other := pid(t, a), alpha().guestDisk(t)

	alpha().virsh(t, "domif-setlink", name, "52:54:00:00:ec:01", "down")
	alpha().virsh(t, "schedinfo", name, "--live", "cpu_shares=2048")
	alpha().virsh(t, "blkdeviotune", name, "vda", "--total-iops-sec", "100", "--live")
	alpha().virsh(t, "desc", name, "--title", "--live", "other")
	alpha().virsh(t, "change-media", name, "sda", other, "--update", "--live", "--force")
	s.shows(c, `~ link = "down" -> "up"`, "~ shares = 2048 -> 512", "~ total_iops_sec = 100 -> 500", `~ title = "other" -> "web"`, `~ file = "`+other+`" -> "`, "0 to add, 1 to change, 0 to destroy")
	s.apply(c)
	s.settled()
	live := alpha().xml(t, "dumpxml", name)
	for where, want := range map[string]string{
		"devices/interface/link@state": "up", "cputune/shares": "512", "devices/disk[@device='disk']/iotune/total_iops_sec": "500", "title": "web",
		"devices/disk[@device='cdrom']/source@file": a["disks"].(attrs)["sda"].(attrs)["file"].(string),
	} {
		expect(t, where, strings.TrimSpace(at(live, where)), want)
	}
	expect(t, "the process that runs the guest", pid(t, a), run)
	s.destroy()
}
