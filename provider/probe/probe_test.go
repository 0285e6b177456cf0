//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/wire"
)

// asProbe is the environment variable that makes the test's own program act as the probe.
const asProbe = "KVM_FLEET_TEST_AS_PROBE"

const run, tcpPort, udpPort, nobodysPort = 0xdecade01, 443, 53, 9

func TestMain(m *testing.M) {
	switch os.Getenv(asProbe) {
	case "":
		os.Exit(m.Run())
	case "guest":
		if err := loopbackUp(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	main()
}

func loopbackUp() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer func() { _ = syscall.Close(fd) }()
	request := struct {
		name  [16]byte
		flags uint16
		rest  [22]byte
	}{flags: syscall.IFF_UP}
	copy(request.name[:], "lo")
	if _, _, failed := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); failed != 0 {
		return failed
	}
	return nil
}

// begin starts a probe in its own network namespace, where it may do everything.
func begin(t *testing.T, service string) (folder, said string, err error) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "probe")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	var out, complaint bytes.Buffer
	cmd := exec.Command(os.Args[0], "listen", folder, service)
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), asProbe+"=guest"), &out, &complaint
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}, GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}}
	err = cmd.Run()
	if errors.Is(err, syscall.EPERM) {
		t.Skip("this machine lets nobody make namespaces")
	}
	if err != nil {
		return folder, "", fmt.Errorf("%w: %s", err, &complaint)
	}
	t.Cleanup(func() {
		if _, err := os.Stat(folder); err == nil {
			_, _ = question(t, folder, "end\n")
		}
	})
	return folder, out.String(), nil
}

func question(t *testing.T, folder, text string) (string, error) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "ask", folder)
	var complaint bytes.Buffer
	cmd.Env, cmd.Stdin, cmd.Stderr = append(os.Environ(), asProbe+"=1"), strings.NewReader(text), &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", errors.New(strings.TrimSpace(complaint.String()))
	}
	return string(out), nil
}

func asked(t *testing.T, folder, text string) wire.Results {
	t.Helper()
	said, err := question(t, folder, text)
	if err != nil {
		t.Fatal(err)
	}
	r, err := wire.DecodeResults(said)
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return r
}

func service(idle time.Duration) string {
	return wire.Service{Run: run, Idle: int(idle.Milliseconds()), TCP: []uint16{tcpPort}, UDP: []uint16{udpPort},
		Interfaces: []wire.Interface{{Addresses: [][]byte{net.IPv4(127, 0, 0, 1).To4(), net.IPv6loopback}}}}.Encode()
}

