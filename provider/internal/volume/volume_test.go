package volume

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

type m = table.Model

const uuid = "c7a5fdbd-cdaf-9455-926a-d65c16db1809"

func TestBadConfigurations(t *testing.T) {
	sum := strings.Repeat("0", 64)
	for name, c := range map[string]struct {
		config m
		want   string
	}{
		"empty":               {m{"capacity": int64(512)}, ""},
		"from a server":       {m{"source": "https://example.org/a"}, ""},
		"copied":              {m{"clone_from": "/a"}, ""},
		"encrypted":           {m{"capacity": int64(512), "encryption": m{"secret_uuid": uuid}, "preallocation": "full"}, ""},
		"allocated":           {m{"source": "/a", "format": "raw", "preallocation": "full"}, ""},
		"uploaded":            {m{"source": "/a", "source_sha256": sum}, ""},
		"cloned":              {m{"backing_store": m{"path": "/a"}}, ""},
		"not known yet":       {m{"source": table.Unknown, "capacity": table.Unknown}, ""},
		"not known at all":    {m{"capacity": table.Unknown}, ""},
		"no size":             {m{}, "'capacity' is required for an empty volume; set the size in bytes, or set 'source', 'backing_store' or 'clone_from'"},
		"too small":           {m{"capacity": int64(511)}, "'capacity' must be at least 512 bytes, got 511"},
		"two origins":         {m{"source": "/a", "backing_store": m{"path": "/a"}}, "'backing_store' cannot be combined with 'source': a volume is either a clone or uploaded; remove one of them"},
		"a raw clone":         {m{"format": "raw", "backing_store": m{"path": "/a"}}, `'format' must be "qcow2" with 'backing_store', got "raw"; a raw image cannot be thin`},
		"a digest of nothing": {m{"capacity": int64(512), "source_sha256": sum}, "'source_sha256' requires 'source'; set it, or remove 'source_sha256'"},
		"no digest":           {m{"source": "/a", "source_sha256": "abc"}, `'source_sha256' must be 64 hexadecimal digits in lower case, got "abc"; see 'sha256sum FILE'`},
		"a relative backing":  {m{"backing_store": m{"path": "a"}}, `'path' must be an absolute path on the host, got "a"; begin it with '/'`},
		"no path, no URL":     {m{"source": "gopher://a/b"}, `'source' must be a path, or an http or https URL, got "gopher://a/b"; download it first`},
		"nothing":             {m{"source": ""}, "'source' must not be empty; set the path of a file, or a URL"},
		"copied and uploaded": {m{"source": "/a", "clone_from": "/b"}, "'clone_from' cannot be combined with 'source': a volume is either a copy or uploaded; remove one of them"},
		"copied and thin":     {m{"backing_store": m{"path": "/a"}, "clone_from": "/b"}, "'clone_from' cannot be combined with 'backing_store': a volume is either a full copy or a thin clone; remove one of them"},
		"a relative original": {m{"clone_from": "b"}, `'clone_from' must be an absolute path on the host, got "b"; begin it with '/'`},
		"encrypted upload": {m{"source": "/a", "encryption": m{"secret_uuid": uuid}},
			"'encryption' cannot be combined with 'source': an image is uploaded unchanged; upload it to another volume, and name that volume in 'clone_from'"},
		"no secret":           {m{"capacity": int64(512), "encryption": m{"secret_uuid": "vault"}}, `'secret_uuid' must be a UUID in lower case like c7a5fdbd-cdaf-9455-926a-d65c16db1809, got "vault"`},
		"thin and allocated":  {m{"backing_store": m{"path": "/a"}, "preallocation": "full"}, "'preallocation' cannot be combined with 'backing_store': a thin clone only stores the differences; remove one of them"},
		"uploaded, allocated": {m{"source": "/a", "preallocation": "full"}, "'preallocation' cannot be combined with the 'source' of a qcow2 image, which is uploaded unchanged; remove it"},
		"a header, uploaded":  {m{"source": "/a", "xml": m{"it": m{"under": "target", "element": "<features/>"}}}, "'xml' cannot be combined with 'source': an image is uploaded unchanged, with its own header; remove one of them"},
		"a header":            {m{"capacity": int64(512), "xml": m{"it": m{"under": "target", "element": "<features/>"}}}, ""},
		"what a row sets":     {m{"capacity": int64(512), "xml": m{"it": m{"under": "target", "element": `<format type="vmdk"/>`}}}, "'element' must not be <format>, which 'format' sets; use that attribute"},
		"what libvirt sets":   {m{"capacity": int64(512), "xml": m{"it": m{"under": "target", "element": "<timestamps/>"}}}, "'element' must not be <timestamps>, which libvirt sets; remove the entry"},
		"raw, with tables":    {m{"capacity": int64(512), "format": "raw", "preallocation": "metadata"}, "'preallocation' must be \"full\" for a raw volume, got \"metadata\"; a raw volume has no metadata"},
		"raw, encrypted": {m{"capacity": int64(512), "format": "raw", "encryption": m{"secret_uuid": uuid}, "preallocation": "full"},
			"'preallocation' is not supported for an encrypted raw volume, which libvirt creates thin; remove it, or set 'format' to \"qcow2\""},
		"an owner":       {m{"capacity": int64(512), "permissions": m{"owner": int64(107), "group": int64(0), "mode": "0640"}}, ""},
		"a short mode":   {m{"capacity": int64(512), "permissions": m{"mode": "640"}}, ""},
		"a long mode":    {m{"capacity": int64(512), "permissions": m{"mode": "2770"}}, `'mode' must be three octal digits, with or without a leading 0, like 0640, got "2770"`},
		"no octal mode":  {m{"capacity": int64(512), "permissions": m{"mode": "0680"}}, `'mode' must be three octal digits, with or without a leading 0, like 0640, got "0680"`},
		"no owner":       {m{"capacity": int64(512), "permissions": m{"owner": int64(-1)}}, "'owner' must be from 0 to 2147483647, got -1"},
		"another format": {m{"format": "vmdk", "capacity": int64(512)}, `'format' must be one of "qcow2", "raw", got "vmdk"`},
	} {
		var got []string
		for _, p := range append(table.Validate(Table.Attrs, c.config, tftypes.NewAttributePath()), Resource{}.Validate(c.config)...) {
			got = append(got, p.Text)
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestPlan(t *testing.T) {
	one, two := strings.Repeat("1", 64), strings.Repeat("2", 64)
	const replaced = "Volume \"it\" gets new content\nAll data in it is lost: it takes 0 bytes now. The new content is complete in a second volume before the old content is deleted, so the pool needs room for both."
	for name, c := range map[string]struct {
		prior, plan              m
		replaces, refuses, warns string
	}{
		"nothing":               {m{"capacity": int64(2)}, m{"capacity": int64(2)}, "", "", ""},
		"grows":                 {m{"capacity": int64(2)}, m{"capacity": int64(3)}, "", "", ""},
		"shrinks":               {m{"capacity": int64(3)}, m{"capacity": int64(2)}, "", "'capacity' must be at least the present 3 bytes, got 2: shrinking would lose data; create a new, smaller volume and copy the data", ""},
		"another file":          {m{"name": "it", "source": "/a"}, m{"name": "it", "source": "/b"}, "", "", replaced},
		"no file any more":      {m{"name": "it", "source": "/a"}, m{"name": "it"}, "", "", replaced},
		"the same content":      {m{"source": "/a", "source_sha256": one}, m{"source": "/b", "source_sha256": one}, "", "", ""},
		"another content":       {m{"source": "/a", "source_sha256": one}, m{"source": "/b", "source_sha256": two, "encryption": m{}}, "source source_sha256", "", ""},
		"a digest for a file":   {m{"source": "/a"}, m{"source": "/a", "source_sha256": one}, "", "", ""},
		"another original":      {m{"clone_from": "/a/x"}, m{"clone_from": "/a/y", "name": "other"}, "clone_from", "", ""},
		"the original, moved":   {m{"clone_from": "/a/x"}, m{"clone_from": "/b/x"}, "", "", ""},
		"the original, unknown": {m{"clone_from": "/a/x"}, m{"clone_from": table.Unknown}, "", "", ""},
		"another backing image": {m{"name": "it", "backing_store": m{"path": "/a"}}, m{"name": "it", "backing_store": m{"path": "/b"}}, "", "", replaced},
		"another format":        {m{"name": "it", "format": "raw"}, m{"name": "it", "format": "qcow2"}, "", "", replaced},
		"no digest any more":    {m{"source": "/a", "source_sha256": one}, m{"source": "/a"}, "", "", ""},
		"smaller content":       {m{"name": "it", "source": "/a", "capacity": int64(3)}, m{"name": "it", "source": "/b", "capacity": int64(2)}, "", "", replaced},
		"an interrupted change": {m{"name": "it", "source": table.Incomplete}, m{"name": "it", "source": "/a"}, "", "", replaced},
		"no original any more":  {m{"name": "it", "clone_from": "/a/x"}, m{"name": "it"}, "", "", replaced},
		"an original for it": {m{"name": "it"}, m{"name": "it", "clone_from": "/a/x"}, "", "",
			"Volume \"it\" keeps its content\nThe volume exists, so /a/x is only recorded as its original and not copied. To copy it, replace the volume (-replace)."},
		"raw gets its space": {m{"format": "raw"}, m{"format": "raw", "preallocation": "full"}, "", "", ""},
		"qcow2 does not": {m{"name": "it", "format": "qcow2"}, m{"name": "it", "format": "qcow2", "preallocation": "full"}, "", "",
			"Volume \"it\" keeps its layout\nThe volume exists, and libvirt cannot allocate more of a qcow2 image, so its allocation does not change. To create it again, replace the volume (-replace)."},
		"space is not taken back": {m{"preallocation": "full"}, m{}, "", "", ""},
		"the secret is known now": {m{"encryption": m{"format": "luks"}}, m{"encryption": m{"format": "luks", "secret_uuid": uuid}}, "", "", ""},
		"another secret": {m{"name": "it", "encryption": m{"secret_uuid": "a"}}, m{"name": "it", "encryption": m{"secret_uuid": "b"}}, "", "",
			"Volume \"it\" keeps its passphrase\nlibvirt cannot change the passphrase: the volume keeps the one that secret a had when it was created. Give the new secret the same passphrase, or replace the volume (-replace)."},
		"an imported one": {m{"name": "it"}, m{"name": "it", "source": "/a"}, "", "",
			"Volume \"it\" keeps its content\nThe volume exists, so /a is only recorded as its source and not uploaded. To upload it, replace the volume (-replace)."},
	} {
		a := Resource{}.Plan(t.Context(), conn.NewFleet(nil), c.prior, nil, c.plan)
		var replaces, refuses []string
		for _, p := range a.Replace {
			replaces = append(replaces, string(p.LastStep().(tftypes.AttributeName)))
		}
		for _, p := range a.Problems {
			refuses = append(refuses, p.Text)
		}
		if strings.Join(replaces, " ") != c.replaces || strings.Join(refuses, "\n") != c.refuses || strings.Join(a.Warnings, "\n") != c.warns {
			t.Errorf("%s: replaces %v, refuses %v, warns %v", name, replaces, refuses, a.Warnings)
		}
	}
}

func TestTheXMLOfAVolume(t *testing.T) {
	const qcow2, thin = `<target><format type="qcow2"/><compat>1.1</compat></target>`, `<capacity unit="bytes">512</capacity><allocation>0</allocation>`
	const full = `<capacity unit="bytes">512</capacity><allocation>512</allocation>`
	size := int64(512)
	for name, c := range map[string]struct {
		pool string
		plan m
		want string
	}{
		"raw":         {"dir", m{"format": "raw", "capacity": size, "path": table.Unknown}, `<target><format type="raw"/></target>` + thin},
		"allocated":   {"dir", m{"format": "raw", "capacity": size, "preallocation": "full"}, `<target><format type="raw"/></target>` + full},
		"with tables": {"dir", m{"format": "qcow2", "capacity": size, "preallocation": "metadata"}, qcow2 + thin},
		"a clone": {"dir", m{"format": "qcow2", "capacity": table.Unknown, "backing_store": m{"path": "/base", "format": "raw"}},
			qcow2 + `<backingStore><path>/base</path><format type="raw"/></backingStore>`},
		"encrypted": {"dir", m{"format": "raw", "capacity": size, "encryption": m{"format": "luks", "secret_uuid": uuid}},
			`<target><format type="raw"/><encryption format="luks"><secret type="passphrase" uuid="` + uuid + `"/></encryption></target>` + thin},
		"of LVM":      {"logical", m{"format": "raw", "capacity": size}, `<target><format type="raw"/></target>` + full},
		"a partition": {"disk", m{"format": "raw", "capacity": size}, `<target/>` + thin},
	} {
		c.plan["name"] = "it"
		got, err := volumeXML(c.plan, c.pool)
		if want := "<volume><name>it</name>" + c.want + "</volume>"; err != nil || got != want {
			t.Errorf("%s: got\n%s %v\nwant\n%s", name, got, err, want)
		}
	}
}

func TestWhatIsReadOfAVolume(t *testing.T) {
	file := func(format string) string {
		return `<volume type="file"><capacity unit="bytes">1024</capacity><physical unit="bytes">512</physical><target><format type="` + format + `"/></target></volume>`
	}
	for name, c := range map[string]struct {
		xml              string
		state            m
		format, capacity any
	}{
		"qcow2":                         {file("qcow2"), m{"format": "qcow2"}, "qcow2", int64(1024)},
		"a guest's image within it":     {file("qcow2"), m{"format": "raw"}, "raw", int64(512)},
		"a CD":                          {file("iso"), m{}, "raw", int64(1024)},
		"another file in its place":     {file("raw"), m{"format": "qcow2"}, "raw", int64(1024)},
		"a logical volume":              {`<volume type="block"><capacity>7</capacity><target/></volume>`, m{}, "raw", int64(7)},
		"a partition":                   {`<volume type="block"><capacity>7</capacity><target><format type="linux"/></target></volume>`, m{}, "raw", int64(7)},
		"a volume of an object storage": {`<volume type="network"><capacity>7</capacity><target><format type="raw"/></target></volume>`, m{}, "raw", int64(7)},
	} {
		el, err := xmlmodel.Parse(c.xml)
		if err != nil {
			t.Fatal(err)
		}
		if seen := read(el, c.state); seen["format"] != c.format || seen["capacity"] != c.capacity {
			t.Errorf("%s: got %v", name, seen)
		}
	}
}

func TestTheSecretOfAVolumeIsNotWhatLibvirtRemembers(t *testing.T) {
	el, err := xmlmodel.Parse(`<volume><target><encryption format="luks"><secret type="passphrase" uuid="` + uuid + `"/></encryption></target></volume>`)
	if err != nil {
		t.Fatal(err)
	}
	if e := read(el, m{}).Group("encryption"); e["secret_uuid"] != uuid {
		t.Errorf("imported: got %v", e)
	}
	e := read(el, m{"encryption": m{"format": "luks"}}).Group("encryption")
	if _, seen := e["secret_uuid"]; seen || e["format"] != "luks" {
		t.Errorf("got %v", e)
	}
}

func TestPoolsThatDoNotFit(t *testing.T) {
	luks := m{"format": "luks"}
	for name, c := range map[string]struct {
		pool string
		plan m
		want string
	}{
		"a directory":          {"dir", m{"format": "qcow2", "encryption": luks}, ""},
		"LVM":                  {"logical", m{"format": "raw"}, ""},
		"Gluster":              {"gluster", m{"format": "qcow2"}, ""},
		"no file":              {"logical", m{"format": "qcow2"}, `'format' must be "raw" in pool "p" of type "logical", got "qcow2"; its volumes are not files`},
		"encrypted by libvirt": {"zfs", m{"format": "raw", "encryption": luks}, `'encryption' is not supported in pool "p" of type "zfs": libvirt encrypts only files; remove it, and encrypt in the guest`},
		"of a target": {"iscsi-direct", m{"format": "raw"},
			`'pool' must have a type in which volumes can be created, and "p" has type "iscsi-direct", whose volumes are created in the storage system; use the data source libvirt_volume for them`},
	} {
		c.plan["pool"] = "p"
		got := ""
		for _, p := range poolProblems(c.plan, c.pool) {
			got = p.Text
		}
		if got != c.want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
