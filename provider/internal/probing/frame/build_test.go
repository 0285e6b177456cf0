package frame

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

const run = 0xdecade01

var (
	own   = MAC{0x52, 0x54, 0, 0, 0, 0x11}
	other = MAC{0x52, 0x54, 0, 0, 0, 0x12}
)

func spec(k Kind, source, target string) Spec {
	return Spec{Kind: k, Token: Token{Run: run, ID: 7}, Own: own, SourceMAC: own, TargetMAC: other, Source: netip.MustParseAddr(source).AsSlice(),
		Target: netip.MustParseAddr(target).AsSlice(), Port: 443, VLAN: 12}
}

func TestFramesAreWhatAReceiverTakesThemFor(t *testing.T) {
	const (
		mac    = "52:54:00:00:00:11 > "
		peer   = mac + "52:54:00:00:00:12; "
		all    = mac + "ff:ff:ff:ff:ff:ff; "
		nodes  = mac + "33:33:00:00:00:01; "
		v4     = "10.0.0.1 > 10.0.0.2 ttl 64; "
		v6     = "fd00::1 > fd00::2 ttl 64; "
		ports  = "61007 > 443"
		claims = "52:54:00:00:00:11 is 10.0.0.1, "
	)
	four := map[Kind][]string{
		TCPSyn:       {peer + v4 + "tcp " + ports + " flags 02; R 7 tcp-syn"},
		TCPAck:       {peer + v4 + "tcp " + ports + " flags 10; R 7 tcp-ack"},
		UDP:          {peer + v4 + "udp " + ports + "; R 7 udp"},
		ICMP:         {peer + v4 + "icmp 8/0; R 7 icmp"},
		GRE:          {peer + v4 + "gre 0000 88b5; R 7 gre"},
		LateFragment: {peer + v4 + "fragment 17 of 7 at 64, more false, 18 bytes; R 7 late-fragment"},
		Fragments: {
			peer + v4 + "fragment 17 of 7 at 0, more true, 32 bytes; R 7 fragments",
			peer + v4 + "fragment 17 of 7 at 32, more true, 24 bytes; R 7 fragments",
			peer + v4 + "fragment 17 of 7 at 56, more false, 18 bytes; R 7 fragments",
		},
		ARPSpoof: {
			all + "arp 000108000604 1; " + claims + "00:00:00:00:00:00 is 10.0.0.2; R 7 arp-spoof",
			peer + "arp 000108000604 2; " + claims + "52:54:00:00:00:12 is 10.0.0.2; R 7 arp-spoof",
			all + "arp 000108000604 1; " + claims + "00:00:00:00:00:00 is 10.0.0.1; R 7 arp-spoof",
		},
		VLAN:      {peer + "vlan 12; " + v4 + "udp " + ports + "; R 7 vlan"},
		Broadcast: {all + "10.0.0.1 > 255.255.255.255 ttl 64; udp " + ports + "; R 7 broadcast"},
		Multicast: {mac + "01:00:5e:00:00:fb; 10.0.0.1 > 224.0.0.251 ttl 255; udp 61007 > 5353; R 7 multicast"},
		// It quotes the packet that it is about: a datagram in the other direction.
		Redirect: {peer + v4 + "icmp 5/1; to 0.0.0.0; 10.0.0.2 > 10.0.0.1 ttl 64; udp 443 > 61007; R 7 redirect"},
		DHCPOffer: {
			all + "10.0.0.1 > 255.255.255.255 ttl 64; udp 67 > 68; dhcp op 2 gives 10.0.0.2; option 53; 02; option 54; 0a000001; option 43; R 7 dhcp-offer",
			peer + v4 + "udp 67 > 68; dhcp op 2 gives 10.0.0.2; option 53; 02; option 54; 0a000001; option 43; R 7 dhcp-offer",
		},
		LLDP: {mac + "01:80:c2:00:00:0e; lldp for 0 s; R 7 lldp", all + "lldp for 0 s; R 7 lldp"},
		STP: {
			mac + "01:80:c2:00:00:00; llc 424203; bpdu 0000000000 root ffff of 35 bytes; R 7 stp",
			mac + "01:00:0c:cc:cc:cd; llc aaaa0300000c010b; bpdu 0000000000 root ffff of 35 bytes; R 7 stp",
		},
	}
	six := map[Kind][]string{
		TCPSyn:       {peer + v6 + "tcp " + ports + " flags 02; R 7 tcp-syn"},
		TCPAck:       {peer + v6 + "tcp " + ports + " flags 10; R 7 tcp-ack"},
		UDP:          {peer + v6 + "udp " + ports + "; R 7 udp"},
		ICMP:         {peer + v6 + "icmp6 128/0; R 7 icmp"},
		GRE:          {peer + v6 + "gre 0000 88b5; R 7 gre"},
		LateFragment: {peer + v6 + "fragment 17 of 7 at 64, more false, 18 bytes; R 7 late-fragment"},
		Fragments: {
			peer + v6 + "fragment 17 of 7 at 0, more true, 32 bytes; R 7 fragments",
			peer + v6 + "fragment 17 of 7 at 32, more true, 24 bytes; R 7 fragments",
			peer + v6 + "fragment 17 of 7 at 56, more false, 18 bytes; R 7 fragments",
		},
		VLAN:                {peer + "vlan 12; " + v6 + "udp " + ports + "; R 7 vlan"},
		Broadcast:           {nodes + "fd00::1 > ff02::1 ttl 64; udp " + ports + "; R 7 broadcast"},
		Multicast:           {mac + "33:33:00:00:00:fb; fd00::1 > ff02::fb ttl 255; udp 61007 > 5353; R 7 multicast"},
		RouterAdvertisement: {nodes + "fd00::1 > ff02::1 ttl 255; icmp6 134/0; router for 0 s; option 253 of length 0; R 7 router-advertisement"},
		NeighbourAdvertisement: {
			nodes + "fe80::5054:ff:fe00:11 > ff02::1 ttl 255; icmp6 136/0; flags 20 fd00::1; option 2 52:54:00:00:00:11; option 253 of length 0; R 7 neighbour-advertisement",
			peer + "fe80::5054:ff:fe00:11 > fd00::2 ttl 255; icmp6 136/0; flags 20 fd00::1; option 2 52:54:00:00:00:11; option 253 of length 0; R 7 neighbour-advertisement",
		},
		Redirect: {peer + "fd00::1 > fd00::2 ttl 255; icmp6 137/0; to fd00::1 by fd00::1; option 253 of length 0; R 7 redirect"},
		DHCP6Advertise: {
			nodes + "fd00::1 > ff02::1 ttl 64; udp 547 > 546; dhcp6 2 option 17; R 7 dhcp6-advertise",
			peer + v6 + "udp 547 > 546; dhcp6 2 option 17; R 7 dhcp6-advertise",
		},
		LLDP: four[LLDP],
		STP:  four[STP],
	}
	for k := TCPSyn; k <= STP; k++ {
		for _, f := range []struct {
			source, target string
			want           []string
		}{{"10.0.0.1", "10.0.0.2", four[k]}, {"fd00::1", "fd00::2", six[k]}} {
			is4, is6 := k.Families()
			if there := f.want != nil; there != (is4 && len(f.source) == 8 || is6 && len(f.source) == 7) {
				t.Errorf("%s of %s: is there %t", k, f.source, there)
			}
			if f.want == nil {
				continue
			}
			var got []string
			for _, b := range Build(spec(k, f.source, f.target)) {
				got = append(got, dissect(b))
			}
			if !slices.Equal(got, f.want) {
				t.Errorf("%s:\n%s\nwant\n%s", k, strings.Join(got, "\n"), strings.Join(f.want, "\n"))
			}
		}
	}
}