func TestFlows(t *testing.T) {
	folder, said, err := begin(t, service(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := wire.DecodeResults(said); err != nil || len(r.Taken) > 0 {
		t.Fatal(r, err)
	}
	want := map[uint32]string{}
	var orders wire.Orders
	add := func(flow wire.Flow, ends string) {
		flow.ID = uint32(len(want) + 1)
		want[flow.ID] = ends
		orders.Flows = append(orders.Flows, flow)
	}
	for _, a := range [][]byte{net.IPv4(127, 0, 0, 1).To4(), net.IPv6loopback} {
		add(wire.Flow{Protocol: "tcp", Echo: true, Source: a, Target: a, Port: tcpPort}, "1 of 1")
		add(wire.Flow{Protocol: "tcp", Source: a, Target: a, Port: tcpPort}, "1 of 1")
		add(wire.Flow{Protocol: "udp", Echo: true, Source: a, Target: a, Port: udpPort}, "1 of 1")
		add(wire.Flow{Protocol: "icmp", Echo: true, Source: a, Target: a}, "1 of 1")
		add(wire.Flow{Protocol: "tcp", Echo: true, Source: a, Target: a, Port: nobodysPort}, "0 of 3, connection refused")
		add(wire.Flow{Protocol: "udp", Echo: true, Source: a, Target: a, Port: nobodysPort}, "0 of 3, connection refused")
	}
	add(wire.Flow{Protocol: "tcp", Source: net.IPv4(192, 0, 2, 1).To4(), Target: net.IPv4(127, 0, 0, 1).To4(), Port: tcpPort},
		"0 of 3, the guest can't use this source address: cannot assign requested address")
	add(wire.Flow{Protocol: "tcp", Source: net.IPv4zero.To4(), Target: net.IPv4(192, 0, 2, 1).To4(), Port: tcpPort}, "0 of 3, network is unreachable")
	orders.Frames = []wire.ForgedFrame{{ID: 99, Kind: frame.UDP, Interface: frame.MAC{2}, Source: []byte{10, 0, 0, 1}, Target: []byte{10, 0, 0, 2}}}
	for part := range orders.Parts(5) {
		asked(t, folder, "order\n"+part.Encode())
	}
	asked(t, folder, "send\n")
	r := asked(t, folder, "sent\n")
	if len(r.Flows) != len(want) {
		t.Errorf("%d results of %d flows", len(r.Flows), len(want))
	}
	for _, told := range r.Flows {
		got := fmt.Sprintf("%d of %d", told.Answered, told.Tries)
		if told.Error != "" {
			got += ", " + told.Error
		}
		if got != want[told.ID] || told.Gap != 0 {
			t.Errorf("%+v: got %s, want %s", orders.Flows[told.ID-1], got, want[told.ID])
		}
	}
	if len(r.Sent) != 1 || r.Sent[0] != (wire.Sent{ID: 99, Error: "the guest has no interface with the hardware address 02:00:00:00:00:00"}) {
		t.Errorf("%+v", r.Sent)
	}
}

func TestFlowsForAWhile(t *testing.T) {
	folder, _, err := begin(t, service(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	local, while := net.IPv4(127, 0, 0, 1).To4(), 1200*time.Millisecond
	orders := wire.Orders{For: int(while.Milliseconds()), Flows: []wire.Flow{
		{ID: 1, Protocol: "udp", Echo: true, Source: local, Target: local, Port: udpPort},
		{ID: 2, Protocol: "tcp", Echo: true, Hold: true, Source: local, Target: local, Port: tcpPort},
		{ID: 3, Protocol: "tcp", Hold: true, Source: local, Target: local, Port: tcpPort},
		{ID: 4, Protocol: "tcp", Echo: true, Hold: true, Source: local, Target: local, Port: nobodysPort},
	}}
	asked(t, folder, "order\n"+orders.Encode())
	began := time.Now()
	asked(t, folder, "send\n")
	r := asked(t, folder, "sent\n")
	if took := time.Since(began); took < while {
		t.Errorf("it was over after %s", took)
	}
	for _, told := range r.Flows {
		ok := false
		switch told.ID {
		case 1: // every half second, or less often on a busy machine
			ok = told.Tries >= 2 && told.Tries <= 3 && told.Answered == told.Tries && told.Gap > 0
		case 2: // every tenth of a second, or less often
			ok = told.Tries >= 2 && told.Tries <= 13 && told.Answered == told.Tries && told.Error == "" && told.Gap >= 50
		case 3:
			ok = told.Tries == 1 && told.Answered == 1 && told.Error == ""
		case 4:
			ok = told.Answered == 0 && told.Error == "connection refused" && told.Gap > 0
		}
		if !ok {
			t.Errorf("%+v", told)
		}
	}
}

func TestFlowsEndEarly(t *testing.T) {
	folder, _, err := begin(t, service(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	local, while := net.IPv4(127, 0, 0, 1).To4(), time.Hour
	orders := wire.Orders{For: int(while.Milliseconds()), Flows: []wire.Flow{
		{ID: 1, Protocol: "udp", Echo: true, Source: local, Target: local, Port: udpPort},
		{ID: 2, Protocol: "tcp", Echo: true, Hold: true, Source: local, Target: local, Port: tcpPort},
		{ID: 3, Protocol: "tcp", Hold: true, Source: local, Target: local, Port: tcpPort},
	}}
	asked(t, folder, "order\n"+orders.Encode())
	asked(t, folder, "send\n")
	for _, told := range asked(t, folder, "stop\n").Flows {
		if told.Tries == 0 || told.Answered != told.Tries || told.Error != "" {
			t.Errorf("%+v", told)
		}
	}
}

func TestAProbeThatNobodyAsksEnds(t *testing.T) {
	folder, _, err := begin(t, service(300*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	gone(t, folder)
}

func TestAProbeIsTakenAway(t *testing.T) {
	folder, _, err := begin(t, service(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	asked(t, folder, "arrived\n")
	asked(t, folder, "end\n")
	gone(t, folder)
	const want = "the probe does not listen any more: no such file or directory"
	if _, err := question(t, folder, "arrived\n"); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func gone(t *testing.T, folder string) {
	t.Helper()
	const hangLimit = 5 * time.Minute
	for until := time.Now().Add(hangLimit); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(folder); os.IsNotExist(err) {
			return
		}
		if time.Now().After(until) {
			t.Fatal("the probe is still there")
		}
	}
}

func TestAProbeThatCannotBeginSaysWhy(t *testing.T) {
	_, _, err := begin(t, "nonsense")
	if want := "exit status 1: unexpected line: nonsense\n"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	missing := wire.Service{Run: run, Interfaces: []wire.Interface{{MAC: frame.MAC{2}, Addresses: [][]byte{{0xfe, 0x80, 15: 1}}}}, TCP: []uint16{tcpPort}, Idle: 1000}.Encode()
	_, _, err = begin(t, missing)
	if want := "exit status 1: it can't listen on tcp 443: invalid argument\n"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestWhatIsOverheardIsToldApart(t *testing.T) {
	mac := frame.MAC{0x52, 0x54, 0, 0, 0, 1}
	c := &capture{run: run, links: map[int]frame.MAC{2: mac}, counts: map[arrival]*wire.Arrived{}, neighbours: map[neighbour]frame.MAC{}, learned: make(chan struct{})}
	claim := frame.Spec{Kind: frame.ARPSpoof, Token: frame.Token{Run: run, ID: 7}, SourceMAC: frame.MAC{6}, TargetMAC: mac, Source: []byte{10, 0, 0, 2}, Target: []byte{10, 0, 0, 1}}
	for i, b := range frame.Build(claim) {
		c.see(b, 2, i == 2)
	}
	claim.Token.Run++ // the token of another run
	for _, b := range frame.Build(claim)[:1] {
		c.see(b, 2, false)
	}
	if got := *c.counts[arrival{7, 2}]; got != (wire.Arrived{ID: 7, Interface: mac, Count: 3, Overheard: 1}) || len(c.counts) != 1 {
		t.Errorf("%+v", got)
	}
	if len(c.neighbours) > 0 {
		t.Errorf("a claim of a probe's is believed: %v", c.neighbours)
	}
	asked := c.learned
	answer := frame.WhoHas(frame.MAC{9}, []byte{10, 0, 0, 2}, []byte{10, 0, 0, 1})
	answer[14+7] = 2 // an answer rather than a question
	c.see(answer, 2, false)
	select {
	case <-asked:
	default:
		t.Error("nobody is told of an answer")
	}
	if got := c.neighbours[neighbour{2, string([]byte{10, 0, 0, 2})}]; got != (frame.MAC{9}) {
		t.Error(got)
	}
}
