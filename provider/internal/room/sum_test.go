package room

import (
	"strings"
	"testing"

	"github.com/digitalocean/go-libvirt"
)

func id(n byte) libvirt.UUID { return libvirt.UUID{n} }

// ordinary returns a claim for ordinary memory.
func ordinary(name string, n byte, guest, qemu int64) *Claim {
	d := Demand{Guest: guest, QEMU: qemu}
	return &Claim{Name: name, UUID: id(n), Brings: d, Needs: d}
}

func inPages(name string, p Pages, n int64) *Claim {
	d := Demand{Huge: map[Pages]int64{p: n}}
	return &Claim{Name: name, Brings: d, Needs: d}
}

func TestWhatFitsTogether(t *testing.T) {
	const qemu = 307 << 10 // 0.3 GiB
	moves := []*Claim{ordinary("web-1", 1, 12*gib, qemu), ordinary("web-2", 2, 12*gib, qemu), ordinary("web-3", 3, 12*gib, qemu)}
	ran := map[libvirt.UUID]Guest{id(9): {Promised: 12 * gib, Resident: 4 * gib}}
	host := Host{Total: 24 * gib, Available: 20 * gib, Guests: ran}
	paged := Host{Total: 24 * gib, Available: 20 * gib, Default: 2048, Free: map[Pages]int64{{2048, 0}: 2 * gib, {2048, 1}: gib, {gib, 0}: 0}}
	const advice = "; choose another host, lower 'memory', or stop guests there"
	const pagesAdvice = "; reserve more of them there (vm.nr_hugepages), or remove 'memory_backing.hugepages'"
	for name, c := range map[string]struct {
		sum  sum
		want string
	}{
		"one":                       {sum{host: host, brings: moves[:1]}, ""},
		"three":                     {sum{host: host, brings: moves}, "beta has 20 GiB of memory available; this plan brings web-1 (12 GiB + 307 MiB for QEMU), web-2 (12 GiB + 307 MiB for QEMU) and web-3 (12 GiB + 307 MiB for QEMU), 36.9 GiB together" + advice},
		"two":                       {sum{host: host, brings: moves[:2]}, "beta has 20 GiB of memory available; this plan brings web-1 (12 GiB + 307 MiB for QEMU) and web-2 (12 GiB + 307 MiB for QEMU), 24.6 GiB together" + advice},
		"two, and one leaves":       {sum{host: host, brings: moves[:2], leaves: []*Claim{ordinary("old", 9, 12*gib, 0)}}, "beta has 24 GiB of memory available when old has left; this plan brings web-1 (12 GiB + 307 MiB for QEMU) and web-2 (12 GiB + 307 MiB for QEMU), 24.6 GiB together" + advice},
		"promises count":            {sum{host: host, limit: 100, brings: moves[1:2]}, "beta has 12 GiB of memory available, counting what its guests may come to use, with memory_overcommit = 100; this plan brings web-2 (12 GiB + 307 MiB for QEMU)" + advice},
		"promises of one that goes": {sum{host: host, limit: 100, brings: moves[1:2], leaves: []*Claim{ordinary("old", 9, 12*gib, 0)}}, ""},
		"overcommitted by half":     {sum{host: host, limit: 150, brings: moves[:1]}, ""},
		"overcommitted by too much": {sum{host: host, limit: 150, brings: moves[:2]}, "beta has 24 GiB of memory available, counting what its guests may come to use, with memory_overcommit = 150; this plan brings web-1 (12 GiB + 307 MiB for QEMU) and web-2 (12 GiB + 307 MiB for QEMU), 24.6 GiB together" + advice},
		"pages":                     {sum{host: paged, brings: []*Claim{inPages("a", Pages{0, AnyNode}, 3*gib)}}, ""},
		"pages of two":              {sum{host: paged, brings: []*Claim{inPages("a", Pages{0, AnyNode}, 2*gib), inPages("b", Pages{2048, 1}, gib)}}, ""},
		"too many pages":            {sum{host: paged, brings: []*Claim{inPages("a", Pages{0, AnyNode}, 3*gib), inPages("b", Pages{2048, 1}, gib)}}, "beta has 3 GiB free in huge pages of 2 MiB; this plan brings a (3 GiB) and b (1 GiB), 4 GiB together" + pagesAdvice},
		"too many on a node":        {sum{host: paged, brings: []*Claim{inPages("a", Pages{2048, 1}, 2*gib)}}, "beta has 1 GiB free in huge pages of 2 MiB on NUMA node 1; this plan brings a (2 GiB)" + pagesAdvice},
		"no pages of the size":      {sum{host: paged, brings: []*Claim{inPages("a", Pages{gib, AnyNode}, gib)}}, "beta has 0 MiB free in huge pages of 1 GiB; this plan brings a (1 GiB)" + pagesAdvice},
		"pages are given back":      {sum{host: paged, brings: []*Claim{inPages("a", Pages{2048, AnyNode}, 4*gib)}, leaves: []*Claim{inPages("b", Pages{2048, AnyNode}, gib)}}, ""},
		"no huge pages":             {sum{host: host, brings: []*Claim{inPages("a", Pages{0, AnyNode}, gib)}}, "beta has 0 MiB free in huge pages of the default size; this plan brings a (1 GiB)" + pagesAdvice},
	} {
		c.sum.inRun = "this plan"
		if got := c.sum.shortage("beta"); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestAListOfManyNamesTheGreatest(t *testing.T) {
	s := sum{host: Host{}, inRun: "this plan"}
	for i := range byte(20) {
		s.brings = append(s.brings, ordinary(string('a'+rune(i)), i+1, int64(i+1)*gib, 0))
	}
	got := s.shortage("beta")
	if !strings.Contains(got, "brings t (20 GiB + 0 MiB for QEMU), s (19 GiB") || !strings.Contains(got, " and 8 others, 210 GiB together") {
		t.Errorf("got %s", got)
	}
}

func TestWhatAGuestHasTakenIsNotCountedTwice(t *testing.T) {
	claim := ordinary("a", 1, 4*gib, 0)
	at := func(resident int64) Host {
		return Host{Guests: map[libvirt.UUID]Guest{id(1): {Promised: 4 * gib, Resident: resident}}}
	}
	for _, c := range []struct {
		name string
		done bool
		host Host
		want int64
	}{
		{"it has not begun", false, Host{}, 4 * gib},
		{"it starts", false, at(gib), 3 * gib},
		{"it runs and has not used its memory", true, at(gib), 3 * gib},
		{"it runs and uses all", true, at(5 * gib), 0},
		{"it has left again", true, Host{}, 0},
	} {
		claim.done = c.done
		if got := claim.outstanding(c.host).ordinary(); got != c.want {
			t.Errorf("%s: %s are outstanding, want %s", c.name, size(got), size(c.want))
		}
	}
	grows := &Claim{UUID: id(1), Brings: Demand{Guest: gib}, Needs: Demand{Guest: 5 * gib}}
	if got := grows.outstanding(at(2 * gib)).ordinary(); got != gib {
		t.Errorf("growth by 1 GiB brings %s", size(got))
	}
}
