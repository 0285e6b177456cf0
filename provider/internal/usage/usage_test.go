package usage

import (
	"testing"

	"github.com/beevik/etree"
)

func TestMentions(t *testing.T) {
	for text, want := range map[string]bool{
		"<source file='/vms/a&b.img'/>":       false,
		"<source file='/vms/web.img'/>":       true,
		"<source file='/vms/it&apos;s.img'/>": true,
		"<source file='/vms/it's.img'/>":      true,
		"":                                    false,
	} {
		if got := mentions(text, []string{"", "web.img", "it's.img"}); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

// A definition that cannot be parsed uses what it mentions, and blocks nothing else.
func TestUsesInAnUnreadableDefinition(t *testing.T) {
	const text = "<domain><name>it's</name><interface filter='it's'/><source network='lan'/>"
	none := func(*etree.Element) ([]User, error) { t.Error("it was parsed"); return nil, nil }
	for word, want := range map[string]int{"lan": 1, "wan": 0} {
		users, err := usesIn(text, none, []string{word})
		if err != nil || len(users) != want {
			t.Errorf("%s: got %v, %v", word, users, err)
		}
	}
}
