package portprofile

import (
	"testing"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Found by the fuzzer: a tag that was named twice was only there once, and so remained a trunk for ever.
func TestTagsAreWrittenAsTheyAreListed(t *testing.T) {
	vlan := etree.NewElement("vlan")
	for _, want := range []table.List{table.ListOf("7"), table.ListOf("7", "7"), table.ListOf("7", "8"), table.ListOf("8", "7"), table.ListOf("7")} {
		tags.Write(vlan, want)
		if got := tags.Read(vlan); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := vlan.SelectAttrValue("trunk", "no") == "yes"; got != (len(want.Items()) > 1) {
			t.Errorf("%q: a trunk is %v", want, got)
		}
	}
}
