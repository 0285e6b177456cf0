//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
)

// haltSector is a guest that turns itself off as soon as it starts: an image that does not boot.
var haltSector = sector(
	0xba, 0x04, 0x06, // mov dx, 0x604    PM1 control
	0xb8, 0x00, 0x20, // mov ax, 0x2000   enter the deepest sleep state
	0xef, // out dx, ax
)

// noSector is a guest that cannot boot from its disk. Its firmware goes on to boot from the network, and requests a lease.
var noSector = make([]byte, 1<<20)

func TestDomainRollout(t *testing.T) {
	t.Parallel()
	t.Run("guests of all hosts restart one after the other", testRolloutRestarts)
	t.Run("an image that does not boot stops the rollout and the next apply continues", testRolloutReplaces)
}

func testRolloutRestarts(t *testing.T) {
	t.Parallel()
	s, c, began := newStack(t), config{}, time.Now()
	group := unique(t)
	members := map[string]attrs{}
	for i, h := range []*labHost{alpha(), alpha(), beta(), beta()} {
		a := guestAttrs(t, h).with(attrs{"on_change": "restart", "rollout": attrs{"group": group}, "shutdown": attrs{"timeout": 0}})
		address := fmt.Sprintf("libvirt_domain.web-%d", i)
		c[address], members[address] = a, a
	}
	s.apply(c)
	s.settled()
	for address, a := range c {
		c[address] = a.with(attrs{"memory_backing": attrs{"nosharepages": true}})
	}
	s.apply(c)
	down := downtimes(t, began, members)
	if len(down) != len(members) {
		t.Fatalf("%d restarts of %d guests: %v", len(down), len(members), down)
	}
	noneTogether(t, down)

	// A guest that somebody stopped counts: the others run on.
	stopped := c["libvirt_domain.web-3"]
	hostOf(stopped).virsh(t, "destroy", stopped["name"].(string))
	rest := config{}
	for address, a := range c {
		rest[address] = a.with(attrs{"memory_backing": nil})
	}
	rest["libvirt_domain.web-3"] = stopped.with(attrs{"state": "stopped"})
	runs := pid(t, c["libvirt_domain.web-0"])
	s.applyFails(rest, `rolling group "`+group+`": `+stopped["name"].(string)+" is not ready, and at most 1 may be so at a time", "It is as it was before.")
	expect(t, "the process that runs the guest", pid(t, c["libvirt_domain.web-0"]), runs)
	delete(rest, "libvirt_domain.web-3")
	s.apply(rest)
	s.settled()
	s.destroy()
}

func testRolloutReplaces(t *testing.T) {
	t.Parallel()
	s, group, began := newStack(t), unique(t), time.Now()
	pool, _ := alpha().pool(t)
	lan, _ := dhcpNetwork(t)
	c := config{"libvirt_network.lan": lan}
	s.apply(c)
	with := func(code []byte) {
		file := t.TempDir() + "/image.raw"
		if err := os.WriteFile(file, code, 0o600); err != nil {
			t.Fatal(err)
		}
		for address := range c {
			if strings.HasPrefix(address, "libvirt_volume.") {
				c[address]["source"] = file
			}
		}
	}
	members := map[string]attrs{}
	for i := range 3 {
		mac := fmt.Sprintf("52:54:00:00:fb:%02x", i)
		volume, address := fmt.Sprintf("libvirt_volume.web-%d", i), fmt.Sprintf("libvirt_domain.web-%d", i)
		c[volume] = attrs{
			"host": "alpha", "pool": pool, "name": unique(t) + ".img", "format": "raw", "on_new_content": "replace",
		}
		c[address] = domainAttrs(t, alpha()).with(attrs{
			"disks":      attrs{"vda": attrs{"file": "${" + volume + ".path}", "format": "raw", "boot": 1}},
			"interfaces": attrs{"lan": attrs{"network": "${libvirt_network.lan.name}", "mac": mac, "boot": 2}},
			"wait_for":   attrs{"address": "lan", "timeout": 600},
			"rollout":    attrs{"group": group}, "shutdown": attrs{"timeout": 0},
			"lifecycle": attrs{"replace_triggered_by": []string{volume + ".path"}},
		})
		members[address] = c[address]
	}
	with(noSector)
	s.apply(c)

	before := map[string]string{}
	for address, a := range members {
		before[address] = pid(t, a)
	}
	with(haltSector)
	message := s.applyFails(c, `rolling group "`+group+`": `, " is not ready after its change", "the guest has stopped", "so no further member is changed")
	down := 0
	for address, a := range members {
		if domainState(t, a) == "running" {
			expect(t, "the process of "+address, pid(t, a), before[address])
			continue
		}
		down++
		delete(before, address)
		s.says(message, []string{a["name"].(string) + " is not ready after its change"})
	}
	expect(t, "the number of guests that are down", fmt.Sprint(down), "1")

	with(noSector)
	s.apply(c)
	for address := range before {
		if pid(t, members[address]) == before[address] {
			t.Errorf("%s has not been replaced", address)
		}
	}
	noneTogether(t, downtimes(t, began, members))
	s.settled()
	s.destroy()
}

