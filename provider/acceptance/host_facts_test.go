//go:build acceptance

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// offersKVM reports whether the host runs domains of type "kvm". It asks libvirt, which has tried it: that /dev/kvm exists proves little.
func (h *labHost) offersKVM() bool {
	_, err := h.try("domcapabilities", "--virttype", "kvm")
	return err == nil
}

// withoutKVM returns what a case lacks where the hosts run no domains of type "kvm"; "" where they do.
func withoutKVM() string {
	if alpha().offersKVM() {
		return ""
	}
	return "KVM"
}

// needsKVM skips a test where the hosts run no domains of type "kvm".
func needsKVM(t *testing.T) {
	t.Helper()
	if lacking := withoutKVM(); lacking != "" {
		t.Skip("this machine has no " + lacking)
	}
}

// emulated returns what the host offers to a domain that runs in software on a machine type.
func (h *labHost) emulated(t *testing.T, machine string) *etree.Element {
	t.Helper()
	return h.xml(t, "domcapabilities", "--virttype", "qemu", "--machine", machine)
}

// accepts reports whether libvirt on the host accepts a definition. The domain must not exist.
func (h *labHost) accepts(t *testing.T, xml string) bool {
	t.Helper()
	file := filepath.Join(t.TempDir(), "definition.xml")
	if err := os.WriteFile(file, []byte(xml), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := h.try("define", file)
	if err == nil {
		h.virsh(t, "undefine", "--nvram", at(parsedXML(t, xml), "name"))
	}
	return err == nil
}

// writes returns what libvirt on the host makes of the element 'os' of a definition.
func (h *labHost) writes(t *testing.T, os string) *etree.Element {
	t.Helper()
	name := unique(t)
	h.define(t, "define", "<domain type='qemu'><name>"+name+"</name><memory>32768</memory>"+os+"<features><acpi/></features></domain>")
	defer h.virsh(t, "undefine", "--nvram", name)
	return h.xml(t, "dumpxml", "--inactive", name).SelectElement("os")
}

// mostCPUs returns the maximum number of virtual CPUs of such a domain.
func (h *labHost) mostCPUs(t *testing.T, machine string) string {
	t.Helper()
	return at(h.emulated(t, machine), "vcpu@max")
}

// versioned returns the machine types of a family ("pc-q35"), the newest first.
func (h *labHost) versioned(t *testing.T, family string) []string {
	t.Helper()
	var found []string
	for _, m := range h.xml(t, "capabilities").FindElements("./guest/arch[@name='x86_64']/machine") {
		if strings.HasPrefix(m.Text(), family+"-") && !slices.Contains(found, m.Text()) {
			found = append(found, m.Text())
		}
	}
	number := func(machine string) (parts []int) {
		for _, part := range strings.Split(machine[strings.LastIndex(machine, "-")+1:], ".") {
			n, _ := strconv.Atoi(part)
			parts = append(parts, n)
		}
		return parts
	}
	slices.SortFunc(found, func(a, b string) int { return slices.Compare(number(b), number(a)) })
	return found
}

// older returns a machine type of a family other than the host's default.
func (h *labHost) older(t *testing.T, family, machine string) string {
	t.Helper()
	newest := at(h.emulated(t, machine), "machine")
	for _, m := range h.versioned(t, family) {
		if m != newest {
			return m
		}
	}
	t.Fatalf("%s has no other machine type of %s than %s", h.Name, family, newest)
	return ""
}

// tpms returns the TPM models that the host offers to such a domain.
func (h *labHost) tpms(t *testing.T, machine string) (models []string) {
	t.Helper()
	for _, model := range h.emulated(t, machine).FindElements("./devices/tpm/enum[@name='model']/value") {
		models = append(models, model.Text())
	}
	return models
}

// cpus returns the numbers of the host's CPUs.
func (h *labHost) cpus(t *testing.T) []string {
	t.Helper()
	var ids []string
	for _, cpu := range h.xml(t, "capabilities").FindElements("./host/topology/cells/cell/cpus/cpu") {
		ids = append(ids, cpu.SelectAttrValue("id", ""))
	}
	return ids
}

// disks returns the paths of the host's disks. Some may have no medium, as loop devices.
func (h *labHost) disks(t *testing.T) (paths []string) {
	t.Helper()
	nodes := strings.Fields(h.inside(t, "ls", "/dev"))
	for _, name := range strings.Fields(h.inside(t, "ls", "/sys/block")) {
		if slices.Contains(nodes, name) {
			paths = append(paths, "/dev/"+name)
		}
	}
	return paths
}

// architectures returns the architectures that the host can emulate or run. domainTypes returns how it runs its own.
func (h *labHost) architectures(t *testing.T) (names []string) {
	t.Helper()
	for _, arch := range h.xml(t, "capabilities").FindElements("./guest/arch") {
		names = append(names, arch.SelectAttrValue("name", ""))
	}
	return names
}

func (h *labHost) domainTypes(t *testing.T) (names []string) {
	t.Helper()
	for _, d := range h.xml(t, "capabilities").FindElements("./guest/arch[@name='x86_64']/domain") {
		names = append(names, d.SelectAttrValue("type", ""))
	}
	return names
}

// firmware returns the path of a loader that the host knows, by the end of its name.
func (h *labHost) firmware(t *testing.T, called string) string {
	t.Helper()
	for _, loader := range h.emulated(t, "q35").FindElements("./os/loader/value") {
		if strings.HasSuffix(loader.Text(), called) {
			return loader.Text()
		}
	}
	t.Skipf("%s has no firmware %s", h.Name, called)
	return ""
}

var uncounted = regexp.MustCompile(`^(.*), and ([0-9]+) others$`)

// names asserts that a list names all of these, in any order, or some of them and the number of the others.
func names(t *testing.T, what, list string, all []string) {
	t.Helper()
	rest := 0
	if m := uncounted.FindStringSubmatch(list); m != nil {
		list = m[1]
		rest, _ = strconv.Atoi(m[2])
	}
	named := strings.Split(list, ", ")
	for _, name := range named {
		if !slices.Contains(all, name) {
			t.Errorf("%s: %q is not one of %s", what, name, strings.Join(all, ", "))
		}
	}
	if len(named)+rest != len(all) {
		t.Errorf("%s: %q leaves out some of %s", what, list, strings.Join(all, ", "))
	}
}

// namesAfter calls names with the list that follows some words in a text, up to the end of the line or the next semicolon.
func namesAfter(t *testing.T, text, words string, all []string) {
	t.Helper()
	_, list, found := strings.Cut(text, words)
	if !found {
		t.Errorf("expected %q in\n%s", words, text)
		return
	}
	end := strings.IndexAny(list+";", ";\n")
	names(t, fmt.Sprintf("what follows %q", words), list[:end], all)
}
