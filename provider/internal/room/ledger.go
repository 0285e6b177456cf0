package room

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
)

// Question is what a Reader is asked about a host.
type Question struct {
	Needed int64 // the ordinary memory in KiB: if it is certainly available, neither Available nor Guests need be exact
	Guests bool  // Guests is needed in any case
	Huge   bool  // the claims need huge pages
}

// Reader reads what a host says about its memory.
type Reader func(ctx context.Context, host *conn.Host, q Question) (Host, error)

// Ledger counts what one run brings to each host. Terraform calls the provider for many objects at the same time and in any order, and does
// not say which is the last one.
type Ledger struct {
	read Reader

	mu       sync.Mutex
	accounts map[*conn.Host]*account
	rollouts map[string]*rollout // by group
	active   chan struct{}       // closed when a call begins or ends
	freed    chan struct{}       // closed when something may have made room
	last     time.Time           // when a call began or ended last
	calls    int                 // calls of Terraform that may make room
	others   int                 // the other calls
	applies  bool                // the run changes hosts
}

// account is what the run brings to one host.
type account struct {
	deciding sync.Mutex // held while the host is asked and a claim is admitted

	// Guarded by deciding: what the host said last to a plan.
	known *Host
	asked time.Time
	huge  bool

	// Guarded by Ledger.mu.
	planned, leaving map[string]*Claim // by the names of the domains
	granted          map[*Claim]bool
	waiting          []*wait
	refused, warned  bool
}

// wait is a claim that does not fit now.
type wait struct {
	released chan struct{} // closed when another wait on the host stands for this one
	plan     bool
}

// settleTime is how long Terraform may take from the end of one call to the beginning of the next. When all calls wait for room and none
// begins within it, nothing will make room. On a busy machine Terraform takes more than a second.
const settleTime = 3 * time.Second

// readingAge is how long a plan goes by what a host has said: a thousand objects are planned in some seconds.
const readingAge = 5 * time.Second

// NewLedger returns an empty ledger.
func NewLedger(read Reader) *Ledger {
	return &Ledger{
		read: read, accounts: map[*conn.Host]*account{}, rollouts: map[string]*rollout{}, active: make(chan struct{}), freed: make(chan struct{}),
	}
}

type ledgerKey struct{}

// Attach returns a context whose claims are counted in the ledger. Without a ledger, nothing is counted.
func (l *Ledger) Attach(ctx context.Context) context.Context {
	if l == nil {
		return ctx
	}
	return context.WithValue(ctx, ledgerKey{}, l)
}

func from(ctx context.Context) *Ledger {
	l, _ := ctx.Value(ledgerKey{}).(*Ledger)
	return l
}

// Call is what a call of Terraform may do.
type Call int

// What a call may do: one that only waits for a file, for example, makes no room.
const (
	Other   Call = iota
	Plans        // it may plan that a domain leaves its host
	Changes      // it may change a domain
)

// Begin records a call of Terraform until end is called.
func (l *Ledger) Begin(c Call) (end func()) {
	if l == nil {
		return func() {}
	}
	count := func(by int) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.last = time.Now()
		if signal(&l.active); c != Other {
			l.calls += by
		} else {
			l.others += by
		}
		if c == Changes {
			l.applies = true
			signal(&l.freed)
		}
	}
	count(1)
	return func() { count(-1) }
}

// signal wakes those who wait for an event. The caller holds mu.
func signal(event *chan struct{}) {
	close(*event)
	*event = make(chan struct{})
}

// account returns the account of a host. The caller holds mu.
func (l *Ledger) account(h *conn.Host) *account {
	a := l.accounts[h]
	if a == nil {
		a = &account{planned: map[string]*Claim{}, leaving: map[string]*Claim{}, granted: map[*Claim]bool{}}
		l.accounts[h] = a
	}
	return a
}

