// Package wire defines the messages between the engine and the probe in a guest: lines of words. The probe contains it, so it imports
// next to nothing.
package wire

import (
	"errors"
	"strconv"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
)

// Orders are what a guest has to send.
type Orders struct {
	For    int // milliseconds; 0 to send once
	Flows  []Flow
	Frames []ForgedFrame
}

// Flow is an exchange by the guest's own network stack.
type Flow struct {
	ID        uint32
	Protocol  string // tcp, udp or icmp
	Echo      bool   // the other side repeats what it receives
	Hold      bool
	Expected  bool // an answer is expected, so it is worth waiting for
	Interface frame.MAC
	Source    []byte
	Target    []byte
	Port      uint16
}

// ForgedFrame is a forged frame.
type ForgedFrame struct {
	ID        uint32
	Kind      frame.Kind
	Interface frame.MAC
	SourceMAC []byte // nil for the interface's own
	TargetMAC []byte // nil for the next hops in Via, or everybody
	Source    []byte
	Target    []byte
	Own       []byte // the interface's address of that family; nil if it is not known
	Port      uint16
	From      uint16
	VLAN      uint16
	Via       [][]byte
}

// Encode returns the orders as text.
func (o Orders) Encode() string {
	var b strings.Builder
	line(&b, "for", o.For)
	for _, t := range o.Flows {
		line(&b, "flow", int(t.ID), t.Protocol, flag(t.Echo), flag(t.Hold), flag(t.Expected), t.Interface[:], t.Source, t.Target, int(t.Port))
	}
	for _, r := range o.Frames {
		words := []any{"frame", int(r.ID), int(r.Kind), r.Interface[:], r.SourceMAC, r.TargetMAC, r.Source, r.Target, r.Own, int(r.Port),
			int(r.From), int(r.VLAN)}
		for _, v := range r.Via {
			words = append(words, v)
		}
		line(&b, words...)
	}
	line(&b, end)
	return b.String()
}

// Parts splits the orders into orders of at most so many flows and frames.
func (o Orders) Parts(most int) func(yield func(Orders) bool) {
	return func(yield func(Orders) bool) {
		for len(o.Flows)+len(o.Frames) > 0 {
			part := Orders{For: o.For}
			part.Flows = o.Flows[:min(most, len(o.Flows))]
			part.Frames = o.Frames[:min(most-len(part.Flows), len(o.Frames))]
			o.Flows, o.Frames = o.Flows[len(part.Flows):], o.Frames[len(part.Frames):]
			if !yield(part) {
				return
			}
		}
	}
}

// DecodeOrders parses the text of Encode.
func DecodeOrders(text string) (o Orders, err error) {
	err = lines(text, func(r *words) {
		switch r.word() {
		case "for":
			o.For = r.number()
		case "flow":
			o.Flows = append(o.Flows, Flow{uint32(r.number()), r.word(), r.flag(), r.flag(), r.flag(), r.mac(), r.bytes(), r.bytes(),
				uint16(r.number())})
		case "frame":
			forged := ForgedFrame{uint32(r.number()), frame.Kind(r.number()), r.mac(), r.bytes(), r.bytes(), r.bytes(), r.bytes(), r.bytes(),
				uint16(r.number()), uint16(r.number()), uint16(r.number()), nil}
			for len(r.rest) > 0 {
				forged.Via = append(forged.Via, r.bytes())
			}
			o.Frames = append(o.Frames, forged)
		default:
			r.bad = true
		}
	})
	return o, err
}

const end = "end"

var errBroken = errors.New("what came over is not whole")

// lines reads all lines; the last one shows that nothing was cut off.
func lines(text string, read func(r *words)) error {
	for text != "" {
		one, rest, _ := strings.Cut(text, "\n")
		if one == end {
			return nil
		}
		r := &words{rest: strings.Split(one, " ")}
		if read(r); r.bad {
			return errors.New("unexpected line: " + one)
		}
		text = rest
	}
	return errBroken
}

func line(b *strings.Builder, all ...any) {
	for i, w := range all {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch w := w.(type) {
		case string:
			b.WriteString(w)
		case int:
			b.WriteString(strconv.Itoa(w))
		case []byte:
			b.WriteString(hex(w))
		}
	}
	b.WriteByte('\n')
}

func flag(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

const digits = "0123456789abcdef"

func hex(b []byte) string {
	if len(b) == 0 {
		return "-"
	}
	var text strings.Builder
	for _, c := range b {
		text.WriteByte(digits[c>>4])
		text.WriteByte(digits[c&15])
	}
	return text.String()
}

// words reads the words of a line from left to right.
type words struct {
	rest []string
	bad  bool
}

func (r *words) word() string {
	if len(r.rest) == 0 {
		r.bad = true
		return ""
	}
	w := r.rest[0]
	r.rest = r.rest[1:]
	return w
}

func (r *words) number() int {
	n, err := strconv.Atoi(r.word())
	r.bad = r.bad || err != nil
	return n
}

func (r *words) flag() bool { return r.number() == 1 }

func (r *words) text() string {
	all := strings.Join(r.rest, " ")
	r.rest = nil
	return all
}

func (r *words) bytes() []byte {
	w := r.word()
	if w == "-" {
		return nil
	}
	b := make([]byte, len(w)/2)
	for i := range b {
		high, low := strings.IndexByte(digits, w[2*i]), strings.IndexByte(digits, w[2*i+1])
		r.bad = r.bad || high < 0 || low < 0
		b[i] = byte(high<<4 | low)
	}
	return b
}

func (r *words) mac() (m frame.MAC) {
	r.bad = copy(m[:], r.bytes()) != len(m) || r.bad
	return m
}
