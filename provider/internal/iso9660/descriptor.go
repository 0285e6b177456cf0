package iso9660

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// treeKind is one of the two trees of directories in an image. Both have the same files.
type treeKind int

const (
	plain  treeKind = iota // with Rock Ridge
	joliet                 // with names in UCS-2
)

// layout is where the parts of a tree are.
type layout struct {
	dirs        []*entry
	little, big uint32 // the path tables, in both byte orders
}

// The places of values in a volume descriptor.
const (
	systemIDAt   = 8
	labelAt      = 40
	sizeAt       = 80
	escapeAt     = 88
	setSizeAt    = 120
	sequenceAt   = 124
	blockSizeAt  = 128
	tableSizeAt  = 132
	littleAt     = 140
	bigAt        = 148
	rootAt       = 156
	setIDAt      = 190
	datesAt      = 813
	structureAt  = 881
	dateSize     = 17
	dates        = 4
	labelSize    = 32
	jolietEscape = "%/E" // UCS-2, level 3
)

// describe writes the volume descriptor of a tree into a sector.
func (l layout) describe(b []byte, label string, t treeKind, size uint32) {
	copy(b, []byte{1 + byte(t), 'C', 'D', '0', '0', '1', 1})
	fill(b[systemIDAt:labelAt+labelSize], t)
	fill(b[setIDAt:datesAt], t)
	copy(b[labelAt:], encode(label, t))
	if t == joliet {
		copy(b[escapeAt:], jolietEscape)
	}
	both32(b[sizeAt:], size)
	both16(b[setSizeAt:], 1)
	both16(b[sequenceAt:], 1)
	both16(b[blockSizeAt:], sector)
	both32(b[tableSizeAt:], uint32(pathTableSize(l.dirs, t)))
	binary.LittleEndian.PutUint32(b[littleAt:], l.little)
	binary.BigEndian.PutUint32(b[bigAt:], l.big)
	copy(b[rootAt:], record("\x00", l.dirs[0].places[t], isDirectory, nil))
	for i := range dates { // not known
		copy(b[datesAt+i*dateSize:], bytes.Repeat([]byte{'0'}, dateSize-1))
	}
	b[structureAt] = 1
}

// fill writes spaces.
func fill(b []byte, t treeKind) {
	for i := range b {
		if t == plain || i%2 == 1 {
			b[i] = ' '
		}
	}
}

// encode returns a text as a tree has it.
func encode(text string, t treeKind) []byte {
	if t == plain {
		return []byte(text)
	}
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = binary.BigEndian.AppendUint16(b, unit)
	}
	return b
}

func both16(b []byte, v uint16) {
	binary.LittleEndian.PutUint16(b, v)
	binary.BigEndian.PutUint16(b[2:], v)
}

func both32(b []byte, v uint32) {
	binary.LittleEndian.PutUint32(b, v)
	binary.BigEndian.PutUint32(b[4:], v)
}

// byteOrder can also append.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// pathTable returns the list of the directories of a tree.
func pathTable(dirs []*entry, t treeKind, order byteOrder) []byte {
	var b []byte
	for i, dir := range dirs {
		id := dir.identifier(t)
		if i == 0 {
			id = "\x00"
		}
		b = append(b, byte(len(id)), 0)
		b = order.AppendUint32(b, dir.places[t].extent)
		b = order.AppendUint16(b, dir.parent.places[t].number)
		b = append(b, id...)
		if len(id)%2 == 1 {
			b = append(b, 0)
		}
	}
	return b
}

func pathTableSize(dirs []*entry, t treeKind) int {
	return len(pathTable(dirs, t, binary.LittleEndian))
}
