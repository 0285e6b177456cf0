package pool

import (
	"context"
	"encoding/xml"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Plan tells what does not come along to another place, and what is deleted with a pool that is replaced.
func (Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, _, plan table.Model) engine.Advice {
	var advice engine.Advice
	was, is := placeOf(prior), placeOf(plan)
	replaced := prior["host"] != plan["host"] || prior["name"] != plan["name"] || prior["type"] != plan["type"]
	switch {
	case replaced && prior.Bool("delete_data"):
		advice.AlsoOnReplace = true
		advice.Warnings = []string{fmt.Sprintf("Pool %q is deleted with what is in it\nIt is replaced, and has 'delete_data', which goes for what it was made of (%s). To keep that, apply 'delete_data' = false first.", prior.Str("name"), was)}
	case !replaced && was != is:
		advice.Warnings = []string{fmt.Sprintf("Pool %q is of another place from now on\nWhat is in it stays where it is (%s): bring it to the new place "+
			"before this is applied, or its volumes will be missed and made anew.", prior.Str("name"), was)}
	}
	if kinds[plan.Str("type")].tells && prior.Group("source")["name"] != plan.Group("source")["name"] {
		plan["path"] = table.Unknown
	}
	knowAbsent(plan)
	if !replaced {
		advice.Problems = hostProblems(ctx, fleet, prior, plan)
	}
	return advice
}

// Preflight holds a new pool against what its host can do and has.
func (Resource) Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	knowAbsent(plan)
	return engine.Advice{Problems: hostProblems(ctx, fleet, nil, plan)}
}

// knowAbsent plans nothing for what the type does not have, instead of what is known after the apply.
func knowAbsent(plan table.Model) {
	k, known := kinds[plan.Str("type")]
	if !known {
		return
	}
	if plan["path"] == table.Unknown && !k.takes("path") && !k.tells {
		plan["path"] = nil
	}
	source := plan.Group("source")
	for _, row := range []string{"dir", "format"} {
		if source[row] == table.Unknown && !k.takes("source."+row) {
			source[row] = nil
		}
	}
}

// placeOf is where a pool's volumes are.
func placeOf(m table.Model) string {
	s := m.Group("source")
	parts := []string{s.Str("host")}
	for _, row := range []string{"hosts", "devices"} {
		parts = append(parts, strings.Join(s.List(row).Items(), ", "))
	}
	parts = append(parts, s.Str("name"))
	if dir := s.Str("dir"); dir != "" {
		parts = append(parts, path.Clean(dir))
	}
	if a := s.Group("adapter"); a != nil {
		parts = append(parts, a.Str("name")+a.Str("parent_address")+a.Str("wwpn"))
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	place := strings.Join(parts, ":")
	if p := m.Str("path"); p != "" && kinds[m.Str("type")].files {
		if place != "" {
			place += " at "
		}
		place += path.Clean(p)
	}
	return place
}

// hostProblems are what the host itself speaks against; where it can't be asked, nothing does.
func hostProblems(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) []table.Problem {
	host, err := fleet.Host(plan.Str("host"))
	if err != nil {
		return nil
	}
	var out []table.Problem
	kind, login := plan.Str("type"), plan.Group("source").Group("auth")
	secret := login.Str("secret_uuid")
	isNew := prior == nil && kind != ""
	names := secret != "" && secret != prior.Group("source").Group("auth").Str("secret_uuid") && !engine.IsPlanned(ctx, "secret", host.Name+"/"+secret)
	if !isNew && !names {
		return nil
	}
	_ = host.Do(ctx, func(l *libvirt.Libvirt) error {
		if isNew {
			out = append(out, lacking(l, host.Name, kind)...)
		}
		if names {
			out = append(out, unknownSecret(l, host.Name, secret, login.Str("type"))...)
		}
		return nil
	})
	return out
}

// lacking says that the host's libvirt has no driver for a type. https://libvirt.org/formatstoragecaps.html
func lacking(l *libvirt.Libvirt, host, kind string) []table.Problem {
	text, err := l.ConnectGetStoragePoolCapabilities(0)
	var capabilities struct {
		Pools []struct {
			Type      string `xml:"type,attr"`
			Supported string `xml:"supported,attr"`
		} `xml:"pool"`
	}
	if err != nil || xml.Unmarshal([]byte(text), &capabilities) != nil {
		return nil
	}
	var has []string
	for _, p := range capabilities.Pools {
		if p.Supported == "yes" {
			has = append(has, p.Type)
		}
	}
	if slices.Contains(has, kind) {
		return nil
	}
	return []table.Problem{{Path: pathOf("type"), Text: fmt.Sprintf("'type' must be one that libvirt on host %q has a driver for: %s, got %q; install the driver there and start libvirt again, "+
		"or choose another", host, quoted(has), kind)}}
}

// secretUsage is the usage of the secrets that a type of login takes.
var secretUsage = map[string]libvirt.SecretUsageType{"chap": libvirt.SecretUsageTypeIscsi, "ceph": libvirt.SecretUsageTypeCeph}

// unknownSecret says that a host does not have a secret, and which it has.
func unknownSecret(l *libvirt.Libvirt, host, id, login string) []table.Problem {
	secrets, _, err := l.ConnectListAllSecrets(1, 0)
	if err != nil {
		return nil
	}
	var has []string
	for _, s := range secrets {
		if conn.FormatUUID(s.UUID) == id {
			return nil
		}
		if s.UsageType == int32(secretUsage[login]) {
			has = append(has, fmt.Sprintf("%q (%s)", conn.FormatUUID(s.UUID), s.UsageID))
		}
	}
	listed := "it has none for " + login
	if len(has) > 0 {
		slices.Sort(has)
		listed = "it has " + strings.Join(has, ", ")
	}
	return []table.Problem{{Path: pathOf("source.auth.secret_uuid"), Text: fmt.Sprintf("'source.auth.secret_uuid' must be of a secret on host %q, got %q: %s; "+
		"make a libvirt_secret there, or correct it", host, id, listed)}}
}
