// Package probing tests with packets which guests can reach each other: it starts a probe in each guest, lets the probes flow to each other
// and send forged frames, and reports what arrived where.
package probing

import "github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"

// Request says which machines send what.
type Request struct {
	Hosts    exchange.Hosts `json:"hosts"`
	Machines []Machine      `json:"machines"`
	Flows    []Flow         `json:"flows"`
	Frames   []ForgedFrame  `json:"frames"`
	For      float64        `json:"for"` // how many seconds to repeat everything; 0 to send it once
}

// Machine is a guest. Name is its key in the request; Domain is its name in libvirt.
type Machine struct {
	Name       string      `json:"name"`
	Domain     string      `json:"domain"`
	Hosts      []string    `json:"hosts"`      // where it may be
	Interfaces []Interface `json:"interfaces"` // in the order of the domain's interfaces
	TCP        []uint16    `json:"tcp"`
	UDP        []uint16    `json:"udp"`
}

// Interface is an interface of a machine. An empty MAC stands for that of the running domain.
type Interface struct {
	Name       string   `json:"name"`
	MAC        string   `json:"mac"`
	Addresses  []string `json:"addresses"`
	Addresses6 []string `json:"addresses6"`
}

// Flow is a connection or exchange by the guest's own network stack. If To is empty, the target is not one of the
// machines.
type Flow struct {
	ID        uint32 `json:"id"`
	From      string `json:"from"`
	Interface string `json:"interface"`
	Source    string `json:"source"`
	To        string `json:"to"`
	Target    string `json:"target"`
	Protocol  string `json:"protocol"`
	Port      uint16 `json:"port"`
	Hold      bool   `json:"hold"`
	Expected  bool   `json:"expected"` // an answer is expected: without one, the flow is tried for longer
}

// ForgedFrame is a frame that a guest forges.
type ForgedFrame struct {
	ID         uint32   `json:"id"`
	From       string   `json:"from"`
	Interface  string   `json:"interface"`
	To         string   `json:"to"`
	Kind       string   `json:"kind"`
	Source     string   `json:"source"`
	SourceMAC  string   `json:"sourceMAC"`
	Target     string   `json:"target"`
	TargetMAC  string   `json:"targetMAC"`
	Via        []string `json:"via"`
	Port       uint16   `json:"port"`
	SourcePort uint16   `json:"sourcePort"`
	VLAN       uint16   `json:"vlan"`
}

// Report is the result of a request.
type Report struct {
	Machines []MachineReport `json:"machines"`
	Flows    []FlowReport    `json:"flows"`
	Arrived  []Arrival       `json:"arrived"`
	Sent     []SentReport    `json:"sent"`
	Seconds  float64         `json:"seconds"`
}

// MachineReport is the result for a machine. If Error is set, the machine could not be probed.
type MachineReport struct {
	Name  string `json:"name"`
	Host  string `json:"host"`
	Error string `json:"error"`
}

// FlowReport is the result of a flow. Service is true if a program of the target uses the port: then a TCP connection
// counts as an answer, and so does a UDP packet that arrived.
type FlowReport struct {
	ID         uint32 `json:"id"`
	Tries      int    `json:"tries"`
	Answered   int    `json:"answered"`
	Arrived    int    `json:"arrived"` // at the machine that it is for
	LongestGap int    `json:"longestGap"`
	Service    bool   `json:"service"`
	Error      string `json:"error"`
}

// Arrival says that a machine received a flow or a forged frame. Overheard is how many of Count were addressed to
// another MAC address.
type Arrival struct {
	ID        uint32 `json:"id"`
	At        string `json:"at"`
	Interface string `json:"interface"`
	Count     int    `json:"count"`
	Overheard int    `json:"overheard"`
}

// SentReport is the result of sending a forged frame.
type SentReport struct {
	ID     uint32 `json:"id"`
	Frames int    `json:"frames"`
	Error  string `json:"error"`
}
