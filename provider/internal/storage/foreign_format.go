package storage

import (
	"fmt"
	"slices"
	"strings"
)

// foreignFormat is a format that no volume has. A guest that gets such a file as a raw disk finds no system on it.
type foreignFormat struct {
	name   string
	magics []string
	at     int
	fix    string // "": it can be converted
	asRaw  bool   // a raw volume may contain it
}

const (
	unpackFirst  = "unpack it first"
	longestMagic = 32
)

// foreignFormats are the formats of other hypervisors, of archives that are not unpacked, and of what is downloaded by mistake.
var foreignFormats = []foreignFormat{
	{name: "vmdk", magics: []string{"KDMV", "COWD"}},
	{name: "vmdk", magics: []string{"# Disk Descriptor"}, fix: "convert it where the files that it describes are, with 'qemu-img convert'"},
	{name: "vhdx", magics: []string{"vhdxfile"}},
	{name: "vhd", magics: []string{vhdCookie}},
	{name: "vdi", magics: []string{"<<< "}},
	{name: "qed", magics: []string{"QED\x00"}},
	{name: "qcow, version 1", magics: []string{"QFI\xfb\x00\x00\x00\x01"}},
	{name: "parallels", magics: []string{"WithoutFreeSpace", "WithouFreSpacExt"}},
	{name: "an ISO image of a CD", magics: []string{"CD001"}, at: 0x8001, asRaw: true,
		fix: `a disk needs an installed system; to attach it as a CD-ROM, set 'format' to "raw"`},
	{name: "packed with 7-Zip", magics: []string{"7z\xbc\xaf\x27\x1c"}, fix: unpackFirst},
	{name: "packed with RAR", magics: []string{"Rar!\x1a\x07"}, fix: unpackFirst},
	{name: "packed with lz4", magics: []string{"\x04\x22\x4d\x18"}, fix: unpackFirst},
	{name: "packed with lzop", magics: []string{"\x89LZO\x00"}, fix: unpackFirst},
	{name: "packed with compress", magics: []string{"\x1f\x9d"}, fix: unpackFirst},
	{name: "a web page", magics: []string{"<!DOCTYPE", "<!doctype", "<html", "<HTML"}, fix: "download the image itself, and check the URL"},
}

// vhdCookie is at the beginning of a growing VHD, and of the last sector of every VHD.
const (
	vhdCookie = "conectix"
	tailSize  = 512
)

func (f foreignFormat) is(content []byte) bool {
	begin := string(content[min(len(content), f.at):min(len(content), f.at+longestMagic)])
	return slices.ContainsFunc(f.magics, func(magic string) bool { return strings.HasPrefix(begin, magic) })
}

// refuse returns the error for content of this format; nil if a volume of a format may contain it.
func (f foreignFormat) refuse(name, format string) error {
	if f.asRaw && format == "raw" {
		return nil
	}
	fix := f.fix
	if fix == "" {
		fix = fmt.Sprintf("convert it with 'qemu-img convert -O %s'", format)
	}
	return fmt.Errorf("'source' must be a %s image, and %s is %s; %s", format, name, f.name, fix)
}

// checkTail checks the last bytes of an image that is to be raw: a VHD of fixed size says only there what it is.
func checkTail(tail []byte, name, format string) error {
	if f := (foreignFormat{name: "vhd", magics: []string{vhdCookie}}); format == "raw" && len(tail) == tailSize && f.is(tail) {
		return f.refuse(name, format)
	}
	return nil
}
