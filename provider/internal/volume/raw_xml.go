package volume

import (
	"context"
	"slices"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/rawxml"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// RawXML is the attribute `xml`. It has an effect when libvirt creates the volume: what it asks for is then in the header of the image, and a copy of
// the volume that moves to another host has another header. So it is not read again.
var RawXML = rawxml.New(rawxml.Format{
	Root:       "volume",
	Note:       "libvirt uses it when it creates the volume or its content; a change of it alone is only recorded.",
	Parents:    "`target`, `target/encryption`",
	Numbered:   "backingStore[1]",
	Attributes: `{ name = "aes", size = "256" }`,
	Path:       "target or target/encryption",
	Example:    "<features><lazy_refcounts/></features>",
	Prefix:     `<x:note xmlns:x="https://example.org/notes"/>`,
	Whole:      true,
	Reserved: map[string]string{
		"name": "name", "allocation": "preallocation", "target": "format", "target/permissions": storage.Permissions,
	},
	Own: []string{"key", "physical", "source", "target/timestamps"},
	Repeats: func(_ []string, el *etree.Element) bool {
		return slices.Contains([]string{"device", "extent", "secret"}, el.Tag)
	},
}, rows)

// verifyXML returns an error if libvirt has dropped elements of `xml` from a new volume.
func verifyXML(ctx context.Context, host *conn.Host, plan table.Model) error {
	if len(plan.Group("xml")) == 0 {
		return nil
	}
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		_, v, err := storage.VolumeInPool(l, plan)
		if err != nil {
			return err
		}
		xml, err := l.StorageVolGetXMLDesc(v, 0)
		if err != nil {
			return err
		}
		return RawXML.VerifyAccepted(host.Name, Table.See, xml, plan)
	})
}
