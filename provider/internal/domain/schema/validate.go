package schema

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Validate checks the rules between the rows.
func Validate(config table.Model) []table.Problem {
	out := slices.Concat(interfaceRules(config), diskRules(config), bootRules(config), firmwareRules(config), resourceRules(config), otherDeviceRules(config), rawXMLRules(config), waitRules(config))
	at := tftypes.NewAttributePath()
	if cpu := config.Group("cpu"); cpu != nil && cpu["mode"] != table.Unknown && (cpu["mode"] == "custom") != (cpu["model"] != nil) {
		out = append(out, table.Problem{Path: at.WithAttributeName("cpu").WithAttributeName("model"),
			Text: "'model' goes with mode \"custom\", and only with it; set both or neither"})
	}
	for _, name := range []string{"initrd", "cmdline"} {
		if config[name] != nil && config["kernel"] == nil {
			out = append(out, table.Problem{Path: at.WithAttributeName(name), Text: fmt.Sprintf("'%s' needs a 'kernel'; set it, or take this out", name)})
		}
	}
	if s := config.Group("serial"); s["log_append"] == true && s["log_file"] == nil {
		out = append(out, table.Problem{Path: at.WithAttributeName("serial").WithAttributeName("log_append"), Text: "'log_append' needs a 'log_file'; set it, or take this out"})
	}
	if g := config.Group("graphics"); (g["password"] != nil) != (g["password_version"] != nil) {
		out = append(out, table.Problem{Path: at.WithAttributeName("graphics").WithAttributeName("password_version"),
			Text: "'password_version' goes with 'password', and only with it; begin with 1, and raise it with each new password"})
	}
	// https://libvirt.org/formatdomain.html#graphical-framebuffers: the protocol has no longer ones
	if g := config.Group("graphics"); g["type"] == "vnc" && len(g.Str("password")) > 8 {
		out = append(out, table.Problem{Path: at.WithAttributeName("graphics").WithAttributeName("password"),
			Text: fmt.Sprintf("'password' must have at most 8 characters with \"vnc\", got %d; shorten it, or use \"spice\"", len(g.Str("password")))})
	}
	return out
}
