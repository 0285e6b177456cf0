package frame

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// dissect decodes a frame as a receiver would, independently of this package: one line for each layer, with what is wrong.
func dissect(b []byte) string {
	d := &dissection{}
	d.ethernet(b)
	return strings.Join(d.lines, "; ")
}

type dissection struct{ lines []string }

func (d *dissection) say(form string, args ...any) {
	d.lines = append(d.lines, fmt.Sprintf(form, args...))
}

func be(b []byte) uint16 { return binary.BigEndian.Uint16(b) }

func (d *dissection) ethernet(b []byte) {
	if len(b) < 60 {
		d.say("SHORT %d", len(b))
	}
	kind := be(b[12:])
	d.say("%s > %s", net.HardwareAddr(b[6:12]), net.HardwareAddr(b[:6]))
	if kind < 0x600 {
		d.llc(b[14:14+kind], b[14+kind:])
		return
	}
	d.payload(kind, b[14:])
}

func (d *dissection) payload(kind uint16, b []byte) {
	switch kind {
	case 0x8100:
		d.say("vlan %d", be(b)&0xfff)
		d.payload(be(b[2:]), b[4:])
	case 0x0800:
		d.ip4(b)
	case 0x86dd:
		d.ip6(b)
	case 0x0806:
		d.say("arp %s %d", hex.EncodeToString(b[:6]), be(b[6:]))
		d.say("%s is %v, %s is %v", net.HardwareAddr(b[8:14]), net.IP(b[14:18]), net.HardwareAddr(b[18:24]), net.IP(b[24:28]))
		d.token(b[28:])
	case 0x88cc:
		d.lldp(b)
	default:
		d.say("UNKNOWN %04x", kind)
	}
}

func (d *dissection) ip4(b []byte) {
	header := b[:int(b[0]&15)*4]
	if b[0]>>4 != 4 || sum(header) != 0xffff {
		d.say("BAD HEADER")
	}
	total, at := int(be(b[2:])), be(b[6:])
	if total > len(b) {
		d.say("CUT OFF")
		return
	}
	source, target := netip.AddrFrom4([4]byte(b[12:])), netip.AddrFrom4([4]byte(b[16:]))
	d.say("%v > %v ttl %d", source, target, b[8])
	rest := b[len(header):total]
	if at&0x3fff != 0 {
		d.fragment(int(at&0x1fff)*8, at&0x2000 != 0, uint32(be(b[4:])), b[9], rest)
		return
	}
	pseudo := append(append(append([]byte{}, b[12:20]...), 0, b[9]), byte(len(rest)>>8), byte(len(rest)))
	d.transport(b[9], rest, pseudo)
}

func (d *dissection) ip6(b []byte) {
	length, next := int(be(b[4:])), b[6]
	if b[0]>>4 != 6 || 40+length > len(b) {
		d.say("BAD HEADER")
		return
	}
	d.say("%v > %v ttl %d", netip.AddrFrom16([16]byte(b[8:])), netip.AddrFrom16([16]byte(b[24:])), b[7])
	rest := b[40 : 40+length]
	if next == 44 {
		d.fragment(int(be(rest[2:])&^7), rest[3]&1 != 0, binary.BigEndian.Uint32(rest[4:]), rest[0], rest[8:])
		return
	}
	pseudo := append([]byte{}, b[8:40]...)
	pseudo = append(pseudo, 0, 0, byte(length>>8), byte(length), 0, 0, 0, next)
	d.transport(next, rest, pseudo)
}

func (d *dissection) fragment(offset int, more bool, id uint32, proto byte, rest []byte) {
	d.say("fragment %d of %d at %d, more %t, %d bytes", proto, id, offset, more, len(rest))
	if more && len(rest)%8 != 0 {
		d.say("BAD LENGTH")
	}
	d.token(rest)
}

