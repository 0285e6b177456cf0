// Package frame builds the frames that the probes send, and recognizes them. The probe itself contains it, so it imports next to nothing.
package frame

// Token marks every packet of a probe, so that it is recognized wherever it arrives.
type Token struct {
	Run  uint32 // the verification, so that one does not see packets that another left
	ID   uint32 // the flow or the forged frame in the request
	Role Role
	Kind Kind // the kind of a forged frame
}

// Role distinguishes questions from answers.
type Role byte

// The roles.
const (
	Flow   Role = 'T' // sent by the guest's own network stack; expects an answer
	Forged Role = 'R' // forged; never answered
	Answer Role = 'A' // to a flow; does not show where a packet can get
)

const (
	magic = "KVMFLEET"
	// TokenSize is exactly the size that pads an ARP packet to the minimum of Ethernet.
	TokenSize = len(magic) + 4 + 4 + 1 + 1
	// MessageSize is the size of a flow's message: a token and a number that is new each time.
	MessageSize = TokenSize + 4
)

// Append appends the token in the form in which it is sent.
func (t Token) Append(b []byte) []byte {
	b = append(b, magic...)
	b = put32(b, t.Run)
	b = put32(b, t.ID)
	return append(b, byte(t.Role), byte(t.Kind))
}

// Message returns the message of a flow.
func (t Token) Message(number uint32) []byte {
	return put32(t.Append(make([]byte, 0, MessageSize)), number)
}

// Find finds the token of a run in a packet.
func Find(b []byte, run uint32) (t Token, ok bool) {
	for ; len(b) >= TokenSize; b = b[1:] {
		if b[0] != magic[0] || string(b[:len(magic)]) != magic {
			continue
		}
		rest := b[len(magic):]
		if t := (Token{get32(rest), get32(rest[4:]), Role(rest[8]), Kind(rest[9])}); t.Run == run {
			return t, true
		}
	}
	return Token{}, false
}

func put16(b []byte, v uint16) []byte { return append(b, byte(v>>8), byte(v)) }
func put32(b []byte, v uint32) []byte {
	return append(b, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}
func get16(b []byte) uint16 { return uint16(b[0])<<8 | uint16(b[1]) }
func get32(b []byte) uint32 { return uint32(get16(b))<<16 | uint32(get16(b[2:])) }
