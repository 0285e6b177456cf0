//go:build acceptance

package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// meanwhile applies the move to another host, and calls do once the migration transfers data.
func (s *stack) meanwhile(g *traveller, to *labHost, do func()) outcome {
	s.t.Helper()
	s.write(g.on(to), nil)
	done := make(chan outcome, 1)
	go func() { done <- s.run("apply", "-auto-approve", "-json") }()
	eventually(s.t, "the migration to be under way", func() bool {
		out, _ := alpha().try("domjobinfo", g.name()) // empty once the host no longer has the domain
		return sent.MatchString(out)
	})
	do()
	return <-done
}

// sent matches what virsh reports about a migration that has transferred something.
var sent = regexp.MustCompile(`(?m)^(Data|File) processed: +[1-9]`)

// slow gives the guest a disk that takes about twenty seconds to copy.
func slow(t *testing.T, s *stack, g *traveller) {
	t.Helper()
	g.domain = g.domain.with(attrs{"migration": attrs{"bandwidth": 1}, "memory": 64 << 10})
	g.volume = g.volume.with(attrs{"capacity": 24 << 20})
	s.apply(config{aVolume: g.volume.with(attrs{"host": alpha().Name})})
	alpha().inside(t, "qemu-io", "-f", "qcow2", "-c", "write -P 7 2M 20M", g.disks+"/"+g.name()+".qcow2")
	s.apply(g.on(alpha()))
	booted(t, g.domain)
}

// unmoved asserts that an attempt failed and changed nothing.
func (g *traveller) unmoved(t *testing.T, s *stack, failed outcome, says ...string) {
	t.Helper()
	if failed.code == 0 {
		t.Fatal("the migration was not to succeed")
	}
	s.says(failed.errors(), says)
	g.more(t, alpha())
	g.runsOnlyOn(t, alpha(), beta())
}

// goesOn asserts that the next attempt succeeds and that the guest was never interrupted.
func (g *traveller) goesOn(t *testing.T, s *stack) {
	t.Helper()
	g.domain = g.domain.with(attrs{"migration": nil})
	g.migrates(t, s, alpha(), beta())
	s.settled()
	g.uninterrupted(t)
}
func TestDomainMigrationEnds(t *testing.T) {
	t.Parallel()
	t.Run("a migration that takes too long is ended", testMigrationTooLong)
	t.Run("an interrupted migration is undone", testMigrationInterrupted)
	t.Run("a migration between the hosts ends without the provider", testMigrationWithoutProvider)
	t.Run("a migration through the provider ends when it is killed", testMigrationProviderKilled)
}

func testMigrationTooLong(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	s.peers = true
	slow(t, s, g)
	g.domain = g.domain.with(attrs{"migration": attrs{"bandwidth": 1, "timeout": 2}})
	s.write(g.on(beta()), nil)
	g.unmoved(t, s, s.run("apply", "-auto-approve", "-json"), "it had not arrived after 2s, and stays where it is; raise 'migration.timeout'")
	g.goesOn(t, s)
}

func testMigrationInterrupted(t *testing.T) {
	t.Parallel()
	for how, peers := range map[string]bool{"from host to host": true, "through the provider": false} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			g, s := newTraveller(t), newStack(t)
			s.peers = peers
			slow(t, s, g)
			g.unmoved(t, s, s.meanwhile(g, beta(), s.interrupt), "interrupted; it stays where it is")
			g.goesOn(t, s)
		})
	}
}

// testMigrationWithoutProvider kills the provider: a migration between the hosts, once begun, finishes without it.
func testMigrationWithoutProvider(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	s.peers = true
	slow(t, s, g)
	g.domain = g.domain.with(attrs{"migration": attrs{"bandwidth": 8}})
	if killed := s.meanwhile(g, beta(), s.kill); killed.code == 0 {
		t.Fatal("terraform was killed, and reports a success")
	}
	s.apply(g.on(beta()))
	s.settled()
	g.more(t, alpha())
	g.more(t, beta())
	g.uninterrupted(t)
	g.runsOnlyOn(t, beta(), alpha())
}

// testMigrationProviderKilled kills the provider: a migration through the provider ends with it.
func testMigrationProviderKilled(t *testing.T) {
	t.Parallel()
	g, s := newTraveller(t), newStack(t)
	slow(t, s, g)
	if killed := s.meanwhile(g, beta(), s.kill); killed.code == 0 {
		t.Fatal("terraform was killed, and reports a success")
	}
	eventually(t, "the guest to be on one host only", func() bool {
		_, err := beta().try("dominfo", g.name())
		return err != nil
	})
	g.more(t, alpha())
	g.goesOn(t, s)
}

