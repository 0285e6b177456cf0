//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestDomainMigrationOptions(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]attrs{
		"tls":         {"tls": true},
		"xbzrle":      {"compression": "xbzrle", "auto_converge": true, "bandwidth": 100, "downtime": 200},
		"in parallel": {"parallel_connections": 2},
		"post-copy":   {"post_copy": true, "timeout": 1, "on_timeout": "force", "bandwidth": 1},
		"suspended":   {"timeout": 1, "on_timeout": "suspend", "bandwidth": 1},
		"forced":      {"timeout": 1, "on_timeout": "force", "bandwidth": 1},
		"in no hurry": {"timeout": 600, "on_timeout": "abort", "storage": "auto"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, s := newTraveller(t), newStack(t)
			s.peers = true
			g.domain = g.domain.with(attrs{"migration": options})
			s.apply(g.on(alpha()))
			booted(t, g.domain)
			g.migrates(t, s, alpha(), beta())
			g.uninterrupted(t)
		})
	}
}

// TestDomainMigrationTimeout covers time limits that end before the migration is far enough for the action of on_timeout.
func TestDomainMigrationTimeout(t *testing.T) {
	t.Parallel()
	postCopy, suspend, force, abort := attrs{"post_copy": true, "on_timeout": "force"}, attrs{"on_timeout": "suspend"}, attrs{"on_timeout": "force"}, attrs{"on_timeout": "abort"}
	for name, c := range map[string]struct {
		options attrs
		begins  uint32 // the call that begins the migration, which reaches the host after the time limit; 0: it begins at once and copies a disk for longer than the limit
	}{
		"post-copy starts when the hosts have begun a migration between them": {postCopy, domainMigratePerform},
		"post-copy starts when the provider has begun a migration":            {postCopy, domainMigrateBegin},
		"post-copy starts when the disks are copied":                          {postCopy, 0},
		"suspend comes before the hosts have begun a migration between them":  {suspend, domainMigratePerform},
		"suspend comes before the provider has begun a migration":             {suspend, domainMigrateBegin},
		"suspend comes before the disks are copied":                           {suspend, 0},
		"force comes before the hosts have begun a migration between them":    {force, domainMigratePerform},
		"force comes before the disks are copied":                             {force, 0},
		"abort ends a migration that the hosts begin between them afterwards": {abort, domainMigratePerform},
		"abort ends a migration that the provider begins afterwards":          {abort, domainMigrateBegin},
		"abort ends a migration whose disks are copied":                       {abort, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProxy(t, alpha(), func(message) verdict { return pass })
			g, s := newTraveller(t), newStack(t)
			s.peers = c.begins != domainMigrateBegin
			s.hosts[alpha().Name] = p.uri
			const seconds = 4 // the time that copying its disk takes at 1 MiB a second
			g.volume = g.volume.with(attrs{"capacity": 8 << 20})
			s.apply(config{aVolume: g.volume.with(attrs{"host": alpha().Name})})
			alpha().inside(t, "qemu-io", "-f", "qcow2", "-c", fmt.Sprintf("write -P 7 1M %dM", seconds), g.disks+"/"+g.name()+".qcow2")
			s.apply(g.on(alpha()))
			g.more(t, alpha())

			p.mu.Lock()
			p.judge = p.holdUntilLate(c.begins)
			p.mu.Unlock()
			g.domain = g.domain.with(attrs{"migration": c.options.with(attrs{"timeout": 1, "bandwidth": 1})})
			s.write(g.on(beta()), nil)
			o := s.run("apply", "-auto-approve", "-json")
			if c.options["on_timeout"] == "abort" {
				g.unmoved(t, s, o, "it had not arrived after 1s, and stays where it is; raise 'migration.timeout'")
				return
			}
			if o.code != 0 {
				t.Fatal(o.errors())
			}
			g.more(t, alpha())
			g.more(t, beta())
			g.runsOnlyOn(t, beta(), alpha())
			g.uninterrupted(t)
		})
	}
}

// holdUntilLate holds a call until the provider has asked twice for the progress of the migration, or was told that there is nothing to
// abort. The provider asks once a second, so a time limit of one second has passed by then.
func (p *proxy) holdUntilLate(procedure uint32) func(message) verdict {
	held, asked := false, 0
	return func(m message) verdict {
		switch {
		case m == message{procedure, call}:
			held = true
			return hold
		case held && m == message{domainJobStats, call}:
			if asked++; asked == 2 {
				p.release()
			}
		case held && m == message{domainAbortJob, reply}:
			p.release()
		}
		return pass
	}
}
func TestDomainMigrationOffline(t *testing.T) {
	t.Parallel()
	t.Run("a stopped domain moves with its disks", testMoveStopped)
	t.Run("a stopped domain moves with its UEFI variables", testMoveUEFIVariables)
	t.Run("a saved domain moves with its saved state", testMoveSaved)
	t.Run("a paused domain stays paused", testMovePaused)
}

