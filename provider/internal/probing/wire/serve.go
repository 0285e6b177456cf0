package wire

import (
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
)

// Service describes what a guest has to listen on.
type Service struct {
	Run        uint32
	Idle       int // the probe ends after this many milliseconds without a question
	Interfaces []Interface
	TCP        []uint16
	UDP        []uint16
}

// Interface is an interface of the guest and its addresses.
type Interface struct {
	MAC       frame.MAC
	Addresses [][]byte
}

// Encode returns the service as one argument of a command line.
func (s Service) Encode() string {
	var b strings.Builder
	line(&b, "run", int(s.Run), s.Idle)
	for _, l := range s.Interfaces {
		words := []any{"interface", l.MAC[:]}
		for _, a := range l.Addresses {
			words = append(words, a)
		}
		line(&b, words...)
	}
	for _, p := range s.TCP {
		line(&b, "tcp", int(p))
	}
	for _, p := range s.UDP {
		line(&b, "udp", int(p))
	}
	line(&b, end)
	return b.String()
}

// DecodeService parses the text of Encode.
func DecodeService(text string) (s Service, err error) {
	err = lines(text, func(r *words) {
		switch r.word() {
		case "run":
			s.Run, s.Idle = uint32(r.number()), r.number()
		case "interface":
			l := Interface{MAC: r.mac()}
			for len(r.rest) > 0 {
				l.Addresses = append(l.Addresses, r.bytes())
			}
			s.Interfaces = append(s.Interfaces, l)
		case "tcp":
			s.TCP = append(s.TCP, uint16(r.number()))
		case "udp":
			s.UDP = append(s.UDP, uint16(r.number()))
		default:
			r.bad = true
		}
	})
	return s, err
}
