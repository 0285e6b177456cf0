//go:build linux

package main

import (
	"sync"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

// forge sends all forged frames, repeatedly.
func (s *sender) forge(o wire.Orders) {
	for i, r := range o.Frames {
		s.sent[i].ID = r.ID
	}
	if len(o.Frames) == 0 {
		return
	}
	for round := 0; round < tries || s.until.left() > 0; round++ {
		began := time.Now()
		ways := s.ways(o.Frames)
		for i, r := range o.Frames {
			frames, err := s.forgeOne(r, ways)
			s.mu.Lock()
			if s.sent[i].Frames += frames; err != nil {
				s.sent[i].Error = reason(err)
			}
			s.mu.Unlock()
		}
		took := time.Since(began)
		time.Sleep(max(pause-took, took)) // a slow guest needs half of its time to receive and answer
	}
}

// way identifies a next hop and the interface on which to ask for it.
type way struct {
	nic     frame.MAC
	address string
}

// ways finds the hardware addresses of the next hops, all at the same time.
func (s *sender) ways(frames []wire.ForgedFrame) map[way]frame.MAC {
	var (
		mu    sync.Mutex
		wait  sync.WaitGroup
		asked = map[way]bool{}
		found = map[way]frame.MAC{}
	)
	for _, r := range frames {
		on, ok := s.links.of(r.Interface)
		for _, via := range r.Via {
			w := way{r.Interface, string(via)}
			if !ok || asked[w] {
				continue
			}
			asked[w] = true
			wait.Go(func() {
				mac, ok := s.arrived.resolve(on, r.Own, via, func(b []byte) error { return s.raw.send(on, b) })
				if ok {
					mu.Lock()
					found[w] = mac
					mu.Unlock()
				}
			})
		}
	}
	wait.Wait()
	return found
}

// forgeOne sends a frame to each next hop.
func (s *sender) forgeOne(r wire.ForgedFrame, ways map[way]frame.MAC) (frames int, err error) {
	on, ok := s.links.of(r.Interface)
	if !ok {
		return 0, failed("the guest has no interface with the hardware address " + spellMAC(r.Interface))
	}
	spec := frame.Spec{Kind: r.Kind, Token: frame.Token{Run: s.service.Run, ID: r.ID}, Own: on.mac, SourceMAC: on.mac,
		Source: r.Source, Target: r.Target, Port: r.Port, SourcePort: r.From, VLAN: r.VLAN}
	if r.SourceMAC != nil {
		spec.SourceMAC = frame.MAC(r.SourceMAC)
	}
	var to []frame.MAC
	if r.TargetMAC != nil {
		to = append(to, frame.MAC(r.TargetMAC))
	}
	if r.Kind.Hops() {
		for _, via := range r.Via {
			if mac, ok := ways[way{r.Interface, string(via)}]; ok {
				to = append(to, mac)
			}
		}
	}
	if len(to) == 0 {
		to = append(to, frame.Everybody)
	}
	for _, spec.TargetMAC = range to {
		for _, b := range frame.Build(spec) {
			if err := s.raw.send(on, b); err != nil {
				return frames, err
			}
			frames++
		}
	}
	return frames, nil
}
