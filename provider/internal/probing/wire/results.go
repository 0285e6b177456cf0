package wire

import (
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
)

// Results are what a probe reports: which ports are taken when it has begun, what it sent, and what arrived.
type Results struct {
	Taken   []Port
	Flows   []FlowResult
	Sent    []Sent
	Arrived []Arrived
	Lost    int // packets that came in faster than the probe could read them
}

// Port is a port that one of the guest's own services uses.
type Port struct {
	Protocol string
	Address  []byte // nil for all of the guest's addresses
	Port     uint16
}

// FlowResult is the result of a flow.
type FlowResult struct {
	ID       uint32
	Tries    int
	Answered int
	Gap      int // the longest time without an answer, in milliseconds
	Error    string
}

// Sent is the result of sending a forged frame.
type Sent struct {
	ID     uint32
	Frames int
	Error  string
}

// Arrived counts the packets that arrived for one flow or forged frame on one interface.
type Arrived struct {
	ID        uint32
	Interface frame.MAC
	Count     int
	Overheard int // the part of Count that was addressed to another hardware address
}

// Encode returns the results as text.
func (r Results) Encode() string {
	var b strings.Builder
	for _, p := range r.Taken {
		line(&b, "taken", p.Protocol, p.Address, int(p.Port))
	}
	for _, t := range r.Flows {
		line(&b, "flow", int(t.ID), t.Tries, t.Answered, t.Gap, oneLine(t.Error))
	}
	for _, s := range r.Sent {
		line(&b, "sent", int(s.ID), s.Frames, oneLine(s.Error))
	}
	for _, a := range r.Arrived {
		line(&b, "arrived", int(a.ID), a.Interface[:], a.Count, a.Overheard)
	}
	line(&b, "lost", r.Lost)
	line(&b, end)
	return b.String()
}

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", " ") }

// DecodeResults parses the text of Encode.
func DecodeResults(text string) (all Results, err error) {
	err = lines(text, func(r *words) {
		switch r.word() {
		case "taken":
			all.Taken = append(all.Taken, Port{r.word(), r.bytes(), uint16(r.number())})
		case "flow":
			all.Flows = append(all.Flows, FlowResult{uint32(r.number()), r.number(), r.number(), r.number(), r.text()})
		case "sent":
			all.Sent = append(all.Sent, Sent{uint32(r.number()), r.number(), r.text()})
		case "arrived":
			all.Arrived = append(all.Arrived, Arrived{uint32(r.number()), r.mac(), r.number(), r.number()})
		case "lost":
			all.Lost = r.number()
		default:
			r.bad = true
		}
	})
	return all, err
}
