package seed

import (
	"encoding/base64"
	"unicode/utf8"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/iso9660"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// alignment leaves spare space at the end of an image, so that most changes fit into the existing volume.
const alignment = 64 << 10

// bytesOf returns the content of the volume of a seed.
func bytesOf(m table.Model) []byte {
	if content, ok := m["content"].(string); ok {
		return []byte(content)
	}
	d, _ := diskOf(m)
	image := d.Image()
	return append(image, make([]byte, (alignment-len(image)%alignment)%alignment)...)
}

// parse reads the content of a volume, in the form that the state has. Without a state, which is during an import, it finds the form out.
func parse(content []byte, m table.Model) table.Model {
	d, err := iso9660.Read(content)
	isDisk := err == nil
	if !isDisk {
		d = iso9660.Disk{}
	}
	isNew := layoutOf(m) == nil && m["label"] == nil && m["content"] == nil
	if m["content"] != nil || isNew && !isDisk {
		return table.Model{"content": string(content)}
	}
	l := layoutOf(m)
	if isNew {
		l = labelled(d.Label)
	}
	if l == nil {
		return table.Model{"label": d.Label, "files": readFiles(d, m)}
	}
	group := table.Model{}
	for _, f := range l.files {
		text, there := d.Files[f.path]
		if is, expected := m.Group(l.row)[f.attr]; there && d.Label == l.label {
			group[f.attr] = string(text)
		} else if expected && is != nil {
			group[f.attr] = ""
		}
		delete(d.Files, f.path)
	}
	seen := table.Model{l.row: group, "files": readFiles(d, m)}
	if len(d.Files) == 0 && m["files"] == nil {
		seen["files"] = nil
	}
	return seen
}

// readFiles returns the entries of 'files': text if that is what the state or the content has.
func readFiles(d iso9660.Disk, m table.Model) table.Model {
	seen := table.Model{}
	for path, content := range d.Files {
		was, _ := m.Group("files")[path].(table.Model)
		if was["content_base64"] != nil || was["content"] == nil && !utf8.Valid(content) {
			seen[path] = table.Model{"content": nil, "content_base64": base64.StdEncoding.EncodeToString(content)}
		} else {
			seen[path] = table.Model{"content": string(content), "content_base64": nil}
		}
	}
	return seen
}
