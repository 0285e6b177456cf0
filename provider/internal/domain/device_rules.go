package domain

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// deviceRules are what the attributes of one interface demand of each other.
func deviceRules(config table.Model) []table.Problem {
	var out []table.Problem
	for _, key := range table.Keys(config.Group("interfaces")) {
		bandwidth := config.Group("interfaces").Group(key).Group("bandwidth")
		at := tftypes.NewAttributePath().WithAttributeName("interfaces").WithElementKeyString(key).WithAttributeName("bandwidth")
		if bandwidth != nil && empty(bandwidth) {
			out = append(out, table.Problem{Path: at, Text: "'bandwidth' must limit something; set one of its attributes, or take it out"})
		}
		for _, name := range table.Keys(bandwidth) {
			direction, what, _ := strings.Cut(name, "_")
			if average := direction + "_average"; bandwidth[name] != nil && what != "average" && bandwidth[average] == nil {
				out = append(out, table.Problem{Path: at.WithAttributeName(name), Text: fmt.Sprintf("'%s' needs an '%s'; set it, or take this out", name, average)})
			}
		}
	}
	return out
}

// empty: nothing is set in a group. libvirt would forget it.
func empty(group table.Model) bool {
	for _, v := range group {
		if v != nil {
			return false
		}
	}
	return true
}
