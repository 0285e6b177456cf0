package conn

import (
	"errors"
	"testing"
	"time"
)

func TestAHostThatLetUsWaitIsNotAskedAgainAtOnce(t *testing.T) {
	began := time.Now()
	no := errors.New("dial tcp: i/o timeout")
	for name, test := range map[string]struct {
		err    error
		waited time.Duration
		after  time.Duration
		want   string
	}{
		"refused at once":                   {no, time.Millisecond, 0, ""},
		"the condition was not met in time": {no, 15 * time.Second, 10 * time.Second, "dial tcp: i/o timeout (the next attempt is in 50s)"},
		"some time after it":                {no, 15 * time.Second, 61 * time.Second, ""},
		"slow, but there":                   {nil, 15 * time.Second, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var o outage
			o.note(test.err, test.waited, began)
			got := ""
			if err := o.current(began.Add(test.after)); err != nil {
				got = err.Error()
				if !errors.Is(err, no) {
					t.Error("the reason is lost")
				}
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