// rolloutCases set the rolling group, which the definition keeps for others to find.
func rolloutCases() map[string]update {
	see := func(t *testing.T, a attrs) string {
		record, _ := hostOf(a).try("metadata", a["name"].(string), schema.RolloutNamespace, "--config")
		_, group, _ := strings.Cut(record, `group="`)
		group, _, _ = strings.Cut(group, `"`)
		return group
	}
	in := func(group string, a attrs) attrs { return attrs{"rollout": attrs{"group": group}.with(a)} }
	return map[string]update{
		"rollout":                 {see: see, steps: []step{{nil, ""}, {in("web", nil), "web"}, {attrs{"rollout": nil}, ""}}},
		"rollout.group":           {see: see, steps: []step{{in("web", nil), "web"}, {in("shop", nil), "shop"}}},
		"rollout.max_unavailable": {see: see, steps: []step{{in("web", attrs{"max_unavailable": 1}), "web"}, {in("web", attrs{"max_unavailable": 2}), "web"}, {in("web", nil), "web"}}},
		"rollout.min_available":   {see: see, steps: []step{{in("web", attrs{"min_available": 1}), "web"}, {in("web", attrs{"min_available": 2}), "web"}, {in("web", nil), "web"}}},
	}
}

// downtime is a time in which a guest did not run.
type downtime struct {
	name      string
	from, til time.Time
}

// downtimes returns the times between the runs of guests since a time, as their hosts recorded them.
func downtimes(t *testing.T, began time.Time, guests map[string]attrs) (all []downtime) {
	t.Helper()
	for _, a := range guests {
		name := a["name"].(string)
		text, err := os.ReadFile(hostOf(a).path("/var/log/libvirt/qemu/" + name + ".log"))
		if err != nil {
			t.Fatal(err)
		}
		var ended time.Time
		for line := range strings.Lines(string(text)) {
			at, what, _ := strings.Cut(line, ": ")
			when, err := time.Parse("2006-01-02 15:04:05.000-0700", at)
			switch {
			case err != nil || when.Before(began):
			case strings.HasPrefix(what, "shutting down"):
				ended = when
			case strings.HasPrefix(what, "starting up") && !ended.IsZero():
				all = append(all, downtime{name, ended, when})
				ended = time.Time{}
			}
		}
	}
	slices.SortFunc(all, func(a, b downtime) int { return a.from.Compare(b.from) })
	return all
}

// noneTogether fails if two guests were down at the same time.
func noneTogether(t *testing.T, all []downtime) {
	t.Helper()
	for i := 1; i < len(all); i++ {
		if last, next := all[i-1], all[i]; next.name != last.name && next.from.Before(last.til) {
			t.Errorf("%s went down at %s, and %s was back at %s", next.name, next.from, last.name, last.til)
		}
	}
}
