package engine

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// An entry of a map is found like an object: values that the host writes by itself do not count as configured.
func TestWhatIsImpliedInAnEntryIsLeftOut(t *testing.T) {
	rows := []table.Attr{{Name: "disks", Type: table.Map, Mode: table.Optional, Attrs: []table.Attr{
		{Name: "file", Type: table.String, Mode: table.Optional},
		{Name: "options", Type: table.Object, Mode: table.Optional, Implied: func(v any) bool { return table.Equal(v, m{"read_only": false}) }, Attrs: []table.Attr{
			{Name: "read_only", Type: table.Bool, Mode: table.Optional, Default: false},
		}},
	}}}
	plain, special := m{"file": "/a", "options": m{"read_only": false}}, m{"file": "/b", "options": m{"read_only": true}}
	want := m{"disks": m{"a": m{"file": "/a"}, "b": special}}
	if got := adopt(rows, m{"disks": m{"a": plain, "b": special}}); !table.Equal(got, want) {
		t.Errorf("imported: got\n%v\nwant\n%v", got, want)
	}
	if got := refresh(rows, m{"disks": m{"b": special}}, m{"disks": m{"a": plain, "b": special}}); !table.Equal(got, want) {
		t.Errorf("found: got\n%v\nwant\n%v", got, want)
	}
	if got := refresh(rows, m{"disks": m{"a": plain}}, m{"disks": m{"a": plain}}); !table.Equal(got, m{"disks": m{"a": plain}}) {
		t.Errorf("asked for: got\n%v", got)
	}
}

func TestACostKnowsWhatItsGroupIsPartOf(t *testing.T) {
	isCdrom := func(c table.ValueChange) table.Cost {
		if c.Above.To.Str("device") == "cdrom" && c.Above.Above.Is.(m)["a"] != nil && c.Above.Above.Above == nil {
			return table.Live
		}
		return table.NextBoot
	}
	rows := []table.Attr{{Name: "disks", Type: table.Map, Attrs: []table.Attr{
		{Name: "device", Type: table.String},
		{Name: "source", Type: table.Object, Attrs: []table.Attr{{Name: "name", Type: table.String, CostOf: isCdrom}}},
	}}}
	disk := func(device, name string) m { return m{"disks": m{"a": m{"device": device, "source": m{"name": name}}}} }
	for device, want := range map[string]table.Cost{"cdrom": table.Live, "disk": table.NextBoot} {
		changes := table.Changes(rows, disk(device, "one"), disk(device, "two"))
		if len(changes) != 1 || changes[0].Cost != want {
			t.Errorf("%s: got %v", device, changes)
		}
	}
}
