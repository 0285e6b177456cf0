package volume

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

type m = table.Model

func TestBadConfigurations(t *testing.T) {
	sum := strings.Repeat("0", 64)
	for name, c := range map[string]struct {
		config m
		want   string
	}{
		"empty":               {m{"capacity": int64(512)}, ""},
		"uploaded":            {m{"source": "/a", "source_sha256": sum}, ""},
		"cloned":              {m{"backing_store": m{"path": "/a"}}, ""},
		"not known yet":       {m{"source": table.Unknown, "capacity": table.Unknown}, ""},
		"not known at all":    {m{"capacity": table.Unknown}, ""},
		"no size":             {m{}, "'capacity' must be set for an empty volume; say its size in bytes, or set 'source' or 'backing_store'"},
		"too small":           {m{"capacity": int64(511)}, "'capacity' must be at least 512 bytes, got 511"},
		"two origins":         {m{"source": "/a", "backing_store": m{"path": "/a"}}, "'backing_store' and 'source' can't both be set: a volume is a clone or is uploaded; take one out"},
		"a raw clone":         {m{"format": "raw", "backing_store": m{"path": "/a"}}, `'format' must be "qcow2" with a 'backing_store', got "raw"; a raw image can't be thin`},
		"a digest of nothing": {m{"capacity": int64(512), "source_sha256": sum}, "'source_sha256' needs a 'source'; set it, or take this out"},
		"no digest":           {m{"source": "/a", "source_sha256": "abc"}, `'source_sha256' must be 64 hexadecimal digits in lower case, got "abc"; see 'sha256sum FILE'`},
		"a relative backing":  {m{"backing_store": m{"path": "a"}}, `'path' must be an absolute path on the host, got "a"; begin it with '/'`},
		"another format":      {m{"format": "vmdk", "capacity": int64(512)}, `'format' must be one of "qcow2", "raw", got "vmdk"`},
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

func TestPlan(t *testing.T) {
	one, two := strings.Repeat("1", 64), strings.Repeat("2", 64)
	for name, c := range map[string]struct {
		prior, plan              m
		replaces, refuses, warns string
	}{
		"nothing":             {m{"capacity": int64(2)}, m{"capacity": int64(2)}, "", "", ""},
		"grows":               {m{"capacity": int64(2)}, m{"capacity": int64(3)}, "", "", ""},
		"shrinks":             {m{"capacity": int64(3)}, m{"capacity": int64(2)}, "", "'capacity' must not be less than the present 3 bytes, got 2: shrinking would cut data off; make a new, smaller volume and copy", ""},
		"another file":        {m{"source": "/a"}, m{"source": "/b"}, "source", "", ""},
		"no file any more":    {m{"source": "/a"}, m{}, "source", "", ""},
		"the same content":    {m{"source": "/a", "source_sha256": one}, m{"source": "/b", "source_sha256": one}, "", "", ""},
		"another content":     {m{"source": "/a", "source_sha256": one}, m{"source": "/b", "source_sha256": two}, "source", "", ""},
		"a digest for a file": {m{"source": "/a"}, m{"source": "/a", "source_sha256": one}, "", "", ""},
		"an imported one": {m{"name": "it"}, m{"name": "it", "source": "/a"}, "", "",
			"Volume \"it\" keeps its content\nIt exists already, so /a is only noted as its source, and not uploaded. To upload it, have the volume replaced (-replace)."},
	} {
		a := Kind{}.Plan(t.Context(), nil, c.prior, nil, c.plan)
		var replaces, refuses []string
		for _, p := range a.Replace {
			replaces = append(replaces, string(p.LastStep().(tftypes.AttributeName)))
		}
		for _, p := range a.Refuse {
			refuses = append(refuses, p.Text)
		}
		if strings.Join(replaces, " ") != c.replaces || strings.Join(refuses, "\n") != c.refuses || strings.Join(a.Warnings, "\n") != c.warns {
			t.Errorf("%s: replaces %v, refuses %v, warns %v", name, replaces, refuses, a.Warnings)
		}
	}
}

func TestTheXMLOfAVolume(t *testing.T) {
	for want, plan := range map[string]m{
		`<volume><name>it</name><target><format type="raw"/></target><capacity unit="bytes">512</capacity><allocation>0</allocation></volume>`: {"name": "it", "format": "raw", "capacity": int64(512), "path": table.Unknown},
		`<volume><name>it</name><target><format type="qcow2"/></target><backingStore><path>/base</path><format type="raw"/></backingStore></volume>`: {
			"name": "it", "format": "qcow2", "capacity": table.Unknown, "backing_store": m{"path": "/base", "format": "raw"}},
	} {
		if got, err := xmlmodel.New("volume", Table.Attrs, plan); err != nil || got != want {
			t.Errorf("got %s %v, want %s", got, err, want)
		}
	}
}
