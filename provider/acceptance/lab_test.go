//go:build acceptance

package acceptance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// labHost is one of the lab's hosts.
type labHost struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"` // of which release its libvirt and QEMU are, "debian12" for example
	URI     string `json:"uri"`
	TCPURI  string `json:"tcpUri"`
	SSHURI  string `json:"sshUri"` // set if the host is a virtual machine
	Address string `json:"address"`

	data string // the root of its own file system, as this machine sees it
}

type lab struct {
	Name        string     `json:"name"`
	Accelerator string     `json:"accelerator"`
	Hosts       []*labHost `json:"hosts"`
	Shared      struct{ Host, Volume string }
	Image       struct{ Path string }
}

var theLab *lab

func loadLab(path string) (*lab, error) {
	if path == "" {
		return nil, errors.New("the acceptance tests need a lab of real hosts: bring one up (bin/kvm-fleet lab up --shared) and set KVM_FLEET_LAB to the path of its fleet.json")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("KVM_FLEET_LAB must be the path of the fleet.json of a lab that is up: %w", err)
	}
	var l lab
	if err := json.Unmarshal(text, &l); err != nil {
		return nil, fmt.Errorf("KVM_FLEET_LAB: unable to read %s: %w", path, err)
	}
	for _, h := range l.Hosts {
		h.data = filepath.Join(filepath.Dir(path), h.Name)
		if out, err := h.try("uri"); err != nil {
			return nil, fmt.Errorf("host %q of lab %q does not answer; bring the lab up again: %w: %s", h.Name, l.Name, err, out)
		}
	}
	return &l, nil
}

// fits returns an error if the lab lacks something that the tests need.
func (l *lab) fits() error {
	if len(l.Hosts) < 2 {
		return fmt.Errorf("the acceptance tests need a lab of two hosts, %q has %d; bring it up with more", l.Name, len(l.Hosts))
	}
	if l.Shared.Volume == "" {
		return fmt.Errorf("the acceptance tests need a lab with shared storage, %q has none; bring it up with --shared", l.Name)
	}
	return nil
}

func alpha() *labHost { return theLab.Hosts[0] }
func beta() *labHost  { return theLab.Hosts[1] }

// fabric returns the path of the network namespace in which the hosts' addresses can be reached.
func (l *lab) fabric() string { return "/run/netns/kf-" + l.Name + "-fabric" }

func (l *lab) inFabric() (bool, error) {
	here, err1 := os.Stat("/proc/self/ns/net")
	there, err2 := os.Stat(l.fabric())
	if err := errors.Join(err1, err2); err != nil {
		return false, err
	}
	return os.SameFile(here, there), nil
}

// contents lists the objects and files on the hosts.
func (l *lab) contents() (string, error) {
	var b strings.Builder
	for _, h := range l.Hosts {
		for _, list := range [][]string{{"list", "--all", "--name"}, {"net-list", "--all", "--name"}, {"pool-list", "--all", "--name"}, {"secret-list"}, {"nwfilter-list"}} {
			out, err := h.try(list...)
			if err != nil {
				return "", fmt.Errorf("%s: %w: %s", h.Name, err, out)
			}
			names := strings.Fields(out)
			slices.Sort(names)
			for _, name := range names {
				fmt.Fprintf(&b, "%s %s %s: %s\n", l.Name, h.Name, list[0], name)
			}
		}
		for _, dir := range []string{images, "/var/lib/libvirt/qemu/nvram", "/etc/libvirt/qemu"} {
			if h.isDeep() {
				continue
			}
			entries, err := os.ReadDir(h.path(dir))
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				return "", err
			}
			for _, e := range entries {
				if !e.IsDir() || dir == images {
					fmt.Fprintf(&b, "%s %s %s/%s\n", l.Name, h.Name, dir, e.Name())
				}
			}
		}
	}
	return b.String(), nil
}

// images is the directory in which the tests keep files for the hosts.
const images = "/var/lib/libvirt/images"

// path returns where this machine finds a path of the host.
func (h *labHost) path(onHost string) string { return filepath.Join(h.data, onHost) }

func (h *labHost) try(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), hangLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "virsh", append([]string{"--quiet", "--connect", h.URI}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// virsh runs a virsh command on the host, as a person would.
func (h *labHost) virsh(t *testing.T, args ...string) string {
	t.Helper()
	out, err := h.try(args...)
	if err != nil {
		t.Fatalf("virsh %s on %s: %v\n%s", strings.Join(args, " "), h.Name, err, out)
	}
	return out
}

// lacks asserts that virsh does not find an object.
func (h *labHost) lacks(t *testing.T, args ...string) {
	t.Helper()
	if out, err := h.try(args...); err == nil {
		t.Errorf("virsh %s on %s: still there\n%s", strings.Join(args, " "), h.Name, out)
	}
}

// xml returns the XML that a dump command of virsh gives.
func (h *labHost) xml(t *testing.T, args ...string) *etree.Element {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromString(h.virsh(t, args...)); err != nil {
		t.Fatal(err)
	}
	return doc.Root()
}

// define gives XML to one of virsh's define commands.
func (h *labHost) define(t *testing.T, command, xml string, args ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "definition.xml")
	if err := os.WriteFile(file, []byte(xml), 0o600); err != nil {
		t.Fatal(err)
	}
	h.virsh(t, append([]string{command, file}, args...)...)
}

// inside runs a program in the host's mount namespace.
func (h *labHost) inside(t *testing.T, args ...string) string {
	t.Helper()
	out, err := h.tryInside(args...)
	if err != nil {
		t.Fatalf("%v on %s: %v\n%s", args, h.Name, err, out)
	}
	return string(out)
}

func (h *labHost) tryInside(args ...string) ([]byte, error) {
	if h.isDeep() {
		return h.login(args...).CombinedOutput()
	}
	pid, err := h.libvirtd()
	if err != nil {
		return nil, err
	}
	return exec.Command("nsenter", append([]string{"--mount", "--target", strconv.Itoa(pid)}, args...)...).CombinedOutput()
}

// at reads "path/to/element" (its text), "path/to/element@attribute" or "path/to/element?" (whether it exists) below a root.
func at(root *etree.Element, where string) string {
	path, attr := where, ""
	if i := strings.LastIndex(where, "@"); i > strings.LastIndex(where, "]") {
		path, attr = where[:i], where[i+1:]
	}
	path, asks := strings.CutSuffix(path, "?")
	el := root
	if path != "" {
		el = root.FindElement("./" + path)
	}
	switch {
	case asks:
		return fmt.Sprint(el != nil)
	case el == nil:
		return ""
	case attr != "":
		return el.SelectAttrValue(attr, "")
	default:
		return el.Text()
	}
}

// expect compares what virsh shows with the wanted value.
func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}
