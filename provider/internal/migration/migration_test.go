package migration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func request() *Request {
	return &Request{Name: "web-1", From: conn.NewHost("alpha", conn.URI{}), To: conn.NewHost("beta", conn.URI{}), Adapt: func(*etree.Element) {}}
}

func parse(t *testing.T, text string) *etree.Element {
	t.Helper()
	root, err := xmlmodel.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

const leaving = `<domain><name>web-1</name><metadata><mine xmlns="https://example.org">kept</mine>` +
	`<k:migration xmlns:k="https://kvm-fleet.dev/xmlns/migration/1" to="beta"/><v:volumes xmlns:v="https://kvm-fleet.dev/xmlns/volumes/1"><volume from="old"/></v:volumes></metadata>` +
	`<devices><disk type="file"><source file="/a/root"/><backingStore type="file"/><target dev="vda"/></disk>` +
	`<disk type="file"><source file="/a/other"/><target dev="vdb"/></disk>` +
	`<disk type="file" device="cdrom"><source file="/a/cd"/><target dev="sda"/></disk>` +
	`<disk type="file"><source file="/shared/data"/><target dev="vdc"/></disk></devices></domain>`

func TestTheDomainAsItsNewHostIsToHaveIt(t *testing.T) {
	disks := []*disk{
		{target: "vda", file: "/a/root", to: "/b/root", source: volume{"pool", "root"}, home: volume{"fast", "root"}},
		{target: "vdb", file: "/a/active", to: "/b/active", source: volume{"pool", "active"}, home: volume{"pool", "active"}},
		{target: "sda", file: "/a/cd", to: "/b/cd", media: true, source: volume{"pool", "cd"}, home: volume{"pool", "cd"}},
		{target: "vdc", file: "/shared/data", to: "/shared/data", shared: true, source: volume{"nfs", "data"}, home: volume{"nfs", "data"}},
	}
	r := request()
	r.Adapt = func(domain *etree.Element) { domain.CreateElement("adapted") }
	got, err := (&inspection{disks: disks}).targetXML(leaving, r)
	if err != nil {
		t.Fatal(err)
	}
	const want = `<domain><name>web-1</name><metadata><mine xmlns="https://example.org">kept</mine><volumes xmlns="https://kvm-fleet.dev/xmlns/volumes/1">` +
		`<volume from="alpha/pool/root" pool="fast" name="root"/><volume from="alpha/pool/active" pool="pool" name="active"/>` +
		`<volume from="alpha/pool/cd" pool="pool" name="cd" medium="yes"/></volumes></metadata>` +
		`<devices><disk type="file"><source file="/b/root"/><target dev="vda"/></disk>` +
		`<disk type="file"><source file="/a/other"/><target dev="vdb"/></disk>` + // the definition names another file than the one in use
		`<disk type="file" device="cdrom"><source file="/b/cd"/><target dev="sda"/></disk>` +
		`<disk type="file"><source file="/shared/data"/><target dev="vdc"/></disk></devices><adapted/></domain>`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWhatMustStayWithItsHost(t *testing.T) {
	domain := parse(t, `<domain><devices><hostdev><alias name="ua-nic"/></hostdev><interface type="hostdev"><alias name="net0"/></interface><interface type="network"/>`+
		`<filesystem><source dir="/srv"/></filesystem></devices></domain>`)
	got := immovable(domain, true)
	if len(got) != 3 || !strings.Contains(got[0], "(nic)") || !strings.Contains(got[1], "net0") || !strings.Contains(got[2], "/srv") {
		t.Errorf("got %q", got)
	}
	if got := immovable(domain, false); got != nil {
		t.Errorf("a guest that is off can go: %q", got)
	}
	for tpm, stays := range map[string][]bool{`<tpm><backend type="emulator"/></tpm>`: {false, true}, `<tpm><backend type="passthrough"/></tpm>`: {true, false}} {
		for i, want := range stays {
			got := immovable(parse(t, "<domain><devices>"+tpm+"</devices></domain>"), i == 0)
			if (len(got) == 1) != want || want && !strings.Contains(got[0], "TPM") {
				t.Errorf("%s, going on %v: got %q", tpm, i == 0, got)
			}
		}
	}
}

func TestWhatLibvirtIsAskedFor(t *testing.T) {
	always := libvirt.MigrateLive | libvirt.MigratePersistDest | libvirt.MigrateUndefineSource | libvirt.MigrateAbortOnError
	disks := []*disk{{target: "vda"}, {target: "vdb"}}
	for name, c := range map[string]struct {
		transfer transfer
		flags    libvirt.DomainMigrateFlags
		params   string
	}{
		"nothing said":      {transfer{}, 0, ""},
		"whole disks":       {transfer{disks: disks}, libvirt.MigrateNonSharedDisk, "migrate_disks=vda migrate_disks=vdb"},
		"what lies above":   {transfer{disks: disks[:1], thin: true}, libvirt.MigrateNonSharedInc, "migrate_disks=vda"},
		"thin without any":  {transfer{thin: true}, 0, ""},
		"paused":            {transfer{paused: true}, libvirt.MigratePaused, ""},
		"shared, by word":   {transfer{Request: &Request{Options: Options{Storage: StorageShared}}}, libvirt.MigrateUnsafe, ""},
		"post-copy and TLS": {transfer{Request: &Request{Options: Options{PostCopy: true, TLS: true}}}, libvirt.MigratePostcopy | libvirt.MigrateTLS, ""},
		"xbzrle":            {transfer{Request: &Request{Options: Options{Compression: "xbzrle", AutoConverge: true}}}, libvirt.MigrateCompressed | libvirt.MigrateAutoConverge, "compression=xbzrle"},
		"zstd":              {transfer{Request: &Request{Options: Options{Compression: "zstd"}}}, libvirt.MigrateParallel, "compression=zstd"},
		"in parallel":       {transfer{Request: &Request{Options: Options{Connections: 4, Bandwidth: 9}}}, libvirt.MigrateParallel, "bandwidth=9 parallel.connections=4"},
	} {
		if c.transfer.Request == nil {
			c.transfer.Request = &Request{}
		}
		c.transfer.To = conn.NewHost("beta", conn.URI{})
		if got := c.transfer.flags(); got != always|c.flags {
			t.Errorf("%s: flags %b, want %b", name, got, always|c.flags)
		}
		var params []string
		for _, p := range c.transfer.params()[2:] { // after the XML of both
			params = append(params, p.Field+"="+fmt.Sprint(p.Value.I))
		}
		if got := strings.Join(params, " "); got != c.params {
			t.Errorf("%s: params %q, want %q", name, got, c.params)
		}
	}
}

func TestAnAddressOfItsOwnIsWhereTheGuestArrives(t *testing.T) {
	r := request()
	r.To.Migration.Address = "10.9.0.2"
	params := (&transfer{Request: r}).params()
	if !slices.ContainsFunc(params, func(p libvirt.TypedParam) bool {
		return p.Field == libvirt.MigrateParamURI && p.Value.I == any("tcp://10.9.0.2")
	}) {
		t.Errorf("got %v", params)
	}
}

func TestAHostTakesPartInSoManyMovesAtOnce(t *testing.T) {
	r := request()
	var release []func()
	for range maxMigrations {
		one, err := admit(t.Context(), r.From, r.To)
		if err != nil {
			t.Fatal(err)
		}
		release = append(release, one)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error, 1)
	go func() {
		_, err := admit(ctx, r.To, r.From)
		waited <- err
	}()
	select {
	case err := <-waited:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	cancel()
	if err := <-waited; !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted it gave %v", err)
	}
	for _, one := range release {
		one()
	}
	if _, err := admit(t.Context(), r.To, r.From); err != nil {
		t.Errorf("no machine moves, and still: %v", err)
	}
}
