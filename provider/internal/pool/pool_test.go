package pool

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

type m = table.Model

const (
	target = "iqn.2024-01.test.fleet:vms"
	id     = "11111111-0000-4000-8000-000000000001"
)

var (
	one  = table.ListOf("/dev/sdb")
	auth = m{"type": "chap", "username": "fleet", "secret_uuid": id}
)

func TestBadConfigurations(t *testing.T) {
	server := m{"host": "198.18.0.1", "dir": "shared"}
	mountOptions := m{"element": `<fs:mount_opts xmlns:fs="` + mountNamespace + `"><fs:option name="soft"/></fs:mount_opts>`}
	direct := func(changes m) m {
		source := m{"host": "san", "devices": table.ListOf(target), "initiator": "iqn.2024-01.test.fleet:alpha"}
		for k, v := range changes {
			source[k] = v
		}
		return m{"type": "iscsi-direct", "source": source}
	}
	scsi := func(adapter m) m {
		return m{"type": "scsi", "path": "/dev/disk/by-path", "source": m{"adapter": adapter}}
	}
	gluster := func(hosts ...string) m {
		return m{"type": "gluster", "source": m{"hosts": table.ListOf(hosts...), "name": "vms"}}
	}
	for name, c := range map[string]struct {
		config m
		want   string
	}{
		"a directory":          {m{"path": "/vms"}, ""},
		"a mount":              {m{"type": "netfs", "path": "/vms", "source": server}, ""},
		"not known yet":        {m{"type": table.Unknown, "path": table.Unknown, "source": server}, ""},
		"a source not known":   {m{"type": "netfs", "path": "/vms", "source": table.Unknown}, ""},
		"no directory":         {m{}, `'path' is required with 'type' "dir"; set the path on the host`},
		"nothing to mount":     {m{"type": "netfs", "path": "/vms"}, "'source.host' is required with 'type' \"netfs\"; set the machine that serves it\n'source.dir' is required with 'type' \"netfs\"; set the directory or volume that is served"},
		"a directory's host":   {m{"path": "/vms", "source": m{"host": "a"}}, `'source.host' is only supported with 'type' "netfs", "iscsi", "iscsi-direct"; remove it, or correct 'type'`},
		"no server":            {m{"type": "netfs", "path": "/vms", "source": m{"host": "", "dir": "x"}}, "'host' must not be empty"},
		"another format":       {m{"type": "netfs", "path": "/vms", "source": m{"host": "a", "dir": "x", "format": "ext4"}}, `'source.format' must be one of "auto", "nfs", "glusterfs", "cifs" with 'type' "netfs", got "ext4"`},
		"relative on NFS":      {m{"type": "netfs", "path": "/vms", "source": m{"host": "a", "dir": "x", "format": "nfs"}}, `'source.dir' must begin with '/', got "x"`},
		"a version":            {m{"type": "netfs", "path": "/vms", "source": m{"host": "a", "dir": "x", "nfs_version": "v4"}}, `'nfs_version' must be an NFS version like 3 or 4.1, got "v4"`},
		"a file system":        {m{"type": "fs", "path": "/vms", "source": m{"devices": one}, "build": "new", "delete_data": true}, ""},
		"no device":            {m{"type": "fs", "path": "/vms"}, `'source.devices' is required with 'type' "fs"; set the device`},
		"two devices":          {m{"type": "fs", "path": "/vms", "source": m{"devices": table.ListOf("/a", "/b")}}, `'source.devices' must have exactly 1 entry with 'type' "fs", got 2`},
		"a relative device":    {m{"type": "disk", "path": "/dev", "source": m{"devices": table.ListOf("sdb")}}, `'source.devices' must be absolute paths on the host, got "sdb"; begin the path with '/'`},
		"a group":              {m{"type": "logical", "source": m{"name": "vg", "devices": table.ListOf("/a", "/b")}, "build": "new"}, ""},
		"a group's path":       {m{"type": "logical", "path": "/dev/vg", "source": m{"name": "vg"}}, `'path' is only supported with 'type' "dir", "fs", "netfs", "disk", "iscsi", "scsi", "mpath", "vstorage"; remove it, or correct 'type'`},
		"built of nothing":     {m{"type": "logical", "source": m{"name": "vg"}, "build": "new"}, "'build' requires 'source.devices'; set the devices of the pool"},
		"built another way":    {m{"type": "fs", "path": "/vms", "source": m{"devices": one}, "build": "always"}, `'build' must be one of "new", "overwrite", got "always"`},
		"nothing to build":     {m{"path": "/vms", "build": "new"}, `'build' is only supported with 'type' "fs", "logical", "disk", "zfs"; remove it, or correct 'type'`},
		"nothing to delete":    {m{"type": "mpath", "path": "/dev/mapper", "delete_data": true}, `'delete_data' is only supported with 'type' "dir", "fs", "netfs", "logical", "zfs", "vstorage"; remove it, or correct 'type'`},
		"kept and deleted":     {m{"path": "/vms", "protect": true, "delete_data": true}, "'delete_data' cannot be combined with 'protect', which refuses to destroy the pool; remove one of them"},
		"kept":                 {m{"path": "/vms", "protect": true, "delete_data": false}, ""},
		"not to be deleted":    {m{"type": "mpath", "path": "/dev/mapper", "delete_data": false}, ""},
		"a zpool":              {m{"type": "zfs", "source": m{"name": "tank", "devices": table.ListOf("sdb")}, "build": "new"}, ""},
		"a zpool over another": {m{"type": "zfs", "source": m{"name": "tank", "devices": one}, "build": "overwrite"}, `'build' must be "new" with 'type' "zfs", got "overwrite": libvirt does not overwrite the devices of another zpool`},
		"a target":             {direct(m{"port": int64(3260), "auth": auth}), ""},
		"no initiator":         {direct(m{"initiator": nil}), `'source.initiator' is required with 'type' "iscsi-direct"; set the IQN of the host`},
		"a bad initiator":      {direct(m{"initiator": "alpha"}), `'initiator' must be an iSCSI qualified name like iqn.2013-06.com.example:san, got "alpha"`},
		"no IQN":               {direct(m{"devices": one}), `'source.devices' must be an iSCSI qualified name like iqn.2013-06.com.example:san, got "/dev/sdb"`},
		"a port":               {direct(m{"port": int64(0)}), "'port' must be from 1 to 65535, got 0"},
		"ceph on iSCSI":        {direct(m{"auth": m{"type": "ceph", "username": "a", "secret_uuid": id}}), `'source.auth.type' must be "chap" with 'type' "iscsi-direct", got "ceph"`},
		"no UUID":              {direct(m{"auth": m{"type": "chap", "username": "a", "secret_uuid": "a"}}), `'secret_uuid' must be a UUID in lower case like c7a5fdbd-cdaf-9455-926a-d65c16db1809, got "a"`},
		"an adapter":           {scsi(m{"name": "scsi_host1"}), ""},
		"an adapter's place":   {scsi(m{"parent_address": "0000:00:1f.2", "unique_id": int64(0)}), ""},
		"a virtual adapter":    {scsi(m{"type": "fc_host", "wwnn": strings.Repeat("0", 16), "wwpn": strings.Repeat("1", 16), "parent": "scsi_host5", "managed": true}), ""},
		"no adapter":           {m{"type": "scsi", "path": "/dev/disk/by-path"}, `'source.adapter' is required with 'type' "scsi"; set the adapter`},
		"two adapters":         {scsi(m{"name": "scsi_host1", "parent_address": "0000:00:1f.2", "unique_id": int64(0)}), `'type' "scsi_host" of 'source.adapter' requires either 'name', or 'parent_address' and 'unique_id'`},
		"half an adapter":      {scsi(m{"parent_address": "0000:00:1f.2"}), `'type' "scsi_host" of 'source.adapter' requires either 'name', or 'parent_address' and 'unique_id'`},
		"names on SCSI":        {scsi(m{"name": "scsi_host1", "wwnn": strings.Repeat("0", 16)}), `'type' "scsi_host" of 'source.adapter' cannot be combined with 'parent', 'managed', 'wwnn' or 'wwpn'; remove them, or set 'type'`},
		"no names on FC":       {scsi(m{"type": "fc_host", "wwnn": strings.Repeat("0", 16)}), `'type' "fc_host" of 'source.adapter' requires 'wwnn' and 'wwpn'; set both`},
		"a name on FC":         {scsi(m{"type": "fc_host", "name": "a", "wwnn": strings.Repeat("0", 16), "wwpn": strings.Repeat("0", 16)}), `'type' "fc_host" of 'source.adapter' cannot be combined with 'name', 'parent_address' or 'unique_id'; remove them`},
		"a bad address":        {scsi(m{"parent_address": "1f.2", "unique_id": int64(0)}), `'parent_address' must be a PCI address in lower case like 0000:00:1f.2, got "1f.2"; see 'lspci -D'`},
		"a bad name":           {scsi(m{"type": "fc_host", "wwnn": "0x1", "wwpn": strings.Repeat("0", 16)}), `'wwnn' must be 16 hexadecimal digits in lower case, got "0x1"`},
		"servers":              {gluster("a", "b:24007", "::1", "[::1]:24007"), ""},
		"a server with a path": {gluster("a/b"), `'hosts' must be a name or an address, with an optional port, like mon-1, mon-1:6789 or [2001:db8::1]:6789, got "a/b"`},
		"brackets, no port":    {gluster("[::1]"), `'hosts' must be a name or an address, with an optional port, like mon-1, mon-1:6789 or [2001:db8::1]:6789, got "[::1]"`},
		"a server, no port":    {gluster("a:0"), `'hosts' must be a name or an address, with an optional port, like mon-1, mon-1:6789 or [2001:db8::1]:6789, got "a:0"`},
		"one of many":          {m{"type": "rbd", "source": m{"host": "a", "hosts": table.ListOf("a"), "name": "vms"}}, `'source.host' is only supported with 'type' "netfs", "iscsi", "iscsi-direct"; remove it, or correct 'type'`},
		"an owner of NFS":      {m{"type": "netfs", "path": "/vms", "source": server, "permissions": m{"owner": int64(1)}}, `'permissions' is only supported with 'type' "dir", "fs"; remove it, or correct 'type'`},
		"an owner":             {m{"path": "/vms", "permissions": m{"owner": int64(1)}}, ""},
		"options of a mount":   {m{"type": "netfs", "path": "/vms", "source": server, "xml": m{"it": mountOptions}}, ""},
		"nothing is mounted":   {m{"path": "/vms", "xml": m{"it": mountOptions}}, `'element' must not be <fs:mount_opts> with 'type' "dir": libvirt has these options for fs and netfs; remove the entry, or correct 'type'`},
		"a path in XML":        {m{"path": "/vms", "xml": m{"it": m{"element": "<target/>"}}}, "'element' must not be <target>, which 'path' sets; use that attribute"},
		"an owner in XML":      {m{"path": "/vms", "xml": m{"it": m{"under": "target", "element": "<permissions><owner>0</owner></permissions>"}}}, "'element' must not be <permissions>, which 'permissions.owner' sets; use that attribute"},
		"a size in XML":        {m{"path": "/vms", "xml": m{"it": m{"element": "<capacity>1</capacity>"}}}, "'element' must not be <capacity>, which libvirt sets; remove the entry"},
		"a vendor":             {m{"path": "/vms", "xml": m{"it": m{"under": "source", "element": `<vendor name="Acme"/>`}}}, ""},
		"another type":         {m{"type": "nfs", "path": "/vms"}, `'type' must be one of ` + quoted(types) + `, got "nfs"`},
	} {
		problems := table.Validate(Table.Attrs, c.config, tftypes.NewAttributePath())
		if len(problems) == 0 {
			problems = Resource{}.Validate(c.config)
		}
		var got []string
		for _, p := range problems {
			got = append(got, p.Text)
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), c.want)
		}
	}
}

