package inventory

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
)

// TestInventoryExchange decodes the files that the command line's tests read too, with every field and no other.
func TestInventoryExchange(t *testing.T) {
	for file, v := range map[string]any{"testdata/request.json": &Request{}, "testdata/report.json": &Report{}} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := exchange.Decode(bytes.NewReader(text), v); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		again, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if string(again)+"\n" != string(text) {
			t.Errorf("%s: got\n%s\nwant\n%s", file, again, text)
		}
	}
}
