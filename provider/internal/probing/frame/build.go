package frame

// Spec describes a forged frame to build. All addresses are of one family.
type Spec struct {
	Kind      Kind
	Token     Token
	Own       MAC // the MAC address of the interface
	SourceMAC MAC // the interface's own or a forged one
	TargetMAC MAC // the next hop
	Source    []byte
	Target    []byte

	Port, SourcePort, VLAN uint16
}

// The values that a request leaves open.
const (
	discardPort   = 9
	mdnsPort      = 5353
	firstOwn      = 61000 // Linux gives connections lower ports (ip_local_port_range), so no flow has the port of a forged frame
	ownPorts      = 1 << 12
	bootpServer   = 67
	bootpClient   = 68
	dhcp6Server   = 547
	dhcp6Client   = 546
	lateOffset    = 64
	noSuchOption  = 253 // for experiments (RFC 4727)
	experimenting = 0x88b5
)

// Build builds the frames that a Spec describes.
func Build(s Spec) [][]byte {
	s.Token.Role, s.Token.Kind = Forged, s.Kind
	if s.Port == 0 {
		s.Port = discardPort
	}
	if s.SourcePort == 0 {
		s.SourcePort = firstOwn + uint16(s.Token.ID%ownPorts)
	}
	token := s.Token.Append(nil)
	switch s.Kind {
	case TCPSyn:
		return s.on(protoTCP, tcp(s.Source, s.Target, s.SourcePort, s.Port, flagSyn, token))
	case TCPAck:
		return s.on(protoTCP, tcp(s.Source, s.Target, s.SourcePort, s.Port, flagAck, token))
	case UDP:
		return s.on(protoUDP, s.udp(s.Target, token))
	case ICMP:
		echo := byte(8)
		if len(s.Source) != 4 {
			echo = 128
		}
		rest := append(put16(put16(nil, uint16(s.Token.ID)), 1), token...)
		return s.on(icmpProto(s.Source), icmp(s.Source, s.Target, echo, 0, rest))
	case GRE:
		return s.on(protoGRE, append(put16([]byte{0, 0}, experimenting), token...))
	case Fragments:
		return s.fragments(token)
	case LateFragment:
		return [][]byte{s.packet(s.TargetMAC, s.Target, protoUDP, hopsAnywhere, fragment{s.Token.ID, lateOffset, false}, token)}
	case VLAN:
		inner := ip(s.Source, s.Target, protoUDP, hopsAnywhere, fragment{}, s.udp(s.Target, token))
		return [][]byte{ether(s.TargetMAC, s.SourceMAC, etherVLAN, append(put16(put16(nil, s.VLAN), etherOf(s.Source)), inner...))}
	case Broadcast:
		if len(s.Source) == 4 {
			return [][]byte{s.packet(Everybody, everybody4, protoUDP, hopsAnywhere, fragment{}, s.udp(everybody4, token))}
		}
		return [][]byte{s.packet(groupMAC(allNodes), allNodes, protoUDP, hopsAnywhere, fragment{}, s.udp(allNodes, token))}
	case Multicast:
		group := mdns6
		if len(s.Source) == 4 {
			group = mdns4
		}
		s.Port = mdnsPort
		return [][]byte{s.packet(groupMAC(group), group, protoUDP, hopsOnLink, fragment{}, s.udp(group, token))}
	case ARPSpoof:
		return s.arp(token)
	case LLDP:
		return s.lldp(token)
	case STP:
		return s.stp(token)
	case DHCPOffer:
		return s.offer(token)
	case DHCP6Advertise:
		return s.advertise(token)
	}
	return s.discovery(token)
}

// on builds a whole packet to the next hop.
func (s Spec) on(proto byte, payload []byte) [][]byte {
	return [][]byte{s.packet(s.TargetMAC, s.Target, proto, hopsAnywhere, fragment{}, payload)}
}

