//go:build linux

package main

import (
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

// probe is the process that stays in the guest.
type probe struct {
	folder  string
	service wire.Service
	links   links
	arrived *capture
	raw     *rawSocket
	sender  *sender
	door    int // the socket on which it is asked
	idle    *time.Timer
}

// readyPipe is the pipe on which the process that started this one waits.
const readyPipe = 3

func serve(folder, text string) error {
	ready := os.NewFile(readyPipe, "ready")
	p := &probe{folder: folder}
	taken, err := p.begin(text)
	if err != nil {
		_, _ = ready.WriteString(err.Error())
		return err
	}
	_, err = ready.WriteString(wire.Results{Taken: taken}.Encode())
	if closed := ready.Close(); err != nil || closed != nil {
		return err
	}
	return p.answer()
}

func (p *probe) begin(text string) (taken []wire.Port, err error) {
	if p.service, err = wire.DecodeService(text); err != nil {
		return nil, err
	}
	if p.links, err = readLinks(); err != nil {
		return nil, err
	}
	if p.arrived, err = newCapture(p.service.Run, p.links); err != nil {
		return nil, failed("it can't see packets: " + err.Error())
	}
	if p.raw, err = newRawSocket(); err != nil {
		return nil, failed("it can't forge packets: " + err.Error())
	}
	go p.arrived.keep()
	p.sender = &sender{probe: p, done: make(chan struct{})}
	if taken, err = p.listen(); err != nil {
		return nil, err
	}
	if p.door, err = openDoor(p.folder); err != nil {
		return nil, err
	}
	p.idle = time.AfterFunc(time.Duration(p.service.Idle)*time.Millisecond, p.end)
	return taken, nil
}

// end removes the probe from the guest and ends it.
func (p *probe) end() {
	_ = os.RemoveAll(p.folder)
	os.Exit(0)
}

func openDoor(folder string) (fd int, err error) {
	fd, err = syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrUnix{Name: door(folder)})
	}
	if err == nil {
		err = syscall.Listen(fd, backlog)
	}
	return fd, err
}

// answer accepts and answers questions.
func (p *probe) answer() error {
	for {
		asked, _, err := syscall.Accept4(p.door, syscall.SOCK_CLOEXEC)
		if err == syscall.EINTR || err == syscall.ECONNABORTED {
			continue
		}
		if err != nil {
			return err
		}
		go p.reply(os.NewFile(uintptr(asked), "question"))
	}
}

func (p *probe) reply(f *os.File) {
	defer func() { _ = f.Close() }()
	question, err := io.ReadAll(f)
	if err != nil {
		return
	}
	p.idle.Stop()
	defer func() { p.idle.Reset(time.Duration(p.service.Idle) * time.Millisecond) }()
	what, rest, _ := strings.Cut(string(question), "\n")
	say := func(r wire.Results) { _, _ = f.WriteString(r.Encode()) }
	switch what {
	case "order":
		orders, err := wire.DecodeOrders(rest)
		if err != nil {
			_, _ = f.WriteString(err.Error())
			return
		}
		p.sender.order(orders)
		say(wire.Results{})
	case "send":
		p.sender.start()
		say(wire.Results{})
	case "stop", "sent":
		if what == "stop" {
			p.sender.until.set(time.Now())
		}
		<-p.sender.done
		say(p.sender.results())
	case "arrived":
		p.arrived.settle()
		say(p.arrived.results())
	case "end":
		say(wire.Results{})
		_ = f.Close()
		p.end()
	}
}
