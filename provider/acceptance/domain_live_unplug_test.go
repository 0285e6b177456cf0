//go:build acceptance

package acceptance

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func testDeviceNotReleased(t *testing.T) {
	t.Parallel()
	lan := alpha().network(t)
	g := newLively(t, attrs{"interfaces": attrs{"lan": attrs{"network": lan}}})
	g.s.applyFails(config{aDomain: g.a.with(attrs{"interfaces": nil, "title": "renamed"})}, `Unable to take interfaces["lan"] out of domain "`+g.name()+`"`,
		`the guest did not let go of interfaces["lan"] within`, "it is still attached, and the definition is as it was",
		"Free the device in the guest and apply again, or shut the guest down first.")
	g.sees(map[string]string{"devices/interface/alias@name": "ua-lan"})
	g.s.shows(config{aDomain: g.a.with(attrs{"interfaces": nil})}, `- "lan" = {`)
	g.same()
}

func testNoFreeSlot(t *testing.T) {
	t.Parallel()
	g := newLively(t, attrs{"machine": "q35"})
	disks := attrs{}
	for _, c := range "bcdefghijklmnopqrstuvwxyz" {
		disks["vd"+string(c)] = attrs{"file": g.file(string(c) + ".img"), "format": "raw"}
	}
	g.s.applyFails(config{aDomain: g.a.with(attrs{"disks": g.disks.with(disks)})}, `Unable to attach disks["vd`, "No more available PCI slots",
		"The running guest has no free slot for it, and gets one at its next start: shut it down and apply again, or take another device out first.")
	running := len(all(alpha().xml(t, "dumpxml", g.name()), "devices/disk/target", "dev"))
	expect(t, "the disks that are defined, and those of the guest", fmt.Sprint(len(all(definition(t, g.a), "devices/disk/target", "dev"))), fmt.Sprint(running))
	g.same()

	// This follows the advice in the error.
	g.s.apply(config{aDomain: g.a.with(attrs{"disks": g.disks.with(disks), "state": "stopped"})})
	g.s.apply(config{aDomain: g.a.with(attrs{"disks": g.disks.with(disks)})})
	g.s.settled()
}

// linux is a guest with a Linux system and a guest agent.
type linux struct {
	t *testing.T
	a attrs
}

