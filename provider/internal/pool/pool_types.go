package pool

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// poolType describes the attributes of one type of pool.
type poolType struct {
	doc     string
	needs   []string // required rows
	may     []string // optional rows
	formats []string // of source.format
	most    int      // the number of devices; 0: any number
	target  bool     // the device is an iSCSI target
	auth    string   // the auth.type

	directory   bool // libvirt creates its directory if it is missing
	files       bool // its volumes are files in that directory
	block       bool // its volumes are devices of the host, anywhere below its path
	derivesPath bool // libvirt derives its path from its name
}

var diskLabels = []string{"dos", "gpt", "dvh", "mac", "bsd", "pc98", "sun", "lvm2"}

// types are libvirt's pool types, in the order of the docs. https://libvirt.org/storage.html
var types = []string{"dir", "fs", "netfs", "logical", "disk", "iscsi", "iscsi-direct", "scsi", "mpath", "gluster", "rbd", "zfs",
	"vstorage", "sheepdog"}

var poolTypes = map[string]poolType{
	"dir": {doc: "a directory", needs: []string{"path"}, may: []string{"permissions", "delete_data"}, directory: true, files: true},
	"fs": {doc: "a file system on a device, mounted", needs: []string{"path", "source.devices"},
		may: []string{"source.format", "build", "permissions", "delete_data"}, most: 1,
		formats:   []string{"auto", "ext2", "ext3", "ext4", "xfs", "vfat", "ufs", "iso9660", "udf", "gfs", "gfs2", "hfs+", "ocfs2", "vmfs"},
		directory: true, files: true},
	"netfs": {doc: "a network file system, mounted", needs: []string{"path", "source.host", "source.dir"},
		may:     []string{"source.format", "source.nfs_version", "delete_data"},
		formats: []string{"auto", "nfs", "glusterfs", "cifs"}, directory: true, files: true},
	"logical": {doc: "an LVM volume group", needs: []string{"source.name"}, may: []string{"source.devices", "source.format", "build", "delete_data"},
		formats: []string{"lvm2"}, block: true, derivesPath: true},
	"disk": {doc: "the partitions of a disk", needs: []string{"path", "source.devices"}, may: []string{"source.format", "build"}, most: 1,
		formats: diskLabels, block: true},
	"iscsi": {doc: "the units of an iSCSI target, as devices of the host", needs: []string{"path", "source.host", "source.devices"},
		may:  []string{"source.port", "source.initiator", "source.auth"},
		most: 1, target: true, auth: "chap", block: true},
	"iscsi-direct": {doc: "the units of an iSCSI target, to which QEMU connects itself",
		needs: []string{"source.host", "source.devices", "source.initiator"}, may: []string{"source.port", "source.auth"},
		most: 1, target: true, auth: "chap"},
	"scsi":    {doc: "the devices of a SCSI or Fibre Channel adapter", needs: []string{"path", "source.adapter"}, block: true},
	"mpath":   {doc: "the multipath devices of the host", needs: []string{"path"}, block: true},
	"gluster": {doc: "a GlusterFS volume, which QEMU opens itself", needs: []string{"source.hosts", "source.name"}, may: []string{"source.dir"}},
	"rbd":     {doc: "a Ceph pool", needs: []string{"source.hosts", "source.name"}, may: []string{"source.auth"}, auth: "ceph"},
	"zfs": {doc: "a ZFS pool, or a dataset in one", needs: []string{"source.name"}, may: []string{"source.devices", "build", "delete_data"},
		block: true, derivesPath: true},
	"vstorage": {doc: "a Virtuozzo Storage cluster, mounted", needs: []string{"path", "source.name"}, may: []string{"delete_data"},
		directory: true, files: true},
	"sheepdog": {doc: "a Sheepdog cluster", needs: []string{"source.hosts", "source.name"}},
}

func (k poolType) takes(row string) bool {
	return slices.Contains(k.needs, row) || slices.Contains(k.may, row)
}

// fixes says what to do about each missing row.
var fixes = map[string]string{
	"path":             "set the path on the host",
	"source.host":      "set the machine that serves it",
	"source.hosts":     "set the machines that serve it",
	"source.dir":       "set the directory or volume that is served",
	"source.devices":   "set the device",
	"source.name":      "set its name in the storage system",
	"source.adapter":   "set the adapter",
	"source.initiator": "set the IQN of the host",
}

