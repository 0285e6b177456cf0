package migration

import (
	"encoding/xml"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// What a migration writes into the metadata of a domain.
// https://libvirt.org/formatdomain.html#general-metadata
//
// storage.VolumesSpace is part of the domain where it arrives: which of its disks were which volumes before. journalSpace is written where
// the domain is, before anything is made where it goes: volumes there that are this migration's own.
const journalSpace = "https://kvm-fleet.dev/xmlns/migration/1"

type journal struct {
	XMLName xml.Name       `xml:"migration"` // libvirt gives and takes it without its namespace
	To      string         `xml:"to,attr"`
	Volumes []journalEntry `xml:"volume"`
}

type journalEntry struct {
	Pool string `xml:"pool,attr"`
	Name string `xml:"name,attr"`
}

// readJournal tells whether an attempt to bring the domain to that host has begun, and what that has made there.
func readJournal(l *libvirt.Libvirt, d libvirt.Domain, host string) (made map[volume]bool, begun bool, err error) {
	made = map[volume]bool{}
	text, err := l.DomainGetMetadata(d, int32(libvirt.DomainMetadataElement), libvirt.OptString{journalSpace}, libvirt.DomainAffectConfig)
	if conn.IsNotFound(err) {
		return made, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	var j journal
	if err := xml.Unmarshal([]byte(text), &j); err != nil || j.To != host {
		return made, false, err
	}
	for _, v := range j.Volumes {
		made[volume{v.Pool, v.Name}] = true
	}
	return made, true, nil
}

func writeJournal(l *libvirt.Libvirt, d libvirt.Domain, host string, volumes []volume) error {
	j := journal{To: host}
	for _, v := range volumes {
		j.Volumes = append(j.Volumes, journalEntry{v.pool, v.name})
	}
	text, err := xml.Marshal(j)
	if err != nil {
		return err
	}
	return setMetadata(l, d, libvirt.OptString{string(text)}, "migration", journalSpace)
}

func dropJournal(l *libvirt.Libvirt, d libvirt.Domain) error {
	return setMetadata(l, d, nil, "migration", journalSpace)
}

func setMetadata(l *libvirt.Libvirt, d libvirt.Domain, text libvirt.OptString, key, space string) error {
	active, err := l.DomainIsActive(d)
	if err != nil {
		return err
	}
	flags := libvirt.DomainAffectConfig
	if active == 1 {
		flags |= libvirt.DomainAffectLive
	}
	return l.DomainSetMetadata(d, int32(libvirt.DomainMetadataElement), text, libvirt.OptString{key}, libvirt.OptString{space}, flags)
}

// note writes into a domain's XML where its volumes come from, in place of what a migration before this one wrote.
func note(domain *etree.Element, from string, disks []*disk) {
	metadata := xmlmodel.Ensure(domain, "metadata")
	for _, el := range metadata.ChildElements() {
		if space := el.NamespaceURI(); space == journalSpace || space == storage.VolumesSpace {
			xmlmodel.Drop(el)
		}
	}
	list := etree.NewElement("volumes")
	list.CreateAttr("xmlns", storage.VolumesSpace)
	for _, d := range disks {
		if d.source.pool == "" || d.home.name == "" || d.shared {
			continue
		}
		v := list.CreateElement("volume")
		v.CreateAttr("from", from+"/"+d.source.pool+"/"+d.source.name)
		v.CreateAttr("pool", d.home.pool)
		v.CreateAttr("name", d.home.name)
		if d.media {
			v.CreateAttr("medium", "yes") // its source stays too
		}
	}
	if len(list.ChildElements()) > 0 {
		metadata.AddChild(list)
	}
	if len(metadata.ChildElements()) == 0 {
		xmlmodel.Drop(metadata)
	}
}

// leftAt are the volumes that were copied from a host, as the domain that has arrived says.
func leftAt(l *libvirt.Libvirt, id libvirt.UUID, host string) ([]volume, error) {
	d, err := l.DomainLookupByUUID(id)
	if err != nil {
		return nil, err
	}
	taken, err := storage.TakenBy(l, d)
	var left []volume
	for _, v := range taken {
		if parts := strings.SplitN(v.From, "/", 3); len(parts) == 3 && parts[0] == host && v.Medium == "" {
			left = append(left, volume{parts[1], parts[2]})
		}
	}
	return left, err
}
