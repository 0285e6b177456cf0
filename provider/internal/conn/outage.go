package conn

import (
	"fmt"
	"time"
)

// outage remembers that a host let us wait in vain, so that of a thousand resources on it one waits and the others fail at once. A host that
// refuses at once is asked each time: that costs nothing.
type outage struct {
	err   error
	until time.Time
}

const (
	longWait = time.Second
	// believed is for how many times as long as the wait the host is not asked again.
	believed = 4
)

func (o *outage) current(now time.Time) error {
	if o.err == nil || now.After(o.until) {
		return nil
	}
	return fmt.Errorf("%w (it is asked again in %s)", o.err, o.until.Sub(now).Round(time.Second))
}

func (o *outage) note(err error, waited time.Duration, now time.Time) {
	*o = outage{}
	if err != nil && waited >= longWait {
		*o = outage{err, now.Add(believed * waited)}
	}
}
