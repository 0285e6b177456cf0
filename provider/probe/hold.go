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

// hold keeps one connection open for the whole time and sends a number at every beat, which has to come back. It does not replace a
// connection that was lost.
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
		return // gaps in the answers are not known
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
			return // this side closed the connection
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

// count sends the numbers, and closes its side of the connection after the last.
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

// keepOpen holds a connection to a service to which the probe has nothing to send. Most services close such a connection after a while;
// then it opens another.
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
