//go:build acceptance

package acceptance

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/digitalocean/go-libvirt"
)

// everyOperation runs a subtest for each operation, or for a sample of them.
func everyOperation(t *testing.T, of func(t *testing.T, name string, o operation, source string)) {
	t.Helper()
	source, _ := image(t, "raw", mib)
	named := map[string]operation{}
	for what, all := range operations() {
		for _, o := range all {
			named[what+" "+o.name] = o
		}
	}
	for _, name := range sample(t.Name(), slices.Sorted(maps.Keys(named))) {
		t.Run(name, func(t *testing.T) { of(t, name, named[name], source) })
	}
}

func TestFaultHost(t *testing.T) {
	t.Parallel()
	t.Run("permission denied", testPermissionDenied)
	t.Run("the disk is full", testDiskFull)
	t.Run("two applies run at the same time", testConcurrentApplies)
	t.Run("an object changes by hand during an apply", testChangedDuringApply)
}

// testPermissionDenied runs each operation as a user whose connection is read-only.
func testPermissionDenied(t *testing.T) {
	t.Parallel()
	everyOperation(t, func(t *testing.T, name string, o operation, source string) {
		t.Parallel()
		l, err := learn(t, o, source)
		if err != nil {
			t.Fatal(err)
		}
		o.prelude = func(r *faultRun) {
			r.proxy.mu.Lock()
			r.proxy.target += "-ro"
			r.proxy.mu.Unlock()
			r.proxy.cut()
		}
		outcome, losses, err := inject(t, o, source, l, point{}, nil)
		if err != nil {
			t.Error(err)
		}
		if outcome != "failed" {
			losses = append(losses, "it was not refused")
		}
		injected(t, "permission denied", name, "from the start", outcome, losses)
	})
}

// TestFaultHostExclusive runs alone: it breaks a host that all tests use.
func TestFaultHostExclusive(t *testing.T) {
	t.Run("libvirtd is down during a plan", testLibvirtdDown)
}

// TestFaultSite breaks the site for all that use it, one operation at a time.
func TestFaultSite(t *testing.T) {
	if theSite != theLab {
		t.Parallel()
	}
	t.Run("libvirtd is killed", testLibvirtdKilled)
	t.Run("the disk that holds the definitions is full", testDefinitionsDiskFull)
}

// testLibvirtdKilled kills libvirtd after the first call that changes something.
func testLibvirtdKilled(t *testing.T) {
	everyOperation(t, func(t *testing.T, name string, o operation, source string) {
		if strings.HasSuffix(name, " delete") && name != "pool delete" {
			return // TestFaultMatrix covers a call that is carried out but not answered
		}
		l, err := learn(t, o, source)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(l.points, func(p point) bool { return p.kind == reply && p.changes() })
		if at < 0 {
			t.Fatal("nothing is changed")
		}
		o.alone, o.sequel = true, func(*faultRun) { repair(t, theSite) }
		outcome, losses, err := inject(t, o, source, l, l.points[at], func(r *faultRun) verdict {
			if err := site().killLibvirtd(); err != nil {
				t.Error(err)
			}
			return cutBefore
		})
		if err != nil {
			t.Error(err)
		}
		injected(t, "libvirtd killed", name, l.points[at].String(), outcome, losses)
	})
}

// full mounts a file system of size room on a directory of the host, where it fills up. more enlarges it.
func full(t *testing.T, dir string, room string) (more func()) {
	t.Helper()
	site().inside(t, "mount", "-t", "tmpfs", "-o", "size="+room, "tmpfs", dir)
	t.Cleanup(func() { site().inside(t, "umount", "--lazy", dir) })
	return func() { site().inside(t, "mount", "-o", "remount,size=64m", dir) }
}

