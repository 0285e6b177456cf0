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

// A migration writes two elements into the metadata of a domain.
// https://libvirt.org/formatdomain.html#general-metadata
//
// storage.VolumesSpace is in the domain on the new host: which of its disks were which volumes before. journalSpace is written on the old
// host before anything is created on the new one: the volumes there that belong to this migration.
const journalSpace = "https://kvm-fleet.dev/xmlns/migration/1"

type journal struct {
	XMLName xml.Name       `xml:"migration"` // libvirt reads and writes it without its namespace
	To      string         `xml:"to,attr"`
	Volumes []journalEntry `xml:"volume"`
}

type journalEntry struct {
	Pool string `xml:"pool,attr"`
	Name string `xml:"name,attr"`
}

// readJournal reports whether a migration of the domain to that host has begun, and which volumes it created there.
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

// writeJournal records that a migration to a host begins, and the volumes that it will create there.
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

// recordSources writes into a domain's XML where its volumes come from. It replaces what an earlier migration wrote.
func recordSources(domain *etree.Element, from string, disks []*disk) {
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
			v.CreateAttr("medium", "yes") // its source is kept
		}
	}
	if len(list.ChildElements()) > 0 {
		metadata.AddChild(list)
	}
	if len(metadata.ChildElements()) == 0 {
		xmlmodel.Drop(metadata)
	}
}

// copiedSources returns the volumes that were copied from a host, according to the migrated domain.
func copiedSources(l *libvirt.Libvirt, id libvirt.UUID, host string) ([]volume, error) {
	d, err := l.DomainLookupByUUID(id)
	if err != nil {
		return nil, err
	}
	taken, err := storage.VolumesMovedWith(l, d)
	var left []volume
	for _, v := range taken {
		if parts := strings.SplitN(v.From, "/", 3); len(parts) == 3 && parts[0] == host && v.Medium == "" {
			left = append(left, volume{parts[1], parts[2]})
		}
	}
	return left, err
}
