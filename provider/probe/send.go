//go:build linux

package main

import (
	"sync"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

const (
	tries       = 3
	oncePatient = 3 * time.Second // for each try, so that everything is over within ten seconds
	pause       = 500 * time.Millisecond
	atOnce      = 256 // talks at the same time; each has a socket
)

// sender carries out its orders without further questions.
type sender struct {
	*probe
	done    chan struct{}
	started sync.Once

	mu     sync.Mutex
	orders wire.Orders
	talks  []wire.Talked
	sent   []wire.Sent
}

func (s *sender) order(o wire.Orders) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders = wire.Orders{For: o.For, Talks: append(s.orders.Talks, o.Talks...), Raws: append(s.orders.Raws, o.Raws...)}
}

func (s *sender) start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.started.Do(func() {
		s.talks, s.sent = make([]wire.Talked, len(s.orders.Talks)), make([]wire.Sent, len(s.orders.Raws))
		go s.all(s.orders)
	})
}

func (s *sender) results() wire.Results {
	s.mu.Lock()
	defer s.mu.Unlock()
	return wire.Results{Talks: append([]wire.Talked{}, s.talks...), Sent: append([]wire.Sent{}, s.sent...)}
}

func (s *sender) all(o wire.Orders) {
	defer close(s.done)
	until := time.Now().Add(time.Duration(o.For) * time.Millisecond)
	var wait sync.WaitGroup
	turns := make(chan struct{}, atOnce)
	for i, t := range o.Talks {
		s.talks[i].ID = t.ID
		l := &log{sender: s, talk: &s.talks[i], answered: time.Now()}
		wait.Go(func() {
			switch {
			case o.For == 0:
				turns <- struct{}{}
				s.once(t, l)
				<-turns
			case t.Hold:
				s.hold(t, l, until)
			default:
				s.again(t, l, until)
			}
		})
	}
	wait.Go(func() { s.forge(o, until) })
	wait.Wait()
}

// log records the result of a talk.
type log struct {
	*sender
	talk     *wire.Talked
	answered time.Time // when the last answer came
}

func (l *log) note(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.talk.Tries++
	if err != nil {
		l.talk.Error = reason(err)
		return
	}
	l.answer()
}

// beat records what was sent on a connection that is held, heard records what came back, and lost records the end of the connection.
func (l *log) beat() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.talk.Tries++
}

func (l *log) heard() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answer()
}

func (l *log) answer() {
	now := time.Now()
	l.talk.Answered++
	l.gap(now)
	l.answered = now
}

func (l *log) lost(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.talk.Error == "" {
		l.talk.Error = "the connection was lost: " + reason(err)
	}
}

// complete reports whether everything came back.
func (l *log) complete() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.talk.Answered == l.talk.Tries
}

// gap records the time since the last answer; a talk that is made once has no gap.
func (l *log) gap(until time.Time) {
	if l.orders.For > 0 {
		l.talk.Gap = max(l.talk.Gap, int(until.Sub(l.answered).Milliseconds()))
	}
}

// end records the time without answers at the end.
func (l *log) end(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gap(until)
}

func (s *sender) once(t wire.Talk, l *log) {
	for number := range uint32(tries) {
		began := time.Now()
		err := s.try(t, number, oncePatient)
		if l.note(err); err == nil {
			return
		}
		time.Sleep(pause - time.Since(began)) // a target that refuses at once may still be starting
	}
}

// again repeats a talk until the time is over.
func (s *sender) again(t wire.Talk, l *log, until time.Time) {
	const patience = time.Second
	defer l.end(until)
	for number := uint32(0); time.Now().Before(until); number++ {
		began := time.Now()
		l.note(s.try(t, number, patience))
		time.Sleep(min(pause-time.Since(began), time.Until(until)))
	}
}
