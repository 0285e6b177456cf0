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

// Plan warns about data that is not moved to another place, and about data that is deleted with a pool that is
// replaced.
func (Resource) Plan(ctx context.Context, fleet *conn.Fleet, prior, _, plan table.Model) engine.Advice {
	var advice engine.Advice
	was, is := placeOf(prior), placeOf(plan)
	replaced := prior["host"] != plan["host"] || prior["name"] != plan["name"] || prior["type"] != plan["type"]
	switch {
	case replaced && prior.Bool("delete_data"):
		advice.AlsoOnReplace = true
		advice.Warnings = []string{fmt.Sprintf("Pool %q is deleted with its data\nIt is replaced, and 'delete_data' deletes its previous storage "+
			"(%s). To keep the data, apply 'delete_data' = false first.", prior.Str("name"), was)}
	case !replaced && was != is:
		advice.Warnings = []string{fmt.Sprintf("Pool %q uses other storage from now on\nIts data stays in the previous place (%s): "+
			"copy it to the new place before this apply, or Terraform will not find the volumes and will create them again.", prior.Str("name"), was)}
	}
	if poolTypes[plan.Str("type")].derivesPath && prior.Group("source")["name"] != plan.Group("source")["name"] {
		plan["path"] = table.Unknown
	}
	planAbsent(plan)
	if !replaced {
		advice.Problems = hostProblems(ctx, fleet, prior, plan)
		advice.Warnings = append(advice.Warnings, warnUnopenable(ctx, fleet, prior, plan)...)
	}
	return advice
}

// Preflight checks a new pool against the drivers, the secrets and the directories of its host.
func (Resource) Preflight(ctx context.Context, fleet *conn.Fleet, plan table.Model) engine.Advice {
	planAbsent(plan)
	return engine.Advice{Problems: hostProblems(ctx, fleet, nil, plan), Warnings: warnUnopenable(ctx, fleet, nil, plan)}
}

// planAbsent plans null instead of an unknown value for attributes that the type does not have.
func planAbsent(plan table.Model) {
	k, known := poolTypes[plan.Str("type")]
	if !known {
		return
	}
	if plan["path"] == table.Unknown && !k.takes("path") && !k.derivesPath {
		plan["path"] = nil
	}
	source := plan.Group("source")
	for _, row := range []string{"dir", "format"} {
		if source[row] == table.Unknown && !k.takes("source."+row) {
			source[row] = nil
		}
	}
}

// placeOf describes where a pool's volumes are.
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
	if p := m.Str("path"); p != "" && poolTypes[m.Str("type")].files {
		if place != "" {
			place += " at "
		}
		place += path.Clean(p)
	}
	return place
}

// hostProblems returns the reasons why the host cannot have the pool; none if the host cannot be asked.
func hostProblems(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) []table.Problem {
	secret := plan.Group("source").Group("auth").Str("secret_uuid")
	isNew := prior == nil && plan.Str("type") != ""
	names := secret != "" && secret != prior.Group("source").Group("auth").Str("secret_uuid") &&
		!engine.IsPlanned(ctx, "secret", plan.Str("host")+"/"+secret)
	var steps []engine.HostStep
	if isNew {
		steps = append(steps, missingDriver)
	}
	if names {
		steps = append(steps, missingSecret)
	}
	if len(steps) == 0 {
		return nil
	}
	return engine.CheckHost(ctx, fleet, prior, plan, false, steps...).List()
}

// missingDriver returns a problem if the host's libvirt has no driver for a type. https://libvirt.org/formatstoragecaps.html
func missingDriver(c *engine.HostCheck, l *libvirt.Libvirt) error {
	poolType := c.Plan.Str("type")
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
	if slices.Contains(has, poolType) {
		return nil
	}
	c.Must("type", "have a driver in libvirt on host %q, which has %s, got %q; install the driver there and restart libvirt, "+
		"or choose another type", c.Host, quoted(has), poolType)
	return nil
}

// secretUsage is the usage of the secrets for an authentication type.
var secretUsage = map[string]libvirt.SecretUsageType{"chap": libvirt.SecretUsageTypeIscsi, "ceph": libvirt.SecretUsageTypeCeph}

// missingSecret returns a problem if a host does not have a secret; it lists those of the same usage.
func missingSecret(c *engine.HostCheck, l *libvirt.Libvirt) error {
	auth := c.Plan.Group("source").Group("auth")
	id, login := auth.Str("secret_uuid"), auth.Str("type")
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
	c.Add("source.auth.secret_uuid", "'source.auth.secret_uuid' must be the UUID of a secret on host %q, got %q: %s; "+
		"create a libvirt_secret there, or correct the UUID", c.Host, id, listed)
	return nil
}
