package snapshot

import (
	"path"
	"slices"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Validate checks what must and must not go together.
func (Resource) Validate(config table.Model) []table.Problem {
	if config.Bool("memory") && config.Bool("quiesce") {
		return []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("quiesce"),
			Text: "'quiesce' can't go with 'memory': what the guest has not written out yet is in its memory; take one out"}}
	}
	return nil
}

// describe is a domain's XML: what runs, or what is defined.
func describe(l *libvirt.Libvirt, d libvirt.Domain, flags libvirt.DomainXMLFlags) (*etree.Element, error) {
	xml, err := l.DomainGetXMLDesc(d, flags)
	if err != nil {
		return nil, err
	}
	return xmlmodel.Parse(xml)
}

// design says how the snapshot is to be made, and notes in plan what the guest does while it is.
func design(l *libvirt.Libvirt, d libvirt.Domain, plan table.Model) (xml string, flags libvirt.DomainSnapshotCreateFlags, err error) {
	if err := notSaved(l, d, "create"); err != nil {
		return "", 0, err
	}
	now, _, err := l.DomainGetState(d, 0)
	if err != nil {
		return "", 0, err
	}
	state := map[libvirt.DomainState]string{libvirt.DomainShutoff: stopped, libvirt.DomainCrashed: stopped, libvirt.DomainPaused: paused}[libvirt.DomainState(now)]
	if state == "" {
		state = running
	}
	if state == stopped && plan.Bool("memory") {
		return "", 0, diag.New("create", "Start it, or take 'memory' out.", "'memory' needs a guest that is running or paused, and %s is stopped", plan.Str("domain"))
	}
	domain, err := describe(l, d, 0)
	if err != nil {
		return "", 0, err
	}
	if plan.Bool("memory") {
		if err := held(domain); err != nil {
			return "", 0, err
		}
	}
	all, err := records(l, d)
	if err != nil {
		return "", 0, err
	}
	el, err := document(plan, domain, all)
	if err != nil {
		return "", 0, err
	}
	plan["state"] = state
	flags = libvirt.DomainSnapshotCreateAtomic
	switch {
	case plan.Bool("memory"):
		flags |= libvirt.DomainSnapshotCreateLive
	default:
		flags |= libvirt.DomainSnapshotCreateDiskOnly
	}
	if plan.Bool("quiesce") {
		flags |= libvirt.DomainSnapshotCreateQuiesce
	}
	xml, err = xmlmodel.Text(el)
	return xml, flags, err
}

// document is the new snapshot's XML. https://libvirt.org/formatsnapshot.html
func document(plan table.Model, domain *etree.Element, all []*record) (*etree.Element, error) {
	name, directory := plan.Str("name"), plan.Str("directory")
	el := etree.NewElement("domainsnapshot")
	el.CreateElement("name").SetText(name)
	if plan["description"] != nil {
		el.CreateElement("description").SetText(plan.Str("description"))
	}
	memory, list := el.CreateElement("memory"), el.CreateElement("disks")
	disks, first := disksOf(domain), ""
	for _, target := range table.Keys(keys(disks)) {
		disk := disks[target]
		d := list.CreateElement("disk")
		d.CreateAttr("name", target)
		if !slices.Contains([]string{"", "disk"}, disk.SelectAttrValue("device", "")) || disk.SelectElement("readonly") != nil {
			d.CreateAttr("snapshot", "no")
			continue
		}
		active := imageOf(disk)
		if active.file == "" {
			return nil, diag.New("create", "Take that disk out, or snapshot it where it is kept.", "disk %q is not an image file, and only image files can be snapshot here", target)
		}
		under, ok := below(all, target, active.file, backingOf(disk))
		if !ok {
			under = active
		}
		if first == "" {
			first = path.Dir(active.file)
		}
		d.CreateAttr("snapshot", "external")
		d.CreateAttr("type", "file")
		d.CreateElement("driver").CreateAttr("type", overlayFormat)
		d.CreateElement("source").CreateAttr("file", overlayName(directory, plan.Str("domain"), target, name, active, under))
	}
	if first == "" {
		return nil, diag.New("create", "Give it a disk first.", "%s has no disk that is written to, and so nothing to snapshot", plan.Str("domain"))
	}
	if directory == "" {
		directory = first
	}
	if plan.Bool("memory") {
		memory.CreateAttr("snapshot", "external")
		memory.CreateAttr("file", memoryName(directory, plan.Str("domain"), name))
	} else {
		memory.CreateAttr("snapshot", "no")
	}
	return el, nil
}

func keys(disks map[string]*etree.Element) table.Model {
	m := table.Model{}
	for k := range disks {
		m[k] = true
	}
	return m
}

func (r *record) external() bool { return len(r.layers) > 0 || r.memory != "" }
