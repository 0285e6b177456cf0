package schema

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// filesystemRow are the directories that the host shares with the guest.
var filesystemRow = table.Attr{
	Name: "filesystems", Type: table.Map, Mode: table.Optional,
	Running: table.Running{Operation: ChangeFilesystems}, CostOf: sharing,
	CostDoc: "An entry with `virtiofs` is attached and detached live if the guest runs with shared memory and the entry has no `address`; " +
		"otherwise at the guest's next start.",
	Check: mountTag, Entries: filesystemCodec{},
	Doc: "Directories of the host that the guest can mount, by their mount tag: `mount -t virtiofs TAG /mnt`.",
	Attrs: []table.Attr{
		{
			Name: "source", Type: table.String, Mode: table.Required, OnHost: table.OnHost{Names: table.FileOnHost}, Change: table.NextBoot,
			Check: table.AbsolutePath, XML: xmlmodel.At("source@dir"),
			Doc: "The directory on the host.",
		},
		{
			Name: "driver", Type: table.String, Mode: table.Optional, Default: "virtiofs",
			Enum: []string{"virtiofs", "9p"}, Change: table.NextBoot, XML: filesystemDriver,
			Doc: "How the directory is shared. `virtiofs` requires `memory_backing.access` to be `shared`; `9p` is slower and has no requirements.",
		},
		{
			Name: "read_only", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
			XML: present("readonly"),
			Doc: "Whether the guest can only read the directory. libvirt 9.0 supports that with `9p` only.",
		},
		{
			Name: "access_mode", Type: table.String, Mode: table.Optional, Default: "passthrough",
			Enum: []string{"passthrough", "mapped", "squash"}, Change: table.NextBoot, XML: xmlmodel.At("@accessmode"),
			Doc: "Who owns the files that the guest creates. `passthrough`: the users of the guest, by their numbers. The other modes require `9p`.",
		},
		{
			Name: "cache", Type: table.String, Mode: table.Optional, Enum: []string{"none", "always"},
			Change: table.NextBoot, XML: filesystemCache,
			Doc: "How much `virtiofs` lets the guest cache. Unset: virtiofsd's own choice.",
		},
		{
			Name: "queue", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.Between(1, 1024),
			XML: xmlmodel.At("driver@queue"),
			Doc: "The length of the request queue of `virtiofs`.",
		},
		pciAddressRow(),
	},
}

// sharing is the cost of a directory that is attached or detached. QEMU hot-plugs virtiofs only, and only into shared memory.
func sharing(c table.ValueChange) table.Cost {
	for _, domain := range []table.Model{c.Above.From, c.Above.To} {
		if domain.Group("memory_backing")["access"] != "shared" {
			return table.NextBoot
		}
	}
	for _, entry := range []any{c.Was, c.Is} {
		if fs, there := entry.(table.Model); there && (fs["driver"] != "virtiofs" || fs["address"] != nil) {
			return table.NextBoot
		}
	}
	return table.Live
}

// mountTag checks a mount tag, for which virtio has a limited length. https://docs.oasis-open.org/virtio/virtio/v1.2/virtio-v1.2.html
func mountTag(v any) error {
	switch s := v.(string); {
	case s == "" || strings.ContainsAny(s, " \t\n,"):
		return fmt.Errorf("must be a name without blanks and commas, got %q", s)
	case len(s) > 31:
		return fmt.Errorf("must have at most 31 characters, got %d in %q; shorten it", len(s), s)
	}
	return nil
}

// filesystemCodec reads and writes the shared directories, which are keyed by the tag that the guest mounts.
type filesystemCodec struct{}

func (filesystemCodec) Elements(devices *etree.Element) (keys []string, elements []*etree.Element) {
	for _, fs := range devices.SelectElements("filesystem") {
		if tag := xmlmodel.At("target@dir").Text(fs); tag != "" {
			keys, elements = append(keys, tag), append(elements, fs)
		}
	}
	return keys, elements
}

func (filesystemCodec) Make(devices *etree.Element, tag string, _ table.Model) *etree.Element {
	fs := devices.CreateElement("filesystem")
	fs.CreateAttr("type", "mount")
	xmlmodel.At("target@dir").Write(fs, tag)
	return fs
}

// filesystemDriver reads the driver. libvirt calls 9p "path", or omits it.
var filesystemDriver = xmlmodel.Func{
	R: func(fs *etree.Element) any {
		if v := xmlmodel.At("driver@type").Read(fs); v != nil && v != "path" {
			return v
		}
		return "9p"
	},
	W: func(fs *etree.Element, v any) {
		for _, name := range []string{"driver", "binary", "address"} {
			xmlmodel.Drop(fs.SelectElement(name))
		}
		if v == "9p" {
			v = "path"
		}
		xmlmodel.At("driver@type").Write(fs, v)
	},
}

// filesystemCache is the cache mode. Other settings of virtiofsd in the same element are kept.
var filesystemCache = xmlmodel.Func{
	R: xmlmodel.At("binary/cache@mode").Read,
	W: func(fs *etree.Element, v any) {
		if v != nil {
			xmlmodel.At("binary/cache@mode").Write(fs, v)
			return
		}
		xmlmodel.Drop(xmlmodel.Find(fs, "binary", "cache"))
		dropEmpty(fs.SelectElement("binary"))
	},
}
