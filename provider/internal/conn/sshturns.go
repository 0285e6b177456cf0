package conn

import (
	"context"
	"sync"
)

// maxLogins is how many logins may be in progress with one sshd. By default sshd drops some from the eleventh on (sshd_config(5),
// MaxStartups), and it has other users.
const maxLogins = 4

var (
	loginsMutex sync.Mutex
	logins      = map[string]chan struct{}{}
)

// takeTurn waits until a login with this sshd may begin.
func takeTurn(ctx context.Context, sshd string) (leave func(), err error) {
	loginsMutex.Lock()
	turns := logins[sshd]
	if turns == nil {
		turns = make(chan struct{}, maxLogins)
		logins[sshd] = turns
	}
	loginsMutex.Unlock()
	select {
	case turns <- struct{}{}:
		return func() { <-turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
