// Package qemulog shows the log that libvirt and QEMU write about a machine on its host.
package qemulog

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
)

// Request names the machine. Name is what the user calls it; Domain is its name in libvirt.
type Request struct {
	Hosts  exchange.Hosts `json:"hosts"`
	Host   string         `json:"host"`
	Name   string         `json:"name"`
	Domain string         `json:"domain"`
	Lines  int            `json:"lines"`  // how many of the last lines are shown
	Follow bool           `json:"follow"` // whether to go on with what is added
}

// directory has the logs of a host, one for each domain: https://libvirt.org/kbase/debuglogs.html. libvirt has no call that reads them, so they
// are read as volumes of a storage pool.
const directory = "/var/log/libvirt/qemu"

const (
	tailSize     = 4 << 20        // most of a log that is read at first; virtlogd begins another file at 2 MiB
	pollInterval = time.Second    // libvirt has no event for a file that grows
	followLimit  = 24 * time.Hour // a call has to have a limit
)

// Run shows the log that a request, in JSON, names. It follows the log until ctx ends.
func Run(ctx context.Context, request string, out io.Writer) error {
	var req Request
	if err := exchange.Decode(strings.NewReader(request), &req); err != nil {
		return fmt.Errorf(`logs: expected {"hosts": {...}, "host": "alpha", "name": "shop/web-1", "domain": "web-1", "lines": 100, `+
			`"follow": false}: %w`, err)
	}
	fleet, err := req.Hosts.Fleet()
	if err != nil {
		return fmt.Errorf("logs: %w", err)
	}
	defer fleet.Close()
	host, err := fleet.Host(req.Host)
	if err != nil {
		return err
	}
	if host.IsSession() {
		return fmt.Errorf("%s is reached as a session of its user, and libvirt does not tell where such a session has its logs; look into "+
			"~/.cache/libvirt/qemu/log on the host", host.Name)
	}
	log := &log{lines: req.Lines, out: out}
	// The call ends by itself when ctx ends, and removes its pool.
	err = host.DoOnOwnConnection(ctx, followLimit, func(l *libvirt.Libvirt) error {
		return storage.InDirectory(host, l, directory, func(pool libvirt.StoragePool) error {
			vol, err := storage.FileIn(l, pool, req.Domain+".log")
			if err != nil {
				return err
			}
			return log.follow(ctx, req.Follow, volume{l, vol})
		})
	})
	if conn.IsNotFound(err) {
		return fmt.Errorf("%s has no log of %s: there is no %s/%s.log; the machine was never started there", host.Name, req.Name, directory,
			req.Domain)
	}
	return err
}

// file is a file that grows.
type file interface {
	size() (int64, error)
	read(to io.Writer, from int64) error
}

// volume is a file in a storage pool.
type volume struct {
	l   *libvirt.Libvirt
	vol libvirt.StorageVol
}

func (v volume) size() (int64, error) {
	_, capacity, _, err := v.l.StorageVolGetInfo(v.vol)
	return int64(capacity), err
}

func (v volume) read(to io.Writer, from int64) error {
	return v.l.StorageVolDownload(v.vol, to, uint64(from), 0, 0)
}

// log is what has been shown of a file.
type log struct {
	lines int
	out   io.Writer
	at    int64 // where the part that is not shown yet begins
	begun bool
}

// follow shows the end of a file, and then, if asked for, what is added until ctx ends.
func (g *log) follow(ctx context.Context, goOn bool, f file) error {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		if err := g.show(f); err != nil || !goOn {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// show shows what is new in a file: at first its last lines, and then what was added. A file that is shorter than before is another one.
func (g *log) show(f file) error {
	size, err := f.size()
	if err != nil {
		return err
	}
	from := g.at
	switch {
	case !g.begun:
		from = max(0, size-tailSize)
	case size < g.at:
		from = 0
	case size == g.at:
		return nil
	}
	var text bytes.Buffer
	if err := f.read(&text, from); err != nil {
		return err
	}
	g.at = from + int64(text.Len())
	shown := text.Bytes()
	if !g.begun {
		shown = last(shown, g.lines)
		g.begun = true
	}
	_, err = g.out.Write(shown)
	return err
}

// last returns the last lines of a text.
func last(text []byte, lines int) []byte {
	before := bytes.TrimSuffix(text, []byte("\n"))
	for range lines {
		at := bytes.LastIndexByte(before, '\n')
		if at < 0 {
			return text
		}
		before = before[:at]
	}
	return text[min(len(before)+1, len(text)):]
}
