package probing

import (
	"net"
	"sort"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

// order assigns the flows and frames to the guests. A flow or frame that cannot be sent is an error in the report.
func (e *engine) order() {
	e.flows, e.sent = make([]FlowReport, len(e.request.Flows)), make([]SentReport, len(e.request.Frames))
	for i, t := range e.request.Flows {
		order, service, err := e.flow(t)
		e.flows[i] = FlowReport{ID: t.ID, Service: service}
		if err != nil {
			e.flows[i].Error = err.Error()
			continue
		}
		o := &e.guests[t.From].orders
		o.Flows = append(o.Flows, order)
	}
	for i, r := range e.request.Frames {
		order, err := e.forged(r)
		e.sent[i] = SentReport{ID: r.ID}
		if err != nil {
			e.sent[i].Error = err.Error()
			continue
		}
		o := &e.guests[r.From].orders
		o.Frames = append(o.Frames, order)
	}
	for _, g := range e.guests {
		g.orders.For = int(e.duration().Milliseconds())
	}
}

// report combines the results of all guests. For a guest that failed meanwhile, it contains only the error.
func (e *engine) report() *Report {
	r := &Report{Machines: []MachineReport{}, Flows: e.flows, Arrived: e.arrivals(), Sent: e.sent}
	for _, m := range e.request.Machines {
		g := e.guests[m.Name]
		told := MachineReport{Name: m.Name}
		if g.agent.host != nil {
			told.Host = g.agent.host.Name
		}
		if g.err != nil {
			told.Error = g.err.Error()
		}
		r.Machines = append(r.Machines, told)
	}
	arrived := map[uint32]map[string]int{}
	for _, a := range r.Arrived {
		if arrived[a.ID] == nil {
			arrived[a.ID] = map[string]int{}
		}
		arrived[a.ID][a.At] += a.Count
	}
	talked, sent := map[uint32]wire.FlowResult{}, map[uint32]wire.Sent{}
	for _, g := range e.guests {
		for _, t := range g.results.Flows {
			talked[t.ID] = t
		}
		for _, s := range g.results.Sent {
			sent[s.ID] = s
		}
	}
	for i, t := range e.request.Flows {
		told := &r.Flows[i]
		if told.Error != "" {
			continue
		}
		if err := e.concerned(t.From, t.To); err != nil {
			told.Error = err.Error()
			continue
		}
		was := talked[t.ID]
		told.Tries, told.Answered, told.LongestGap, told.Error = was.Tries, was.Answered, was.Gap, was.Error
		told.Arrived = arrived[t.ID][t.To]
		if told.Service && t.Protocol == "udp" {
			told.Answered = told.Arrived
		}
	}
	for i, forged := range e.request.Frames {
		told := &r.Sent[i]
		if told.Error != "" {
			continue
		}
		if err := e.concerned(forged.From, forged.To); err != nil {
			told.Error = err.Error()
			continue
		}
		told.Frames, told.Error = sent[forged.ID].Frames, sent[forged.ID].Error
	}
	return r
}

// arrivals returns what each guest received from another one.
func (e *engine) arrivals() []Arrival {
	from := map[uint32]string{}
	for _, t := range e.request.Flows {
		from[t.ID] = t.From
	}
	for _, r := range e.request.Frames {
		from[r.ID] = r.From
	}
	all := []Arrival{}
	for _, g := range e.guests {
		for _, a := range g.arrived.Arrived {
			if from[a.ID] != g.Name {
				all = append(all, Arrival{a.ID, g.Name, net.HardwareAddr(a.Interface[:]).String(), a.Count, a.Overheard})
			}
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if a.ID != b.ID {
			return a.ID < b.ID
		}
		return a.At+a.Interface < b.At+b.Interface
	})
	return all
}
