//go:build acceptance

package acceptance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
)

// probed has three guests on a network of their own.
type probed struct {
	t       *testing.T
	s       *stack
	c       config
	guests  []*linux
	net     string
	request probing.Request
	ids     uint32
	arrived map[uint32]bool // the frames that reach the victim without a filter
}

const (
	attacker, victim, bystander = 0, 1, 2

	sshPort, openPort = 22, 443
)

func newProbed(t *testing.T) *probed {
	t.Helper()
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(filepath.Dir(built(t)), "kvm-fleet-probe_"+runtime.GOARCH), "../probe")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("unable to build the probe: %v\n%s", err, out)
	}
	p := &probed{t: t, s: newStack(t), c: config{}}
	network, net := dhcpNetwork(t)
	kept, serial := attrs{}, serialNumber.Add(1)
	network["ipv4"].(attrs)["dhcp"].(attrs)["hosts"] = kept
	p.net, p.c["libvirt_network.lan"] = net, network
	for i := range 3 {
		g, mac := newLinux(t), fmt.Sprintf("52:54:00:dd:%02x:%02x", serial%256, i)
		kept[mac] = attrs{"ip": p.four(i)}
		g.a = g.a.with(attrs{"interfaces": attrs{"lan": attrs{"network": "${libvirt_network.lan.name}", "mac": mac}}, "wait_for": attrs{"guest_agent": true}})
		p.guests = append(p.guests, g)
		p.c[p.resource(i)] = g.a
	}
	p.s.apply(p.c)
	for i, g := range p.guests {
		g.says("address eth0 " + regexp.QuoteMeta(p.four(i)) + "/24")
		g.runs("ip", "-6", "addr", "add", p.six(i)+"/64", "dev", "eth0")
	}
	p.request.Hosts = exchange.Hosts{}
	for _, h := range theLab.Hosts {
		p.request.Hosts[h.Name] = exchange.Host{URI: h.URI}
	}
	for i, g := range p.guests {
		p.request.Machines = append(p.request.Machines, probing.Machine{Name: name(i), Domain: g.name(), Hosts: []string{beta().Name, alpha().Name},
			Interfaces: []probing.Interface{{Name: "lan", Addresses: []string{p.four(i)}, Addresses6: []string{p.six(i)}}}, TCP: []uint16{sshPort, openPort}, UDP: []uint16{openPort}})
	}
	return p
}

func name(i int) string { return [...]string{"attacker", "victim", "bystander"}[i] }

func (p *probed) resource(i int) string { return "libvirt_domain." + name(i) }
func (p *probed) four(i int) string     { return fmt.Sprintf("%s.%d", p.net, 11+i) }
func (p *probed) six(i int) string      { return fmt.Sprintf("fd00::%d", 11+i) }
func (p *probed) id() uint32            { p.ids++; return p.ids }

// flow requests a flow from the attacker to the victim.
func (p *probed) flow(t probing.Flow) uint32 {
	t.ID, t.From, t.Interface, t.To = p.id(), name(attacker), "lan", name(victim)
	p.request.Flows = append(p.request.Flows, t)
	return t.ID
}

// flows requests one flow of each kind.
func (p *probed) flows() {
	for _, family := range []func(int) string{p.four, p.six} {
		for _, t := range []probing.Flow{{Protocol: "tcp", Port: openPort}, {Protocol: "tcp", Port: sshPort}, {Protocol: "udp", Port: openPort}, {Protocol: "icmp"}} {
			t.Source, t.Target = family(attacker), family(victim)
			p.flow(t)
		}
	}
}

// frames requests a frame of every kind, of both families, from the attacker's address and from the bystander's.
func (p *probed) frames() {
	for _, kind := range frame.Kinds() {
		k, _ := frame.KindOf(kind)
		is4, is6 := k.Families()
		for _, family := range []struct {
			is      bool
			address func(int) string
		}{{is4, p.four}, {is6, p.six}} {
			for _, source := range []int{attacker, bystander} {
				if family.is {
					p.request.Frames = append(p.request.Frames, probing.ForgedFrame{ID: p.id(), From: name(attacker), Interface: "lan", To: name(victim), Kind: kind, Source: family.address(source),
						Target: family.address(victim), Via: []string{p.four(victim), p.six(victim)}, Port: openPort, VLAN: 12})
				}
			}
		}
	}
}

