package engine

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/journal"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// keeper is a resource of which the host does not say everything.
type keeper struct{ thing }

var keeperTable = &table.Table{Name: "keeper", Import: "host/name", Attrs: append([]table.Attr{
	{Name: "source", Type: table.String, Mode: table.Optional, Unobserved: true},
}, secretRows...)}

func (*keeper) Table() *table.Table { return keeperTable }

func TestAnInterruptedUpdateIsRemembered(t *testing.T) {
	was := m{"host": "alpha", "name": "it", "source": "a", "value_version": int64(1), "screen": m{"password_version": int64(1)}}
	other := func(more m) m {
		is := was.Clone()
		for name, v := range more {
			is[name] = v
		}
		return is
	}
	for name, c := range map[string]struct{ plan, state, seen m }{
		"saved":                  {other(m{"source": "b"}), other(m{"source": "b"}), other(m{"source": "b"})},
		"another source":         {other(m{"source": "b"}), was, other(m{"source": table.Incomplete, "value_version": nil, "screen": m{"password_version": nil}})},
		"another version":        {other(m{"value_version": int64(2)}), was, other(m{"source": table.Incomplete, "value_version": nil, "screen": m{"password_version": nil}})},
		"in a group":             {other(m{"screen": m{"password_version": int64(2)}}), was, other(m{"source": table.Incomplete, "value_version": nil, "screen": m{"password_version": nil}})},
		"what the host does say": {other(m{"name": "it"}), was, was},
	} {
		t.Run(name, func(t *testing.T) {
			dir, k := t.TempDir(), &keeper{}
			if err := NewServer(nil).WithJournal(journal.New(dir)).recordUnobserved(k, was, c.plan); err != nil {
				t.Fatal(err)
			}
			next := NewServer(nil).WithJournal(journal.New(dir))
			if seen := next.uncertain(k, c.state); !table.Equal(seen, c.seen) {
				t.Errorf("got\n%v\nwant\n%v", seen, c.seen)
			}
			again := NewServer(nil).WithJournal(journal.New(dir))
			if seen := again.uncertain(k, c.plan); !table.Equal(seen, c.plan) {
				t.Errorf("when the state has what was written: got %v", seen)
			}
			if seen := again.uncertain(k, was); !table.Equal(seen, was) {
				t.Errorf("it is remembered after the state has what was written: %v", seen)
			}
		})
	}
}
