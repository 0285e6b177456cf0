package frame

import (
	"net/netip"
	"testing"
)

func TestFramesAreKnownWhereTheyArrive(t *testing.T) {
	for k := TCPSyn; k <= STP; k++ {
		for _, family := range [][2]string{{"10.0.0.1", "10.0.0.2"}, {"fd00::1", "fd00::2"}} {
			is4, is6 := k.Families()
			if len(family[0]) == 8 && !is4 || len(family[0]) == 7 && !is6 {
				continue
			}
			for i, b := range Build(spec(k, family[0], family[1])) {
				if got, ok := Seen(b, run); !ok || got != (Token{run, 7, Forged, k}) {
					t.Errorf("%s, %s, frame %d: %v %t", k, family[0], i, got, ok)
				}
				if _, ok := Seen(b, run+1); ok {
					t.Errorf("%s, %s, frame %d is taken for one of another run", k, family[0], i)
				}
			}
		}
	}
}

// A kernel removes the tag before any program sees the frame.
func TestAFrameIsKnownWithoutItsTag(t *testing.T) {
	b := Build(spec(VLAN, "10.0.0.1", "10.0.0.2"))[0]
	if got, ok := Seen(append(append([]byte{}, b[:12]...), b[16:]...), run); !ok || got.Kind != VLAN {
		t.Error(got, ok)
	}
}

func TestWhatAKernelSaysOfAPacketIsNoArrival(t *testing.T) {
	source, target := netip.MustParseAddr("10.0.0.1").AsSlice(), netip.MustParseAddr("10.0.0.2").AsSlice()
	source6, target6 := netip.MustParseAddr("fd00::1").AsSlice(), netip.MustParseAddr("fd00::2").AsSlice()
	sent := Build(spec(UDP, "10.0.0.1", "10.0.0.2"))[0][14:]
	sent6 := Build(spec(UDP, "fd00::1", "fd00::2"))[0][14:]
	redirect := Build(spec(Redirect, "10.0.0.1", "10.0.0.2"))[0][14:]
	quoting := func(kind byte, packet []byte) []byte {
		return ether(own, other, etherIP, ip(target, source, protoICMP, hopsAnywhere, fragment{}, icmp(target, source, kind, 0, append(make([]byte, 4), packet...))))
	}
	quoting6 := func(kind byte, packet []byte) []byte {
		return ether(own, other, etherIP6, ip(target6, source6, protoICMP6, hopsAnywhere, fragment{}, icmp(target6, source6, kind, 0, append(make([]byte, 4), packet...))))
	}
	// With a hop-by-hop header before the message.
	behind := quoting6(1, sent6)
	behind[14+6] = 0
	behind = append(append(append([]byte{}, behind[:14+40]...), protoICMP6, 0, 1, 4, 0, 0, 0, 0), behind[14+40:]...)
	tagged := quoting(3, sent)
	tagged = append(append(append([]byte{}, tagged[:12]...), 0x81, 0, 0, 12), tagged[12:]...)
	answer := Token{Run: run, ID: 7, Role: Answer}
	for what, b := range map[string][]byte{
		"unreachable":              quoting(3, sent),
		"unreachable with a tag":   tagged,
		"time exceeded":            quoting(11, sent),
		"parameter problem":        quoting(12, sent),
		"a router's redirect":      quoting(5, sent),
		"an echo":                  quoting(0, answer.Append(nil)),
		"an echo of a forged one":  quoting(0, Token{run, 7, Forged, ICMP}.Append(nil)),
		"an error over a redirect": quoting(3, redirect),
		"unreachable, IPv6":        quoting6(1, sent6),
		"unreachable behind more":  behind,
		"too big, IPv6":            quoting6(2, sent6),
		"time exceeded, IPv6":      quoting6(3, sent6),
		"parameter problem, IPv6":  quoting6(4, sent6),
		"an echo, IPv6":            quoting6(129, Token{run, 7, Forged, ICMP}.Append(nil)),
		"a router's redirect, v6":  quoting6(137, sent6),
		"an answer to a flow":      ether(own, other, etherIP, ip(target, source, protoUDP, hopsAnywhere, fragment{}, udp(target, source, 443, 1, answer.Append(nil)))),
	} {
		if _, ok := Find(b, run); !ok {
			t.Errorf("%s has no token, and shows nothing", what)
		}
		if got, ok := Seen(b, run); ok {
			t.Errorf("%s is taken for an arrival: %v", what, got)
		}
	}
}

