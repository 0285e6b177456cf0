package conn

import (
	"fmt"
	"time"
)

// outage remembers that connecting to a host took long and failed. Of a thousand resources on the host, one waits and
// the others fail at once. A host that refuses quickly is asked each time.
type outage struct {
	err   error
	until time.Time
}

const (
	slowFailure = time.Second
	// backoffFactor times the wait is how long the host is not asked again.
	backoffFactor = 4
)

func (o *outage) current(now time.Time) error {
	if o.err == nil || now.After(o.until) {
		return nil
	}
	return fmt.Errorf("%w (the next attempt is in %s)", o.err, o.until.Sub(now).Round(time.Second))
}

func (o *outage) note(err error, waited time.Duration, now time.Time) {
	*o = outage{}
	if err != nil && waited >= slowFailure {
		*o = outage{err, now.Add(backoffFactor * waited)}
	}
}