// Every row of the source, and every type, is said of some type.
func TestTheTypesAreComplete(t *testing.T) {
	for _, row := range sourceRows {
		if typesByRow["source."+row.Name] == nil {
			t.Errorf("no type takes 'source.%s'", row.Name)
		}
	}
	for name, k := range poolTypes {
		for _, row := range k.needs {
			if fixes[row] == "" {
				t.Errorf("nothing is said of %q, which %s needs", row, name)
			}
		}
		if k.takes("source.format") != (len(k.formats) > 0) || k.takes("source.auth") != (k.auth != "") {
			t.Errorf("%s takes a format or a login, and which is not said, or the other way round", name)
		}
	}
	if len(poolTypes) != len(types) {
		t.Error("a type is not listed")
	}
}

func TestTheSourceInXML(t *testing.T) {
	for want, plan := range map[string]m{
		`<pool type="dir"><target><path>/vms</path></target></pool>`:                                                                                    {"type": "dir", "path": "/vms"},
		`<pool type="netfs"><source><host name="a"/><dir path="/srv"/><format type="nfs"/><protocol ver="4.1"/></source></pool>`:                        {"type": "netfs", "source": m{"host": "a", "dir": "/srv", "format": "nfs", "nfs_version": "4.1"}},
		`<pool type="logical"><target/><source><device path="/a"/><device path="/b"/><name>vg</name></source></pool>`:                                   {"type": "logical", "source": m{"devices": table.ListOf("/a", "/b"), "name": "vg"}},
		`<pool type="rbd"><source><host name="a"/><host name="b" port="1"/><host name="::1" port="2"/><host name="::2"/><name>p</name></source></pool>`: {"type": "rbd", "source": m{"hosts": table.ListOf("a", "b:1", "[::1]:2", "::2"), "name": "p"}},
		`<pool type="iscsi"><source><host name="a" port="1"/><initiator><iqn name="iqn.2024-01.test.fleet:vms"/></initiator><auth type="chap" username="fleet"><secret uuid="` + id + `"/></auth></source></pool>`: {
			"type": "iscsi", "source": m{"host": "a", "port": int64(1), "initiator": target, "auth": auth}},
		`<pool type="scsi"><source><adapter type="scsi_host"><parentaddr unique_id="3"><address domain="0x0000" bus="0x01" slot="0x1f" function="0x2"/></parentaddr></adapter></source></pool>`: {
			"type": "scsi", "source": m{"adapter": m{"type": "scsi_host", "parent_address": "0000:01:1f.2", "unique_id": int64(3)}}},
	} {
		root, err := xmlmodel.Parse("<pool/>")
		if err != nil {
			t.Fatal(err)
		}
		xmlmodel.Patch(Table.Attrs, root, nil, plan)
		got, err := xmlmodel.Text(root)
		if err != nil || got != want {
			t.Errorf("got\n%s %v, want\n%s", got, err, want)
		}
		for row, v := range plan.Group("source") {
			if is := xmlmodel.Read(Table.Attrs, root).Group("source")[row]; !table.Equal(is, v) && row != "auth" && row != "adapter" {
				t.Errorf("%s of %s is read back as %v", row, plan["type"], is)
			}
		}
	}
}

