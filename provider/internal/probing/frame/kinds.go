package frame

// Kind is what a forged frame tries to do.
type Kind byte

// The kinds; 0 is not a kind.
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

var names = [...]string{
	TCPSyn:                 "tcp-syn",
	TCPAck:                 "tcp-ack",
	UDP:                    "udp",
	ICMP:                   "icmp",
	Fragments:              "fragments",
	LateFragment:           "late-fragment",
	GRE:                    "gre",
	ARPSpoof:               "arp-spoof",
	VLAN:                   "vlan",
	Broadcast:              "broadcast",
	Multicast:              "multicast",
	RouterAdvertisement:    "router-advertisement",
	Redirect:               "redirect",
	NeighbourAdvertisement: "neighbour-advertisement",
	DHCPOffer:              "dhcp-offer",
	DHCP6Advertise:         "dhcp6-advertise",
	LLDP:                   "lldp",
	STP:                    "stp",
}

func (k Kind) String() string {
	if int(k) < len(names) {
		return names[k]
	}
	return ""
}

// KindOf returns the kind with a name. For mac-spoof and ip-spoof, the forged part is in the addresses.
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

// Kinds returns the names of all kinds.
func Kinds() []string { return append(append([]string{}, names[TCPSyn:]...), "mac-spoof", "ip-spoof") }

// Hops reports whether a frame of the kind is sent to next hops; the kind itself determines where the others go.
func (k Kind) Hops() bool {
	switch k {
	case ARPSpoof, Broadcast, Multicast, RouterAdvertisement, NeighbourAdvertisement, DHCPOffer, DHCP6Advertise, LLDP, STP:
		return false
	}
	return true
}

// Families reports whether the kind exists for IPv4 and for IPv6; a kind of neither is in a layer below both.
func (k Kind) Families() (four, six bool) {
	switch k {
	case ARPSpoof, DHCPOffer:
		return true, false
	case RouterAdvertisement, NeighbourAdvertisement, DHCP6Advertise:
		return false, true
	}
	return true, true
}