// testMoveStopped moves a stopped domain with its disks, its UEFI variables and its autostart setting.
func testMoveStopped(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	g.domain = g.domain.with(attrs{"autostart": true})
	s.apply(g.on(alpha()))
	booted(t, g.domain)
	g.domain = g.domain.with(attrs{"state": "stopped"})
	s.apply(g.on(alpha()))
	alpha().inside(t, "qemu-io", "-f", "qcow2", "-c", "write -P 9 512k 64k", g.disks+"/"+g.name()+".qcow2")
	s.plan(g.on(beta()))
	s.says(s.planned(), []string{"0 to add, 1 to change, 0 to destroy"})
	s.apply(g.on(beta()))
	s.settled()
	alpha().lacks(t, "dominfo", g.name())
	expect(t, "what alpha has", alpha().files(t, g.disks), "base.img")
	expect(t, "autostart", info("dominfo", "Autostart")(t, g.domain.with(attrs{"host": beta().Name})), "enable")
	beta().inside(t, "qemu-io", "-U", "-r", "-f", "qcow2", "-c", "read -P 9 512k 64k", g.disks+"/"+g.name()+".qcow2")

	g.domain = g.domain.with(attrs{"state": "running"})
	s.apply(g.on(beta()))
	expect(t, "state", beta().virsh(t, "domstate", g.name()), "running")
}

func testMoveUEFIVariables(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	g.domain = g.domain.with(attrs{"firmware": "efi", "type": "qemu", "memory": 64 << 10})
	s.apply(g.on(alpha()))
	variables := at(alpha().xml(t, "dumpxml", g.name()), "os/nvram")
	g.domain = g.domain.with(attrs{"state": "stopped"})
	s.apply(g.on(alpha()))
	before, err := os.ReadFile(alpha().path(variables))
	if err != nil {
		t.Fatal(err)
	}
	copy(before[len(before)-16:], "of this machine") // content that a template does not have
	if err := os.WriteFile(alpha().path(variables), before, 0o600); err != nil {
		t.Fatal(err)
	}
	s.apply(g.on(beta()))
	s.settled()
	after, err := os.ReadFile(beta().path(variables))
	if err != nil || string(after) != string(before) {
		t.Errorf("the variables are not what they were: %v", err)
	}
	if _, err := os.Stat(alpha().path(variables)); err == nil {
		t.Error("alpha still has the variables")
	}
}

// testMoveSaved resumes a saved guest on its new host, where it continues to count.
func testMoveSaved(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	s.apply(g.on(alpha()))
	booted(t, g.domain)
	g.domain = g.domain.with(attrs{"state": "saved"})
	s.apply(g.on(alpha()))
	g.more(t, alpha())
	o := s.plan(g.on(beta()))
	s.says(o.warnings(), []string{g.name() + " moves from alpha to beta with its saved state"})
	s.apply(g.on(beta()))
	s.settled()
	alpha().lacks(t, "dominfo", g.name())
	expect(t, "the save image", info("dominfo", "Managed save")(t, g.domain.with(attrs{"host": beta().Name})), "yes")
	g.domain = g.domain.with(attrs{"state": "running"})
	s.apply(g.on(beta()))
	g.more(t, beta())
	g.uninterrupted(t)
}

func testMovePaused(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	s.apply(g.on(alpha()))
	booted(t, g.domain)
	g.domain = g.domain.with(attrs{"state": "paused"})
	s.apply(g.on(alpha()))
	g.more(t, alpha())
	s.apply(g.on(beta()))
	s.settled()
	expect(t, "state", beta().virsh(t, "domstate", g.name()), "paused")
	g.domain = g.domain.with(attrs{"state": "running"})
	s.apply(g.on(beta()))
	g.more(t, beta())
	g.uninterrupted(t)
}