// run has the provider's subcommand carry out the request.
func (p *probed) run() *probing.Report {
	p.t.Helper()
	report := p.reported()
	p.leavesNothing()
	return report
}

func (p *probed) reported() *probing.Report {
	p.t.Helper()
	cmd, out, said := p.begin()
	if err := cmd.Wait(); err != nil {
		p.t.Fatalf("probe: %v\n%s", err, said)
	}
	var report probing.Report
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		p.t.Fatal(err)
	}
	return &report
}

func (p *probed) begin() (cmd *exec.Cmd, out *bytes.Buffer, said *progress) {
	p.t.Helper()
	text, err := json.Marshal(p.request)
	if err != nil {
		p.t.Fatal(err)
	}
	cmd, out, said = exec.Command(built(p.t), "probe"), &bytes.Buffer{}, &progress{}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(text), out, said
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	return cmd, out, said
}

// progress is what a command has said so far.
type progress struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *progress) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *progress) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// folder lists the files and processes of a probe in a guest.
func (p *probed) folder(i int) string {
	p.t.Helper()
	return strings.TrimSpace(p.guests[i].runs("sh", "-c", "ls -d /tmp/kvm-fleet-* /var/tmp/kvm-fleet-* /root/kvm-fleet-* 2>/dev/null; ps | grep '[k]vm-fleet-probe'; true"))
}

func (p *probed) leavesNothing() {
	p.t.Helper()
	for i := range p.guests {
		expect(p.t, "what is left in the "+name(i), p.folder(i), "")
	}
}

// arrivals returns how often a frame arrived at a guest.
func arrivals(r *probing.Report, id uint32, i int) (n int) {
	for _, a := range r.Arrived {
		if a.ID == id && a.At == name(i) {
			n += a.Count
		}
	}
	return n
}

func (p *probed) running(r *probing.Report) {
	p.t.Helper()
	for _, m := range r.Machines[:len(p.guests)] {
		expect(p.t, m.Name, m.Host+" "+m.Error, alpha().Name+" ")
	}
}

func TestProbePackets(t *testing.T) {
	t.Parallel()
	p := newProbed(t)
	t.Run("probes go on by themselves", p.goOn)
	t.Run("probes are taken away when it is ended", p.ended)
	t.Run("an interrupt ends early what is sent for some time", p.endedEarly)
	p.request.For, p.request.Flows = 0, nil
	p.flows()
	p.frames()
	// A domain that runs nowhere: its results are unknown, and not 'dropped'.
	p.request.Machines = append(p.request.Machines, probing.Machine{Name: "ghost", Domain: "ghost-" + p.guests[0].name(), Hosts: []string{alpha().Name, beta().Name}})
	ghost := probing.Flow{ID: p.id(), From: name(attacker), Interface: "lan", Source: p.four(attacker), To: "ghost", Target: p.net + ".99", Protocol: "tcp", Port: 1}
	p.request.Flows = append(p.request.Flows, ghost)

	t.Run("without a filter flows are answered and frames arrive", func(t *testing.T) {
		p.t = t
		r := p.run()
		p.running(r)
		expect(t, "the ghost", r.Machines[len(p.guests)].Error, fmt.Sprintf("domain %q does not run on any of %s, %s; start it and run the command again", "ghost-"+p.guests[0].name(), alpha().Name, beta().Name))
		for i, told := range r.Flows {
			asked := p.request.Flows[i]
			if asked.ID == ghost.ID {
				expect(t, "a flow with the ghost", told.Error, "ghost could not be probed")
				continue
			}
			what := fmt.Sprintf("%s to %s port %d", asked.Protocol, asked.Target, asked.Port)
			if told.Answered != 1 {
				t.Errorf("%s was not answered: %+v", what, told)
			}
			expect(t, what+" is to a service of the guest's own", fmt.Sprint(told.Service), fmt.Sprint(asked.Port == sshPort))
			if !told.Service && told.Answered > 0 && told.Arrived == 0 {
				t.Errorf("%s was answered, and did not arrive", what)
			}
		}
		p.measure(t, r)
	})

	t.Run("with a filter nothing arrives", func(t *testing.T) {
		p.t = t
		filter := filterAttrs(t, attrs{"all": attrs{"action": "drop", "direction": "inout", "protocol": "mac"}})
		p.c[aFilter] = filter
		a := p.c[p.resource(victim)]
		p.c[p.resource(victim)] = a.with(attrs{"interfaces": attrs{"lan": a["interfaces"].(attrs)["lan"].(attrs).with(attrs{"filter": "${" + aFilter + ".name}"})}})
		p.s.apply(p.c)
		r := p.run()
		p.running(r)
		for i, told := range r.Flows {
			if p.request.Flows[i].ID != ghost.ID && (told.Tries != 3 || told.Answered != 0 || told.Arrived != 0) {
				t.Errorf("%+v: %+v", p.request.Flows[i], told)
			}
		}
		for i, told := range r.Sent {
			asked := p.request.Frames[i]
			t.Run(asked.Kind+" from "+asked.Source, func(t *testing.T) {
				if told.Frames == 0 || told.Error != "" {
					t.Errorf("it was not sent: %+v", told)
				}
				if n := arrivals(r, asked.ID, victim); n != 0 {
					t.Errorf("it arrived %d times", n)
				}
				if !p.arrived[asked.ID] {
					t.Skipf("this proves nothing of the filter: %s delivers none of these frames without one either (kernel %s)", alpha().Name, kernel(t))
				}
			})
		}
	})
	t.Run("machines that can't be probed", p.unwilling)
}

