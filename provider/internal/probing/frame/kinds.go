package frame

// Kind is what a raw frame tries.
type Kind byte

// The kinds; 0 is none.
const (
	TCPSyn Kind = iota + 1
	TCPAck
	UDP
	ICMP
	Fragments
	LateFragment
	GRE
	ARPSpoof
	VLAN
	Broadcast
	Multicast
	RouterAdvertisement
	Redirect
	NeighbourAdvertisement
	DHCPOffer
	DHCP6Advertise
	LLDP
	STP
)

var names = [...]string{TCPSyn: "tcp-syn", TCPAck: "tcp-ack", UDP: "udp", ICMP: "icmp", Fragments: "fragments", LateFragment: "late-fragment", GRE: "gre",
	ARPSpoof: "arp-spoof", VLAN: "vlan", Broadcast: "broadcast", Multicast: "multicast", RouterAdvertisement: "router-advertisement", Redirect: "redirect",
	NeighbourAdvertisement: "neighbour-advertisement", DHCPOffer: "dhcp-offer", DHCP6Advertise: "dhcp6-advertise", LLDP: "lldp", STP: "stp"}

func (k Kind) String() string {
	if int(k) < len(names) {
		return names[k]
	}
	return ""
}

// KindOf finds a kind by its name. What is forged of mac-spoof and ip-spoof is in their addresses.
func KindOf(name string) (Kind, bool) {
	if name == "mac-spoof" || name == "ip-spoof" {
		return UDP, true
	}
	for k, n := range names {
		if n != "" && n == name {
			return Kind(k), true
		}
	}
	return 0, false
}

// Kinds are the names of all.
func Kinds() []string { return append(append([]string{}, names[TCPSyn:]...), "mac-spoof", "ip-spoof") }

// Hops says whether a frame of the kind takes a way over next hops; the others go to whom the kind itself says.
func (k Kind) Hops() bool {
	switch k {
	case ARPSpoof, Broadcast, Multicast, RouterAdvertisement, NeighbourAdvertisement, DHCPOffer, DHCP6Advertise, LLDP, STP:
		return false
	}
	return true
}

// Families says whether the kind is there for IPv4 and for IPv6; those of neither are below both.
func (k Kind) Families() (four, six bool) {
	switch k {
	case ARPSpoof, DHCPOffer:
		return true, false
	case RouterAdvertisement, NeighbourAdvertisement, DHCP6Advertise:
		return false, true
	}
	return true, true
}
