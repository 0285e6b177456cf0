package domain

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// escapeRules refuse what an attribute stands for: both would have it, and neither keep it.
func escapeRules(config table.Model) []table.Problem {
	var r rules
	for _, key := range table.Keys(config.Group("xml")) {
		entry := config.Group("xml").Group(key)
		under, known := entry["under"].(string)
		if entry["under"] != nil && !known {
			continue
		}
		el, err := xmlmodel.Parse(entry.Str("element"))
		if err != nil {
			continue // it is not known yet
		}
		at := tftypes.NewAttributePath().WithAttributeName("xml").WithElementKeyString(key).WithAttributeName("element")
		if owner := ownerOf(under, el); owner != "" {
			r.refuse(at, "<%s> is what '%s' is for; use that", el.FullTag(), owner)
		}
	}
	return r.found
}

// ownerOf is the attribute that reads an element, "" where none does.
func ownerOf(under string, el *etree.Element) string {
	switch {
	case under == "" && el.Tag == "name":
		return "name"
	case under == "" && el.Tag == "devices":
		return "devices"
	case strings.HasPrefix(under, "metadata") || under == "" && el.Tag == "metadata":
		return "metadata"
	}
	rows := slices.DeleteFunc(slices.Clone(Table.Attrs), func(a table.Attr) bool { return a.Name == "xml" })
	domain := etree.NewElement("domain")
	domain.CreateElement("devices")
	parent := domain
	if under != "" {
		parent = xmlmodel.Ensure(domain, strings.Split(under, "/")...)
	}
	without := xmlmodel.Read(rows, domain)
	parent.AddChild(el.Copy())
	changes := table.Changes(rows, without, xmlmodel.Read(rows, domain))
	if len(changes) == 0 {
		return ""
	}
	var names []string
	deep := len(strings.Split(under, "/"))
	if under != "" {
		deep++
	}
	for _, step := range changes[0].Path.Steps() {
		name, is := step.(tftypes.AttributeName)
		if !is || len(names) == deep {
			break
		}
		names = append(names, string(name))
	}
	return strings.Join(names, ".")
}

// heeded tells of elements that libvirt has dropped from a definition: it takes no notice of what it does not know.
func heeded(ctx context.Context, host *conn.Host, d libvirt.Domain, plan table.Model) error {
	if len(plan.Group("xml")) == 0 {
		return nil
	}
	var kept []string
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		xml, err := l.DomainGetXMLDesc(d, definition)
		if err != nil {
			return err
		}
		root, err := xmlmodel.Parse(xml)
		if err == nil {
			kept, _ = escapes{}.Elements(root)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, key := range table.Keys(plan.Group("xml")) {
		if !slices.Contains(kept, key) {
			under := fmt.Sprintf("<domain>/%s", plan.Group("xml").Group(key).Str("under"))
			return diag.New("define", "Correct the element, or 'under', where it stands; or take it out. What libvirt knows: "+Table.See,
				"on %s: libvirt took no notice of xml[%q] under %s", host.Name, key, strings.TrimSuffix(under, "/"))
		}
	}
	return nil
}