// What libvirt or a person added stays.
func TestASourceIsPatched(t *testing.T) {
	for _, c := range []struct {
		xml         string
		prior, plan m
		want        string
	}{
		{`<pool type='disk'><source><device path='/a' part_separator='no'><freeExtent start='1' end='2'/></device><format type='gpt'/><vendor name='x'/></source></pool>`,
			m{"devices": table.ListOf("/a")}, m{"devices": table.ListOf("/b", "/a")},
			`<source><format type="gpt"/><vendor name="x"/><device path="/b"/><device path="/a" part_separator="no"><freeExtent start="1" end="2"/></device></source>`},
		{`<pool type='iscsi'><source><host name='a' port='1'/><initiator><iqn name='i'/></initiator></source></pool>`,
			m{"port": int64(1), "initiator": "i", "host": "a"}, m{"host": "a"}, `<source><host name="a"/></source>`},
		{`<pool type='scsi'><source><adapter type='scsi_host'><parentaddr unique_id='1'><address domain='0x0000'/></parentaddr></adapter></source></pool>`,
			m{"adapter": m{"parent_address": "0000:00:00.0", "unique_id": int64(1)}}, m{"adapter": m{"name": "scsi_host2"}}, `<source><adapter type="scsi_host" name="scsi_host2"/></source>`},
		{`<pool type='netfs'><source><host name='a'/><protocol ver='3'/></source></pool>`, m{"nfs_version": "3"}, m{}, `<source><host name="a"/></source>`},
	} {
		root, err := xmlmodel.Parse(c.xml)
		if err != nil {
			t.Fatal(err)
		}
		xmlmodel.Patch(Table.Attrs, root, m{"source": c.prior}, m{"source": c.plan})
		if got, err := xmlmodel.Text(root.SelectElement("source")); err != nil || got != c.want {
			t.Errorf("got\n%s %v, want\n%s", got, err, c.want)
		}
	}
}

