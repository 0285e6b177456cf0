//go:build acceptance

package acceptance

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Numbers of libvirt's calls. https://gitlab.com/libvirt/libvirt/-/blob/master/src/remote/remote_protocol.x
const (
	networkDefine, networkLookup, networkIsActive = 41, 46, 152
	poolDefine, poolLookup                        = 77, 84
	volCreate, volUpload                          = 93, 208
	domainLookup, domainDefine                    = 23, 350
	filterDefine                                  = 180
	domainAbortJob, domainJobStats                = 164, 298
	domainMigrateBegin, domainMigratePerform      = 302, 305
	nodeMemoryStats                               = 228
)

// filterCalls lists the calls about filters: to look one up, read, define and remove it, and to list all.
var filterCalls = []uint32{175, 177, filterDefine, 181, 286}

// Kinds of messages that the two ends send. https://libvirt.org/kbase/internals/rpc.html#message-format
const call, reply, data = 0, 1, 3

// message identifies a message by its call and its kind.
type message struct{ procedure, kind uint32 }

// verdict says what the proxy does with a message.
type verdict int

const (
	pass verdict = iota
	cutAfter
	cutBefore // the message does not arrive
	silence   // neither this message nor any later one arrives, and the connection stays open
	spoil     // the XML in the message is made invalid
	hold      // the message is passed on when the proxy is released
)

func (v verdict) String() string {
	return [...]string{"nothing", "connection cut", "connection cut", "connection black-holed", "XML refused", "call delayed"}[v]
}

// proxy stands between the provider and a real host, and simulates a failing network.
type proxy struct {
	uri    string
	target string

	mu    sync.Mutex
	judge func(message) verdict
	sees  func(m message, xml bool)     // called with every message; may be nil
	fails func(m message, what verdict) // called with every message that is not passed on
	edit  func(m message, body []byte)  // changes what a message says, without its length; may be nil
	away  bool                          // no connection is accepted
	conns []net.Conn
	wait  sync.WaitGroup

	released    chan struct{} // closed when held messages are passed on
	releaseOnce sync.Once

	listener net.Listener
	dir      string
}

// newProxy listens in front of a host. It calls judge with every message, one at a time.
func newProxy(t *testing.T, h *labHost, judge func(message) verdict) *proxy {
	t.Helper()
	p, err := openProxy(h, judge)
	if err != nil {
		t.Fatal(err)
	}
	suffered := map[verdict]message{}
	p.fails = func(m message, v verdict) {
		if _, already := suffered[v]; !already {
			suffered[v] = m
		}
	}
	t.Cleanup(func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
		for v, m := range suffered {
			suffers(t, v.String(), point{message: m, nth: 1}.String())
		}
	})
	return p
}

func openProxy(h *labHost, judge func(message) verdict) (*proxy, error) {
	target, err := url.Parse(h.URI)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "kfp") // a socket path must be short
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(dir, "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	p := &proxy{uri: "qemu+unix:///system?socket=" + socket, target: target.Query().Get("socket"), judge: judge, listener: listener, dir: dir, released: make(chan struct{})}
	p.wait.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			p.wait.Go(func() { p.serve(c) })
		}
	})
	return p, nil
}

// release passes on the held messages, and all that come after them.
func (p *proxy) release() { p.releaseOnce.Do(func() { close(p.released) }) }

func (p *proxy) close() error {
	_ = p.listener.Close()
	p.release()
	p.cut()
	p.wait.Wait()
	return os.RemoveAll(p.dir)
}

func (p *proxy) serve(client net.Conn) {
	p.mu.Lock()
	away := p.away
	p.mu.Unlock()
	if away {
		_ = client.Close()
		return
	}
	server, err := net.Dial("unix", p.target)
	if err != nil {
		_ = client.Close()
		return
	}
	p.mu.Lock()
	p.conns = append(p.conns, client, server)
	p.mu.Unlock()
	end := func() { _, _ = client.Close(), server.Close() }
	dryRuns := map[uint32]bool{} // the serial numbers of these calls
	p.wait.Go(func() { p.forward(server, client, dryRuns, end) })
	p.forward(client, server, dryRuns, end)
}

// forward passes on the messages of from.
func (p *proxy) forward(from, to net.Conn, dryRuns map[uint32]bool, end func()) {
	defer end()
	for {
		head := make([]byte, 28)
		if _, err := io.ReadFull(from, head); err != nil {
			return
		}
		rest := make([]byte, binary.BigEndian.Uint32(head)-uint32(len(head)))
		if _, err := io.ReadFull(from, rest); err != nil {
			return
		}
		m := message{procedure: binary.BigEndian.Uint32(head[12:]), kind: binary.BigEndian.Uint32(head[16:])}
		v := pass
		p.mu.Lock()
		if !isDryRun(m, binary.BigEndian.Uint32(head[20:]), rest, dryRuns) {
			if p.sees != nil {
				p.sees(m, bytes.Contains(rest, []byte("<name>")))
			}
			if p.edit != nil {
				p.edit(m, rest)
			}
			v = p.judge(m)
			if v != pass && p.fails != nil {
				p.fails(m, v)
			}
		}
		p.mu.Unlock()
		switch v {
		case cutBefore:
			return
		case silence:
			_, _ = io.Copy(io.Discard, from)
			return
		case hold:
			<-p.released
		case spoil:
			rest = bytes.Replace(rest, []byte("<name>"), []byte("<nome>"), 1)
		}
		if _, err := to.Write(bytes.Join([][]byte{head, rest}, nil)); err != nil || v == cutAfter {
			return
		}
	}
}

// isDryRun reports whether a message belongs to a definition that a plan only tries, see hostinfo.DefinitionRefusal.
func isDryRun(m message, serial uint32, body []byte, dryRuns map[uint32]bool) bool {
	if m.procedure != domainDefine {
		return false
	}
	if m.kind == call && bytes.Contains(body, []byte("<name>plan\n</name>")) {
		dryRuns[serial] = true
	}
	return dryRuns[serial]
}

// during returns a judge that does something before the first such message is passed on: after the checks of the plan, which an apply repeats.
func during(what message, do func()) func(message) verdict {
	done := false
	return func(m message) verdict {
		if m == what && !done {
			done = true
			do()
		}
		return pass
	}
}

// procedure returns the number of a call.
func procedure(t *testing.T, name string) uint32 {
	t.Helper()
	for number, is := range procedures() {
		if is == name {
			return number
		}
	}
	t.Fatalf("libvirt has no call %s", name)
	return 0
}

// judges calls another judge with the messages from now on.
func (p *proxy) judges(judge func(message) verdict) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.judge = judge
}

// cut drops all connections; new ones are still accepted.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	for _, c := range p.conns {
		err = errors.Join(err, c.Close())
	}
	p.conns = nil
}

// once applies the verdict to the first such message, and passes all others.
func once(what message, v verdict) func(message) verdict {
	done := false
	return func(m message) verdict {
		if done || m != what {
			return pass
		}
		done = true
		return v
	}
}
