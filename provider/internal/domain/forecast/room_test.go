package forecast

import (
	"context"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestWhichNewDomainsTakeMemory(t *testing.T) {
	uri, err := conn.ParseURI("qemu+unix:///system?socket=/nowhere")
	if err != nil {
		t.Fatal(err)
	}
	small := func(context.Context, *conn.Host, room.Question) (room.Host, error) {
		return room.Host{Total: 1 << 20, Available: 1 << 20, Exact: true}, nil
	}
	domain := table.Model{"host": "alpha", "name": "web-1", "type": "kvm", "vcpu": int64(1), "memory": int64(512 << 10), "state": "running"}
	for name, c := range map[string]struct {
		plan    table.Model
		refuses bool
	}{
		"one that fits":              {domain, false},
		"one that does not":          {domaintest.With(domain, "memory", int64(2<<20)), true},
		"one that boots with more":   {domaintest.With(domain, "maximum.memory", int64(2<<20)), true},
		"one that is not to run":     {domaintest.With(domain, "memory", int64(2<<20), "state", "stopped"), false},
		"one that is to be saved":    {domaintest.With(domain, "memory", int64(2<<20), "state", "saved"), true},
		"one whose host is unknown":  {domaintest.With(domain, "memory", int64(2<<20), "host", table.Unknown), false},
		"one whose state is unknown": {domaintest.With(domain, "memory", int64(2<<20), "state", table.Unknown), false},
		"a device of memory":         {domaintest.With(domain, "memory_devices", table.Model{"dimm": table.Model{"size": int64(1 << 20), "node": int64(0)}}), true},
	} {
		t.Run(name, func(t *testing.T) {
			fleet := conn.NewFleet(map[string]*conn.URI{"alpha": &uri})
			refusal, _ := checkNewRoom(room.NewLedger(small).Attach(t.Context()), fleet, c.plan)
			if (refusal != "") != c.refuses || c.refuses && !strings.Contains(refusal, "alpha has 1 GiB of memory available; this plan brings web-1 (") {
				t.Errorf("got %q", refusal)
			}
		})
	}
}

func TestWhatAGuestGetsLive(t *testing.T) {
	grows := with("memory", int64(1<<20), "maximum", table.Model{"memory": int64(4 << 20), "memory_slots": int64(2), "memory_with_devices": int64(8 << 20)})
	dimm := table.Model{"dimm": table.Model{"size": int64(1 << 20), "node": int64(0)}}
	for name, c := range map[string]struct {
		prior, plan table.Model
		want        int64
	}{
		"nothing":           {grows, grows.Clone(), 0},
		"more memory":       {grows, domaintest.With(grows, "memory", int64(3<<20)), 2 << 20},
		"less memory":       {domaintest.With(grows, "memory", int64(3<<20)), grows, -2 << 20},
		"a device":          {grows, domaintest.With(grows, "memory_devices", dimm), 1 << 20},
		"both":              {grows, domaintest.With(grows, "memory_devices", dimm, "memory", int64(2<<20)), 2 << 20},
		"at the next start": {with("memory", int64(1<<20)), with("memory", int64(2<<20)), 0},
	} {
		if got := Summarize(c.prior, c.plan).liveGrowth(); got != c.want {
			t.Errorf("%s: got %d KiB, want %d", name, got, c.want)
		}
	}
}
