package snapshot

import (
	"path"
	"slices"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Validate checks the rules between attributes.
func (Resource) Validate(config table.Model) []table.Problem {
	problems := table.NewProblems()
	if config.Bool("memory") && config.Bool("quiesce") {
		problems.Conflicts("quiesce", "memory", "the memory contains what the guest has not written to its disks")
	}
	return problems.List()
}

// describe returns the XML of a domain, live or inactive.
func describe(l *libvirt.Libvirt, d libvirt.Domain, flags libvirt.DomainXMLFlags) (*etree.Element, error) {
	xml, err := l.DomainGetXMLDesc(d, flags)
	if err != nil {
		return nil, err
	}
	return xmlmodel.Parse(xml)
}

// design returns the XML and the flags for a new snapshot, and the files that it has to keep a copy of. It records the guest's state in
// plan.
func design(l *libvirt.Libvirt, d libvirt.Domain, plan table.Model) (xml string, flags libvirt.DomainSnapshotCreateFlags,
	kept []stateFile, err error) {
	if err := notSaved(l, d, "create"); err != nil {
		return "", 0, nil, err
	}
	now, _, err := l.DomainGetState(d, 0)
	if err != nil {
		return "", 0, nil, err
	}
	state := map[libvirt.DomainState]string{libvirt.DomainShutoff: stopped, libvirt.DomainCrashed: stopped,
		libvirt.DomainPaused: paused}[libvirt.DomainState(now)]
	if state == "" {
		state = running
	}
	if state == stopped && plan.Bool("memory") {
		return "", 0, nil, diag.New("create", "Start the domain, or remove 'memory'.",
			"'memory' requires a guest that is running or paused, and %s is stopped", plan.Str("domain"))
	}
	domain, err := describe(l, d, 0)
	if err != nil {
		return "", 0, nil, err
	}
	if plan.Bool("memory") {
		if err := checkMemory(domain); err != nil {
			return "", 0, nil, err
		}
	}
	all, err := records(l, d)
	if err != nil {
		return "", 0, nil, err
	}
	el, directory, err := document(plan, domain, all)
	if err != nil {
		return "", 0, nil, err
	}
	plan["state"] = state
	flags = libvirt.DomainSnapshotCreateAtomic
	switch {
	case plan.Bool("memory"):
		flags |= libvirt.DomainSnapshotCreateLive
	default:
		flags |= libvirt.DomainSnapshotCreateDiskOnly
		kept = stateOf(domain, directory, plan.Str("domain"), plan.Str("name"))
	}
	if plan.Bool("quiesce") {
		flags |= libvirt.DomainSnapshotCreateQuiesce
	}
	xml, err = xmlmodel.Text(el)
	return xml, flags, kept, err
}

// document returns the new snapshot's XML, and the directory of its files. https://libvirt.org/formatsnapshot.html
func document(plan table.Model, domain *etree.Element, all []*record) (el *etree.Element, kept string, err error) {
	name := plan.Str("name")
	directory := plan.Str("directory")
	el = etree.NewElement("domainsnapshot")
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
			return nil, "", diag.New("create", "Remove that disk, or create a snapshot in its storage system.",
				"disk %q is not an image file, and this resource supports only image files", target)
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
		return nil, "", diag.New("create", "Add a disk to the domain first.",
			"%s has no writable disk, so there is nothing to snapshot", plan.Str("domain"))
	}
	if kept = directory; kept == "" {
		kept = first
	}
	if plan.Bool("memory") {
		memory.CreateAttr("snapshot", "external")
		memory.CreateAttr("file", memoryName(kept, plan.Str("domain"), name))
	} else {
		memory.CreateAttr("snapshot", "no")
	}
	return el, kept, nil
}

func keys(disks map[string]*etree.Element) table.Model {
	m := table.Model{}
	for k := range disks {
		m[k] = true
	}
	return m
}

func (r *record) external() bool { return len(r.layers) > 0 || r.memory != "" }
