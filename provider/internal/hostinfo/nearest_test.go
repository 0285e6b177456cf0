package hostinfo

import "testing"

func TestTheNearestComesFirst(t *testing.T) {
	many := []string{"aa", "ab", "ac", "ad", "ae", "af", "ag", "ah", "zz", "zy"}
	for name, c := range map[string]struct {
		wanted string
		have   []string
		want   string
	}{
		"nothing":          {"q35", nil, "none at all"},
		"a letter":         {"q36", []string{"pc", "microvm", "q35"}, "q35, pc, microvm"},
		"case":             {"nehalem", []string{"Penryn", "Nehalem"}, "Nehalem, Penryn"},
		"alike":            {"x", []string{"c", "a", "b"}, "a, b, c"},
		"many":             {"zz", many, "zz, zy, aa, ab, ac, ad, ae, af, and 2 others"},
		"one too many":     {"aa", many[:9], "aa, ab, ac, ad, ae, af, ag, ah, zz"},
		"added and missed": {"clean-trafic", []string{"no-mac-spoofing", "clean-traffic"}, "clean-traffic, no-mac-spoofing"},
	} {
		if got := nearest(c.wanted, c.have); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
