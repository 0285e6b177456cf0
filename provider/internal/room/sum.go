package room

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"
)

// Claim is the memory that one operation brings to a host.
type Claim struct {
	Name string       // of the domain
	UUID libvirt.UUID // zero if the domain does not exist yet
	// Brings is what is added to what the host has promised already; Needs is all that the domain then needs there.
	Brings, Needs Demand

	done bool // the operation has ended, and the domain runs
}

// outstanding returns the part of what a claim brings that the host's numbers do not contain yet.
func (c *Claim) outstanding(h Host) Demand {
	rest := c.Brings
	g, runs := h.Guests[c.UUID]
	switch {
	case runs:
		left := min(rest.ordinary(), max(0, c.Needs.ordinary()-g.Resident))
		rest.QEMU = min(rest.QEMU, left)
		rest.Guest = left - rest.QEMU
	case c.done:
		return Demand{} // it has stopped or moved away since
	}
	if c.done {
		rest.Huge = nil
	}
	return rest
}

// sum is what a host has, and what is brought to it.
type sum struct {
	host      Host
	limit     int64 // the host's memory_overcommit, in percent; 0 if unset
	brings    []*Claim
	leaves    []*Claim
	available int64
	inRun     string // what brings the claims: "this plan", "this apply"
}

// question returns what a host must say about the sum.
func (s *sum) question() (q Question) {
	for _, c := range s.brings {
		q.Needed += c.Brings.ordinary()
		q.Huge = q.Huge || len(c.Brings.Huge) > 0
	}
	return q
}

// shortage returns why the claims do not fit together, "" if they do.
func (s *sum) shortage(name string) string {
	var reasons []string
	s.available = s.room()
	need := int64(0)
	for _, c := range s.brings {
		need += c.outstanding(s.host).ordinary()
	}
	if need > s.available {
		reasons = append(reasons, fmt.Sprintf("%s has %s of memory available%s; %s brings %s; "+
			"%s", name, size(max(0, s.available)), s.because(), s.inRun,
			s.list(need, Demand.ordinary, func(d Demand) string { return fmt.Sprintf("%s + %s for QEMU", size(d.Guest), size(d.QEMU)) }),
			"choose another host, lower 'memory', or stop guests there"))
	}
	for _, p := range s.pages() {
		need := int64(0)
		of := func(d Demand) int64 { return d.in(s.host, p) }
		for _, c := range s.brings {
			need += of(c.outstanding(s.host))
		}
		free := s.host.free(p)
		for _, c := range s.leaves {
			free += of(c.Brings)
		}
		if need > free {
			reasons = append(reasons, fmt.Sprintf("%s has %s free in huge pages of %s%s%s; %s brings %s; reserve more of them there "+
				"(vm.nr_hugepages), or "+
				"remove 'memory_backing.hugepages'", name, size(free), pageSize(p.Size), onNode(p), s.after(), s.inRun,
				s.list(need, of, func(d Demand) string { return size(of(d)) })))
		}
	}
	return strings.Join(reasons, "\n")
}

// room returns how much ordinary memory the claims may bring.
func (s *sum) room() int64 {
	n := s.host.Available
	for _, c := range s.leaves {
		if g, runs := s.host.Guests[c.UUID]; runs {
			n += g.Resident
		}
	}
	if s.limit == 0 {
		return n
	}
	return n - s.host.unused(s.counted) + s.host.Total*(s.limit-100)/100
}

// counted reports whether a domain is among the claims.
func (s *sum) counted(id libvirt.UUID) bool {
	is := func(c *Claim) bool { return c.UUID == id }
	return slices.ContainsFunc(s.brings, is) || slices.ContainsFunc(s.leaves, is)
}

// overcommits returns how much the guests on the host may use together beyond its memory, if the claims are met.
func (s *sum) overcommits() int64 {
	if s.limit != 0 {
		return 0 // intended
	}
	need := int64(0)
	for _, c := range s.brings {
		need += c.outstanding(s.host).ordinary()
	}
	return need - (s.room() - s.host.unused(s.counted))
}

// because explains the available memory.
func (s *sum) because() string {
	text := s.after()
	if s.limit != 0 {
		text += fmt.Sprintf(", counting what its guests may come to use, with memory_overcommit = %d", s.limit)
	}
	return text
}

// after names what leaves before.
func (s *sum) after() string {
	var names []string
	for _, c := range s.leaves {
		names = append(names, c.Name)
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return " when " + join(names) + " " + map[bool]string{true: "has", false: "have"}[len(names) == 1] + " left"
}

// pages lists the kinds of huge pages that are brought, and, for pages of a certain node, their size on all nodes.
func (s *sum) pages() (kinds []Pages) {
	for _, c := range s.brings {
		for p := range c.Brings.Huge {
			p = s.host.sized(p)
			kinds = append(kinds, p, Pages{p.Size, AnyNode})
		}
	}
	slices.SortFunc(kinds, func(a, b Pages) int { return cmp.Or(cmp.Compare(a.Size, b.Size), cmp.Compare(a.Node, b.Node)) })
	return slices.Compact(kinds)
}

// in returns what a demand takes of one kind of huge pages.
func (d Demand) in(h Host, p Pages) (all int64) {
	for have, n := range d.Huge {
		if have = h.sized(have); have.Size == p.Size && (p.Node == AnyNode || p.Node == have.Node) {
			all += n
		}
	}
	return all
}

// maxListed is how many claims a message lists.
const maxListed = 12

// list names the claims with what they bring, the greatest first, and their sum.
func (s *sum) list(all int64, of func(Demand) int64, text func(Demand) string) string {
	claims := slices.DeleteFunc(slices.Clone(s.brings), func(c *Claim) bool { return of(c.outstanding(s.host)) == 0 })
	slices.SortFunc(claims, func(a, b *Claim) int {
		return cmp.Or(cmp.Compare(of(b.Brings), of(a.Brings)), cmp.Compare(a.Name, b.Name))
	})
	var names []string
	for i, c := range claims {
		if i == maxListed {
			names = append(names, fmt.Sprintf("%d others", len(claims)-i))
			break
		}
		names = append(names, fmt.Sprintf("%s (%s)", c.Name, text(c.outstanding(s.host))))
	}
	if len(names) == 1 {
		return names[0]
	}
	return join(names) + ", " + size(all) + " together"
}

func join(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func onNode(p Pages) string {
	if p.Node == AnyNode {
		return ""
	}
	return fmt.Sprintf(" on NUMA node %d", p.Node)
}

func pageSize(kib int64) string {
	if kib == 0 {
		return "the default size"
	}
	return size(kib)
}

// size writes a size in KiB for people.
func size(kib int64) string {
	switch {
	case kib >= kibPerGiB && kib%kibPerGiB == 0:
		return fmt.Sprintf("%d GiB", kib/kibPerGiB)
	case kib >= kibPerGiB:
		return fmt.Sprintf("%.1f GiB", float64(kib)/kibPerGiB)
	default:
		return fmt.Sprintf("%d MiB", (kib+kibPerMiB-1)/kibPerMiB)
	}
}