// measure notes which frames reach the victim without a filter. Hosts differ in what they deliver: where a host tracks connections, as it
// does for any network with NAT, its kernel holds back a fragment whose packet it can't reassemble. measure asserts only what is the same
// on every host: that every frame was sent, which guests a delivered frame reaches, and that most kinds of each family are delivered.
func (p *probed) measure(t *testing.T, r *probing.Report) {
	t.Helper()
	toAll := []string{"arp-spoof", "broadcast", "multicast", "router-advertisement", "neighbour-advertisement", "dhcp-offer", "dhcp6-advertise", "lldp", "stp"}
	p.arrived = map[uint32]bool{}
	for i, told := range r.Sent {
		asked := p.request.Frames[i]
		what := fmt.Sprintf("%s from %s", asked.Kind, asked.Source)
		n := arrivals(r, asked.ID, victim)
		p.arrived[asked.ID] = n > 0
		if told.Error != "" || told.Frames == 0 || n > told.Frames {
			t.Errorf("%s: %d frames of %d arrived; %s", what, n, told.Frames, told.Error)
		}
		if n < told.Frames {
			// A bridge does not forward some frames for bridges (lldp, stp).
			t.Logf("%s: %d frames of %d arrive without a filter (kernel %s)", what, n, told.Frames, kernel(t))
		}
		// The kernel of a guest that receives a frame answers to the claimed source address; that is no arrival.
		if n := arrivals(r, asked.ID, bystander); (n > 0) != slices.Contains(toAll, asked.Kind) && p.arrived[asked.ID] {
			t.Errorf("%s: %d frames arrived at the bystander", what, n)
		}
		if n := arrivals(r, asked.ID, attacker); n != 0 {
			t.Errorf("%s: %d frames arrived where they came from", what, n)
		}
	}
	for _, family := range []func(int) string{p.four, p.six} {
		sent, arrived := 0, 0
		for _, asked := range p.request.Frames {
			if asked.Target == family(victim) {
				sent++
				if p.arrived[asked.ID] {
					arrived++
				}
			}
		}
		if 2*arrived <= sent {
			t.Errorf("to %s, %d of %d frames arrive without a filter: too few to tell what a filter does", family(victim), arrived, sent)
		}
	}
}

// kernel returns the release of the kernel that the hosts of the lab share.
func kernel(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(alpha().inside(t, "uname", "-r"))
}

