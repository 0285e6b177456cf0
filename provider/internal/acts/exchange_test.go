package acts

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
)

// TestActExchange decodes the files that the command line's tests read too, with every field and no other.
func TestActExchange(t *testing.T) {
	goldentest.Exchange(t, "testdata/request.json", &Request{})
	goldentest.Exchange(t, "testdata/report.json", &Report{})
}
