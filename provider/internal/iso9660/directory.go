package iso9660

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

const (
	isFile      = 0
	isDirectory = 2

	// The modes of Rock Ridge. Files can be executed, since some guests run them from the disk.
	fileMode      = 0o100500
	directoryMode = 0o040500
)

// date is when everything was made: the first of January 2000, so that the same disk gives the same image.
var date = []byte{100, 1, 1, 0, 0, 0, 0}

// record returns a directory record.
func record(id string, at place, flags byte, systemUse []byte) []byte {
	b := make([]byte, 33, 255)
	both32(b[2:], at.extent)
	both32(b[10:], at.size)
	copy(b[18:], date)
	b[25] = flags
	both16(b[28:], 1)
	b[32] = byte(len(id))
	b = append(b, id...)
	if len(b)%2 == 1 {
		b = append(b, 0)
	}
	b = append(b, systemUse...)
	if len(b)%2 == 1 {
		b = append(b, 0)
	}
	b[0] = byte(len(b))
	return b
}

// recordList returns the records of a directory: of itself, of its parent, and of its children.
func (e *entry) recordList(t treeKind) [][]byte {
	var self, parent []byte
	if t == plain {
		self, parent = rockRidge(e), rockRidge(e.parent)
		if e.parent == e {
			self = append(suspBegin(), self...)
		}
	}
	list := [][]byte{record("\x00", e.places[t], isDirectory, self), record("\x01", e.parent.places[t], isDirectory, parent)}
	for _, c := range e.sorted(t) {
		at, flags, systemUse := c.places[t], byte(isDirectory), []byte(nil)
		if !c.isDir {
			at, flags = place{extent: c.extent, size: uint32(len(c.content))}, isFile
		}
		if t == plain {
			systemUse = append(rockRidge(c), "NM"...)
			systemUse = append(systemUse, byte(5+len(c.name)), 1, 0)
			systemUse = append(systemUse, c.name...)
		}
		list = append(list, record(c.identifier(t), at, flags, systemUse))
	}
	return list
}

// records returns the content of a directory. No record crosses the end of a sector.
func (e *entry) records(t treeKind) []byte {
	var b []byte
	for _, r := range e.recordList(t) {
		if left := sector - len(b)%sector; left < len(r) {
			b = append(b, make([]byte, left)...)
		}
		b = append(b, r...)
	}
	return append(b, make([]byte, (sector-len(b)%sector)%sector)...)
}

func (e *entry) size(t treeKind) uint32 { return uint32(len(e.records(t))) }

// rockRidge returns the mode of an entry (PX). https://web.archive.org/web/2017/http://ftp.ymi.com/pub/rockridge/rrip112.ps
func rockRidge(e *entry) []byte {
	b := make([]byte, 36)
	copy(b, "PX\x24\x01")
	mode, links := uint32(fileMode), uint32(1)
	if e.isDir {
		mode, links = directoryMode, 2
		for _, c := range e.children {
			if c.isDir {
				links++
			}
		}
	}
	both32(b[4:], mode)
	both32(b[12:], links)
	return b
}

// suspBegin returns what says that there is Rock Ridge in the image: SP, and ER with the name of the extension.
func suspBegin() []byte {
	const name = "RRIP_1991A"
	b := []byte{'S', 'P', 7, 1, 0xbe, 0xef, 0, 'E', 'R', byte(8 + len(name)), 1, byte(len(name)), 0, 0, 1}
	return append(b, name...)
}

// identifier returns the name of an entry in a tree.
func (e *entry) identifier(t treeKind) string {
	if t == plain {
		return e.plain
	}
	return string(encode(e.name, t))
}

// sorted returns the children in the order in which a directory has them.
func (e *entry) sorted(t treeKind) []*entry {
	list := slices.Clone(e.children)
	slices.SortFunc(list, func(a, b *entry) int { return strings.Compare(a.identifier(t), b.identifier(t)) })
	return list
}

const (
	plainBase = 20
	plainEnd  = 7
)

// namePlain gives each entry below a directory the name that ISO 9660 itself allows: capital letters, digits and '_', unique in its directory.
func (e *entry) namePlain() {
	taken := map[string]bool{}
	for _, c := range e.children {
		base, end, dot := c.name, "", strings.LastIndex(c.name, ".")
		if dot > 0 && !c.isDir {
			base, end = c.name[:dot], c.name[dot+1:]
		}
		base, end = plainText(base, plainBase), plainText(end, plainEnd)
		id := base
		for i := 1; taken[id+"."+end]; i++ {
			id = fmt.Sprintf("%.*s_%03d", plainBase-4, base, i)
		}
		taken[id+"."+end] = true
		if c.plain = id; !c.isDir {
			c.plain = id + "." + end + ";1"
		}
		c.namePlain()
	}
}

func plainText(text string, most int) string {
	mapped := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, strings.ToUpper(text))
	return mapped[:min(len(mapped), most)]
}

// number reads a value that is there in both byte orders.
func number(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }
