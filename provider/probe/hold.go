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
func (s *sender) hold(t wire.Flow, l *log) {
	f, err := s.openExpected(t)
	if err != nil {
		l.note(err)
		l.end()
		return
	}
	if !t.Echo {
		l.note(nil)
		if err := s.keepOpen(t, f); err != nil {
			l.lost(err)
			l.end()
		}
		return // gaps in the answers are not known
	}
	defer s.until.limit(f)()
	defer l.end()
	go s.count(t, l, f)
	token := frame.Token{Run: s.service.Run, ID: t.ID, Role: frame.Answer}
	b := make([]byte, frame.MessageSize)
	for number := uint32(0); ; number++ {
		_, err := io.ReadFull(f, b)
		switch {
		case err == io.EOF && s.until.left() <= 0 && l.complete():
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

// openExpected opens a connection that should be possible. A packet of an attempt can be lost.
func (s *sender) openExpected(t wire.Flow) (f *os.File, err error) {
	for range expectedTries {
		if f, err = s.open(t, time.Now().Add(patience)); err == nil || s.until.left() <= 0 {
			break
		}
		time.Sleep(min(pause, s.until.left()))
	}
	return f, err
}

// count sends the numbers, and closes its side of the connection after the last.
func (s *sender) count(t wire.Flow, l *log, f *os.File) {
	token := frame.Token{Run: s.service.Run, ID: t.ID, Role: frame.Flow}
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for number := uint32(0); number == 0 || s.until.left() > 0; number++ {
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
func (s *sender) keepOpen(t wire.Flow, f *os.File) error {
	for {
		closeFile := s.until.limit(f)
		_, err := io.Copy(io.Discard, f)
		closeFile()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if err != nil {
			return err
		}
		time.Sleep(min(pause, s.until.left()))
		if s.until.left() <= 0 {
			return nil
		}
		if f, err = s.open(t, time.Now().Add(patience)); err != nil {
			return err
		}
	}
}