func (s Spec) packet(to MAC, target []byte, proto, hops byte, f fragment, payload []byte) []byte {
	return ether(to, s.SourceMAC, etherOf(s.Source), ip(s.Source, target, proto, hops, f, payload))
}

func (s Spec) udp(target, payload []byte) []byte {
	return udp(s.Source, target, s.SourcePort, s.Port, payload)
}

// fragments builds the fragments of one datagram, each with the token: the datagram is recognized if it is reassembled on the way, and so
// is each fragment by itself.
func (s Spec) fragments(token []byte) [][]byte {
	const first, second = 32, 24 // bytes; all but the last must be a multiple of 8
	payload := make([]byte, 0, first+second+TokenSize)
	payload = append(payload, token...)[:first-8]
	payload = append(payload, token...)[:first-8+second]
	whole := s.udp(s.Target, append(payload, token...))
	part := func(from, to int) []byte {
		return s.packet(s.TargetMAC, s.Target, protoUDP, hopsAnywhere, fragment{s.Token.ID, uint16(from), to < len(whole)}, whole[from:to])
	}
	return [][]byte{part(0, first), part(first, first+second), part(first+second, len(whole))}
}

// arp builds frames that claim the source address for this interface: in a question, in an answer, and unsolicited.
func (s Spec) arp(token []byte) [][]byte {
	nobody := MAC{}
	return [][]byte{
		ether(Everybody, s.SourceMAC, etherARP, append(arp(1, s.SourceMAC, s.Source, nobody, s.Target), token...)),
		ether(s.TargetMAC, s.SourceMAC, etherARP, append(arp(2, s.SourceMAC, s.Source, s.TargetMAC, s.Target), token...)),
		ether(Everybody, s.SourceMAC, etherARP, append(arp(1, s.SourceMAC, s.Source, nobody, s.Source), token...)),
	}
}

func arp(op byte, from MAC, source []byte, to MAC, target []byte) []byte {
	b := append([]byte{0, 1, etherIP >> 8, etherIP & 0xff, 6, 4, 0, op}, from[:]...)
	b = append(append(b, source...), to[:]...)
	return append(b, target...)
}

// lldp builds a frame to the nearest bridge, which does not forward it, and one to everybody.
func (s Spec) lldp(token []byte) [][]byte {
	tlv := func(b []byte, kind byte, v []byte) []byte {
		return append(append(b, kind<<1, byte(len(v))), v...)
	}
	const macAddress, forgetAtOnce, organization = 4, 0, 127
	b := tlv(nil, 1, append([]byte{macAddress}, s.SourceMAC[:]...))
	b = tlv(b, 2, append([]byte{macAddress - 1}, s.SourceMAC[:]...))
	b = tlv(b, 3, []byte{0, forgetAtOnce})
	b = tlv(tlv(b, organization, append([]byte{0, 0, 0, 0}, token...)), 0, nil)
	return [][]byte{ether(nearest, s.SourceMAC, etherLLDP, b), ether(Everybody, s.SourceMAC, etherLLDP, b)}
}

// stp builds claims to be the root of the spanning tree, with the worst possible priority, so that no bridge follows them. They go to
// bridges, and to the bridges that have a tree for each VLAN.
func (s Spec) stp(token []byte) [][]byte {
	id := append([]byte{0xff, 0xff}, s.SourceMAC[:]...)
	b := append([]byte{0, 0, 0, 0, 0}, id...)
	b = append(append(b, 0, 0, 0, 0), id...)
	b = append(b, 0x80, 1, 0, 0, 20, 0, 2, 0, 15, 0) // port; then age, maximum age, hello time and forward delay, in 1/256 s
	frame := func(to MAC, llc ...byte) []byte {
		b := append(llc, b...)
		// The token follows after the part that the length covers.
		return ether(to, s.SourceMAC, uint16(len(b)), append(b, token...))
	}
	return [][]byte{frame(bridgeGroup, 0x42, 0x42, 3), frame(perVLANGroup, 0xaa, 0xaa, 3, 0, 0, 0x0c, 1, 0x0b)}
}
