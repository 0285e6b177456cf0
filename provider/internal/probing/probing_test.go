package probing

import (
	"bytes"
	"encoding/json"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

var webMAC, dbMAC = frame.MAC{0x52, 0x54, 0, 0, 0, 1}, frame.MAC{0x52, 0x54, 0, 0, 0, 2}

// anEngine has two guests with probes: web, and db with services of its own on 22 and 53.
func anEngine(t *testing.T, req Request) *engine {
	t.Helper()
	req.Machines = []Machine{
		{Name: "s/web", Domain: "web", Interfaces: []Interface{{Name: "front", MAC: "52:54:00:00:00:01", Addresses: []string{"10.0.0.1"}, Addresses6: []string{"fd00::1"}}}, TCP: []uint16{443}, UDP: []uint16{53}},
		{Name: "s/db", Domain: "db", Interfaces: []Interface{{Name: "back", MAC: "52:54:00:00:00:02", Addresses: []string{"10.0.0.2"}}}},
		{Name: "s/off", Domain: "off"},
	}
	e, err := newEngine(req, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	e.guests["s/off"].err = errNotRunning
	db := netip.MustParseAddr("10.0.0.2")
	e.guests["s/db"].taken = map[port]bool{{"tcp", db, 22}: true, {"udp", db, 53}: true}
	return e
}

func flow(id uint32, protocol string, port uint16) Flow {
	return Flow{ID: id, From: "s/web", Interface: "front", Source: "10.0.0.1", To: "s/db", Target: "10.0.0.2", Protocol: protocol, Port: port}
}

func forged(id uint32, kind string) ForgedFrame {
	return ForgedFrame{ID: id, From: "s/web", Interface: "front", To: "s/db", Kind: kind, Source: "10.0.0.9", Target: "10.0.0.2", Via: []string{"10.0.0.254", "fd00::ffff"}}
}

func TestFlowsAreOrdered(t *testing.T) {
	outside := flow(5, "tcp", 443)
	outside.To, outside.Target = "", "192.0.2.1"
	held := flow(1, "tcp", 5432)
	held.Hold = true
	asked := []Flow{held, flow(2, "tcp", 22), flow(3, "udp", 53), flow(4, "icmp", 0), outside}
	e := anEngine(t, Request{Flows: asked, For: 1.5})
	e.order()
	a, b, c := []byte{10, 0, 0, 1}, []byte{10, 0, 0, 2}, []byte{192, 0, 2, 1}
	want := wire.Orders{For: 1500, Flows: []wire.Flow{
		{ID: 1, Protocol: "tcp", Echo: true, Hold: true, Interface: webMAC, Source: a, Target: b, Port: 5432},
		{ID: 2, Protocol: "tcp", Interface: webMAC, Source: a, Target: b, Port: 22},
		{ID: 3, Protocol: "udp", Interface: webMAC, Source: a, Target: b, Port: 53},
		{ID: 4, Protocol: "icmp", Echo: true, Interface: webMAC, Source: a, Target: b},
		{ID: 5, Protocol: "tcp", Interface: webMAC, Source: a, Target: c, Port: 443},
	}}
	if got := e.guests["s/web"].orders; !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	var services []bool
	for _, told := range e.flows {
		services = append(services, told.Service)
	}
	if !reflect.DeepEqual(services, []bool{false, true, true, false, false}) {
		t.Error(services)
	}
}

func TestFramesAreOrdered(t *testing.T) {
	spoof := forged(2, "mac-spoof")
	spoof.SourceMAC, spoof.TargetMAC, spoof.VLAN, spoof.Port, spoof.SourcePort = "52:54:00:00:00:99", "52:54:00:00:00:02", 12, 443, 1024
	e := anEngine(t, Request{Frames: []ForgedFrame{forged(1, "icmp"), spoof}})
	e.order()
	via := [][]byte{{10, 0, 0, 254}}
	want := []wire.ForgedFrame{
		{ID: 1, Kind: frame.ICMP, Interface: webMAC, Source: []byte{10, 0, 0, 9}, Target: []byte{10, 0, 0, 2}, Own: []byte{10, 0, 0, 1}, Via: via},
		{ID: 2, Kind: frame.UDP, Interface: webMAC, SourceMAC: []byte{0x52, 0x54, 0, 0, 0, 0x99}, TargetMAC: dbMAC[:], Source: []byte{10, 0, 0, 9}, Target: []byte{10, 0, 0, 2}, Own: []byte{10, 0, 0, 1},
			Port: 443, From: 1024, VLAN: 12, Via: via},
	}
	if got := e.guests["s/web"].orders.Frames; !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestWhatCannotBeOrderedIsToldApart(t *testing.T) {
	flows := map[string]func(*Flow){
		`the request has no machine "s/none"`:                  func(t *Flow) { t.From = "s/none" },
		`s/off could not be probed`:                            func(t *Flow) { t.To = "s/off" },
		`"s/web" has no interface "side"`:                      func(t *Flow) { t.Interface = "side" },
		`the source: ParseAddr("web"): unable to parse IP`:     func(t *Flow) { t.Source = "web" },
		`the target: ParseAddr(""): unable to parse IP`:        func(t *Flow) { t.Target = "" },
		`10.0.0.1 and fd00::2 have different address families`: func(t *Flow) { t.Target = "fd00::2" },
		`'protocol' must be tcp, udp or icmp, got "sctp"`:      func(t *Flow) { t.Protocol = "sctp" },
	}
	for want, change := range flows {
		bad := flow(1, "tcp", 443)
		change(&bad)
		e := anEngine(t, Request{Flows: []Flow{bad}})
		e.order()
		if got := e.report().Flows[0]; got.Error != want || e.guests["s/web"].sends() {
			t.Errorf("got %+v, want %s", got, want)
		}
	}
	frames := map[string]func(*ForgedFrame){
		`'kind' must be one of ` + strings.Join(frame.Kinds(), ", ") + `, got "smoke"`: func(r *ForgedFrame) { r.Kind = "smoke" },
		`s/off could not be probed`: func(r *ForgedFrame) { r.From = "s/off" },
		`router-advertisement is not possible from 10.0.0.9, which has the other address family`: func(r *ForgedFrame) { r.Kind = "router-advertisement" },
		`arp-spoof is not possible from fd00::9, which has the other address family`: func(r *ForgedFrame) {
			r.Kind, r.Source, r.Target = "arp-spoof", "fd00::9", "fd00::2"
		},
		`"me" is not a MAC address`:                             func(r *ForgedFrame) { r.SourceMAC = "me" },
		`"02:00:5e:10:00:00:00:01" is not a MAC address`:        func(r *ForgedFrame) { r.TargetMAC = "02:00:5e:10:00:00:00:01" },
		`the next hop: ParseAddr("router"): unable to parse IP`: func(r *ForgedFrame) { r.Via = []string{"router"} },
	}
	for want, change := range frames {
		bad := forged(1, "udp")
		change(&bad)
		e := anEngine(t, Request{Frames: []ForgedFrame{bad}})
		e.order()
		if got := e.report().Sent[0]; got.Error != want || e.guests["s/web"].sends() {
			t.Errorf("got %+v, want %s", got, want)
		}
	}
}

func TestAGuestServesTheTargetsOfFlows(t *testing.T) {
	more := flow(2, "udp", 123)
	more.To, more.Target = "s/web", "10.0.0.77" // an address that the request does not name among the interfaces'
	same := flow(3, "tcp", 443)
	same.To, same.Target = "s/web", "10.0.0.1"
	e := anEngine(t, Request{Flows: []Flow{flow(1, "tcp", 9), more, same}, For: 10})
	e.run = 7
	want := wire.Service{Run: 7, Idle: int(e.idle().Milliseconds()), TCP: []uint16{443}, UDP: []uint16{53, 123},
		Interfaces: []wire.Interface{{MAC: webMAC, Addresses: [][]byte{{10, 0, 0, 1}, netip.MustParseAddr("fd00::1").AsSlice(), {10, 0, 0, 77}}}}}
	if got := e.service(e.guests["s/web"]); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	if e.idle() <= e.duration()+grace {
		t.Error("a probe may end while others are started")
	}
}

func TestTheReportPutsTogetherWhatGuestsSay(t *testing.T) {
	e := anEngine(t, Request{Flows: []Flow{flow(1, "tcp", 5432), flow(2, "udp", 53)}, Frames: []ForgedFrame{forged(3, "udp")}})
	e.order()
	web, db := e.guests["s/web"], e.guests["s/db"]
	web.results = wire.Results{Flows: []wire.FlowResult{{ID: 1, Tries: 3, Answered: 2, Gap: 40, Error: "no answer"}, {ID: 2, Tries: 1, Answered: 1}}, Sent: []wire.Sent{{ID: 3, Frames: 6}}}
	// What comes back to who sent it is no arrival.
	web.arrived = wire.Results{Arrived: []wire.Arrived{{ID: 3, Interface: webMAC, Count: 9}, {ID: 1, Interface: webMAC, Count: 9}}}
	db.arrived = wire.Results{Arrived: []wire.Arrived{{ID: 3, Interface: dbMAC, Count: 4, Overheard: 1}, {ID: 1, Interface: dbMAC, Count: 2}}}
	got := e.report()
	want := &Report{
		Machines: []MachineReport{{Name: "s/web"}, {Name: "s/db"}, {Name: "s/off", Error: "not running"}},
		Flows: []FlowReport{{ID: 1, Tries: 3, Answered: 2, Arrived: 2, LongestGap: 40, Error: "no answer"},
			{ID: 2, Tries: 1, Service: true}}, // it was sent, and did not arrive: nobody would answer
		Arrived: []Arrival{{1, "s/db", "52:54:00:00:00:02", 2, 0}, {3, "s/db", "52:54:00:00:00:02", 4, 1}},
		Sent:    []SentReport{{ID: 3, Frames: 6}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

// What a probe has not said is not 'nothing arrived'.
func TestAGuestThatFailsMeanwhileMakesItsPartUnknown(t *testing.T) {
	for _, failed := range []string{"s/web", "s/db"} {
		e := anEngine(t, Request{Flows: []Flow{flow(1, "tcp", 5432)}, Frames: []ForgedFrame{forged(2, "udp")}})
		e.order()
		e.guests[failed].err = io.ErrUnexpectedEOF
		got := e.report()
		if want := failed + " could not be probed"; got.Flows[0].Error != want || got.Sent[0].Error != want {
			t.Errorf("%+v %+v", got.Flows, got.Sent)
		}
	}
}

// machine is a machine of a request in JSON, on the host alpha.
func machine(name string) string {
	return `{"name": "` + name + `", "domain": "web", "hosts": ["alpha"], "interfaces": [], "tcp": [], "udp": []}`
}

func TestBadRequests(t *testing.T) {
	for in, want := range map[string]string{
		`{`: `probe: expected {"hosts": {...}, "machines": [...], "flows": [...], "frames": [...], "for": SECONDS} on standard input: unexpected EOF`,
		`{"hosts": {}, "machines": [` + machine("a") + `, ` + machine("a") + `], "flows": [], "frames": [], "for": 0}`: `probe: machine names must be unique, "a" is used twice`,
	} {
		if err := Run(t.Context(), nil, strings.NewReader(in), io.Discard, io.Discard); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestAHostThatCannotBeAskedIsAnErrorOfItsMachines(t *testing.T) {
	in := `{"hosts": {"alpha": {"uri": "qemu:///system?socket=/nonexistent/sock"}}, "machines": [` + machine("s/web") + `], "flows": [], "frames": [], "for": 0}`
	const want = `domain "web" was not found running on alpha, and not all of these hosts could be asked: ` +
		`on alpha (qemu:///system?socket=/nonexistent/sock): dial unix /nonexistent/sock: connect: no such file or directory; correct that and run the command again`
	var out bytes.Buffer
	if err := Run(t.Context(), nil, strings.NewReader(in), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var report Report
	if err := json.Unmarshal(out.Bytes(), &report); err != nil || report.Machines[0].Error != want {
		t.Errorf("%v: got %s, want %s", err, &out, want)
	}
}

func TestAProbeThatIsMissing(t *testing.T) {
	p := &programs{folder: t.TempDir(), packed: map[string][]byte{}}
	path := filepath.Join(p.folder, "kvm-fleet-probe_arm64")
	want := "the probe for arm64 guests is missing beside the provider: " + path + "; install the provider again with lab/setup.sh, " +
		"or build it in provider/ (CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -trimpath -ldflags '-s -w' -o " + path + " ./probe)"
	if _, err := p.get("arm64"); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := os.WriteFile(path, []byte("program"), 0o600); err != nil {
		t.Fatal(err)
	}
	if packed, err := p.get("arm64"); err != nil || len(packed) == 0 {
		t.Error(packed, err)
	}
}
