package snapshot

import (
	"path"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// image is a file and its format.
type image struct{ file, format string }

// layer is one disk of a snapshot: the frozen file, and the file that the domain wrote to afterwards.
type layer struct {
	frozen  image
	overlay string
}

// record is a snapshot as libvirt stores it.
type record struct {
	name, parent, description string
	state                     string // in libvirt's words
	created                   time.Time
	memory                    string      // the file
	begun                     destruction // nil if its destruction was not begun
	layers                    map[string]layer
	root                      *etree.Element
}

// describeAs writes the description.
func (r *record) describeAs(description any) {
	text, _ := description.(string)
	if r.begun != nil {
		text = strings.TrimPrefix(text+"\n"+r.begun.note(), "\n")
	}
	var v any
	if text != "" {
		v = text
	}
	xmlmodel.At("description").Write(r.root, v)
}

// disksOf returns the disks of a domain by target name.
func disksOf(domain *etree.Element) map[string]*etree.Element {
	found := map[string]*etree.Element{}
	if devices := xmlmodel.Find(domain, "devices"); devices != nil {
		for _, d := range devices.SelectElements("disk") {
			found[xmlmodel.At("target@dev").Text(d)] = d
		}
	}
	return found
}

func imageOf(disk *etree.Element) image {
	return image{xmlmodel.At("source@file").Text(disk), xmlmodel.At("driver@type").Text(disk)}
}

// parse reads a snapshot's XML. https://libvirt.org/formatsnapshot.html
func parse(xml string) (*record, error) {
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return nil, err
	}
	r := &record{root: root, name: xmlmodel.At("name").Text(root), parent: xmlmodel.At("parent/name").Text(root),
		description: xmlmodel.At("description").Text(root), state: xmlmodel.At("state").Text(root),
		memory: xmlmodel.At("memory@file").Text(root), layers: map[string]layer{}}
	r.description, r.begun = cutNote(r.description)
	if seconds, err := strconv.ParseInt(xmlmodel.At("creationTime").Text(root), 10, 64); err == nil {
		r.created = time.Unix(seconds, 0).UTC()
	}
	before := map[string]*etree.Element{}
	if domain := root.SelectElement("domain"); domain != nil {
		before = disksOf(domain)
	}
	for _, d := range r.diskElements() {
		name := d.SelectAttrValue("name", "")
		if d.SelectAttrValue("snapshot", "") == "external" && before[name] != nil {
			r.layers[name] = layer{imageOf(before[name]), xmlmodel.At("source@file").Text(d)}
		}
	}
	return r, nil
}

func (r *record) diskElements() []*etree.Element {
	if disks := r.root.SelectElement("disks"); disks != nil {
		return disks.SelectElements("disk")
	}
	return nil
}

func (r *record) targets() []string {
	names := make([]string, 0, len(r.layers))
	for n := range r.layers {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// model returns the attributes of the snapshot.
func (r *record) model() table.Model {
	m := table.Model{"name": r.name, "description": nil, "memory": r.memory != "", "memory_file": r.memory, "parent": r.parent,
		"created": r.created.Format(time.RFC3339), "state": running}
	if r.description != "" {
		m["description"] = r.description
	}
	switch r.state {
	case "paused":
		m["state"] = paused
	case "shutoff", "crashed":
		m["state"] = stopped
	}
	disks := table.Model{}
	for name, l := range r.layers {
		disks[name] = table.Model{"file": l.frozen.file, "overlay": l.overlay}
		if dir := path.Dir(l.overlay); dir != path.Dir(l.frozen.file) {
			m["directory"] = dir
		}
	}
	m["disks"] = disks
	return m
}

// records returns all snapshots of a domain.
func records(l *libvirt.Libvirt, d libvirt.Domain) ([]*record, error) {
	// Asking for the list needs libvirt to know how many there may be; one that is made meanwhile is not missed this way.
	snapshots, _, err := l.DomainListAllSnapshots(d, 1, 0)
	if err != nil {
		return nil, err
	}
	out := make([]*record, 0, len(snapshots))
	for _, s := range snapshots {
		xml, err := l.DomainSnapshotGetXMLDesc(s, 0)
		if err != nil {
			return nil, err
		}
		r, err := parse(xml)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}
