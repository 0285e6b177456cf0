package iso9660

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf16"
)

var errDamaged = errors.New("it is no ISO 9660 image, or it is damaged")

// Read reads an image: the names of Joliet if it has them, otherwise those of Rock Ridge.
func Read(image []byte) (d Disk, err error) {
	r := reader{image: image, files: map[string][]byte{}}
	var root []byte
	for i := systemArea; ; i++ {
		b, err := r.at(uint32(i), sector)
		if err != nil || string(b[1:6]) != "CD001" {
			return d, errDamaged
		}
		if b[0] == 255 {
			break
		}
		switch isJoliet := b[0] == 2 && bytes.HasPrefix(b[escapeAt:], []byte("%/")); {
		case b[0] == 1:
			d.Label = strings.TrimRight(string(b[labelAt:labelAt+labelSize]), " \x00")
			root = b[rootAt:]
		case isJoliet:
			r.joliet = true
			root = b[rootAt:]
		}
	}
	if root == nil {
		return d, errDamaged
	}
	err = r.read("", root, 0)
	d.Files = r.files
	return d, err
}

type reader struct {
	image  []byte
	joliet bool
	files  map[string][]byte
}

func (r reader) at(extent, size uint32) ([]byte, error) {
	begin := int64(extent) * sector
	if end := begin + int64(size); end <= int64(len(r.image)) {
		return r.image[begin:end], nil
	}
	return nil, errDamaged
}

// read reads the directory of a record.
func (r reader) read(dir string, of []byte, depth int) error {
	content, err := r.at(number(of[2:]), number(of[10:]))
	if err != nil || depth > MaxDepth {
		return errDamaged
	}
	for i := 0; i < len(content); {
		size := int(content[i])
		if size == 0 { // the next record is in the next sector
			i += sector - i%sector
			continue
		}
		if size < 34 || i+size > len(content) || 33+int(content[i+32]) > size {
			return errDamaged
		}
		rec := content[i : i+size]
		i += size
		id := string(rec[33 : 33+int(rec[32])])
		if id == "\x00" || id == "\x01" {
			continue
		}
		path := dir + r.name(id, rec)
		if rec[25]&isDirectory != 0 {
			err = r.read(path+"/", rec, depth+1)
		} else {
			r.files[path], err = r.at(number(rec[2:]), number(rec[10:]))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// name returns the name in a record.
func (r reader) name(id string, rec []byte) string {
	if r.joliet {
		units := make([]uint16, len(id)/2)
		for i := range units {
			units[i] = binary.BigEndian.Uint16([]byte(id[2*i:]))
		}
		return strings.TrimSuffix(string(utf16.Decode(units)), ";1")
	}
	use := rec[33+len(id)+(1-len(id)%2):]
	for len(use) > 4 && int(use[2]) >= 4 && int(use[2]) <= len(use) {
		if string(use[:2]) == "NM" && use[2] > 5 {
			return string(use[5:use[2]])
		}
		use = use[use[2]:]
	}
	return strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(id, ";1"), "."))
}
