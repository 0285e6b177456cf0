//go:build linux

package main

import (
	"errors"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

const beat = 100 * time.Millisecond

// hold keeps one connection for the whole time, with a number in it at every beat that is to come back. Once it is lost, it is.
func (s *sender) hold(t wire.Talk, l *log, until time.Time) {
	f, err := s.open(t, time.Now().Add(oncePatient))
	if err != nil {
		l.note(err)
		l.end(until)
		return
	}
	if !t.Echo {
		l.note(nil)
		if err := s.keepOpen(t, f, until); err != nil {
			l.lost(err)
			l.end(until)
		}
		return // nobody knows of pauses
	}
	defer func() { _ = f.Close() }()
	defer l.end(until)
	// What is under way when the time is over may still come back.
	if err := f.SetDeadline(until.Add(oncePatient)); err != nil {
		l.lost(err)
		return
	}
	go s.count(t, l, f, until)
	token := frame.Token{Run: s.service.Run, ID: t.ID, Role: frame.Answer}
	b := make([]byte, frame.MessageSize)
	for number := uint32(0); ; number++ {
		_, err := io.ReadFull(f, b)
		switch {
		case err == io.EOF && !time.Now().Before(until) && l.complete():
			return // it was closed by us
		case err != nil:
			l.lost(err)
			return
		case string(b) != string(token.Message(number)):
			l.lost(failed("it does not bring back what was sent"))
			return
		}
		l.heard()
	}
}

// count sends the numbers, and says at the end that there are no more.
func (s *sender) count(t wire.Talk, l *log, f *os.File, until time.Time) {
	token := frame.Token{Run: s.service.Run, ID: t.ID, Role: frame.Talk}
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for number := uint32(0); time.Now().Before(until); number++ {
		l.beat()
		if _, err := f.Write(token.Message(number)); err != nil {
			l.lost(err)
			return
		}
		<-tick.C
	}
	if conn, err := f.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { _ = syscall.Shutdown(int(fd), syscall.SHUT_WR) })
	}
}

// keepOpen holds a connection to a service that we have nothing to say to. Most services end such a one after a while, and get another.
func (s *sender) keepOpen(t wire.Talk, f *os.File, until time.Time) error {
	for {
		err := f.SetDeadline(until)
		if err == nil {
			_, err = io.Copy(io.Discard, f)
		}
		_ = f.Close()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if err != nil {
			return err
		}
		time.Sleep(min(pause, time.Until(until)))
		if !time.Now().Before(until) {
			return nil
		}
		if f, err = s.open(t, time.Now().Add(oncePatient)); err != nil {
			return err
		}
	}
}
