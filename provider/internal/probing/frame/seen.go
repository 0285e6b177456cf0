package frame

// Seen reports whether a frame that has arrived was sent by a probe, and returns its token. A message that a kernel sends because of such
// a frame does not count: an error quotes the packet, and an echo repeats it, to the sender that the packet claims. That may be a third
// machine, which the packet itself never reached.
func Seen(b []byte, run uint32) (Token, bool) {
	t, ok := Find(b, run)
	if !ok || t.Role == Answer {
		return t, false
	}
	switch kind := icmpType(b); kind {
	case 5, 137 + v6:
		return t, t.Kind == Redirect
	case 0, 3, 4, 11, 12, 1 + v6, 2 + v6, 3 + v6, 4 + v6, 129 + v6:
		return t, false
	}
	return t, true
}

// v6 distinguishes the types of ICMPv6 from those of ICMP.
const v6 = 1 << 8

// icmpType returns the type of an ICMP message, -1 if the frame is not ICMP or is a later fragment.
func icmpType(b []byte) int {
	proto, rest, offset := transport(b)
	if offset || len(rest) == 0 {
		return -1
	}
	switch proto {
	case protoICMP:
		return int(rest[0])
	case protoICMP6:
		return int(rest[0]) + v6
	}
	return -1
}

// transport returns what an IP packet carries, -1 if the frame is not an IP packet; later reports that it is a fragment other than the
// first.
func transport(b []byte) (proto int, rest []byte, later bool) {
	if len(b) < 14 {
		return -1, nil, false
	}
	kind, b := get16(b[12:]), b[14:]
	for kind == etherVLAN && len(b) >= 4 {
		kind, b = get16(b[2:]), b[4:]
	}
	switch {
	case kind == etherIP && len(b) >= ip4Header && len(b) >= int(b[0]&15)*4:
		return int(b[9]), b[int(b[0]&15)*4:], get16(b[6:])&0x1fff != 0
	case kind == etherIP6 && len(b) >= ip6Header:
		return extensions(b[6], b[ip6Header:])
	}
	return -1, nil, false
}

func extensions(next byte, b []byte) (proto int, rest []byte, later bool) {
	const hopByHop, routing, options = 0, 43, 60
	for len(b) >= 8 {
		switch next {
		case hopByHop, routing, options:
			length := 8 + int(b[1])*8
			if len(b) < length {
				return int(next), nil, later
			}
			next, b = b[0], b[length:]
		case protoFragment:
			later = later || get16(b[2:])&^7 != 0
			next, b = b[0], b[8:]
		default:
			return int(next), b, later
		}
	}
	return int(next), b, later
}

// Echo builds an ICMP echo request, without an IP header.
func Echo(source, target []byte, id uint32, message []byte) []byte {
	kind := byte(8)
	if len(source) != 4 {
		kind = 128
	}
	return icmp(source, target, kind, 0, append(put16(put16(nil, uint16(id)), 1), message...))
}

// IsEchoReply reports whether data that a raw socket read is an answer to an Echo. With IPv4, the socket reads the IP header, too.
func IsEchoReply(b []byte, four bool, message string) bool {
	kind := byte(129)
	if four {
		if len(b) < ip4Header || b[0]>>4 != 4 || len(b) < int(b[0]&15)*4 {
			return false
		}
		b, kind = b[int(b[0]&15)*4:], 0
	}
	const header = 8
	return len(b) == header+len(message) && b[0] == kind && string(b[header:]) == message
}
