package inventory

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
)

// TestInventoryExchange decodes the files that the command line's tests read too, with every field and no other.
func TestInventoryExchange(t *testing.T) {
	goldentest.Exchange(t, "testdata/request.json", &exchange.HostsRequest{})
	goldentest.Exchange(t, "testdata/report.json", &Report{})
}
