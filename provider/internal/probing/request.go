// Package probing finds out with packets who reaches whom: it puts a probe into each guest, has them talk to each other and forge what no guest
// should get through, and tells what arrived where.
package probing

import "github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"

// Request says who is to try what.
type Request struct {
	Hosts    exchange.Hosts `json:"hosts"`
	Machines []Machine      `json:"machines"`
	Talks    []Talk         `json:"talks"`
	Raw      []Raw          `json:"raw"`
	For      float64        `json:"for"` // how many seconds to repeat everything; 0 to send it once
}

// Machine is a guest. Its name is the key of the request; Domain is what libvirt calls it.
type Machine struct {
	Name   string   `json:"name"`
	Domain string   `json:"domain"`
	Hosts  []string `json:"hosts"` // where it may be
	Legs   []Leg    `json:"legs"`  // in the order of the domain's interfaces
	TCP    []uint16 `json:"tcp"`
	UDP    []uint16 `json:"udp"`
}

// Leg is an interface of a machine; without MAC it is what the running domain has there.
type Leg struct {
	Name       string   `json:"name"`
	MAC        string   `json:"mac"`
	Addresses  []string `json:"addresses"`
	Addresses6 []string `json:"addresses6"`
}

// Talk is one by the guest's own network stack. Without To the target is none of the machines.
type Talk struct {
	ID       uint32 `json:"id"`
	From     string `json:"from"`
	Leg      string `json:"leg"`
	Source   string `json:"source"`
	To       string `json:"to"`
	Target   string `json:"target"`
	Protocol string `json:"protocol"`
	Port     uint16 `json:"port"`
	Hold     bool   `json:"hold"`
}

// Raw is a frame that a guest forges.
type Raw struct {
	ID         uint32   `json:"id"`
	From       string   `json:"from"`
	Leg        string   `json:"leg"`
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

// Report is what came of it.
type Report struct {
	Machines []MachineReport `json:"machines"`
	Talks    []TalkReport    `json:"talks"`
	Arrived  []Arrival       `json:"arrived"`
	Sent     []SentReport    `json:"sent"`
	Seconds  float64         `json:"seconds"`
}

// MachineReport is of a machine; where Error is set, nothing that concerns it is known.
type MachineReport struct {
	Name  string `json:"name"`
	Host  string `json:"host"`
	Error string `json:"error"`
}

// TalkReport is of a talk. Where a service of the target's own has the port, Service is set: then being connected is an answer, and of UDP that it
// arrived.
type TalkReport struct {
	ID         uint32 `json:"id"`
	Tries      int    `json:"tries"`
	Answered   int    `json:"answered"`
	Arrived    int    `json:"arrived"` // at the machine that it is for
	LongestGap int    `json:"longestGap"`
	Service    bool   `json:"service"`
	Error      string `json:"error"`
}

// Arrival is of a talk or a raw frame that came in somewhere. Overheard are those of Count that were addressed to another's hardware address.
type Arrival struct {
	ID        uint32 `json:"id"`
	At        string `json:"at"`
	Leg       string `json:"leg"`
	Count     int    `json:"count"`
	Overheard int    `json:"overheard"`
}

// SentReport is of a raw frame.
type SentReport struct {
	ID     uint32 `json:"id"`
	Frames int    `json:"frames"`
	Error  string `json:"error"`
}
