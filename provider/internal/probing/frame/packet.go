package frame

// Numbers of https://www.iana.org/assignments/protocol-numbers and https://www.iana.org/assignments/ieee-802-numbers
const (
	protoICMP, protoTCP, protoUDP, protoFragment, protoGRE, protoICMP6 = 1, 6, 17, 44, 47, 58

	etherIP, etherARP, etherVLAN, etherIP6, etherLLDP = 0x0800, 0x0806, 0x8100, 0x86dd, 0x88cc

	hopsAnywhere = 64
	hopsOnLink   = 255 // neighbour discovery requires it (RFC 4861, 6.1)

	leastFrame = 60 // without the frame's checksum
)

// MAC is a hardware address.
type MAC [6]byte

// Everybody is the broadcast address.
var Everybody = MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

var (
	everybody4   = []byte{255, 255, 255, 255}
	mdns4        = []byte{224, 0, 0, 251}
	mdns6        = []byte{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb}
	allNodes     = []byte{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}
	nearest      = MAC{1, 0x80, 0xc2, 0, 0, 0x0e} // the nearest bridge: no bridge forwards it
	bridgeGroup  = MAC{1, 0x80, 0xc2, 0, 0, 0}
	perVLANGroup = MAC{1, 0, 0x0c, 0xcc, 0xcc, 0xcd} // one spanning tree for each VLAN (PVST+): bridges that don't know it forward it
)

// groupMAC returns the hardware address for packets to a multicast group (RFC 1112, 6.4; RFC 2464, 7).
func groupMAC(ip []byte) MAC {
	if len(ip) == 4 {
		return MAC{1, 0, 0x5e, ip[1] & 0x7f, ip[2], ip[3]}
	}
	return MAC{0x33, 0x33, ip[12], ip[13], ip[14], ip[15]}
}

func ether(to, from MAC, kind uint16, payload []byte) []byte {
	b := append(append(make([]byte, 0, 14+len(payload)), to[:]...), from[:]...)
	return pad(append(put16(b, kind), payload...))
}

func pad(b []byte) []byte {
	for len(b) < leastFrame {
		b = append(b, 0)
	}
	return b
}

func etherOf(ip []byte) uint16 {
	if len(ip) == 4 {
		return etherIP
	}
	return etherIP6
}

// fragment describes a part of a packet; the zero value stands for a whole packet.
type fragment struct {
	ident  uint32
	offset uint16 // in bytes
	more   bool
}

// ip puts an IP header before a payload.
func ip(source, target []byte, proto, hops byte, f fragment, payload []byte) []byte {
	if len(source) == 4 {
		return ip4(source, target, proto, hops, f, payload)
	}
	if f != (fragment{}) {
		b := put16([]byte{proto, 0}, f.offset|bit(f.more))
		payload, proto = append(put32(b, f.ident), payload...), protoFragment
	}
	b := put16([]byte{0x60, 0, 0, 0}, uint16(len(payload)))
	b = append(append(append(b, proto, hops), source...), target...)
	return append(b, payload...)
}

func ip4(source, target []byte, proto, hops byte, f fragment, payload []byte) []byte {
	b := put16([]byte{0x45, 0}, uint16(ip4Header+len(payload)))
	b = put16(put16(b, uint16(f.ident)), f.offset/8|bit(f.more)<<13)
	b = append(append(append(b, hops, proto, 0, 0), source...), target...)
	set16(b[10:], checksum(0, b))
	return append(b, payload...)
}

const ip4Header, ip6Header = 20, 40

func bit(yes bool) uint16 {
	if yes {
		return 1
	}
	return 0
}

func set16(b []byte, v uint16) { b[0], b[1] = byte(v>>8), byte(v) }

func udp(source, target []byte, from, to uint16, payload []byte) []byte {
	b := put16(put16(put16(nil, from), to), uint16(8+len(payload)))
	b = append(append(b, 0, 0), payload...)
	sum := checksum(pseudo(source, target, protoUDP, len(b)), b)
	if sum == 0 {
		sum = 0xffff // 0 would mean that there is no checksum
	}
	set16(b[6:], sum)
	return b
}

const flagSyn, flagAck = 0x02, 0x10

func tcp(source, target []byte, from, to uint16, flags byte, payload []byte) []byte {
	const number, window, words = 0x10000001, 64240, 5
	b := put32(put16(put16(nil, from), to), number)
	if flags&flagAck != 0 {
		b = put32(b, number)
	} else {
		b = put32(b, 0)
	}
	b = append(put16(append(b, words<<4, flags), window), 0, 0, 0, 0)
	b = append(b, payload...)
	set16(b[16:], checksum(pseudo(source, target, protoTCP, len(b)), b))
	return b
}

// icmp builds an ICMP or ICMPv6 message, depending on the addresses; rest follows type, code and checksum.
func icmp(source, target []byte, kind, code byte, rest []byte) []byte {
	b := append([]byte{kind, code, 0, 0}, rest...)
	sum := uint32(0)
	if len(source) != 4 {
		sum = pseudo(source, target, protoICMP6, len(b))
	}
	set16(b[2:], checksum(sum, b))
	return b
}

func icmpProto(address []byte) byte {
	if len(address) == 4 {
		return protoICMP
	}
	return protoICMP6
}

// pseudo returns the sum of the parts of the IP header that a checksum covers.
func pseudo(source, target []byte, proto byte, length int) uint32 {
	return add(add(uint32(proto)+uint32(length), source), target)
}

func add(sum uint32, b []byte) uint32 {
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(get16(b))
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	return sum
}

func checksum(sum uint32, b []byte) uint16 {
	for sum = add(sum, b); sum > 0xffff; {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
