package engine

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Values that the host writes by itself do not count as configured, also in a group; neither does a group that has only such values.
func TestWhatIsImpliedInAGroupIsLeftOut(t *testing.T) {
	chosen := func(v any) bool { return v == "x" || table.Equal(v, m{"a": "x"}) }
	rows := []table.Attr{{Name: "devices", Type: table.Object, Mode: table.Optional, Attrs: []table.Attr{
		{Name: "video", Type: table.Object, Mode: table.Optional, Implied: chosen, Attrs: []table.Attr{{Name: "a", Type: table.String, Mode: table.Optional}}},
		{Name: "sound", Type: table.String, Mode: table.Optional, Implied: chosen},
		{Name: "rng", Type: table.String, Mode: table.Optional},
	}}}
	for _, c := range []struct{ seen, want any }{
		{m{"video": m{"a": "x"}, "sound": "x", "rng": nil}, nil},
		{m{"video": m{"a": "x"}, "sound": "x", "rng": "b"}, m{"rng": "b"}},
		{m{"video": m{"a": "y"}, "sound": "y"}, m{"video": m{"a": "y"}, "sound": "y"}},
		{m{"video": nil, "sound": nil, "rng": nil}, m{}},
	} {
		if got := adopt(rows, m{"devices": c.seen})["devices"]; !table.Equal(got, c.want) {
			t.Errorf("%v: got %v, want %v", c.seen, got, c.want)
		}
	}
}