func (d *dissection) transport(proto byte, b, pseudo []byte) {
	switch proto {
	case 6:
		d.say("tcp %d > %d flags %02x", be(b), be(b[2:]), b[13])
		d.checked(pseudo, b)
		d.token(b[int(b[12]>>4)*4:])
	case 17:
		d.say("udp %d > %d", be(b), be(b[2:]))
		if int(be(b[4:])) != len(b) {
			d.say("BAD LENGTH")
		}
		d.checked(pseudo, b)
		d.datagram(be(b[2:]), b[8:])
	case 1:
		d.say("icmp %d/%d", b[0], b[1])
		d.checked(nil, b)
		if b[0] == 5 {
			d.say("to %v", net.IP(b[4:8]))
			d.ip4(b[8:])
			return
		}
		d.token(b[8:])
	case 58:
		d.say("icmp6 %d/%d", b[0], b[1])
		d.checked(pseudo, b)
		d.discovery(b)
	case 47:
		d.say("gre %04x %04x", be(b), be(b[2:]))
		d.token(b[4:])
	default:
		d.say("UNKNOWN %d", proto)
	}
}

func (d *dissection) discovery(b []byte) {
	options := 8
	switch b[0] {
	case 134:
		d.say("router for %d s", be(b[6:]))
		options = 16
	case 135, 136:
		d.say("flags %02x %v", b[4], netip.AddrFrom16([16]byte(b[8:])))
		options = 24
	case 137:
		d.say("to %v by %v", netip.AddrFrom16([16]byte(b[24:])), netip.AddrFrom16([16]byte(b[8:])))
		options = 40
	default:
		d.token(b[8:])
		return
	}
	for b = b[options:]; len(b) > 0; b = b[int(b[1])*8:] {
		if b[1] == 0 {
			d.say("option %d of length 0", b[0])
			d.token(b[2:])
			return
		}
		d.say("option %d %s", b[0], net.HardwareAddr(b[2:8]))
	}
}

func (d *dissection) datagram(port uint16, b []byte) {
	switch port {
	case 68:
		if binary.BigEndian.Uint32(b[236:]) != 0x63825363 {
			d.say("NO DHCP")
		}
		d.say("dhcp op %d gives %v", b[0], net.IP(b[16:20]))
		for b = b[240:]; b[0] != 255; b = b[2+int(b[1]):] {
			d.say("option %d", b[0])
			if b[0] == 43 {
				d.token(b[2 : 2+int(b[1])])
			} else {
				d.say("%x", b[2:2+int(b[1])])
			}
		}
	case 546:
		d.say("dhcp6 %d option %d", b[0], be(b[4:]))
		if len(b) != 8+int(be(b[6:])) {
			d.say("BAD LENGTH")
		}
		d.token(b[12:])
	default:
		d.token(b)
	}
}

func (d *dissection) lldp(b []byte) {
	for {
		kind, length := b[0]>>1, int(be(b)&0x1ff)
		v := b[2 : 2+length]
		switch kind {
		case 0:
			return
		case 3:
			d.say("lldp for %d s", be(v))
		case 127:
			d.token(v[4:])
		}
		b = b[2+length:]
	}
}

func (d *dissection) llc(b, trailer []byte) {
	header := 3
	if b[0] == 0xaa {
		header = 8
	}
	d.say("llc %x", b[:header])
	d.say("bpdu %x root %x of %d bytes", b[header:header+5], b[header+5:header+7], len(b)-header)
	d.token(trailer)
}

// token describes the token in a payload; only padding may follow it.
func (d *dissection) token(b []byte) {
	t, ok := Find(b, run)
	if !ok || strings.Index(string(b), magic) != 0 {
		// In the first of the fragments, a header comes before it.
		if at := strings.Index(string(b), magic); at != 8 {
			d.say("NO TOKEN")
			return
		}
	}
	d.say("%c %d %s", t.Role, t.ID, t.Kind)
}

func (d *dissection) checked(pseudo, b []byte) {
	if sum(append(append([]byte{}, pseudo...), b...)) != 0xffff {
		d.say("BAD CHECKSUM")
	}
}

// sum returns 0xffff if the data contains its own correct checksum.
func sum(b []byte) uint16 {
	total := 0
	for i, c := range b {
		total += int(c) << (8 * (1 - i%2))
	}
	for total > 0xffff {
		total = total>>16 + total&0xffff
	}
	return uint16(total)
}
