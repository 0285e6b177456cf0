package pool

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

type m = table.Model

func TestBadConfigurations(t *testing.T) {
	server := m{"host": "198.18.0.1", "dir": "shared"}
	for name, c := range map[string]struct {
		config m
		want   string
	}{
		"a directory":        {m{"path": "/vms"}, ""},
		"a mount":            {m{"type": "netfs", "path": "/vms", "source": server}, ""},
		"not known yet":      {m{"type": table.Unknown, "path": table.Unknown, "source": server}, ""},
		"nothing to mount":   {m{"type": "netfs", "path": "/vms"}, `'source' must be set with 'type' "netfs"; say which host serves what directory`},
		"a directory's host": {m{"path": "/vms", "source": server}, `'source' is of 'type' "netfs" only; take it out, or set 'type'`},
		"nobody serves it":   {m{"type": "netfs", "source": m{"host": "", "dir": "x"}}, "'host' must not be empty"},
		"another format":     {m{"type": "netfs", "source": m{"host": "a", "dir": "x", "format": "ext4"}}, `'format' must be one of "auto", "nfs", "glusterfs", "cifs", got "ext4"`},
	} {
		var got []string
		for _, p := range append(table.Validate(Table.Attrs, c.config, tftypes.NewAttributePath()), Kind{}.Validate(c.config)...) {
			got = append(got, p.Text)
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestTheEmptySourceOfADirectoryIsImplied(t *testing.T) {
	for xml, want := range map[string]bool{
		`<pool type='dir'><source></source></pool>`:                       true,
		`<pool type='netfs'><source><host name='a'/></source></pool>`:     false,
		`<pool type='netfs'><source><dir path='shared'/></source></pool>`: false,
	} {
		root, err := xmlmodel.Parse(xml)
		if err != nil {
			t.Fatal(err)
		}
		if got := empty(xmlmodel.Read(Table.Attrs, root)["source"]); got != want {
			t.Errorf("%s: %v", xml, got)
		}
	}
}

func TestAnotherPlaceIsTold(t *testing.T) {
	pool := m{"name": "vms", "path": "/a", "source": nil, "autostart": true}
	for name, c := range map[string]struct {
		changes m
		want    string
	}{
		"the same place": {m{"autostart": false}, ""},
		"another path": {m{"path": "/b"}, "Pool \"vms\" is of another place from now on\nWhat is in it stays where it is (/a): bring it to the new place " +
			"before this is applied, or its volumes will be missed and made anew."},
	} {
		plan := pool.Clone()
		for k, v := range c.changes {
			plan[k] = v
		}
		if got := strings.Join(Kind{}.Plan(context.Background(), nil, pool, nil, plan).Warnings, "\n"); got != c.want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
