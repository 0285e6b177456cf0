package xmlmodel

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestWhatStandsBesideAnItemStaysWithIt(t *testing.T) {
	items := Items{Tag: "tag", Item: At("@id")}
	for name, c := range map[string]struct {
		before string
		list   any
		want   string
	}{
		"another order": {`<vlan><tag id="1" mode="native"/><tag id="2"/></vlan>`, table.ListOf("2", "1"), `<vlan><tag id="2"/><tag id="1" mode="native"/></vlan>`},
		"one comes":     {`<vlan><x/></vlan>`, table.ListOf("1"), `<vlan><x/><tag id="1"/></vlan>`},
		"twice":         {`<vlan><tag id="1" mode="native"/></vlan>`, table.ListOf("1", "1"), `<vlan><tag id="1" mode="native"/><tag id="1"/></vlan>`},
		"none":          {`<vlan><tag id="1"/></vlan>`, nil, `<vlan/>`},
	} {
		t.Run(name, func(t *testing.T) {
			el := parsed(t, c.before)
			items.Write(el, c.list)
			if got := text(t, el); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := items.Read(el); got != c.list {
				t.Errorf("reads %q, want %q", got, c.list)
			}
		})
	}
}
