package confinement

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestLift(t *testing.T) {
	const lifted = `<seclabel type="none" model="apparmor"/>`
	const mark = `<k:unconfined xmlns:k="https://kvm-fleet.dev/xmlns/unconfined/1"/>`
	for what, c := range map[string]struct{ was, want string }{
		"a domain without metadata": {
			`<domain><name>a</name></domain>`,
			`<domain><name>a</name>` + lifted + `<metadata>` + mark + `</metadata></domain>`,
		},
		"a domain with metadata": {
			`<domain><metadata><o:own xmlns:o="urn:own"/></metadata></domain>`,
			`<domain><metadata><o:own xmlns:o="urn:own"/>` + mark + `</metadata>` + lifted + `</domain>`,
		},
		"a label of another driver": {
			`<domain><seclabel type="static" model="dac"/></domain>`,
			`<domain><seclabel type="static" model="dac"/>` + lifted + `<metadata>` + mark + `</metadata></domain>`,
		},
	} {
		domain, err := xmlmodel.Parse(c.was)
		if err != nil {
			t.Fatal(err)
		}
		before, err := xmlmodel.Text(domain)
		if err != nil {
			t.Fatal(err)
		}
		if !lift(domain) {
			t.Errorf("%s: unchanged", what)
		}
		if got, _ := xmlmodel.Text(domain); flat(t, got) != flat(t, c.want) {
			t.Errorf("%s: got %s, want %s", what, got, c.want)
		}
		if !restored(domain) {
			t.Errorf("%s: not restored", what)
		}
		if got, _ := xmlmodel.Text(domain); got != before {
			t.Errorf("%s: restored as %s, was %s", what, got, before)
		}
		if restored(domain) {
			t.Errorf("%s: restored twice", what)
		}
	}
}

// flat returns XML as this package writes it.
func flat(t *testing.T, text string) string {
	t.Helper()
	el, err := xmlmodel.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if text, err = xmlmodel.Text(el); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestLiftLeavesOwnLabels(t *testing.T) {
	for _, own := range []string{`<seclabel type="static" model="apparmor"><label>mine</label></seclabel>`, `<seclabel type="none"/>`} {
		domain, err := xmlmodel.Parse(`<domain>` + own + `</domain>`)
		if err != nil {
			t.Fatal(err)
		}
		if lift(domain) || restored(domain) {
			t.Errorf("changed %s", own)
		}
	}
}
