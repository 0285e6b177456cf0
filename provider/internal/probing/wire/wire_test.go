package wire

import (
	"reflect"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
)

var (
	mac   = frame.MAC{0x52, 0x54, 0, 0, 0, 1}
	four  = []byte{10, 0, 0, 1}
	six   = []byte{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}
	order = Orders{For: 1500,
		Flows: []Flow{
			{1, "tcp", true, true, true, mac, four, []byte{10, 0, 0, 2}, 443},
			{1 << 31, "icmp", false, false, false, mac, six, six, 0},
		},
		Frames: []ForgedFrame{
			{3, frame.STP, mac, mac[:], []byte{1, 2, 3, 4, 5, 6}, four, four, four, 443, 9, 12, [][]byte{four, {10, 0, 0, 254}}},
			{4, frame.UDP, mac, nil, nil, six, six, nil, 0, 0, 0, nil},
		}}
	results = Results{
		Taken:   []Port{{"tcp", four, 443}, {"udp", six, 53}},
		Flows:   []FlowResult{{1, 3, 2, 1200, "connection refused"}, {2, 1, 1, 0, ""}},
		Sent:    []Sent{{3, 9, ""}, {4, 0, "network is down"}},
		Arrived: []Arrived{{3, mac, 9, 2}},
		Lost:    5,
	}
	service = Service{Run: 0xdecade01, Idle: 90000, Interfaces: []Interface{{mac, [][]byte{four, six}}, {frame.MAC{2}, nil}}, TCP: []uint16{80, 443}, UDP: []uint16{53}}
)

func TestWhatIsSaidIsUnderstood(t *testing.T) {
	if got, err := DecodeOrders(order.Encode()); err != nil || !reflect.DeepEqual(got, order) {
		t.Errorf("%v\n%+v\n%+v", err, got, order)
	}
	if got, err := DecodeResults(results.Encode()); err != nil || !reflect.DeepEqual(got, results) {
		t.Errorf("%v\n%+v\n%+v", err, got, results)
	}
	if got, err := DecodeService(service.Encode()); err != nil || !reflect.DeepEqual(got, service) {
		t.Errorf("%v\n%+v\n%+v", err, got, service)
	}
}

func TestAnErrorIsOneLine(t *testing.T) {
	got, err := DecodeResults(Results{Sent: []Sent{{1, 0, "one\ntwo"}}}.Encode())
	if err != nil || got.Sent[0].Error != "one two" {
		t.Error(got, err)
	}
}

// Half of an answer must not be read as an answer in which nothing arrived.
func TestWhatIsCutOffIsNoAnswer(t *testing.T) {
	for what, c := range map[string]struct {
		text string
		read func(string) error
	}{
		"orders":  {order.Encode(), func(s string) error { _, err := DecodeOrders(s); return err }},
		"results": {results.Encode(), func(s string) error { _, err := DecodeResults(s); return err }},
		"service": {service.Encode(), func(s string) error { _, err := DecodeService(s); return err }},
	} {
		for n := range len(c.text) - 1 { // the last byte is only the end of the line
			if c.read(c.text[:n]) == nil {
				t.Errorf("%s cut off after %d of %d bytes are understood", what, n, len(c.text))
			}
		}
		for _, bad := range []string{"x\nend\n", " \nend\n", strings.Replace(c.text, "0", "g", 1)} {
			if c.read(bad) == nil {
				t.Errorf("%s: %q is understood", what, bad)
			}
		}
	}
}

func TestOrdersInParts(t *testing.T) {
	var all Orders
	var sizes []int
	for part := range order.Parts(3) {
		sizes = append(sizes, len(part.Flows)+len(part.Frames))
		all.For, all.Flows, all.Frames = part.For, append(all.Flows, part.Flows...), append(all.Frames, part.Frames...)
	}
	if !reflect.DeepEqual(sizes, []int{3, 1}) || !reflect.DeepEqual(all, order) {
		t.Errorf("%v %+v", sizes, all)
	}
}
