package seed

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/iso9660"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// layout is a typed form of seeds: the label of the disk, and which attribute is which file.
type layout struct {
	row   string
	label string
	files []layoutFile
}

type layoutFile struct{ attr, path string }

var layouts = []layout{
	{"cloud_init", "cidata", []layoutFile{
		{"user_data", "user-data"}, {"meta_data", "meta-data"}, {"vendor_data", "vendor-data"}, {"network_config", "network-config"}}},
	{"config_drive", "config-2", []layoutFile{
		{"meta_data", "openstack/latest/meta_data.json"}, {"user_data", "openstack/latest/user_data"},
		{"vendor_data", "openstack/latest/vendor_data.json"}, {"network_data", "openstack/latest/network_data.json"}}},
	{"ignition", "ignition", []layoutFile{{"config", "ignition/config.ign"}}},
	{"combustion", "combustion", []layoutFile{{"script", "combustion/script"}}},
}

// layoutOf returns the typed form that a model has; nil if it has none.
func layoutOf(m table.Model) *layout {
	for i := range layouts {
		if m[layouts[i].row] != nil {
			return &layouts[i]
		}
	}
	return nil
}

// labelled returns the typed form with a label; nil if there is none.
func labelled(label string) *layout {
	for i := range layouts {
		if layouts[i].label == label {
			return &layouts[i]
		}
	}
	return nil
}

// diskOf returns the disk that a model describes. known is false if a value is not known yet.
func diskOf(m table.Model) (d iso9660.Disk, known bool) {
	d = iso9660.Disk{Label: m.Str("label"), Files: map[string][]byte{}}
	known = m["label"] != table.Unknown && m["files"] != table.Unknown
	if l := layoutOf(m); l != nil {
		d.Label = l.label
		group := m.Group(l.row)
		known = known && group != nil
		for _, f := range l.files {
			switch v := group[f.attr].(type) {
			case string:
				d.Files[f.path] = []byte(v)
			case nil:
			default:
				known = false
			}
		}
	}
	for path, v := range m.Group("files") {
		file, _ := v.(table.Model)
		content, err := fileContent(file)
		known = known && err == nil
		d.Files[path] = content
	}
	return d, known
}

// fileContent returns the content of an entry of 'files'. It is an error if it is not known yet, or is not base64.
func fileContent(file table.Model) ([]byte, error) {
	if text, ok := file["content"].(string); ok {
		return []byte(text), nil
	}
	encoded, ok := file["content_base64"].(string)
	if !ok {
		return nil, errors.New("the content is not known")
	}
	return base64.StdEncoding.DecodeString(encoded)
}

// digest returns the digest of what a model describes; table.Unknown if that is not known yet.
func digest(m table.Model) any {
	sum := sha256.New()
	if content := m["content"]; content != nil {
		text, known := content.(string)
		if !known {
			return table.Unknown
		}
		_, _ = fmt.Fprintf(sum, "content %s", text)
		return hex.EncodeToString(sum.Sum(nil))
	}
	d, known := diskOf(m)
	if !known {
		return table.Unknown
	}
	_, _ = fmt.Fprintf(sum, "label %q\n", d.Label)
	for _, path := range slices.Sorted(maps.Keys(d.Files)) {
		_, _ = fmt.Fprintf(sum, "%q %x\n", path, sha256.Sum256(d.Files[path]))
	}
	return hex.EncodeToString(sum.Sum(nil))
}