func TestFragmentsAreOneDatagramTogether(t *testing.T) {
	for _, family := range [][2]string{{"10.0.0.1", "10.0.0.2"}, {"fd00::1", "fd00::2"}} {
		header := 14 + 20
		if family[0] == "fd00::1" {
			header = 14 + 40 + 8
		}
		var whole []byte
		for i, b := range Build(spec(Fragments, family[0], family[1])) {
			whole = append(whole, b[header:header+[]int{32, 24, 18}[i]]...)
		}
		source, target := netip.MustParseAddr(family[0]).AsSlice(), netip.MustParseAddr(family[1]).AsSlice()
		pseudo := append(append(append([]byte{}, source...), target...), 0, 17, 0, byte(len(whole)))
		d := &dissection{}
		d.transport(17, whole, pseudo)
		if got := strings.Join(d.lines, "; "); got != "udp 61007 > 443; R 7 fragments" {
			t.Errorf("%s: %s", family[0], got)
		}
	}
}

func TestAForgedHardwareAddressIsThatOfTheFrame(t *testing.T) {
	s := spec(UDP, "10.0.0.1", "10.0.0.2")
	s.SourceMAC = MAC{0x52, 0x54, 0, 0, 0, 0x99}
	if got := dissect(Build(s)[0]); !strings.HasPrefix(got, "52:54:00:00:00:99 > ") {
		t.Error(got)
	}
}

func TestKindsByName(t *testing.T) {
	for _, name := range Kinds() {
		k, ok := KindOf(name)
		if spoofs := name == "mac-spoof" || name == "ip-spoof"; !ok || k.String() != name && !(spoofs && k == UDP) {
			t.Errorf("%s is %v", name, k)
		}
	}
	if _, ok := KindOf(""); ok {
		t.Error("nothing is a kind")
	}
}