// PlanLeave records that a plan takes a running domain from a host.
func PlanLeave(ctx context.Context, host *conn.Host, c Claim) {
	l := from(ctx)
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.account(host).leaving[c.Name] = &c
	signal(&l.freed)
}

// Plan records what a planned operation brings to a host. It returns a reason why this does not fit with everything else that is planned,
// and a warning if it fits only as long as the guests of the host do not use all of their memory.
//
// What leaves the host may be planned after what comes. So Plan waits while Terraform plans other objects, and one of the claims that then
// do not fit is refused in the name of all. If Terraform plans only one object at a time, this object has to be planned after what leaves;
// the apply would need that order, too.
func Plan(ctx context.Context, host *conn.Host, c Claim) (refusal, warning string) {
	l := from(ctx)
	if l == nil || c.Brings.Empty() {
		return "", ""
	}
	l.mu.Lock()
	a := l.account(host)
	a.planned[c.Name] = &c
	l.mu.Unlock()
	for ended := again; ; {
		l.mu.Lock()
		freed, decided := l.freed, l.applies || a.refused
		l.mu.Unlock()
		if decided {
			return "", "" // the apply asks when it needs the memory
		}
		s, err := l.planned(ctx, host, a)
		if err != nil {
			return "", "" // a host that cannot be asked refuses nothing
		}
		refusal = s.shortage(host.Name)
		if refusal == "" {
			return "", l.warning(host, a, s)
		}
		if ended == alone {
			l.mu.Lock()
			a.refused = true
			l.mu.Unlock()
			return refusal, ""
		}
		if ended = l.wait(ctx, a, true, freed); ended == released || ended == interrupted {
			return "", ""
		}
	}
}

// planned asks the host, and returns what the plan brings to it.
func (l *Ledger) planned(ctx context.Context, host *conn.Host, a *account) (*sum, error) {
	a.deciding.Lock()
	defer a.deciding.Unlock()
	s := &sum{limit: host.MemoryOvercommit, inRun: "this plan"}
	l.mu.Lock()
	for _, c := range a.planned {
		s.brings = append(s.brings, c)
	}
	for _, c := range a.leaving {
		s.leaves = append(s.leaves, c)
	}
	l.mu.Unlock()
	q := s.question()
	q.Guests = true
	isRecent := a.known != nil && time.Since(a.asked) < readingAge
	if isRecent && (a.known.Exact || q.Needed <= a.known.Available) && (a.huge || !q.Huge) {
		s.host = *a.known
		return s, nil
	}
	h, err := l.read(ctx, host, q)
	if err == nil {
		s.host, a.known, a.asked, a.huge = h, &h, time.Now(), q.Huge
	}
	return s, err
}

// warning says once for each host that a plan overcommits its memory.
func (l *Ledger) warning(host *conn.Host, a *account, s *sum) string {
	over := s.overcommits()
	l.mu.Lock()
	defer l.mu.Unlock()
	if over <= 0 || a.warned {
		return ""
	}
	a.warned = true
	return fmt.Sprintf("%s gets more guests than its memory holds\nIts guests may use %s more than they do now, and with what this plan brings "+
		"that is %s "+
		"more than %s has available. If they use it, the kernel kills one of them. Choose another host for some, or set 'memory_overcommit' of "+
		"the host, which says how far that is intended.", host.Name, size(s.host.unused(s.counted)), size(over), host.Name)
}

