package cloudinit

import (
	"reflect"
	"testing"
)

var eth0 = Interface{Name: "eth0", MAC: "52:54:00:12:34:56", Driver: "virtio_net"}

func TestAnInterfaceGetsTheEntryThatMatchesIt(t *testing.T) {
	tests := map[string]struct {
		ethernets string
		matches   bool
	}{
		"its name":     {"{eth0: {dhcp4: true}}", true},
		"another name": {"{eth1: {dhcp4: true}}", false},
		"MAC":          {"{lan: {match: {macaddress: '52:54:00:12:34:56'}}}", true},

		"another MAC":           {"{eth0: {match: {macaddress: '52:54:00:00:00:00'}}}", false},
		"pattern":               {"{lan: {match: {name: 'e*'}}}", true},
		"driver":                {"{lan: {match: {driver: virtio_*}}}", true},
		"driver, but not name":  {"{lan: {match: {driver: virtio_net, name: 'enp*'}}}", false},
		"no entry for any":      {"{}", false},
		"the second of entries": {"{eth1: {}, lan: {match: {name: eth0}}}", true},
	}
	for name, test := range tests {
		network, err := ParseNetwork([]byte("version: 2\nethernets: " + test.ethernets + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := network.For(eth0); ok != test.matches {
			t.Errorf("%s: got %v", name, ok)
		}
	}
}

func TestWithoutNetworkConfigEveryInterfaceAsksByDHCP(t *testing.T) {
	var none *Network
	ethernet, ok := none.For(eth0)
	if !ok || !ethernet.DHCP4 {
		t.Errorf("got %+v, %v", ethernet, ok)
	}
}

func TestStaticAddressesAndRoutes(t *testing.T) {
	network, err := ParseNetwork([]byte(`network:
  version: 2
  ethernets:
    lan:
      match: {macaddress: "52:54:00:12:34:56"}
      set-name: lan0
      addresses: [10.1.0.5/24, "fd00::5/64"]
      gateway4: 10.1.0.1
      routes: [{to: 10.2.0.0/16, via: 10.1.0.2}]
      nameservers: {addresses: [10.1.0.1], search: [lab]}
      mtu: 1400
`))
	if err != nil {
		t.Fatal(err)
	}
	ethernet, _ := network.For(eth0)
	if ethernet.SetName != "lan0" || ethernet.MTU != 1400 || ethernet.DHCP4 {
		t.Errorf("got %+v", ethernet)
	}
	if expected := []string{"10.1.0.5/24", "fd00::5/64"}; !reflect.DeepEqual(ethernet.Addresses, expected) {
		t.Errorf("got %q", ethernet.Addresses)
	}
	if expected := []Route{{"default", "10.1.0.1"}, {"10.2.0.0/16", "10.1.0.2"}}; !reflect.DeepEqual(ethernet.AllRoutes(), expected) {
		t.Errorf("got %v", ethernet.AllRoutes())
	}
}