// typesDoc returns the table of pool types for the docs.
func typesDoc() string {
	var b strings.Builder
	b.WriteString("| type | storage | required | optional |\n|---|---|---|---|")
	for _, t := range types {
		k := poolTypes[t]
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

// Validate checks a configuration against its pool type.
func (Resource) Validate(config table.Model) []table.Problem {
	name, known := typeName(config)
	if !known {
		return nil
	}
	k := poolTypes[name]
	p := table.NewProblems()
	add := p.Add
	for _, row := range k.needs {
		if !given(config, row) && config["source"] != table.Unknown {
			add(row, "'%s' is required with 'type' %q; %s", row, name, fixes[row])
		}
	}
	for _, row := range slices.Sorted(maps.Keys(typesByRow)) {
		if given(config, row) && !k.takes(row) {
			add(row, "'%s' is only supported with 'type' %s; remove it, or correct 'type'", row, quoted(typesByRow[row]))
		}
	}
	if found := p.List(); len(found) > 0 {
		return found
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
	if config.Bool("protect") && config.Bool("delete_data") {
		add("delete_data", "'delete_data' cannot be combined with 'protect', which refuses to destroy the pool; remove one of them")
	}
	rawXMLRules(p, config, name)
	return p.List()
}

func (k poolType) checkDevices(name string, config table.Model, add func(row, text string, args ...any)) {
	list, known := config.Group("source")["devices"].(table.List)
	if !known {
		if b := config["build"]; config.Group("source")["devices"] == nil && b != nil && b != table.Unknown {
			add("source.devices", "'build' requires 'source.devices'; set the devices of the pool")
		}
		return
	}
	items := list.Items()
	if k.most > 0 && len(items) != k.most {
		add("source.devices", "'source.devices' must have exactly %d entry with 'type' %q, got %d", k.most, name, len(items))
	}
	for _, d := range items {
		if k.target {
			if err := iqn(d); err != nil {
				add("source.devices", "'source.devices' %s", err)
			}
		} else if !path.IsAbs(d) && name != "zfs" {
			add("source.devices", "'source.devices' must be absolute paths on the host, got %q; begin the path with '/'", d)
		}
	}
	if name == "zfs" && config["build"] == buildOverwrite {
		add("build", "'build' must be \"new\" with 'type' \"zfs\", got \"overwrite\": libvirt does not overwrite the devices of another zpool")
	}
}

// checkAdapter checks that an adapter is identified in one of three ways.
func checkAdapter(a table.Model, add func(row, text string, args ...any)) {
	if a == nil || a["type"] == table.Unknown {
		return
	}
	if a["type"] == "fc_host" {
		if a["wwnn"] == nil || a["wwpn"] == nil {
			add("source.adapter", "'type' \"fc_host\" of 'source.adapter' requires 'wwnn' and 'wwpn'; set both")
		}
		if a["name"] != nil || a["parent_address"] != nil || a["unique_id"] != nil {
			add("source.adapter", "'type' \"fc_host\" of 'source.adapter' cannot be combined with 'name', 'parent_address' or "+
				"'unique_id'; remove them")
		}
		return
	}
	if (a["name"] == nil) == (a["parent_address"] == nil) || (a["parent_address"] == nil) != (a["unique_id"] == nil) {
		add("source.adapter", "'type' \"scsi_host\" of 'source.adapter' requires either 'name', or 'parent_address' and 'unique_id'")
	}
	if a["parent"] != nil || a["managed"] != nil || a["wwnn"] != nil || a["wwpn"] != nil {
		add("source.adapter", "'type' \"scsi_host\" of 'source.adapter' cannot be combined with 'parent', 'managed', 'wwnn' or 'wwpn'; "+
			"remove them, or set 'type'")
	}
}

// typesByRow are the types that support a row.
var typesByRow = func() map[string][]string {
	found := map[string][]string{}
	for _, t := range types {
		for _, row := range slices.Concat(poolTypes[t].needs, poolTypes[t].may) {
			found[row] = append(found[row], t)
		}
	}
	return found
}()

// typeName returns the type of a pool; known is false if only the apply knows it.
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

func quoted(words []string) string { return `"` + strings.Join(words, `", "`) + `"` }