func TestNonsenseIsNoArrival(t *testing.T) {
	whole := Build(spec(Redirect, "fd00::1", "fd00::2"))[0]
	for n := range whole {
		if _, ok := Seen(whole[:n], run); ok != (n >= 14+40+40+2+TokenSize) {
			t.Errorf("%d bytes: %t", n, ok)
		}
	}
	for n := range 100 {
		for _, kind := range []uint16{etherIP, etherIP6, etherVLAN, etherARP} {
			b := make([]byte, n)
			for i := range b {
				b[i] = 0xff
			}
			if n >= 14 {
				set16(b[12:], kind)
			}
			if _, ok := Seen(b, run); ok {
				t.Error("nothing is an arrival")
			}
			Neighbour(b)
		}
	}
}

func TestNeighboursAreAskedAndUnderstood(t *testing.T) {
	wanted, wanted6 := netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr("fd00::3:2")
	const question4 = "52:54:00:00:00:11 > ff:ff:ff:ff:ff:ff; arp 000108000604 1; 52:54:00:00:00:11 is 10.0.0.1, 00:00:00:00:00:00 is 10.0.0.2; NO TOKEN"
	const question6 = "52:54:00:00:00:11 > 33:33:ff:03:00:02; fd00::1 > ff02::1:ff03:2 ttl 255; icmp6 135/0; flags 00 fd00::3:2; option 1 52:54:00:00:00:11"
	ask4 := WhoHas(own, netip.MustParseAddr("10.0.0.1").AsSlice(), wanted.AsSlice())
	ask6 := WhoHas(own, netip.MustParseAddr("fd00::1").AsSlice(), wanted6.AsSlice())
	if got := dissect(ask4); got != question4 {
		t.Error(got)
	}
	if got := dissect(ask6); got != question6 {
		t.Error(got)
	}
	answer4 := ether(own, other, etherARP, arp(2, other, wanted.AsSlice(), own, []byte{10, 0, 0, 1}))
	s := Spec{SourceMAC: MAC{2}, TargetMAC: own, Source: wanted6.AsSlice()}
	advertised := append(append(append([]byte{0x60, 0, 0, 0}, wanted6.AsSlice()...), 2, 1), other[:]...)
	answer6 := s.icmp6(136, advertised, netip.MustParseAddr("fd00::1").AsSlice())[0]
	plain6 := s.icmp6(136, advertised[:20], netip.MustParseAddr("fd00::1").AsSlice())[0]
	for _, c := range []struct {
		b       []byte
		address netip.Addr
		mac     MAC
		ok      bool
	}{{answer4, wanted, other, true}, {answer6, wanted6, other, true}, {plain6, wanted6, MAC{2}, true}, {ask4, wanted, other, false}, {ask6, wanted6, other, false}} {
		address, mac, ok := Neighbour(c.b)
		if ok != c.ok || ok && (string(address) != string(c.address.AsSlice()) || mac != c.mac) {
			t.Errorf("%s: %v %v %t", dissect(c.b), address, mac, ok)
		}
	}
}

func TestEchoes(t *testing.T) {
	source, target := netip.MustParseAddr("10.0.0.1").AsSlice(), netip.MustParseAddr("10.0.0.2").AsSlice()
	token := Token{Run: run, ID: 7, Role: Flow}
	message := token.Message(1)
	asked := Echo(source, target, 7, message)
	packet := func(b []byte) []byte { return ip(target, source, protoICMP, hopsAnywhere, fragment{}, b) }
	answered := append([]byte{}, asked...)
	answered[0] = 0
	if !IsEchoReply(packet(answered), true, string(message)) {
		t.Error("an answer is not known")
	}
	for what, b := range map[string][]byte{"the question": packet(asked), "no header": answered, "nothing": nil, "a header": packet(nil), "another's": packet(append([]byte{0, 0, 0, 0, 0, 7, 0, 1}, token.Message(2)...))} {
		if IsEchoReply(b, true, string(message)) {
			t.Errorf("%s is taken for an answer", what)
		}
	}
}
