//go:build linux

package main

import (
	"os"
	"sync"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

const (
	tries         = 3
	expectedTries = 9               // of a flow that must be answered: a guest may get little of a processor
	patience      = 3 * time.Second // for each try: a lost packet is sent again after one second
	pause         = 500 * time.Millisecond
	atOnce        = 256 // flows at the same time; each has a socket
)

// sender carries out its orders without further questions.
type sender struct {
	*probe
	done    chan struct{}
	started sync.Once
	until   deadline

	mu     sync.Mutex
	orders wire.Orders
	flows  []wire.FlowResult
	sent   []wire.Sent
}

func (s *sender) order(o wire.Orders) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders = wire.Orders{For: o.For, Flows: append(s.orders.Flows, o.Flows...), Frames: append(s.orders.Frames, o.Frames...)}
}

func (s *sender) start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.started.Do(func() {
		s.flows, s.sent = make([]wire.FlowResult, len(s.orders.Flows)), make([]wire.Sent, len(s.orders.Frames))
		s.until.set(time.Now().Add(time.Duration(s.orders.For) * time.Millisecond))
		go s.all(s.orders)
	})
}

func (s *sender) results() wire.Results {
	s.mu.Lock()
	defer s.mu.Unlock()
	return wire.Results{Flows: append([]wire.FlowResult{}, s.flows...), Sent: append([]wire.Sent{}, s.sent...)}
}

func (s *sender) all(o wire.Orders) {
	defer close(s.done)
	var wait sync.WaitGroup
	turns := make(chan struct{}, atOnce)
	for i, t := range o.Flows {
		s.flows[i].ID = t.ID
		l := &log{sender: s, flow: &s.flows[i], answered: time.Now()}
		wait.Go(func() {
			switch {
			case o.For == 0:
				turns <- struct{}{}
				s.once(t, l)
				<-turns
			case t.Hold:
				s.hold(t, l)
			default:
				s.again(t, l)
			}
		})
	}
	wait.Go(func() { s.forge(o) })
	wait.Wait()
}

// log records the result of a flow.
type log struct {
	*sender
	flow     *wire.FlowResult
	answered time.Time // when the last answer came
}

func (l *log) note(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flow.Tries++
	if err != nil {
		l.flow.Error = reason(err)
		return
	}
	l.answer()
}

// beat records what was sent on a connection that is held, heard records what came back, and lost records the end of the connection.
func (l *log) beat() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flow.Tries++
}

func (l *log) heard() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answer()
}

func (l *log) answer() {
	now := time.Now()
	l.flow.Answered++
	l.gap(now)
	l.answered = now
}

func (l *log) lost(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.flow.Error == "" {
		l.flow.Error = "the connection was lost: " + reason(err)
	}
}

// complete reports whether everything came back.
func (l *log) complete() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.flow.Answered == l.flow.Tries
}

// gap records the time since the last answer; a flow that is made once has no gap.
func (l *log) gap(until time.Time) {
	if l.orders.For > 0 {
		l.flow.Gap = max(l.flow.Gap, int(until.Sub(l.answered).Milliseconds()))
	}
}

// end waits for the end, and records the time without answers before it.
func (l *log) end() {
	l.sender.until.wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gap(l.until.time())
}

func (s *sender) once(t wire.Flow, l *log) {
	most := uint32(tries)
	if t.Expected {
		most = expectedTries
	}
	for number := range most {
		began := time.Now()
		err := s.try(t, number, patience)
		if l.note(err); err == nil {
			return
		}
		time.Sleep(pause - time.Since(began)) // a target that refuses at once may still be starting
	}
}

// again repeats a flow until the time is over.
func (s *sender) again(t wire.Flow, l *log) {
	defer l.end()
	for number := uint32(0); number == 0 || s.until.left() > 0; number++ {
		began := time.Now()
		l.note(s.try(t, number, patience))
		time.Sleep(min(pause-time.Since(began), s.until.left()))
	}
}

// deadline is a time that can be brought forward, for open connections too. What is under way then has some time left.
type deadline struct {
	mu   sync.Mutex
	at   time.Time
	open map[*os.File]bool
}

func (d *deadline) set(at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = at
	for f := range d.open {
		_ = f.SetDeadline(at.Add(patience))
	}
}

// limit ends the connection some time after the deadline, until it is closed by the returned function.
func (d *deadline) limit(f *os.File) (closeFile func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open == nil {
		d.open = map[*os.File]bool{}
	}
	d.open[f] = true
	_ = f.SetDeadline(d.at.Add(patience)) // the file is open, and the poller has it since open
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.open, f)
		_ = f.Close()
	}
}

func (d *deadline) time() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *deadline) left() time.Duration { return time.Until(d.time()) }

// wait returns when the time is over. It can be brought forward meanwhile.
func (d *deadline) wait() {
	for d.left() > 0 {
		time.Sleep(min(pause, d.left()))
	}
}
