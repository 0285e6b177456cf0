package frame

// Messages by which hosts are configured: built so that a filter can't tell them from genuine ones, and that the receiver does not follow
// them.

// discovery builds the ICMP messages about a router, a better route, or a neighbour. The option with the token has the length 0, and RFC
// 4861 (6.1.2, 7.1.2, 8.1) says to drop such a message; so no guest changes its routes when one gets through.
func (s Spec) discovery(token []byte) [][]byte {
	option := append([]byte{noSuchOption, 0}, token...)
	switch s.Kind {
	case RouterAdvertisement:
		return s.icmp6(134, append(make([]byte, 12), option...), allNodes)
	case NeighbourAdvertisement:
		const override, targetLinkLayer = 0x20, 2
		b := append([]byte{override, 0, 0, 0}, s.Source...)
		s.Source = linkLocal(s.Own) // the claim is false but its sender is genuine: a false sender alone would give it away
		b = append(append(b, targetLinkLayer, 1), s.Own[:]...)
		return append(s.icmp6(136, append(b, option...), allNodes), s.icmp6(136, append(b, option...), s.Target)...)
	case Redirect:
		if len(s.Source) == 4 {
			// No host accepts 0.0.0.0 as a router.
			const redirect, host = 5, 1
			quoted := ip(s.Target, s.Source, protoUDP, hopsAnywhere, fragment{}, udp(s.Target, s.Source, s.Port, s.SourcePort, token))
			return s.on(protoICMP, icmp(s.Source, s.Target, redirect, host, append(make([]byte, 4), quoted...)))
		}
		b := append(append(make([]byte, 4), s.Source...), s.Source...)
		return s.icmp6(137, append(b, option...), s.Target)
	}
	return nil
}

// linkLocal returns the address that a guest gives itself on its link (RFC 4291, appendix A).
func linkLocal(mac MAC) []byte {
	return append([]byte{0xfe, 0x80, 7: 0}, mac[0]^2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5])
}

func (s Spec) icmp6(kind byte, rest, target []byte) [][]byte {
	to := s.TargetMAC
	if target[0] == 0xff {
		to = groupMAC(target)
	}
	return [][]byte{s.packet(to, target, protoICMP6, hopsOnLink, fragment{}, icmp(s.Source, target, kind, 0, rest))}
}

// offer builds an answer of a DHCP server to a question that was never asked: no client waits for its transaction number.
func (s Spec) offer(token []byte) [][]byte {
	const answer, clientSpace, message, offered, server, vendor, end = 2, 16 + 64 + 128, 53, 2, 54, 43, 255
	b := put32([]byte{answer, 1, 6, 0}, s.Token.Run)
	b = append(b, make([]byte, 8)...)
	b = append(append(append(b, s.Target...), s.Source...), make([]byte, 4)...)
	b = append(b, make([]byte, clientSpace)...)
	b = append(b, 0x63, 0x82, 0x53, 0x63, message, 1, offered, server, 4)
	b = append(append(b, s.Source...), vendor, byte(len(token)))
	b = append(append(b, token...), end)
	to := func(mac MAC, target []byte) []byte {
		return s.packet(mac, target, protoUDP, hopsAnywhere, fragment{}, udp(s.Source, target, bootpServer, bootpClient, b))
	}
	return [][]byte{to(Everybody, everybody4), to(s.TargetMAC, s.Target)}
}

// advertise builds the same for IPv6.
func (s Spec) advertise(token []byte) [][]byte {
	const advertise, vendor = 2, 17
	b := put32(nil, s.Token.Run)
	b[0] = advertise
	b = put32(put16(put16(b, vendor), uint16(4+len(token))), 0)
	b = append(b, token...)
	to := func(mac MAC, target []byte) []byte {
		return s.packet(mac, target, protoUDP, hopsAnywhere, fragment{}, udp(s.Source, target, dhcp6Server, dhcp6Client, b))
	}
	return [][]byte{to(groupMAC(allNodes), allNodes), to(s.TargetMAC, s.Target)}
}