func testDiskFull(t *testing.T) {
	t.Parallel()
	source := func(data, zeros int) string {
		path := filepath.Join(t.TempDir(), "random.img")
		content := make([]byte, data+zeros)
		_, _ = rand.Read(content[:data])
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	filled := map[string]string{
		"volume is filled":                                         source(2*mib, 0),
		"volume is filled but its last bytes":                      source(mib+1024, 0), // libvirt has received all of it by the time it fails to write
		"volume is filled but its last bytes and zeros after them": source(mib+1024, 100<<10),
	}
	cases := map[string]func(g ground) resource{
		"volume is allocated": func(g ground) resource {
			return g.volume(attrs{"format": "raw", "capacity": 2 * mib, "preallocation": "full"})
		},
		"volume is copied": func(g ground) resource {
			return g.volume(attrs{"format": "raw", "clone_from": g.dir + "/" + baseFile})
		},
		"cloud-init disk is written": func(g ground) resource {
			return g.seed(attrs{"cloud_init": attrs{"user_data": "#cloud-config\n#" + strings.Repeat("x", 2*mib), "meta_data": "{}"}})
		},
	}
	for what, source := range filled {
		cases[what] = func(g ground) resource { return g.volume(attrs{"format": "raw", "source": source}) }
	}
	for what, of := range cases {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			defer use(false)()
			g := ground{name: unique(t)}
			g.dir = directory(t)
			if err := os.MkdirAll(site().path(g.dir), 0o755); err != nil {
				t.Fatal(err)
			}
			more := full(t, g.dir, "1m")
			before := ""
			if what == "volume is copied" {
				site().inside(t, "dd", "status=none", "if=/dev/urandom", "of="+g.dir+"/"+baseFile, "bs=64k", "count=10")
				before = baseFile
			}
			c, err := newCore(site().URI, t.TempDir(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.close() }()
			pool, it := g.pool(nil), of(g)
			if err := c.apply(pool.kind, pool.a); err != nil {
				t.Fatal(err)
			}
			var losses []string
			outcome := "failed"
			err = c.apply(it.kind, it.a)
			if err == nil {
				losses = append(losses, "it succeeded without room")
			} else if !strings.Contains(err.Error(), "o space left") {
				t.Errorf("the reason is not told: %v", err)
			}
			left := strings.TrimSpace(site().inside(t, "ls", g.dir))
			if c.state[it.kind].tainted {
				outcome = "failed, to be made again"
			} else if left != before {
				losses = append(losses, "orphans: "+left)
			}
			more()
			err = errors.Join(c.apply(it.kind, it.a), c.settled(it.kind, it.a))
			if err != nil {
				losses = append(losses, err.Error())
			} else if source, ok := filled[what]; ok {
				if sum(t, source) != strings.Fields(site().inside(t, "sha256sum", g.dir+"/it.img"))[0] {
					losses = append(losses, "the content is another")
				}
			}
			if err := errors.Join(c.apply(it.kind, nil), c.apply(pool.kind, nil)); err != nil {
				losses = append(losses, err.Error())
			}
			if left := strings.TrimSpace(site().inside(t, "ls", g.dir)); left != before {
				losses = append(losses, "left: "+left)
			}
			injected(t, "disk full", what, "the pool's", outcome, losses)
		})
	}
}

// testDefinitionsDiskFull uses the host alone: the definitions of other tests are in the same directory.
func testDefinitionsDiskFull(t *testing.T) {
	const kept = "/etc/libvirt/qemu"
	source, _ := image(t, "raw", mib)
	domain := operations()["domain"]
	for name, o := range map[string]operation{"domain create": domain[0], "domain redefine": domain[2]} {
		l, err := learn(t, o, source)
		if err != nil {
			t.Fatal(err)
		}
		o.alone = true
		o.prelude = func(*faultRun) {
			site().inside(t, "mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=1", "tmpfs", kept)
		}
		o.sequel = func(*faultRun) { site().inside(t, "umount", "--lazy", kept) }
		outcome, losses, err := inject(t, o, source, l, point{}, nil)
		if err != nil {
			t.Error(err)
		}
		injected(t, "disk full", name, kept, outcome, losses)
	}
}

// testConcurrentApplies applies the same configuration from two states: Terraform has no lock between two states.
func testConcurrentApplies(t *testing.T) {
	t.Parallel()
	everyOperation(t, func(t *testing.T, name string, o operation, source string) {
		t.Parallel()
		if !strings.HasSuffix(name, " create") {
			return // both applies may change what is in both states
		}
		l, err := learn(t, o, source)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range l.points {
			if p.kind != call {
				continue
			}
			c, err := steadily(t, o.alone, func() (consequence, error) { return contested(o, source, p) })
			if err != nil {
				t.Fatal(err)
			}
			injected(t, "two applies at once", name, p.String(), c.outcome, c.losses)
		}
	})
}

