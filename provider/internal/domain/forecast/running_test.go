package forecast

import (
	"slices"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/observe"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// A filter that was removed from the running guest only is set again at once, although its parameters count as waiting.
func TestCostOfWhatOthersChangedInTheGuest(t *testing.T) {
	const path, key = `interfaces["lan"].filter`, `interfaces["lan"].filter_parameters["IP"]`
	nic := func(with table.Model) table.Model {
		return table.Model{"state": schema.Running, "interfaces": table.Model{"lan": with}}
	}
	parameters := table.Model{"IP": table.Model{"values": []string{"10.0.0.1"}}}
	runs := table.Model{"network": "n"}
	o := Summarize(nic(runs.Clone()), nic(table.Model{"network": "n", "filter": "f", "filter_parameters": parameters}))
	counted := o.countedFrom(observe.Running{Now: nic(runs), Pending: []string{path, key}}, observe.Running{Now: nic(runs), Pending: []string{path, key}})
	for _, c := range counted.Changes {
		if c.Cost != table.Live {
			t.Errorf("%s costs %s", table.PathString(c.Path), c.Cost)
		}
	}
	if len(counted.Changes) == 0 {
		t.Error("nothing changes")
	}
}

func TestCostsAreCountedFromWhatTheGuestRuns(t *testing.T) {
	const definition, running = "running-bios.xml", "running-bios.live.xml"
	was := xmlmodel.Read(schema.Table.Attrs, domaintest.Parse(t, domaintest.ReadDefinition(t, definition)))
	was["state"], was["on_change"] = schema.Running, schema.Restart
	sata := was.Group("disks").Group("sda")
	for name, c := range map[string]struct {
		deferred, then []any
		nextBoot       []string // what the change makes wait
		waiting        []string // what waited before, and still does
	}{
		"taken back":                                 {[]any{"cpu.mode", "host-passthrough"}, []any{}, nil, nil},
		"taken back, processors":                     {[]any{"vcpu", int64(8), "maximum.vcpu", int64(8)}, []any{}, nil, nil},
		"taken back, a maximum":                      {[]any{"maximum.memory", int64(1 << 20)}, []any{}, nil, nil},
		"taken back, a group":                        {[]any{"memory_backing", table.Model{"hugepages": true}}, []any{}, nil, nil},
		"taken back, a device":                       {[]any{"disks.sda", nil}, []any{"disks.sda", sata}, nil, nil},
		"taken back in part":                         {[]any{"cpu.mode", "host-passthrough", "machine", "pc-q35-7.1"}, []any{"machine", "pc-q35-7.1"}, nil, []string{"machine"}},
		"replaced by another":                        {[]any{"machine", "pc-q35-7.1"}, []any{"machine", "pc-q35-7.0"}, []string{"machine"}, []string{"machine"}},
		"something else":                             {[]any{"machine", "pc-q35-7.1"}, []any{"machine", "pc-q35-7.1", "title", "b"}, nil, []string{"machine"}},
		"room that is only defined":                  {[]any{"maximum.vcpu", int64(8)}, []any{"maximum.vcpu", int64(8), "vcpu", int64(6)}, []string{"vcpu"}, []string{"maximum.vcpu"}},
		"taken back, what libvirt implies":           {[]any{"clock", table.Model{"offset": "localtime"}}, []any{"clock", nil}, nil, nil},
		"taken back, a part of what libvirt implies": {[]any{"clock", table.Model{"offset": "utc", "timers": table.Model{"hpet": table.Model{"present": false}}}}, []any{"clock", nil}, nil, nil},
		"taken back, the host chooses":               {[]any{"graphics", nil}, []any{"graphics.listen", table.Unknown}, nil, nil},
	} {
		prior, plan := domaintest.With(was, c.deferred...), domaintest.With(was, c.then...)
		before, err := schema.PatchXML(domaintest.ReadDefinition(t, definition), was, prior)
		if err != nil {
			t.Fatal(err)
		}
		after, err := schema.PatchXML(before, prior, plan)
		if err != nil {
			t.Fatal(err)
		}
		compare := func(defined string) observe.Running {
			r, err := observe.CompareRunning(domaintest.ReadDefinition(t, running), defined)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		prior["pending_restart"] = schema.JoinPaths(compare(before).Pending)
		plan["pending_restart"] = prior["pending_restart"]
		o := Summarize(prior, plan).countedFrom(compare(before), compare(after))
		if !slices.Equal(o.nextBoot, c.nextBoot) || !slices.Equal(o.waiting, c.waiting) {
			t.Errorf("%s: %v makes %v wait, and %v still waits; want %v and %v", name, prior["pending_restart"], o.nextBoot, o.waiting, c.nextBoot, c.waiting)
		}
		if restarts := len(c.nextBoot)+len(c.waiting) > 0; o.Restarts() != restarts {
			t.Errorf("%s: restarts: %v, want %v", name, o.Restarts(), restarts)
		}
	}
}
