//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	seedName = regexp.MustCompile(`<name>[^<]*</name>`)
	seedUUID = regexp.MustCompile(`<uuid>[^<]*</uuid>`)
	seedMAC  = regexp.MustCompile(`(?m)^  <mac address='[^']*'/>\n`)
)

// resctrl matches what libvirt accepts with KVM only.
var resctrl = regexp.MustCompile(`(?s)<(cachetune|memorytune).*?</(cachetune|memorytune)>`)

// TestDomainFuzzSeeds asserts that libvirt accepts the definitions that the fuzz tests of patching start from.
func TestDomainFuzzSeeds(t *testing.T) {
	t.Parallel()
	for kind, of := range map[string]struct {
		folder string
		verbs  [2]string
	}{
		"domain":  {"domain/schema", [2]string{"define", "undefine"}},
		"network": {"network", [2]string{"net-define", "net-undefine"}},
		"pool":    {"pool", [2]string{"pool-define", "pool-undefine"}},
	} {
		verbs := of.verbs
		files, err := filepath.Glob("../internal/" + of.folder + "/testdata/*.xml")
		if err != nil || len(files) == 0 {
			t.Fatalf("no definitions of a %s in %s: %v", kind, of.folder, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, ".live.xml") {
				continue
			}
			t.Run(kind+" "+strings.TrimSuffix(filepath.Base(file), ".xml"), func(t *testing.T) {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				name := unique(t)
				xml := string(text)
				first := seedName.FindString(xml)
				xml = strings.Replace(seedUUID.ReplaceAllString(xml, ""), first, "<name>"+name+"</name>", 1)
				if kind == "network" {
					xml = seedMAC.ReplaceAllString(strings.ReplaceAll(xml, "virbr", "vb"+name[len(name)-3:]), "")
				}
				xml = strings.ReplaceAll(xml, "type='kvm'", "type='"+theLab.Accelerator+"'")
				if theLab.Accelerator != "kvm" {
					xml = resctrl.ReplaceAllString(xml, "")
				}
				alpha().define(t, verbs[0], xml)
				args := []string{verbs[1], name}
				if kind == "domain" {
					args = append(args, "--nvram")
				}
				alpha().virsh(t, args...)
			})
		}
	}
}
