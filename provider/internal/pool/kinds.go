package pool

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// kind is what one type of pool takes.
type kind struct {
	doc     string
	needs   []string // rows that must be set
	may     []string // rows that may be
	formats []string // of source.format
	most    int      // how many devices; 0: any number
	target  bool     // a device is an iSCSI target
	auth    string   // the auth.type

	directory bool // its directory is made where it is missing
	files     bool // its volumes are files in that directory
	block     bool // they are devices of the host, which may be anywhere below its path
	tells     bool // libvirt makes its path of its name
}

var diskLabels = []string{"dos", "gpt", "dvh", "mac", "bsd", "pc98", "sun", "lvm2"}

// types are those of libvirt, in the order of the docs. https://libvirt.org/storage.html
var types = []string{"dir", "fs", "netfs", "logical", "disk", "iscsi", "iscsi-direct", "scsi", "mpath", "gluster", "rbd", "zfs", "vstorage", "sheepdog"}

var kinds = map[string]kind{
	"dir": {doc: "a directory", needs: []string{"path"}, may: []string{"delete_data"}, directory: true, files: true},
	"fs": {doc: "a file system on a device, mounted", needs: []string{"path", "source.devices"}, may: []string{"source.format", "build", "delete_data"}, most: 1,
		formats: []string{"auto", "ext2", "ext3", "ext4", "xfs", "vfat", "ufs", "iso9660", "udf", "gfs", "gfs2", "hfs+", "ocfs2", "vmfs"}, directory: true, files: true},
	"netfs": {doc: "a file system of another machine, mounted", needs: []string{"path", "source.host", "source.dir"}, may: []string{"source.format", "source.nfs_version", "delete_data"},
		formats: []string{"auto", "nfs", "glusterfs", "cifs"}, directory: true, files: true},
	"logical": {doc: "a volume group of LVM", needs: []string{"source.name"}, may: []string{"source.devices", "source.format", "build", "delete_data"}, formats: []string{"lvm2"}, block: true, tells: true},
	"disk":    {doc: "the partitions of a disk", needs: []string{"path", "source.devices"}, may: []string{"source.format", "build"}, most: 1, formats: diskLabels, block: true},
	"iscsi": {doc: "the units of an iSCSI target, as devices of the host", needs: []string{"path", "source.host", "source.devices"}, may: []string{"source.port", "source.initiator", "source.auth"},
		most: 1, target: true, auth: "chap", block: true},
	"iscsi-direct": {doc: "the units of an iSCSI target, which QEMU itself logs in at", needs: []string{"source.host", "source.devices", "source.initiator"}, may: []string{"source.port", "source.auth"},
		most: 1, target: true, auth: "chap"},
	"scsi":     {doc: "the devices of a SCSI or Fibre Channel adapter", needs: []string{"path", "source.adapter"}, block: true},
	"mpath":    {doc: "the multipath devices of the host", needs: []string{"path"}, block: true},
	"gluster":  {doc: "a volume of GlusterFS, which QEMU itself opens", needs: []string{"source.hosts", "source.name"}, may: []string{"source.dir"}},
	"rbd":      {doc: "a pool of Ceph", needs: []string{"source.hosts", "source.name"}, may: []string{"source.auth"}, auth: "ceph"},
	"zfs":      {doc: "a zpool, or a dataset in one", needs: []string{"source.name"}, may: []string{"source.devices", "build", "delete_data"}, block: true, tells: true},
	"vstorage": {doc: "a cluster of Virtuozzo Storage, mounted", needs: []string{"path", "source.name"}, may: []string{"delete_data"}, directory: true, files: true},
	"sheepdog": {doc: "a cluster of Sheepdog", needs: []string{"source.hosts", "source.name"}},
}

func (k kind) takes(row string) bool {
	return slices.Contains(k.needs, row) || slices.Contains(k.may, row)
}

// what says what to set, for each row that a type may need.
var what = map[string]string{
	"path":             "say where on the host",
	"source.host":      "say which machine serves it",
	"source.hosts":     "say which machines serve it",
	"source.dir":       "say what directory or volume is served",
	"source.devices":   "say which device",
	"source.name":      "say what it is called where it is kept",
	"source.adapter":   "say which adapter",
	"source.initiator": "say what the host calls itself",
}

// typesDoc is the table of types as the docs have it.
func typesDoc() string {
	var b strings.Builder
	b.WriteString("| type | what it is | needs | takes |\n|---|---|---|---|")
	for _, t := range types {
		k := kinds[t]
		fmt.Fprintf(&b, "\n| `%s` | %s | %s | %s |", t, k.doc, ticked(k.needs), ticked(k.may))
	}
	return b.String()
}

func ticked(rows []string) string {
	if len(rows) == 0 {
		return ""
	}
	return "`" + strings.Join(rows, "`, `") + "`"
}

