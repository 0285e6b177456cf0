package probing

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
)

const (
	// maxGuests is how many guests are handled at the same time.
	maxGuests = 32
	// grace is how long a probe waits without a question before it removes itself: the provider was killed or has lost the host.
	grace = 90 * time.Second
	// startsWithin and flowsWithin are added to grace for each guest and each flow: a flow takes up to 30 s, and a guest makes 256 at a time.
	startsWithin = time.Second
	flowsWithin  = 30 * time.Second / 256
	// arrives is how long a guest may still be migrating at the end.
	arrives = time.Minute
)

// engine carries out one request.
type engine struct {
	request  Request
	fleet    *conn.Fleet
	programs *programs
	guests   map[string]*guest
	run      uint32
	name     string // the name of the folder in the guests
	progress io.Writer
	sending  sending

	flows []FlowReport
	sent  []SentReport
}

// Run reads a Request, writes a Report, and writes progress lines. An interrupt ends early what is sent for some time. Any other signal, and
// a second interrupt, has Run remove the probes from the guests and fail. After that, a signal ends the process at once.
func Run(ctx context.Context, signals chan os.Signal, in io.Reader, out, progress io.Writer) error {
	var req Request
	if err := exchange.Decode(in, &req); err != nil {
		return fmt.Errorf(`probe: expected {"hosts": {...}, "machines": [...], "flows": [...], "frames": [...], "for": SECONDS} `+
			`on standard input: %w`, err)
	}
	report, err := probe(ctx, signals, req, progress)
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	return exchange.Encode(out, report)
}

func probe(ctx context.Context, signals chan os.Signal, req Request, progress io.Writer) (*Report, error) {
	began := time.Now()
	e, err := newEngine(req, progress)
	if err != nil {
		return nil, err
	}
	defer e.fleet.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		for s := range signals {
			if s == os.Interrupt && e.sending.end() {
				continue
			}
			signal.Stop(signals)
			cancel()
			return
		}
	}()
	err = e.work(ctx)
	clean := e.clean(context.WithoutCancel(ctx))
	switch {
	case err != nil && clean:
		return nil, fmt.Errorf("%w; the probes were removed from the guests", err)
	case err != nil:
		return nil, err
	}
	report := e.report()
	report.Seconds = time.Since(began).Seconds()
	return report, nil
}

func newEngine(req Request, progress io.Writer) (*engine, error) {
	fleet, err := req.Hosts.Fleet()
	if err != nil {
		return nil, err
	}
	programs, err := besideTheProvider()
	if err != nil {
		return nil, err
	}
	e := &engine{request: req, fleet: fleet, programs: programs, guests: map[string]*guest{}, progress: progress,
		sending: sending{ended: make(chan struct{})}}
	for _, m := range req.Machines {
		if e.guests[m.Name] != nil {
			return nil, fmt.Errorf("machine names must be unique, %q is used twice", m.Name)
		}
		e.guests[m.Name] = &guest{Machine: m, engine: e}
	}
	var random [4]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	e.run, e.name = binary.BigEndian.Uint32(random[:]), "kvm-fleet-probe-"+rand.Text()
	return e, nil
}

func (e *engine) duration() time.Duration { return time.Duration(e.request.For * float64(time.Second)) }

// idle returns how long a probe waits for the next question: until all others have started and talked.
func (e *engine) idle() time.Duration {
	return e.duration() + grace + time.Duration(len(e.guests))*startsWithin + time.Duration(len(e.request.Flows))*flowsWithin
}

// each calls a function for every guest without an error, for many at the same time.
func (e *engine) each(what func(g *guest) error) {
	var wait sync.WaitGroup
	turns := make(chan struct{}, maxGuests)
	for _, g := range e.guests {
		if g.err != nil {
			continue
		}
		wait.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			g.err = what(g)
		})
	}
	wait.Wait()
}

func (e *engine) say(form string, args ...any) { _, _ = fmt.Fprintf(e.progress, form+"\n", args...) }

// work runs all guests. The error of one guest is part of the report; the returned error concerns all.
func (e *engine) work(ctx context.Context) error {
	e.say("starting probes in %d machines", len(e.guests))
	e.each(func(g *guest) error {
		if err := g.prepare(ctx); err != nil {
			return err
		}
		program, err := e.programs.get(g.arch)
		if err != nil {
			return err
		}
		return g.place(ctx, program, e.service(g))
	})
	if ctx.Err() != nil {
		return errInterrupted
	}
	e.order()
	e.say("%d flows and %d forged frames", len(e.request.Flows), len(e.request.Frames))
	e.send(ctx)
	if ctx.Err() != nil {
		return errInterrupted
	}
	e.say("looking what arrived")
	e.each(func(g *guest) (err error) {
		g.arrived, err = g.askWherever(ctx, "arrived\n", e.patience())
		return err
	})
	if ctx.Err() != nil {
		return errInterrupted
	}
	for _, g := range e.guests {
		if g.err == nil && g.arrived.Lost > 0 {
			g.err = fmt.Errorf("%[2]q received %[1]d packets faster than the probe could read them, so the result is incomplete; run the command "+
				"again when the guest is less busy", g.arrived.Lost, g.Domain)
		}
	}
	return nil
}

var errInterrupted = errors.New("interrupted")

// maxOrders is how many flows and frames one message contains; each has some hundred bytes.
const maxOrders = 200

// patience returns how long a guest may not be found: it can only migrate if the probe runs for some time.
func (e *engine) patience() time.Duration {
	if e.request.For > 0 {
		return arrives
	}
	return 0
}

// send lets every guest send its orders, and waits for the end.
func (e *engine) send(ctx context.Context) {
	e.each(func(g *guest) error {
		if !g.sends() {
			return nil
		}
		for part := range g.orders.Parts(maxOrders) {
			if _, err := g.ask(ctx, "order\n"+part.Encode()); err != nil {
				return err
			}
		}
		_, err := g.ask(ctx, "send\n")
		return err
	})
	if e.request.For > 0 {
		e.say("sending for %s; Ctrl-C ends that early, with a result", e.duration())
		e.sending.begin()
	}
	question := "sent\n"
	select {
	case <-time.After(e.duration()):
	case <-e.sending.ended:
		question = "stop\n"
	case <-ctx.Done():
		return
	}
	e.each(func(g *guest) (err error) {
		if g.sends() {
			g.results, err = g.askWherever(ctx, question, e.patience())
		}
		return err
	})
}

// sending is the time in which guests send again and again. It can be ended once.
type sending struct {
	mu    sync.Mutex
	began bool
	ended chan struct{}
}

func (s *sending) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.began = true
}

// end reports whether it ended something.
func (s *sending) end() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.began {
		return false
	}
	s.began = false
	close(s.ended)
	return true
}

func (g *guest) sends() bool { return len(g.orders.Flows)+len(g.orders.Frames) > 0 }

// clean removes all probes, including those of guests with an error.
func (e *engine) clean(ctx context.Context) (all bool) {
	var wait sync.WaitGroup
	var left atomic.Int32
	for _, g := range e.guests {
		wait.Go(func() {
			if err := g.clean(ctx); err != nil {
				left.Add(1)
				e.say("unable to remove the probe in %s, which ends by itself within %s: %s", g.Name, e.idle().Round(time.Second), err)
			}
		})
	}
	wait.Wait()
	return left.Load() == 0
}