// unwilling probes domains that can't be probed, each for another reason.
func (p *probed) unwilling(t *testing.T) {
	p.t = t
	mute := domainAttrs(t, alpha())
	other := newStack(t)
	other.apply(config{aDomain: mute})
	g := p.guests[bystander]
	g.runs("sh", "-c", "mkdir -p /etc/qemu && printf '[general]\\nblock-rpcs=guest-exec\\n' >/etc/qemu/qemu-ga.conf")
	alpha().virsh(t, "qemu-agent-command", g.name(), `{"execute": "guest-exec", "arguments": {"path": "/bin/busybox", "arg": ["killall", "qemu-ga"]}}`)
	eventually(t, "the agent to be there again, and refuse", func() bool {
		out, _ := alpha().try("qemu-agent-command", g.name(), `{"execute": "guest-exec"}`)
		return strings.Contains(out, "has been disabled")
	})
	on := "on " + alpha().Name + " (" + alpha().URI + "): "
	p.request = probing.Request{Hosts: p.request.Hosts, Machines: []probing.Machine{
		{Name: "ghost", Domain: "ghost-" + g.name(), Hosts: []string{alpha().Name, beta().Name}},
		{Name: "mute", Domain: mute["name"].(string), Hosts: []string{alpha().Name}},
		{Name: "refuses", Domain: g.name(), Hosts: []string{alpha().Name}},
	}}
	var got []string
	for _, m := range p.reported().Machines {
		got = append(got, m.Error)
	}
	for i, want := range []string{
		fmt.Sprintf("domain %q does not run on any of %s, %s; start it and run the command again", "ghost-"+g.name(), alpha().Name, beta().Name),
		fmt.Sprintf(on+"the guest agent is not connected: install qemu-guest-agent in %q and add the agent's channel, or wait until the guest has started", mute["name"]),
		fmt.Sprintf("unable to start the probe in %q on %s: "+on+"internal error: unable to execute QEMU agent command 'guest-exec': Command guest-exec has been disabled; "+
			"allow guest-exec and guest-get-osinfo in the guest (block-rpcs in /etc/qemu/qemu-ga.conf, or /etc/sysconfig/qemu-ga), and restart its agent", g.name(), alpha().Name),
	} {
		expect(t, "the error", got[i], want)
	}
}

// goOn asserts that probes repeat their flows without a request.
func (p *probed) goOn(t *testing.T) {
	p.t = t
	p.flow(probing.Flow{Protocol: "tcp", Source: p.four(attacker), Target: p.four(victim), Port: openPort, Hold: true})
	p.flow(probing.Flow{Protocol: "udp", Source: p.six(attacker), Target: p.six(victim), Port: openPort})
	p.request.For = 3
	r := p.run()
	p.running(r)
	for _, told := range r.Flows {
		// The number of answers, and whether one comes too late to count, depends on how busy the machine is: more than one answer shows that the
		// flows are repeated.
		if told.Answered < 2 || told.LongestGap <= 0 {
			t.Errorf("%+v", told)
		}
	}
}

func (p *probed) ended(t *testing.T) {
	p.t = t
	p.request.For = hangLimit.Seconds()
	cmd, out, said := p.begin()
	eventually(t, "a probe in the guest", func() bool { return strings.Contains(p.folder(attacker), "serve") })
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || out.Len() > 0 || !strings.HasSuffix(said.String(), "probe: interrupted; the probes were removed from the guests\n") {
		t.Errorf("%v %s\n%s", err, out, said)
	}
	p.leavesNothing()
}

func (p *probed) endedEarly(t *testing.T) {
	p.t = t
	p.request.For = hangLimit.Seconds()
	cmd, out, said := p.begin()
	eventually(t, "sending", func() bool { return strings.Contains(said.String(), "sending for") })
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	var r probing.Report
	if err := errors.Join(cmd.Wait(), json.Unmarshal(out.Bytes(), &r)); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	p.running(&r)
	for _, flow := range r.Flows {
		if flow.Answered == 0 || r.Seconds >= p.request.For {
			t.Errorf("%+v, in %f seconds", flow, r.Seconds)
		}
	}
	p.leavesNothing()
}