func TestTheEmptySourceOfADirectoryIsImplied(t *testing.T) {
	for xml, want := range map[string]bool{
		`<pool type='dir'><source></source></pool>`:                          true,
		`<pool type='netfs'><source><host name='a'/></source></pool>`:        false,
		`<pool type='netfs'><source><dir path='shared'/></source></pool>`:    false,
		`<pool type='rbd'><source><host name='a'/></source></pool>`:          false,
		`<pool type='logical'><source><format type='lvm2'/></source></pool>`: false,
	} {
		root, err := xmlmodel.Parse(xml)
		if err != nil {
			t.Fatal(err)
		}
		if got := empty(xmlmodel.Read(Table.Attrs, root)["source"]); got != want {
			t.Errorf("%s: %v", xml, got)
		}
	}
}

func TestAnotherPlaceIsTold(t *testing.T) {
	stays := func(place string) string {
		return "Pool \"vms\" uses other storage from now on\nIts data stays in the previous place (" + place + "): copy it to the new place " +
			"before this apply, or Terraform will not find the volumes and will create them again."
	}
	directory := m{"name": "vms", "type": "dir", "path": "/a", "source": nil, "autostart": true}
	mount := m{"name": "vms", "type": "netfs", "path": "/a", "source": m{"host": "nas", "dir": "/srv", "format": "auto"}}
	ceph := m{"name": "vms", "type": "rbd", "source": m{"hosts": table.ListOf("a", "b"), "name": "p"}}
	for name, c := range map[string]struct {
		pool, changes m
		want          string
	}{
		"the same place":    {directory, m{"autostart": false}, ""},
		"with a slash":      {directory, m{"path": "/a/"}, ""},
		"another path":      {directory, m{"path": "/b"}, stays("/a")},
		"another server":    {mount, m{"source": m{"host": "san", "dir": "/srv", "format": "auto"}}, stays("nas:/srv at /a")},
		"another format":    {mount, m{"source": m{"host": "nas", "dir": "/srv", "format": "nfs"}}, ""},
		"another Ceph pool": {ceph, m{"source": m{"hosts": table.ListOf("a", "b"), "name": "q"}}, stays("a, b:p")},
		"a login":           {ceph, m{"source": m{"hosts": table.ListOf("a", "b"), "name": "p", "auth": m{"type": "ceph"}}}, ""},
		"another pool":      {directory, m{"name": "other", "path": "/b"}, ""},
	} {
		plan := c.pool.Clone()
		for k, v := range c.changes {
			plan[k] = v
		}
		if got := strings.Join(Resource{}.Plan(context.Background(), conn.NewFleet(nil), c.pool, nil, plan).Warnings, "\n"); got != c.want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestDataThatGoesWithAReplacementIsTold(t *testing.T) {
	prior := m{"name": "vms", "type": "logical", "path": "/dev/vg", "source": m{"name": "vg"}, "delete_data": true}
	plan := prior.Clone()
	plan["name"] = "other"
	advice := Resource{}.Plan(context.Background(), conn.NewFleet(nil), prior, nil, plan)
	want := "Pool \"vms\" is deleted with its data\nIt is replaced, and 'delete_data' deletes its previous storage (vg). To keep the data, apply 'delete_data' = false first."
	if !advice.AlsoOnReplace || strings.Join(advice.Warnings, "\n") != want {
		t.Errorf("got %+v", advice)
	}
}

func TestWhatATypeDoesNotHaveIsNotAwaited(t *testing.T) {
	unknown := table.Unknown
	for poolType, want := range map[string][3]any{
		"dir": {unknown, nil, nil}, "netfs": {unknown, unknown, unknown}, "logical": {unknown, nil, unknown}, "zfs": {unknown, nil, nil},
		"gluster": {nil, unknown, nil}, "rbd": {nil, nil, nil}, "iscsi-direct": {nil, nil, nil}, "iscsi": {unknown, nil, nil},
	} {
		plan := m{"type": poolType, "path": unknown, "source": m{"dir": unknown, "format": unknown}}
		Resource{}.Preflight(context.Background(), conn.NewFleet(nil), plan)
		if got := [3]any{plan["path"], plan.Group("source")["dir"], plan.Group("source")["format"]}; got != want {
			t.Errorf("%s: %v", poolType, got)
		}
	}
}

func TestThePathOfAGroupFollowsItsName(t *testing.T) {
	prior := m{"name": "vms", "type": "logical", "path": "/dev/vg", "source": m{"name": "vg"}}
	plan := prior.Clone()
	plan.Group("source")["name"] = "other"
	Resource{}.Plan(context.Background(), conn.NewFleet(nil), prior, nil, plan)
	if plan["path"] != table.Unknown {
		t.Errorf("got %v", plan["path"])
	}
}
