//go:build acceptance

package acceptance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// leftUndeclared lists, by file, the warning about devices that the table has no attributes for.
var leftUndeclared = map[string]string{"written.xml": " has devices or settings that are not declared: serial port 1 (file /var/log/libvirt/qemu/NAME-second.log)"}

// testImportDomains imports domains as other tools define them: Terraform generates the configuration, the plan is empty, and the first
// change afterwards changes nothing else.
func testImportDomains(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/import/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no definitions: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".xml"), func(t *testing.T) {
			t.Parallel()
			name, lan := unique(t), alpha().network(t)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			alpha().define(t, "define", strings.NewReplacer("NAME", name, "NETWORK", lan, "IMAGE", alpha().guestDisk(t), "CDROM", alpha().guestDisk(t)).Replace(string(text)))
			s := newStack(t)
			t.Cleanup(func() {
				if len(s.resources()) == 0 { // otherwise the stack destroys it
					_, _ = alpha().try("destroy", name)
					alpha().virsh(t, "undefine", name, "--nvram")
				}
			})
			alpha().virsh(t, "start", name)
			a := attrs{"host": alpha().Name, "name": name}
			run, live, defined := pid(t, a), alpha().virsh(t, "dumpxml", name), alpha().virsh(t, "dumpxml", name, "--inactive")

			s.takeOver(map[string]string{aDomain: "alpha/" + name}, strings.ReplaceAll(leftUndeclared[filepath.Base(file)], "NAME", name))
			expect(t, "the process that runs the guest", pid(t, a), run)
			expect(t, "the running guest", alpha().virsh(t, "dumpxml", name), live)
			expect(t, "the definition", alpha().virsh(t, "dumpxml", name, "--inactive"), defined)

			s.override(attrs{aDomain: attrs{"description": "taken over", "shutdown": attrs{"timeout": 0}}})
			s.runs("apply", "-auto-approve", "-json")
			expect(t, "the process that runs the guest", pid(t, a), run)
			now := definition(t, a)
			expect(t, "the description", at(now, "description"), "taken over")
			now.RemoveChild(now.SelectElement("description"))
			withoutRecord(now)
			expect(t, "the rest of the definition", indented(t, now), indented(t, parsedXML(t, defined)))
		})
	}
}

// withoutRecord removes the record of what the provider wrote.
func withoutRecord(domain *etree.Element) {
	metadata := domain.SelectElement("metadata")
	for _, el := range metadata.ChildElements() {
		if strings.HasPrefix(el.NamespaceURI(), xmlmodel.OwnNamespaces) {
			metadata.RemoveChild(el)
		}
	}
	if len(metadata.ChildElements()) == 0 {
		domain.RemoveChild(metadata)
	}
}

// takeOver imports objects into a stack, with the configuration that Terraform generates for them. It asserts that the plan is empty during
// the import and afterwards, and that the only warning is warns.
func (s *stack) takeOver(ids map[string]string, warns string) {
	s.t.Helper()
	var imports []attrs
	for address, id := range ids {
		imports = append(imports, attrs{"to": address, "id": id})
	}
	s.write(config{}, attrs{"import": imports})
	if o := s.run("plan", "-json", "-generate-config-out=generated.tf", "-out=plan"); o.code != 0 {
		text, _ := os.ReadFile(filepath.Join(s.dir, "generated.tf"))
		s.t.Fatalf("%s\n%s", o.errors(), text)
	}
	if text := s.planned(); !strings.Contains(text, " to import, 0 to add, 0 to change, 0 to destroy.") {
		s.t.Fatalf("the import changes something:\n%s", text)
	}
	s.runs("apply", "-auto-approve", "-json", "plan")
	if o := s.run("plan", "-json", "-detailed-exitcode", "-out=plan"); o.code != 0 || (o.warnings() != "") != (warns != "") || !strings.Contains(o.warnings(), warns) {
		s.t.Errorf("afterwards there is something to change:\n%s\n%s\n%s", o.errors(), o.warnings(), s.planned())
	}
}

// override changes the configuration of some resources.
func (s *stack) override(changes attrs) {
	s.t.Helper()
	resources := attrs{}
	for address, a := range changes {
		kind, name, _ := strings.Cut(address, ".")
		of, _ := resources[kind].(attrs)
		resources[kind] = of.with(attrs{name: a})
	}
	text, err := json.Marshal(attrs{"resource": resources})
	if err == nil {
		err = os.WriteFile(filepath.Join(s.dir, "override.tf.json"), text, 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// runs runs a command that must succeed.
func (s *stack) runs(args ...string) {
	s.t.Helper()
	if o := s.run(args...); o.code != 0 {
		s.t.Fatalf("%v failed:\n%s", args, o.errors())
	}
}

func parsedXML(t *testing.T, text string) *etree.Element {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromString(text); err != nil {
		t.Fatal(err)
	}
	return doc.Root()
}

// indented returns an element's text in one indentation, so that whitespace does not count.
func indented(t *testing.T, el *etree.Element) string {
	t.Helper()
	doc := etree.NewDocument()
	doc.SetRoot(el.Copy())
	doc.Indent(2)
	text, err := doc.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	return text
}
