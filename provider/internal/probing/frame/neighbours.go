package frame

// WhoHas builds a question for the hardware address of an address on the link; own is the interface's own address.
func WhoHas(mac MAC, own, wanted []byte) []byte {
	if len(wanted) == 4 {
		return ether(Everybody, mac, etherARP, arp(1, mac, own, MAC{}, wanted))
	}
	solicited := append([]byte{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff}, wanted[13:]...)
	const solicitation, sourceLinkLayer = 135, 1
	rest := append(append(make([]byte, 4), wanted...), sourceLinkLayer, 1)
	s := Spec{SourceMAC: mac, Source: own}
	return s.icmp6(solicitation, append(rest, mac[:]...), solicited)[0]
}

// Neighbour reads an answer to the question of WhoHas.
func Neighbour(b []byte) (address []byte, mac MAC, ok bool) {
	const header, answer, hardware, protocol, advertisement = 14, 2, 8, 14, 136
	if len(b) >= header+28 && get16(b[12:]) == etherARP {
		b = b[header:]
		copy(mac[:], b[hardware:])
		return b[protocol : protocol+4], mac, b[7] == answer
	}
	proto, rest, later := transport(b)
	const target, options, targetLinkLayer = 8, 24, 2
	if proto != protoICMP6 || later || len(rest) < options || rest[0] != advertisement {
		return nil, mac, false
	}
	copy(mac[:], b[6:]) // the sender's address, if the answer does not contain one
	for o := rest[options:]; len(o) >= 8 && o[1] > 0 && len(o) >= int(o[1])*8; o = o[int(o[1])*8:] {
		if o[0] == targetLinkLayer {
			copy(mac[:], o[2:])
		}
	}
	return rest[target : target+16], mac, true
}
