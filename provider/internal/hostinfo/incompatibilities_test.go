package hostinfo

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestSecureBootThatAHostLacks(t *testing.T) {
	const able = `<domainCapabilities><machine>pc-i440fx-7.2</machine><os><enum name="firmware"><value>efi</value></enum><loader supported="yes"><value>/fw/CODE.fd</value>
<enum name="secure"><value>no</value></enum></loader></os></domainCapabilities>`
	const want = "has no firmware with secure boot for such a machine (pc-i440fx-7.2), but /fw/CODE.fd"
	for definition, lacks := range map[string]bool{
		`<domain><os firmware="efi"><firmware><feature enabled="yes" name="secure-boot"/></firmware></os></domain>`: true,
		`<domain><os><loader secure="yes" type="pflash">/fw/CODE.fd</loader></os></domain>`:                         true,
		`<domain><os firmware="efi"><firmware><feature enabled="no" name="secure-boot"/></firmware></os></domain>`:  false,
		`<domain><os><loader secure="no" type="pflash">/fw/CODE.fd</loader></os></domain>`:                          false,
		`<domain><os/></domain>`: false,
	} {
		domain, err := xmlmodel.Parse(definition)
		if err != nil {
			t.Fatal(err)
		}
		host, err := xmlmodel.Parse(able)
		if err != nil {
			t.Fatal(err)
		}
		found, err := firmwareIncompatibilities(nil, needsOf(domain, "x86_64"), host)
		if err != nil || (len(found) > 0) != lacks || lacks && (found[0].About != "efi.secure_boot" || found[0].Text != want) {
			t.Errorf("%s: %v, %v", definition, found, err)
		}
	}
}