// TestDomainMigrationExclusive runs its cases alone: what they break, they break for all tests.
func TestDomainMigrationExclusive(t *testing.T) {
	t.Run("the hosts lose each other", testMigrationHostsParted)
	t.Run("libvirtd is killed", testMigrationLibvirtdKilled)
	t.Run("the destination host is full", testMigrationHostFull)
}

func testMigrationHostsParted(t *testing.T) {
	g, s := newTraveller(t), newStack(t)
	s.peers = true
	slow(t, s, g)
	var mend func()
	failed := s.meanwhile(g, beta(), func() { mend = part(t) })
	mend()
	g.unmoved(t, s, failed)
	g.goesOn(t, s)
}

// part cuts the network between the hosts until mend is called. It also makes a host give up on a silent peer after a few seconds instead
// of a quarter of an hour.
func part(t *testing.T) (mend func()) {
	t.Helper()
	suffers(t, "network parted", alpha().Name)
	inside := func(command ...string) {
		t.Helper()
		if out, err := exec.Command("nsenter", append([]string{"--net=/run/netns/kf-" + theLab.Name + "-alpha"}, command...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", command, err, out)
		}
	}
	nft := func(command string) { inside("nft", command) }
	for setting, usual := range map[string]string{"net.ipv4.tcp_retries2": "15", "net.ipv4.tcp_syn_retries": "6"} {
		inside("sysctl", "--quiet", setting+"=2")
		t.Cleanup(func() { inside("sysctl", "--quiet", setting+"="+usual) })
	}
	nft("add table ip parted; add chain ip parted out { type filter hook output priority 0; }; add rule ip parted out ip daddr " + beta().Address + " drop")
	mended := false
	mend = func() {
		if !mended {
			nft("delete table ip parted")
		}
		mended = true
	}
	t.Cleanup(mend)
	return mend
}

func testMigrationLibvirtdKilled(t *testing.T) {
	for name, h := range map[string]func() *labHost{"on the host that it leaves": alpha, "on the host that it goes to": beta} {
		t.Run(name, func(t *testing.T) {
			g, s := newTraveller(t), newStack(t)
			s.peers = true
			slow(t, s, g)
			t.Cleanup(func() { repair(t, theLab) })
			failed := s.meanwhile(g, beta(), func() {
				kill(t, h())
				repair(t, theLab)
			})
			if failed.code == 0 {
				t.Fatal("the migration was not to succeed")
			}
			eventually(t, "the guest to be on one host only", func() bool {
				_, err := beta().try("dominfo", g.name())
				return err != nil
			})
			expect(t, "where it stayed", alpha().virsh(t, "domstate", g.name()), "running")
			g.more(t, alpha())
			g.goesOn(t, s)
		})
	}
}

func testMigrationHostFull(t *testing.T) {
	g, s := newTraveller(t), newStack(t)
	s.peers = true
	slow(t, s, g)
	beta().virsh(t, "pool-destroy", g.name())
	beta().inside(t, "mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", g.disks)
	t.Cleanup(func() { beta().inside(t, "umount", "--lazy", g.disks) })
	image := filepath.Join(t.TempDir(), "base.img")
	if err := os.WriteFile(image, bootSector, 0o600); err != nil {
		t.Fatal(err)
	}
	beta().inside(t, "cp", image, g.disks+"/base.img")
	beta().virsh(t, "pool-create-as", g.name(), "dir", "--target", g.disks)
	// beta has enough space when the provider checks, and none when the copy needs it.
	failed := s.meanwhile(g, beta(), func() { beta().inside(t, "sh", "-c", "cat /dev/zero > "+g.disks+"/filler; true") })
	if failed.code == 0 {
		t.Fatal("the migration was not to succeed")
	}
	expect(t, "where it stayed", alpha().virsh(t, "domstate", g.name()), "running")
	g.more(t, alpha())
	beta().lacks(t, "dominfo", g.name())
	s.planFails(g.on(beta()), "MiB free, and the copies need")
	beta().inside(t, "rm", g.disks+"/filler")
	beta().virsh(t, "pool-refresh", g.name())
	g.domain = g.domain.with(attrs{"migration": nil})
	s.apply(g.on(beta()))
	g.more(t, alpha())
	g.more(t, beta())
	g.uninterrupted(t)
	s.destroy()
	beta().virsh(t, "pool-refresh", g.name())
}
