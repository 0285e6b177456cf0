//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// countingSector is a guest that counts twice a second, starting from the number in the second sector of its disk. It writes each number to
// that sector before it writes it to the serial port, in four letters where A is 0. So its output shows what its disk held when it started,
// or what its memory held.
var countingSector = sector(
	0x31, 0xc0, // xor ax, ax
	0x8e, 0xc0, // mov es, ax
	0x8e, 0xd8, // mov ds, ax
	0x89, 0xd5, // mov bp, dx          the drive
	0xb6, 0x00, // mov dh, 0
	0xb8, 0x01, 0x02, // mov ax, 0x201   read one sector
	0xb9, 0x02, 0x00, // mov cx, 2       the second
	0xbb, 0x00, 0x7e, // mov bx, 0x7e00
	0xcd, 0x13, // int 0x13
	0x8b, 0x36, 0x00, 0x7e, // mov si, [0x7e00]
	0x46,                   // inc si             the next number
	0x89, 0x36, 0x00, 0x7e, // mov [0x7e00], si
	0xb8, 0x01, 0x03, // mov ax, 0x301   write one sector
	0xb9, 0x02, 0x00, // mov cx, 2
	0x89, 0xea, // mov dx, bp
	0xb6, 0x00, // mov dh, 0
	0xbb, 0x00, 0x7e, // mov bx, 0x7e00
	0xcd, 0x13, // int 0x13
	0x89, 0xf3, // mov bx, si
	0xb9, 0x04, 0x00, // mov cx, 4
	0xc1, 0xc3, 0x04, // rol bx, 4        the next digit
	0x88, 0xd8, // mov al, bl
	0x24, 0x0f, // and al, 0xf
	0x04, 'A', // add al, 'A'
	0xba, 0xf8, 0x03, // mov dx, 0x3f8
	0xee,       // out dx, al
	0xe2, 0xf1, // loop the next digit
	0xb0, '\n', // mov al, '\n'
	0xee,             // out dx, al
	0xb9, 0x09, 0x00, // mov cx, 9         half a second of timer ticks
	0xfb,       // sti
	0xf4,       // hlt
	0xe2, 0xfc, // loop sti
	0xeb, 0xcc, // jmp the next number
)

// counting is a guest that counts, defined with virsh on a host. It has a second disk, a CD-ROM and a log of the numbers.
type counting struct {
	t              *testing.T
	host           *labHost
	name, dir, log string
}

func newCounting(t *testing.T) *counting {
	t.Helper()
	g := &counting{t: t, host: alpha(), name: unique(t), dir: directory(t)}
	g.log = g.dir + "/serial.log"
	err := os.MkdirAll(g.host.path(g.dir), 0o755)
	for _, disk := range []string{"vda.img", "cdrom.iso"} {
		if err == nil {
			err = os.WriteFile(g.host.path(g.dir+"/"+disk), countingSector, 0o600)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	g.inside("qemu-img", "create", "-q", "-f", "qcow2", g.dir+"/vdb.qcow2", "1M")
	g.host.define(t, "define", fmt.Sprintf(`<domain type='%s'><name>%s</name><memory>32768</memory><os><type machine='q35'>hvm</type></os><devices>
		<disk type='file'><driver name='qemu' type='raw'/><source file='%s/vda.img'/><target dev='vda' bus='virtio'/></disk>
		<disk type='file'><driver name='qemu' type='qcow2'/><source file='%[3]s/vdb.qcow2'/><target dev='vdb' bus='virtio'/></disk>
		<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='%[3]s/cdrom.iso'/><target dev='sda' bus='sata'/><readonly/></disk>
		<serial type='pty'><log file='%[4]s' append='on'/></serial></devices></domain>`, theLab.Accelerator, g.name, g.dir, g.log))
	t.Cleanup(func() {
		_, _ = g.host.try("destroy", g.name)
		g.host.virsh(t, "undefine", g.name, "--snapshots-metadata", "--managed-save")
	})
	return g
}

// inside runs a program in the host's mount namespace.
func (g *counting) inside(args ...string) string {
	g.t.Helper()
	out, err := exec.Command("nsenter", append([]string{"--mount", "--target", strconv.Itoa(libvirtd(g.t, g.host))}, args...)...).CombinedOutput()
	if err != nil {
		g.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// count starts a stopped guest, lets it count, and cuts its power. It returns the last number.
func (g *counting) count() int {
	g.t.Helper()
	g.host.virsh(g.t, "start", g.name)
	g.counts(2)
	g.host.virsh(g.t, "destroy", g.name)
	return g.last()
}

// follows reports whether a guest that starts with number started from a disk that the guest left when last was the newest number in its
// output. The disk is one number ahead if the power was cut between the two writes of a number. count lets a guest write at least two.
func follows(number, last int) bool { return number == last+1 || number == last+2 }

// numbers returns all numbers that the guest has written.
func (g *counting) numbers() []int {
	g.t.Helper()
	text, err := os.ReadFile(g.host.path(g.log))
	if err != nil && !os.IsNotExist(err) {
		g.t.Fatal(err)
	}
	var all []int
	for line := range strings.Lines(string(text)) {
		letters := strings.TrimSuffix(line, "\n")
		if letters == line || len(letters) < len("AAAA") {
			continue // incomplete
		}
		n := 0
		for _, letter := range letters[len(letters)-len("AAAA"):] { // the power cut may have left part of a line before it
			n = n<<4 + int(letter-'A')
		}
		all = append(all, n)
	}
	return all
}

func (g *counting) last() int {
	g.t.Helper()
	all := g.numbers()
	if len(all) == 0 {
		return 0
	}
	return all[len(all)-1]
}

// counts waits until the guest has written n more numbers, and returns them.
func (g *counting) counts(n int) []int {
	g.t.Helper()
	before := len(g.numbers())
	eventually(g.t, "the guest to count", func() bool { return len(g.numbers()) >= before+n })
	return g.numbers()[before:]
}

// write writes a pattern to the second disk of a stopped guest; holds asserts that it is there.
func (g *counting) write(pattern int) {
	g.t.Helper()
	g.inside("qemu-io", "-f", "qcow2", "-c", fmt.Sprintf("write -P %d 0 1M", pattern), g.file("vdb"))
}

func (g *counting) holds(pattern int) {
	g.t.Helper()
	out := g.inside("qemu-io", "-U", "-r", "-f", "qcow2", "-c", fmt.Sprintf("read -P %d 0 1M", pattern), g.file("vdb"))
	if !strings.Contains(out, "read 1048576/1048576") || strings.Contains(out, "failed") {
		g.t.Errorf("the second disk does not hold %d: %s", pattern, out)
	}
}

// file returns the file of a disk.
func (g *counting) file(target string) string {
	g.t.Helper()
	return at(g.host.xml(g.t, "dumpxml", g.name, "--inactive"), "devices/disk/target[@dev='"+target+"']/../source@file")
}

// files returns the names of the guest's files, except its log.
func (g *counting) files() string {
	g.t.Helper()
	entries, err := filepath.Glob(g.host.path(g.dir + "/*"))
	if err != nil {
		g.t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if name := filepath.Base(e); name != "serial.log" {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// bare lists the files of a guest without snapshots.
const bare = "cdrom.iso vda.img vdb.qcow2"

func (g *counting) state() string {
	g.t.Helper()
	return g.host.virsh(g.t, "domstate", g.name)
}

// snapshot returns the attributes of a snapshot of the guest.
func (g *counting) snapshot(name string, more attrs) attrs {
	return attrs{"host": g.host.Name, "domain": g.name, "name": name}.with(more)
}
