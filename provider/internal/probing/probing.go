package probing

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
)

const (
	// together is how many guests are worked at at the same time.
	together = 32
	// grace is how long a probe stays when nobody asks for it: then whoever put it there has been killed, or has lost its host.
	grace = 90 * time.Second
	// startsWithin and talksWithin are what each of many guests and talks adds to that; a talk takes 10 s, and 256 of a guest are made at once.
	startsWithin = time.Second
	talksWithin  = 10 * time.Second / 256
	// arrives is how long a guest on its way to another host may take to be there at the end.
	arrives = time.Minute
)

// engine carries out one request.
type engine struct {
	request  Request
	fleet    *conn.Fleet
	programs *programs
	guests   map[string]*guest
	run      uint32
	name     string // of the folder in the guests
	progress io.Writer

	talks []TalkReport
	sent  []SentReport
}

// Run reads a Request and writes a Report, and lines of progress. Where the context ends, it takes away what it put into guests and fails.
func Run(ctx context.Context, in io.Reader, out, progress io.Writer) error {
	var req Request
	if err := exchange.Decode(in, &req); err != nil {
		return fmt.Errorf(`probe: expected {"hosts": {...}, "machines": [...], "talks": [...], "raw": [...], "for": SECONDS} on standard input: %w`, err)
	}
	report, err := probe(ctx, req, progress)
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}

func probe(ctx context.Context, req Request, progress io.Writer) (*Report, error) {
	began := time.Now()
	e, err := newEngine(req, progress)
	if err != nil {
		return nil, err
	}
	defer e.fleet.Close()
	err = e.work(ctx)
	clean := e.clean(context.WithoutCancel(ctx))
	switch {
	case err != nil && clean:
		return nil, fmt.Errorf("%w; what was put into guests has been removed", err)
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
	e := &engine{request: req, fleet: fleet, programs: programs, guests: map[string]*guest{}, progress: progress}
	for _, m := range req.Machines {
		if e.guests[m.Name] != nil {
			return nil, fmt.Errorf("two machines are called %q", m.Name)
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

// idle is how long a probe waits for the next question: until all others have been started, and have talked.
func (e *engine) idle() time.Duration {
	return e.duration() + grace + time.Duration(len(e.guests))*startsWithin + time.Duration(len(e.request.Talks))*talksWithin
}

// each does something with every guest that nothing has gone wrong with, many at the same time.
func (e *engine) each(what func(g *guest) error) {
	var wait sync.WaitGroup
	turns := make(chan struct{}, together)
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

// work has all guests do their part. What goes wrong with one is told in the report; an error is one of all.
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
	e.say("%d talks and %d forged frames", len(e.request.Talks), len(e.request.Raw))
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
			g.err = fmt.Errorf("%d packets came in at %q faster than the probe could look at them, so nobody knows what they were; run this again when it has less to do", g.arrived.Lost, g.Domain)
		}
	}
	return nil
}

var errInterrupted = errors.New("interrupted")

// largestOrder is how many talks and frames go into one message; each is some hundred bytes.
const largestOrder = 200

// patience is how long a guest may not be found: it stays where it is, unless there is time for it to be moved.
func (e *engine) patience() time.Duration {
	if e.request.For > 0 {
		return arrives
	}
	return 0
}

// send has every guest send what is asked of it, and waits until that is over.
func (e *engine) send(ctx context.Context) {
	e.each(func(g *guest) error {
		if !g.sends() {
			return nil
		}
		for part := range g.orders.Parts(largestOrder) {
			if _, err := g.ask(ctx, "order\n"+part.Encode()); err != nil {
				return err
			}
		}
		_, err := g.ask(ctx, "send\n")
		return err
	})
	select {
	case <-time.After(e.duration()):
	case <-ctx.Done():
		return
	}
	e.each(func(g *guest) (err error) {
		if g.sends() {
			g.results, err = g.askWherever(ctx, "sent\n", e.patience())
		}
		return err
	})
}

func (g *guest) sends() bool { return len(g.orders.Talks)+len(g.orders.Raws) > 0 }

// clean takes all probes away, also those that something went wrong with.
func (e *engine) clean(ctx context.Context) (all bool) {
	var wait sync.WaitGroup
	var left atomic.Int32
	for _, g := range e.guests {
		wait.Go(func() {
			if err := g.clean(ctx); err != nil {
				left.Add(1)
				e.say("the probe in %s could not be removed, and ends by itself within %s: %s", g.Name, e.idle().Round(time.Second), err)
			}
		})
	}
	wait.Wait()
	return left.Load() == 0
}