// contested has another process create the same object when the operation reaches a point.
func contested(o operation, source string, p point) (c consequence, err error) {
	r, err := newRun(o, source)
	defer func() { err = errors.Join(err, r.close()) }()
	if err != nil {
		return c, err
	}
	other, err := newCore(site().URI, filepath.Join(r.journal, "other"), nil)
	if err != nil {
		return c, err
	}
	var theirs error
	r.aim, r.do = &p, func(*faultRun) verdict {
		theirs = other.apply(r.changes, r.goal())
		return pass
	}
	ours := r.operate()
	c.outcome = "one of them has it"
	loss := func(text string) { c.losses = append(c.losses, text) }
	switch first, second := other.state[r.changes].value.IsNull(), r.core.state[r.changes].value.IsNull(); {
	case !r.reached:
		c.outcome = notReached
	case first == second:
		loss("not one of them has it")
	case theirs == nil && ours == nil:
		loss("both are content")
	}
	winner := other
	if ours == nil {
		winner = r.core
	}
	if lost := errors.Join(ours, theirs); lost != nil && !strings.Contains(lost.Error(), "already") {
		loss("the reason is not told: " + lost.Error())
	}
	if err := winner.settled(r.changes, r.goal()); err != nil {
		loss("the one that has it has lost something: " + err.Error())
	}
	if err := winner.apply(r.changes, nil); err != nil {
		loss(err.Error())
	}
	last, err := newCore(site().URI, r.journal, r.core.state)
	if err != nil {
		return c, err
	}
	left, err := r.end(last)
	for _, l := range left {
		loss("after everything was destroyed, " + l)
	}
	return c, errors.Join(err, other.close())
}

// testChangedDuringApply changes something that Terraform does not manage, between plan and apply. The apply keeps that change and applies
// the plan.
func testChangedDuringApply(t *testing.T) {
	t.Parallel()
	domain, network := operations()["domain"], operations()["network with DHCP"]
	source, _ := image(t, "raw", mib)
	for name, c := range map[string]struct {
		o     operation
		edit  func(l *libvirt.Libvirt, name string) error
		kept  string
		where func(i inventory) string
	}{
		"domain redefine": {domain[2], func(l *libvirt.Libvirt, name string) error {
			d, err := l.DomainLookupByName(name)
			if err != nil {
				return err
			}
			return l.DomainSetMetadata(d, int32(libvirt.DomainMetadataTitle), libvirt.OptString{"By hand."}, nil, nil, libvirt.DomainAffectConfig)
		}, "<title>By hand.</title>", func(i inventory) string { return i["domain NAME"] }},
		"network with DHCP live": {network[0], func(l *libvirt.Libvirt, name string) error {
			n, err := l.NetworkLookupByName(name)
			if err != nil {
				return err
			}
			return l.NetworkUpdate(n, uint32(libvirt.NetworkUpdateCommandAddLast), uint32(libvirt.NetworkSectionDNSTxt), -1, "<txt name='by' value='hand'/>", libvirt.NetworkUpdateAffectLive|libvirt.NetworkUpdateAffectConfig)
		}, "<txt name='by' value='hand'/>", func(i inventory) string { return i["network NAME"] }},
	} {
		t.Run(name, func(t *testing.T) {
			defer use(false)()
			r, err := newRun(c.o, source)
			defer func() {
				if err := r.close(); err != nil {
					t.Error(err)
				}
			}()
			if err != nil {
				t.Fatal(err)
			}
			var edit error
			r.prelude = func(*faultRun) {
				host, err := direct()
				if err == nil {
					err = host.Do(context.Background(), func(l *libvirt.Libvirt) error { return c.edit(l, r.ground.name) })
				}
				edit = err
			}
			failure := r.operate()
			var losses []string
			if err := errors.Join(edit, failure); err != nil {
				losses = append(losses, err.Error())
			}
			now, err := take(r.ground.name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(c.where(now), c.kept) {
				losses = append(losses, "what was done by hand is gone: "+c.where(now))
			}
			next, err := r.converge()
			if err != nil {
				losses = append(losses, err.Error())
			}
			injected(t, "changed by virsh", name, "between plan and apply", "both are there", losses)
			if left, err := r.end(next); len(left) > 0 || err != nil {
				t.Error(left, err)
			}
		})
	}
}
