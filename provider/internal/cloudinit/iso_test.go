package cloudinit

import (
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

func TestWhatIsBuiltReadsBack(t *testing.T) {
	for name, m := range map[string]table.Model{
		"least":             {"user_data": "#cloud-config\n", "meta_data": "instance-id: a\n", "network_config": nil},
		"with network":      {"user_data": "#cloud-config\nhostname: web-1\n", "meta_data": "instance-id: a\n", "network_config": "version: 2\n"},
		"longer than block": {"user_data": "#cloud-config\n# " + strings.Repeat("x", 100_000), "meta_data": "{}", "network_config": nil},
	} {
		t.Run(name, func(t *testing.T) {
			image, err := build(m)
			if err != nil {
				t.Fatal(err)
			}
			if got := parse(image); !table.Equal(got, m) {
				t.Errorf("read back %v", got)
			}
			if len(image)%alignment != 0 {
				t.Errorf("image has %d bytes, not a multiple of %d", len(image), alignment)
			}
			if !strings.Contains(string(image[32768:32768+100]), "cidata") {
				t.Error("the volume is not labelled cidata")
			}
		})
	}
}

func TestWhatIsNoImageReadsAsEmpty(t *testing.T) {
	if got := parse(make([]byte, 70_000)); got.Str("user_data") != "" || got.Str("meta_data") != "" {
		t.Errorf("read %v out of zeros", got)
	}
}
