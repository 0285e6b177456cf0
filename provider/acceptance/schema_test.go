//go:build acceptance

package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/beevik/etree"
)

// validates checks XML against one of libvirt's own schemas.
func validates(t *testing.T, schema string, root *etree.Element) {
	t.Helper()
	doc := etree.NewDocument()
	doc.SetRoot(root.Copy())
	text, err := doc.WriteToString()
	file := filepath.Join(t.TempDir(), "it.xml")
	if err == nil {
		err = os.WriteFile(file, []byte(text), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("virt-xml-validate", file, schema).CombinedOutput(); err != nil {
		t.Errorf("not a valid %s: %v\n%s%s", schema, err, out, text)
	}
}
