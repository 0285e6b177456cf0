package network

import "testing"

func TestParse(t *testing.T) {
	tests := map[string]struct {
		expected change
		ok       bool
	}{
		"add@/devices/pci0000:00/0000:00:09.0/virtio5/net/eth1\x00ACTION=add\x00":       {change{name: "eth1"}, true},
		"remove@/devices/pci0000:00/0000:00:09.0/virtio5/net/eth1\x00ACTION=remove\x00": {change{name: "eth1", removed: true}, true},
		"move@/devices/pci0000:00/0000:00:09.0/virtio5/net/lan0\x00":                    {change{}, false},
		"add@/devices/pci0000:00/0000:00:09.0/virtio5/net/eth1/queues/rx-0\x00":         {change{}, false},
		"add@/devices/pci0000:00/0000:00:09.0/virtio5\x00":                              {change{}, false},
		"libudev\x00": {change{}, false},
	}
	for message, test := range tests {
		if event, ok := parse(message); event != test.expected || ok != test.ok {
			t.Errorf("%q: got %+v, %v", message, event, ok)
		}
	}
}
