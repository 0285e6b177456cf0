// Package iso9660 writes and reads small ISO 9660 images with the names of Rock Ridge, which Linux reads, and of Joliet, which Windows reads.
//
// https://ecma-international.org/publications-and-standards/standards/ecma-119/
package iso9660

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"
)

// What an image can hold.
const (
	MaxLabel = 16 // characters of a Joliet label
	MaxName  = 64 // characters of a Joliet name
	MaxDepth = 8  // names in a path
)

// Disk is the content of an image.
type Disk struct {
	Label string            // ASCII
	Files map[string][]byte // by their paths, such as "openstack/latest/user_data"
}

const (
	sector      = 2048
	systemArea  = 16 // sectors before the first descriptor
	descriptors = 3
)

// entry is a file or a directory.
type entry struct {
	name     string
	content  []byte
	isDir    bool
	children []*entry
	parent   *entry

	plain  string // the name that ISO 9660 itself has
	extent uint32 // of a file
	places [2]place
}

// place is where a directory is in one of the two trees, plain and Joliet.
type place struct {
	extent, size uint32
	number       uint16 // in the path table
}

// tree returns the root directory of a disk.
func (d Disk) tree() *entry {
	root := &entry{isDir: true}
	root.parent = root
	for _, path := range slices.Sorted(maps.Keys(d.Files)) {
		at := root
		parts := strings.Split(path, "/")
		for _, part := range parts[:len(parts)-1] {
			at = at.directory(part)
		}
		at.children = append(at.children, &entry{name: parts[len(parts)-1], content: d.Files[path], parent: at})
	}
	root.namePlain()
	return root
}

func (e *entry) directory(name string) *entry {
	if i := slices.IndexFunc(e.children, func(c *entry) bool { return c.isDir && c.name == name }); i >= 0 {
		return e.children[i]
	}
	dir := &entry{name: name, isDir: true, parent: e}
	e.children = append(e.children, dir)
	return dir
}

// breadthFirst returns the directories in the order of a path table, and numbers them.
func breadthFirst(root *entry, t treeKind) []*entry {
	dirs := []*entry{root}
	for i := 0; i < len(dirs); i++ {
		dirs[i].places[t].number = uint16(i + 1)
		for _, c := range dirs[i].sorted(t) {
			if c.isDir {
				dirs = append(dirs, c)
			}
		}
	}
	return dirs
}

// Image returns the image. The same disk always gives the same image.
func (d Disk) Image() []byte {
	root := d.tree()
	next := uint32(systemArea + descriptors)
	take := func(size int) uint32 {
		at := next
		next += uint32(max(1, (size+sector-1)/sector))
		return at
	}
	var trees [2]layout
	for _, t := range []treeKind{plain, joliet} {
		trees[t].dirs = breadthFirst(root, t)
		trees[t].little, trees[t].big = take(pathTableSize(trees[t].dirs, t)), take(pathTableSize(trees[t].dirs, t))
		for _, dir := range trees[t].dirs {
			dir.places[t].size = dir.size(t)
			dir.places[t].extent = take(int(dir.places[t].size))
		}
	}
	root.eachFile(func(f *entry) { f.extent = take(len(f.content)) })

	image := make([]byte, int(next)*sector)
	at := func(extent uint32) []byte { return image[int(extent)*sector:] }
	for _, t := range []treeKind{plain, joliet} {
		trees[t].describe(at(uint32(systemArea+int(t))), d.Label, t, next)
		copy(at(trees[t].little), pathTable(trees[t].dirs, t, binary.LittleEndian))
		copy(at(trees[t].big), pathTable(trees[t].dirs, t, binary.BigEndian))
		for _, dir := range trees[t].dirs {
			copy(at(dir.places[t].extent), dir.records(t))
		}
	}
	copy(at(systemArea+2), "\xffCD001\x01")
	root.eachFile(func(f *entry) { copy(at(f.extent), f.content) })
	return image
}

func (e *entry) eachFile(do func(*entry)) {
	for _, c := range e.children {
		if c.isDir {
			c.eachFile(do)
		} else {
			do(c)
		}
	}
}