// Reserve reserves memory on a host before an operation begins. If it does not fit, Reserve waits for what other calls of the run take from
// the host, and returns an error when nothing is left to wait for. The caller calls done with the result of the operation, which verb names.
func Reserve(ctx context.Context, host *conn.Host, verb string, c Claim) (done func(ok bool), err error) {
	l := from(ctx)
	if l == nil || c.Brings.Empty() {
		return func(bool) {}, nil
	}
	l.mu.Lock()
	a := l.account(host)
	l.mu.Unlock()
	for ended := again; ; {
		l.mu.Lock()
		freed := l.freed
		l.mu.Unlock()
		refusal, err := l.grant(ctx, host, a, &c)
		if err != nil {
			return nil, diag.Wrap(verb, err)
		}
		if refusal == "" {
			return func(ok bool) { l.settle(a, &c, ok) }, nil
		}
		if ended == alone {
			return nil, diag.New(verb, "It is as it was before. When "+host.Name+" has the memory, run the command again.", "%s", refusal)
		}
		if ended = l.wait(ctx, a, false, freed); ended == interrupted {
			return nil, diag.New(verb, "", "interrupted while it waited for memory on %s: %w", host.Name, ctx.Err())
		}
	}
}

// grant admits the claim if it fits now.
func (l *Ledger) grant(ctx context.Context, host *conn.Host, a *account, c *Claim) (refusal string, err error) {
	a.deciding.Lock()
	defer a.deciding.Unlock()
	s := &sum{limit: host.MemoryOvercommit, inRun: "this apply", brings: []*Claim{c}}
	l.mu.Lock()
	for other := range a.granted {
		copied := *other
		s.brings = append(s.brings, &copied)
	}
	l.mu.Unlock()
	q := s.question()
	q.Guests = s.limit != 0
	if s.host, err = l.read(ctx, host, q); err != nil {
		return "", err
	}
	if refusal = s.shortage(host.Name); refusal == "" {
		l.mu.Lock()
		defer l.mu.Unlock()
		a.granted[c] = true
	}
	return refusal, nil
}

// settle records the end of an operation. The claim of one that succeeded stays: a guest takes its memory little by little.
func (l *Ledger) settle(a *account, c *Claim, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.done = ok; !ok {
		delete(a.granted, c)
	}
	signal(&l.freed)
}

// outcome is how a wait ended.
type outcome int

const (
	again       outcome = iota // something has happened that may have made room
	alone                      // nothing more will happen
	released                   // another wait stands for this one
	interrupted                // by the user
)

// wait waits until something may have made room.
func (l *Ledger) wait(ctx context.Context, a *account, plan bool, freed <-chan struct{}) outcome {
	w := &wait{released: make(chan struct{}), plan: plan}
	l.mu.Lock()
	a.waiting = append(a.waiting, w)
	active := l.active
	l.mu.Unlock()
	defer l.leave(a, w)
	settled := time.NewTimer(settleTime)
	defer settled.Stop()
	for {
		select {
		case <-freed:
			return again
		case <-w.released:
			return released
		case <-ctx.Done():
			return interrupted
		case <-active:
			l.mu.Lock()
			active = l.active
			l.mu.Unlock()
		case <-settled.C:
			if l.isLast(a, w) {
				return alone
			}
		}
		settled.Reset(settleTime)
	}
}

func (l *Ledger) leave(a *account, w *wait) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, other := range a.waiting {
		if other == w {
			a.waiting = append(a.waiting[:i:i], a.waiting[i+1:]...)
		}
	}
}

// isLast reports whether a wait is to be refused: every call waits, and it is the first on its host. In a plan the others are released
// before, so that Terraform can plan further objects, of which some may leave the host.
func (l *Ledger) isLast(a *account, w *wait) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting, rolling := 0, false
	for _, other := range l.accounts {
		waiting += len(other.waiting)
	}
	for _, g := range l.rollouts {
		waiting += len(g.waiting)
		rolling = rolling || len(g.waiting) > 0
	}
	// A member of a rolling group that is replaced comes back after its disk, which another call creates.
	if waiting < l.calls || rolling && l.others > 0 || a.waiting[0] != w || time.Since(l.last) < settleTime {
		return false
	}
	if !w.plan || len(a.waiting) == 1 {
		return true
	}
	for _, other := range a.waiting[1:] {
		close(other.released)
	}
	a.waiting = a.waiting[:1]
	return false
}
