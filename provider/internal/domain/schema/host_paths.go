package schema

import (
	"path"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// HostPath is a path of the host that a definition names.
type HostPath struct {
	Path  string
	Need  PathNeed
	Where string // the place in the XML, for messages
	Image bool   // the image of a disk, which moves to another host with the domain
}

// PathNeed says what has to be at a path when the guest starts.
type PathNeed int

const (
	// PathExists means that there has to be a file, a directory or a device.
	PathExists PathNeed = iota
	// FolderExists means that the file is created, or is a socket, which no pool shows: only its directory can be checked.
	FolderExists
)

// pathPlace is a place in libvirt's XML that has a path of the host. https://libvirt.org/formatdomain.html
type pathPlace struct {
	parent, tag, attr string // no parent: any; no attr: the element's text
	need              PathNeed
}

// pathPlaces are the places that libvirt's schema (9.0, domaincommon.rng) gives to absolute paths of files that QEMU or libvirt open. Sources of
// disks and of character devices depend on their types, and are not here.
var pathPlaces = []pathPlace{
	{"os", "loader", "", PathExists},
	{"os", "nvram", "template", PathExists},
	{"os", "nvram", "", FolderExists},
	{"os", "kernel", "", PathExists},
	{"os", "initrd", "", PathExists},
	{"os", "dtb", "", PathExists},
	{"acpi", "table", "", PathExists},
	{"sysinfo", "entry", "file", PathExists},
	{"", "rom", "file", PathExists},
	{"source", "config", "file", PathExists},
	{"source", "path", "", PathExists}, // memory on a file, without which libvirt (9.0) does not start the guest
	{"filesystem", "source", "dir", PathExists},
	{"filesystem", "source", "file", PathExists},
	{"filesystem", "source", "dev", PathExists},
	{"filesystem", "source", "socket", FolderExists},
	{"filesystem", "binary", "path", PathExists},
	{"interface", "script", "path", PathExists},
	{"interface", "downscript", "path", PathExists},
	{"interface", "backend", "tap", PathExists},
	{"interface", "backend", "vhost", PathExists},
	{"interface", "backend", "logFile", FolderExists},
	{"interface", "source", "path", FolderExists},
	{"graphics", "gl", "rendernode", PathExists},
	{"model", "acceleration", "rendernode", PathExists},
	{"", "graphics", "socket", FolderExists},
	{"graphics", "listen", "socket", FolderExists},
	{"", "log", "file", FolderExists},
	{"shmem", "server", "path", FolderExists},
	{"smartcard", "database", "", PathExists},
	{"backend", "device", "path", PathExists},
	{"device", "path", "", PathExists},          // a disk of the host in <blkiotune>
	{"backend", "source", "path", FolderExists}, // the socket of an external TPM
	{"input", "source", "evdev", PathExists},
	{"input", "source", "dev", PathExists},
	{"source", "block", "", PathExists},
	{"source", "char", "", PathExists},
	{"rng", "backend", "", PathExists},
	{"audio", "input", "dev", PathExists},
	{"audio", "output", "dev", PathExists},
	{"", "audio", "path", FolderExists},
}

// HostPaths lists the paths of the host that a definition names.
func HostPaths(domain *etree.Element) []HostPath {
	var found []HostPath
	add := func(text string, need PathNeed, image bool, where ...string) {
		if text = strings.TrimSpace(text); path.IsAbs(text) {
			found = append(found, HostPath{Path: path.Clean(text), Need: need, Image: image, Where: strings.Join(where, "")})
		}
	}
	xmlmodel.Each(domain, func(el *etree.Element) {
		if el.Parent() == nil || inMetadata(el) {
			return
		}
		parent := el.Parent().Tag
		for _, p := range pathPlaces {
			switch {
			case el.Tag != p.tag || p.parent != "" && p.parent != parent:
			case p.attr == "":
				add(el.Text(), p.need, false, parent, "/", el.Tag)
			default:
				add(el.SelectAttrValue(p.attr, ""), p.need, false, parent, "/", el.Tag, "@", p.attr)
			}
		}
		switch {
		case el.Tag == "disk", el.Tag == "backingStore":
			addDiskSource(el, add)
		case slices.Contains([]string{"serial", "parallel", "console", "channel", "redirdev", "rng", "smartcard"}, el.Tag):
			addCharacterDevice(el, add)
		case el.Tag == "commandline" && el.NamespaceURI() == qemuNamespace:
			addArguments(el, add)
		}
	})
	return found
}

const qemuNamespace = "http://libvirt.org/schemas/domain/qemu/1.0"

type addPath func(text string, need PathNeed, image bool, where ...string)

func inMetadata(el *etree.Element) bool {
	for ; el != nil; el = el.Parent() {
		if el.Tag == "metadata" {
			return true
		}
	}
	return false
}

// addDiskSource adds the image of a disk, or one that it rests on. A drive whose medium is optional starts without it.
func addDiskSource(el *etree.Element, add addPath) {
	source := el.SelectElement("source")
	if source == nil || source.SelectAttrValue("startupPolicy", "mandatory") != "mandatory" {
		return
	}
	where := "disk " + xmlmodel.At("target@dev").Text(el)
	if el.Tag == "backingStore" {
		where = "backingStore"
	}
	for _, attr := range []string{"file", "dev", "dir"} {
		add(source.SelectAttrValue(attr, ""), PathExists, true, where)
	}
	if el.SelectAttrValue("type", "") == "vhostuser" {
		add(source.SelectAttrValue("path", ""), FolderExists, false, where)
	}
	for _, host := range source.SelectElements("host") {
		add(host.SelectAttrValue("socket", ""), FolderExists, false, where)
	}
}

// addCharacterDevice adds what a character device is connected to. QEMU creates files and sockets to listen on.
func addCharacterDevice(el *etree.Element, add addPath) {
	need := FolderExists
	if typ := el.SelectAttrValue("type", ""); typ == "dev" || typ == "pipe" {
		need = PathExists
	}
	holders := append(el.SelectElements("backend"), el) // the source of a random number generator is in its backend
	for _, holder := range holders {
		for _, source := range holder.SelectElements("source") {
			add(source.SelectAttrValue("path", ""), need, false, el.Tag)
		}
	}
}

// fileOptions are options of QEMU's command line whose next argument is a file that has to exist.
var fileOptions = []string{
	"-kernel", "-initrd", "-dtb", "-bios", "-pflash", "-cdrom", "-hda", "-hdb", "-hdc", "-hdd", "-fda", "-fdb", "-option-rom", "-L",
}

// fileKeys are keys in QEMU's arguments whose value is a file that has to exist. Values of other keys may be created.
var fileKeys = []string{"file", "romfile", "filename", "initrd", "kernel", "dtb", "data", "sig"}

// addArguments adds the paths in arguments that are passed to QEMU as they are.
func addArguments(commandline *etree.Element, add addPath) {
	before := ""
	for _, arg := range commandline.SelectElements("arg") {
		text := arg.SelectAttrValue("value", "")
		switch {
		case path.IsAbs(text):
			need := FolderExists
			if slices.Contains(fileOptions, before) {
				need = PathExists
			}
			add(text, need, false, "qemu:arg ", before)
		case before == "-object" && strings.HasPrefix(text, "memory-backend"), strings.HasPrefix(before, "-chardev"):
			addPairs(text, nil, before, add)
		default:
			addPairs(text, fileKeys, before, add)
		}
		before = text
	}
}

// addPairs adds the absolute paths in an argument like "name=opt/x,file=/y". A comma in a value is written twice.
func addPairs(text string, existing []string, option string, add addPath) {
	const comma = "\x00"
	for pair := range strings.SplitSeq(strings.ReplaceAll(text, ",,", comma), ",") {
		key, value, _ := strings.Cut(pair, "=")
		need := FolderExists
		if slices.Contains(existing, key[strings.LastIndexByte(key, '.')+1:]) {
			need = PathExists
		}
		add(strings.ReplaceAll(value, comma, ","), need, false, "qemu:arg ", option)
	}
}