// Validate holds a configuration against what its type takes.
func (Resource) Validate(config table.Model) []table.Problem {
	name, known := typeName(config)
	if !known {
		return nil
	}
	k := kinds[name]
	var out []table.Problem
	add := func(row, text string, args ...any) {
		out = append(out, table.Problem{Path: pathOf(row), Text: fmt.Sprintf(text, args...)})
	}
	for _, row := range k.needs {
		if !given(config, row) && config["source"] != table.Unknown {
			add(row, "'%s' must be set with 'type' %q; %s", row, name, what[row])
		}
	}
	for _, row := range slices.Sorted(maps.Keys(takers)) {
		if given(config, row) && !k.takes(row) {
			add(row, "'%s' is of 'type' %s only; take it out, or correct 'type'", row, quoted(takers[row]))
		}
	}
	if len(out) > 0 {
		return out
	}
	source := config.Group("source")
	if f, ok := source["format"].(string); ok && !slices.Contains(k.formats, f) {
		add("source.format", "'source.format' must be one of %s with 'type' %q, got %q", quoted(k.formats), name, f)
	}
	if a, ok := source.Group("auth")["type"].(string); ok && a != k.auth {
		add("source.auth.type", "'source.auth.type' must be %q with 'type' %q, got %q", k.auth, name, a)
	}
	if d, ok := source["dir"].(string); ok && !path.IsAbs(d) && (name == "gluster" || source["format"] == "nfs") {
		add("source.dir", "'source.dir' must begin with '/', got %q", d)
	}
	k.checkDevices(name, config, add)
	checkAdapter(source.Group("adapter"), add)
	return out
}

func (k kind) checkDevices(name string, config table.Model, add func(row, text string, args ...any)) {
	list, known := config.Group("source")["devices"].(table.List)
	if !known {
		if b := config["build"]; config.Group("source")["devices"] == nil && b != nil && b != table.Unknown {
			add("source.devices", "'source.devices' must be set with 'build'; say which devices it is made of")
		}
		return
	}
	items := list.Items()
	if k.most > 0 && len(items) != k.most {
		add("source.devices", "'source.devices' must be exactly %d with 'type' %q, got %d", k.most, name, len(items))
	}
	for _, d := range items {
		if k.target {
			if err := iqn(d); err != nil {
				add("source.devices", "'source.devices' %s", err)
			}
		} else if !path.IsAbs(d) && name != "zfs" {
			add("source.devices", "'source.devices' must be absolute paths on the host, got %q; begin it with '/'", d)
		}
	}
	if name == "zfs" && config["build"] == buildOverwrite {
		add("build", "'build' must be \"new\" with 'type' \"zfs\", got \"overwrite\": libvirt takes no devices from another zpool")
	}
}

// An adapter is named in one of three ways.
func checkAdapter(a table.Model, add func(row, text string, args ...any)) {
	if a == nil || a["type"] == table.Unknown {
		return
	}
	if a["type"] == "fc_host" {
		if a["wwnn"] == nil || a["wwpn"] == nil {
			add("source.adapter", "'source.adapter' must have 'wwnn' and 'wwpn' with 'type' \"fc_host\"; set both")
		}
		if a["name"] != nil || a["parent_address"] != nil || a["unique_id"] != nil {
			add("source.adapter", "'source.adapter' of 'type' \"fc_host\" has no 'name', 'parent_address' and 'unique_id'; take them out")
		}
		return
	}
	if (a["name"] == nil) == (a["parent_address"] == nil) || (a["parent_address"] == nil) != (a["unique_id"] == nil) {
		add("source.adapter", "'source.adapter' must have either 'name', or 'parent_address' and 'unique_id', with 'type' \"scsi_host\"")
	}
	if a["parent"] != nil || a["managed"] != nil || a["wwnn"] != nil || a["wwpn"] != nil {
		add("source.adapter", "'source.adapter' of 'type' \"scsi_host\" has no 'parent', 'managed', 'wwnn' and 'wwpn'; take them out, or set 'type'")
	}
}

// takers are the types that take a row.
var takers = func() map[string][]string {
	found := map[string][]string{}
	for _, t := range types {
		for _, row := range slices.Concat(kinds[t].needs, kinds[t].may) {
			found[row] = append(found[row], t)
		}
	}
	return found
}()

// typeName is the type of a pool, unless only the apply knows it.
func typeName(m table.Model) (name string, known bool) {
	if m["type"] == table.Unknown {
		return "", false
	}
	if m["type"] == nil {
		return "dir", true
	}
	return m.Str("type"), true
}

func given(m table.Model, row string) bool {
	group, name, deeper := strings.Cut(row, ".")
	if !deeper {
		return m[row] != nil && m[row] != false
	}
	return m.Group(group)[name] != nil
}

func pathOf(row string) *tftypes.AttributePath {
	at := tftypes.NewAttributePath()
	for _, name := range strings.Split(row, ".") {
		at = at.WithAttributeName(name)
	}
	return at
}

func quoted(words []string) string { return `"` + strings.Join(words, `", "`) + `"` }