// testMigrationObstacles asserts that the plan reports all obstacles at once, and that nothing is moved.
func testMigrationObstacles(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	loose := directory(t)
	alpha().guestImage(t, loose)
	g.domain = g.domain.with(attrs{"disks": attrs{"vda": attrs{"file": "${" + aVolume + ".path}"}, "vdb": attrs{"file": loose + "/base.img", "format": "raw"}}})
	s.apply(g.on(alpha()))
	alpha().virsh(t, "snapshot-create-as", g.name(), "before", "--disk-only", "--no-metadata", "--diskspec", "vda,snapshot=no", "--diskspec", "vdb,file="+loose+"/over.img")
	if err := os.WriteFile(filepath.Join(beta().path(g.disks), g.name()+".qcow2"), []byte("another program's"), 0o600); err != nil {
		t.Fatal(err)
	}
	beta().virsh(t, "pool-refresh", g.name())
	beta().define(t, "define", fmt.Sprintf("<domain type='qemu'><name>%s</name><memory>1024</memory><os><type>hvm</type></os></domain>", g.name()))
	t.Cleanup(func() { beta().virsh(t, "undefine", g.name()) })
	s.planFails(g.on(beta()),
		g.name()+" cannot move from alpha to beta:",
		fmt.Sprintf(`beta already has another domain %q; rename or remove one of them`, g.name()),
		fmt.Sprintf(`disks["vda"]: pool %q of beta already has a volume %q, which is not overwritten`, g.name(), g.name()+".qcow2"),
		fmt.Sprintf(`disks["vdb"] (%s/over.img) is not in a storage pool of alpha; create a pool for its directory`, loose))
	expect(t, "state", alpha().virsh(t, "domstate", g.name()), "running")
	s.write(g.on(alpha()), nil)
}

// testMigrationDependencies asserts that the same apply may create what the other host needs. If it does not, the plan fails.
func testMigrationDependencies(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	network := func(h *labHost) attrs { return attrs{"host": h.Name, "name": g.name()} }
	g.domain = g.domain.with(attrs{"interfaces": attrs{"lan": attrs{"network": "${libvirt_network.here.name}"}}})
	here := config{"libvirt_network.here": network(alpha())}
	both := func(c config) config {
		for address, a := range here {
			c[address] = a
		}
		return c
	}
	s.apply(both(g.on(alpha())))
	booted(t, g.domain)
	there := both(g.on(beta()))
	s.planFails(there, fmt.Sprintf(`beta does not have network %q (interfaces["lan"].network)`, g.name()))
	expect(t, "state", alpha().virsh(t, "domstate", g.name()), "running")

	there["libvirt_network.there"] = network(beta())
	there[aDomain] = there[aDomain].with(attrs{"depends_on": []string{"libvirt_network.there"}})
	s.apply(there)
	s.settled()
	g.more(t, alpha())
	g.more(t, beta())
	g.uninterrupted(t)
}

func testMigrationUnreachable(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	s.apply(g.on(alpha()))
	s.hosts[beta().Name] = "qemu+unix:///system?socket=/nonexistent/libvirt-sock"
	here := config{aDomain: g.domain.with(attrs{"host": beta().Name}), aVolume: g.volume.with(attrs{"host": alpha().Name})}
	s.planFails(here, g.name()+" cannot move from alpha to beta:", "on beta (qemu+unix:///system?socket=/nonexistent/libvirt-sock)")
	s.hosts[beta().Name] = beta().URI
	s.write(g.on(alpha()), nil)
}

// migrationCases returns the cases of the migration attributes. libvirt does not know them before a domain moves.
func migrationCases() map[string]update {
	state := func(t *testing.T, a attrs) string { return hostOf(a).virsh(t, "domstate", a["name"].(string)) }
	of := func(name string, v any) attrs { return attrs{"migration": attrs{name: v}} }
	cases := map[string]update{"migration": {see: state, actions: []string{"update", "update"}, steps: []step{{nil, "shut off"}, {of("tls", true), "shut off"}, {nil, "shut off"}}}}
	for name, values := range map[string][2]any{
		"bandwidth": {1, 2}, "downtime": {100, 200}, "auto_converge": {true, false}, "post_copy": {true, false}, "compression": {"xbzrle", "zstd"},
		"parallel_connections": {2, 3}, "tls": {true, false}, "timeout": {60, 61}, "on_timeout": {"abort", "force"}, "storage": {"shared", "copy"},
	} {
		cases["migration."+name] = update{see: state, steps: []step{{of(name, values[0]), "shut off"}, {of(name, values[1]), "shut off"}, {attrs{"migration": attrs{}}, "shut off"}}}
	}
	return cases
}
