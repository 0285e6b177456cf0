package cloudinit

import (
	"fmt"
	"net/netip"
	"path"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"
)

// Network is network-config in version 2, which is netplan's.
//
// See https://cloudinit.readthedocs.io/en/latest/reference/network-config-format-v2.html
type Network struct {
	Version   int                 `yaml:"version"`
	Ethernets map[string]Ethernet `yaml:"ethernets"`
}

// Ethernet is what one or several interfaces get.
type Ethernet struct {
	Match struct {
		Name       string `yaml:"name"`
		MACAddress string `yaml:"macaddress"`
		Driver     string `yaml:"driver"`
	} `yaml:"match"`
	SetName     string   `yaml:"set-name"`
	DHCP4       bool     `yaml:"dhcp4"`
	Addresses   []string `yaml:"addresses"`
	Gateway4    string   `yaml:"gateway4"`
	Routes      []Route  `yaml:"routes"`
	MTU         int      `yaml:"mtu"`
	Nameservers struct {
		Addresses []string `yaml:"addresses"`
		Search    []string `yaml:"search"`
	} `yaml:"nameservers"`
}

// Route is a way to somewhere else.
type Route struct {
	To  string `yaml:"to"`
	Via string `yaml:"via"`
}

// Interface is a network interface that the guest has.
type Interface struct {
	Name   string
	MAC    string
	Driver string
}

// ParseNetwork reads network-config, with or without netplan's `network:` around it.
func ParseNetwork(content []byte) (*Network, error) {
	var document struct {
		Network *Network `yaml:"network"`
		Bare    Network  `yaml:",inline"`
	}
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, err
	}
	network := &document.Bare
	if document.Network != nil {
		network = document.Network
	}
	if network.Version != 2 {
		return nil, fmt.Errorf("'version' must be 2, got %d", network.Version)
	}
	for name, ethernet := range network.Ethernets {
		if err := ethernet.validate(); err != nil {
			return nil, fmt.Errorf("ethernets.%s: %w", name, err)
		}
	}
	return network, nil
}

func (e Ethernet) validate() error {
	for _, address := range e.Addresses {
		if _, err := netip.ParsePrefix(address); err != nil {
			return fmt.Errorf("'addresses' must be like 10.1.0.5/24, got '%s'", address)
		}
	}
	for _, gateway := range append(gateways(e.Routes), e.Gateway4) {
		if gateway == "" {
			continue
		}
		if _, err := netip.ParseAddr(gateway); err != nil {
			return fmt.Errorf("'%s' is not the address of a gateway", gateway)
		}
	}
	return nil
}

func gateways(routes []Route) []string {
	var all []string
	for _, route := range routes {
		all = append(all, route.Via)
	}
	return all
}

// For returns what the interface gets; false when nothing is said of it, and it stays down.
func (n *Network) For(device Interface) (Ethernet, bool) {
	if n == nil {
		return Ethernet{DHCP4: true}, true
	}
	// An interface that several entries match gets the first: a map has no order of its own.
	names := make([]string, 0, len(n.Ethernets))
	for name := range n.Ethernets {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if n.Ethernets[name].matches(name, device) {
			return n.Ethernets[name], true
		}
	}
	return Ethernet{}, false
}

func (e Ethernet) matches(name string, device Interface) bool {
	if e.Match.Name == "" && e.Match.MACAddress == "" && e.Match.Driver == "" {
		return name == device.Name
	}
	return (e.Match.MACAddress == "" || strings.EqualFold(e.Match.MACAddress, device.MAC)) &&
		(e.Match.Name == "" || glob(e.Match.Name, device.Name)) &&
		(e.Match.Driver == "" || glob(e.Match.Driver, device.Driver))
}

func glob(pattern, name string) bool {
	matched, err := path.Match(pattern, name)
	return err == nil && matched
}

// AllRoutes are all routes, gateway4 included; `default` is the word that `ip route` knows too.
func (e Ethernet) AllRoutes() []Route {
	routes := e.Routes
	if e.Gateway4 != "" {
		routes = append([]Route{{To: "default", Via: e.Gateway4}}, routes...)
	}
	return routes
}