func newLinux(t *testing.T) *linux {
	t.Helper()
	if theLab.Image.Path == "" {
		t.Skip("the lab has no guest image; bring it up with one")
	}
	dir := directory(t)
	image, err := os.ReadFile(theLab.Image.Path)
	if err == nil {
		err = os.MkdirAll(alpha().path(dir), 0o755)
	}
	if err == nil {
		err = os.WriteFile(alpha().path(dir)+"/guest.qcow2", image, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &linux{t, domainAttrs(t, alpha()).with(attrs{"memory": 128 << 10, "guest_agent": true, "serial": attrs{"log_file": dir + "/serial.log"},
		"disks": attrs{"sda": attrs{"file": dir + "/guest.qcow2", "bus": "scsi"}}})}
}

func (g *linux) name() string { return g.a["name"].(string) }
func (g *linux) said() string {
	g.t.Helper()
	text, err := os.ReadFile(alpha().path(g.a["serial"].(attrs)["log_file"].(string)))
	if err != nil {
		g.t.Fatal(err)
	}
	return string(text)
}

// says waits for a line of the guest's output.
func (g *linux) says(form string) {
	g.t.Helper()
	line := regexp.MustCompile("(?m)^" + form + `\r?$`)
	eventually(g.t, "the guest to say "+form, func() bool { return line.MatchString(g.said()) })
}

// uninterrupted asserts that the guest has counted from 1 without a gap.
func (g *linux) uninterrupted() {
	g.t.Helper()
	for i, m := range regexp.MustCompile(`(?m)^count (\d+)`).FindAllStringSubmatch(g.said(), -1) {
		if m[1] != fmt.Sprint(i+1) {
			g.t.Errorf("the guest was interrupted: it said %q where it should count %d", m[0], i+1)
			return
		}
	}
}

// runs has the guest agent run a busybox command, and returns its output.
func (g *linux) runs(args ...string) string {
	g.t.Helper()
	ask := func(command string, arguments any, answer any) {
		g.t.Helper()
		question, err := json.Marshal(attrs{"execute": command, "arguments": arguments})
		if err != nil {
			g.t.Fatal(err)
		}
		var out string
		// libvirt (9.0) sends the command only if the agent answers within 5 seconds, which a busy guest does not always do.
		eventually(g.t, "the guest agent to answer", func() bool {
			out, err = alpha().try("qemu-agent-command", g.name(), string(question))
			return err == nil || !strings.Contains(out, "Guest agent not available for now") && !strings.Contains(out, "not connected")
		})
		if err == nil {
			err = json.Unmarshal([]byte(out), answer)
		}
		if err != nil {
			g.t.Fatal(err, out)
		}
	}
	var begun struct{ Return struct{ PID int } }
	ask("guest-exec", attrs{"path": "/bin/busybox", "arg": args, "capture-output": true}, &begun)
	var state struct {
		Return struct {
			Exited   bool
			ExitCode int    `json:"exitcode"`
			Out      string `json:"out-data"`
			Err      string `json:"err-data"`
		}
	}
	eventually(g.t, args[0]+" to end in the guest", func() bool {
		ask("guest-exec-status", attrs{"pid": begun.Return.PID}, &state)
		return state.Return.Exited
	})
	out, _ := base64.StdEncoding.DecodeString(state.Return.Out)
	complaint, _ := base64.StdEncoding.DecodeString(state.Return.Err)
	if state.Return.ExitCode != 0 {
		g.t.Fatalf("%s in the guest: %s%s", args[0], out, complaint)
	}
	return string(out)
}

func testDevicesInLinux(t *testing.T) {
	t.Parallel()
	g, s := newLinux(t), newStack(t)
	one, first := dhcpNetwork(t)
	two, second := dhcpNetwork(t)
	with := func(changes attrs) config {
		return config{"libvirt_network.one": one, "libvirt_network.two": two,
			aDomain: g.a.with(attrs{"depends_on": []string{"libvirt_network.one", "libvirt_network.two"}}).with(changes)}
	}
	lan, wan := attrs{"network": one["name"]}, attrs{"network": two["name"]}
	sda := g.a["disks"].(attrs)["sda"]
	image := func(name string) attrs {
		file := filepath.Dir(sda.(attrs)["file"].(string)) + "/" + name
		if err := os.WriteFile(alpha().path(file), make([]byte, 16<<20), 0o600); err != nil {
			t.Fatal(err)
		}
		return attrs{"file": file, "format": "raw"}
	}
	s.apply(with(attrs{"interfaces": attrs{"lan": lan}}))
	g.says(`address eth0 ` + regexp.QuoteMeta(first) + `\.\d+/24`)
	run := alpha().virsh(t, "domid", g.name())

	const limit, reads = 1 << 20, 3
	disks := attrs{"sda": sda, "vdb": image("b.img").with(attrs{"iotune": attrs{"read_bytes_sec": limit}}), "sdb": image("c.img").with(attrs{"bus": "scsi"})}
	s.apply(with(attrs{"interfaces": attrs{"lan": lan, "wan": wan}, "disks": disks}))
	g.says(`address eth1 ` + regexp.QuoteMeta(second) + `\.\d+/24`)
	began := time.Now() // the guest's first virtio disk is its vda
	g.runs("dd", "if=/dev/vda", "of=/dev/null", "bs=1M", fmt.Sprintf("count=%d", reads), "iflag=direct")
	// The first read passes at once, and QEMU lets a tenth of a second's worth pass ahead of time.
	if took := time.Since(began); took < (reads-1)*time.Second-time.Second/10 {
		t.Errorf("the guest read %d MiB in %s, which the limit of 1 MiB a second does not allow", reads, took)
	}

	// The interface moves to another network, as if its cable were moved to another socket: the guest sees the link stay up, and asks for no
	// new address.
	s.apply(with(attrs{"interfaces": attrs{"lan": lan, "wan": wan.with(attrs{"network": one["name"]})}, "disks": disks}))
	expect(t, "the link that the guest sees", strings.TrimSpace(g.runs("cat", "/sys/class/net/eth1/carrier")), "1")
	s.apply(with(attrs{"interfaces": attrs{"lan": lan, "wan": wan.with(attrs{"network": one["name"], "link": "down"})}, "disks": disks}))
	expect(t, "the link that the guest sees", strings.TrimSpace(g.runs("cat", "/sys/class/net/eth1/carrier")), "0")

	s.apply(with(attrs{"interfaces": attrs{"lan": lan}}))
	s.settled()
	for what, xml := range map[string]string{"of the running guest": alpha().virsh(t, "dumpxml", g.name()), "in the definition": alpha().virsh(t, "dumpxml", g.name(), "--inactive")} {
		if strings.Contains(xml, "vdb") || strings.Contains(xml, "sdb") || strings.Contains(xml, "ua-wan") {
			t.Errorf("still there %s:\n%s", what, xml)
		}
	}
	expect(t, "what the guest has", strings.Join(strings.Fields(g.runs("ls", "/sys/class/net", "/sys/block")), " "), "/sys/block: sda /sys/class/net: eth0 lo")
	expect(t, "the run", alpha().virsh(t, "domid", g.name()), run)
	g.uninterrupted()
}
