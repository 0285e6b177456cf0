//go:build acceptance

package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/pool"
)

// definedPool returns a pool of a type that is only defined: its source need not exist.
func definedPool(kind, path string, source attrs) attrs {
	a := attrs{"type": kind, "active": false, "path": nil, "source": source}
	if path != "" {
		a["path"] = path
	}
	return a
}

// secretOn creates a secret with virsh, for pools that are only defined.
func secretOn(t *testing.T, h *labHost, usage, element string) (uuid string) {
	t.Helper()
	a := attrs{"host": h.Name, "usage": usage, "name": unique(t)}
	h.define(t, "secret-define", fmt.Sprintf("<secret><usage type='%s'><%s>%s</%s></usage></secret>", usage, element, a["name"], element))
	uuid = secretUUID(t, a)
	t.Cleanup(func() { h.virsh(t, "secret-undefine", uuid) })
	return uuid
}

// mountOption is where a pool has the first option of its mount.
const mountOption = "fs:mount_opts/fs:option@name"

// mountOptions returns an entry of 'xml' with options of a mount.
func mountOptions(options ...string) attrs {
	return attrs{"element": `<fs:mount_opts xmlns:fs="http://libvirt.org/schemas/storagepool/fs/1.0"><fs:option name="` +
		strings.Join(options, `"/><fs:option name="`) + `"/></fs:mount_opts>`}
}

func poolXML(where string) func(*testing.T, attrs) string {
	return dump("pool-dumpxml", where, "--inactive")
}

// devicesOf returns the devices of a pool, separated by spaces.
func devicesOf(t *testing.T, a attrs) string {
	t.Helper()
	var found []string
	for _, d := range hostOf(a).xml(t, "pool-dumpxml", a["name"].(string)).FindElements("source/device") {
		found = append(found, d.SelectAttrValue("path", ""))
	}
	return strings.Join(found, " ")
}

func hostsOf(t *testing.T, a attrs) string {
	t.Helper()
	var found []string
	for _, d := range hostOf(a).xml(t, "pool-dumpxml", a["name"].(string)).FindElements("source/host") {
		found = append(found, d.SelectAttrValue("name", "")+"/"+d.SelectAttrValue("port", ""))
	}
	return strings.Join(found, " ")
}

// TestPoolUpdates gives each case a source of its own: a host may have only one pool of the same source.
func TestPoolUpdates(t *testing.T) {
	t.Parallel()
	one, two := directory(t), directory(t)
	base := func(name string) attrs { return attrs{"host": alpha().Name, "name": name, "path": one + "-" + name} }
	first, second := unique(t), unique(t)
	number := 0
	some := func() string { number++; return fmt.Sprintf("it%d", number) }
	mount := func() func(attrs) attrs {
		source := attrs{"host": "nowhere.test", "dir": some(), "format": "glusterfs"}
		path := directory(t)
		return func(changes attrs) attrs { return definedPool("netfs", path, source.with(changes)) }
	}
	iscsi := func() func(attrs) attrs {
		source := attrs{"host": "nowhere.test", "devices": []string{"iqn.2024-01.test.fleet:" + some()}}
		return func(changes attrs) attrs { return definedPool("iscsi", "/dev/disk/by-path", source.with(changes)) }
	}
	scsi := func(adapter attrs) attrs {
		return definedPool("scsi", "/dev/disk/by-path", attrs{"adapter": adapter})
	}
	fc := func(n int, changes attrs) attrs {
		return scsi(attrs{"type": "fc_host", "parent": "scsi_host5", "wwnn": fmt.Sprintf("20000000c983%04x", n), "wwpn": fmt.Sprintf("10000000c983%04x", n)}.with(changes))
	}
	place := func(n int, changes attrs) attrs {
		return scsi(attrs{"parent_address": fmt.Sprintf("0000:%02x:1f.2", n), "unique_id": 1}.with(changes))
	}
	group := func() func(attrs) attrs {
		source := attrs{"name": some()}
		return func(changes attrs) attrs { return definedPool("logical", "", source.with(changes)) }
	}
	gluster := func(hosts ...string) attrs {
		return definedPool("gluster", "", attrs{"hosts": hosts, "name": "hosts"})
	}
	chap, other, ceph := secretOn(t, alpha(), "iscsi", "target"), secretOn(t, alpha(), "iscsi", "target"), secretOn(t, alpha(), "ceph", "name")
	login := func(username, secret string) attrs {
		return attrs{"auth": attrs{"type": "chap", "username": username, "secret_uuid": secret}}
	}
	rbd := definedPool("rbd", "", attrs{"hosts": []string{"mon"}, "name": "auth", "auth": attrs{"type": "ceph", "username": "a", "secret_uuid": ceph}})
	from, to, format, version, port, initiator := mount(), mount(), mount(), mount(), iscsi(), iscsi()
	auth, kind, username, secret, devices := iscsi(), iscsi(), iscsi(), iscsi(), group()
	rawMount := func() func(any) attrs {
		a := mount()(nil)
		return func(entries any) attrs { return a.with(attrs{"xml": entries}) }
	}
	parts := func(separator any) attrs {
		a := definedPool("disk", "/dev", attrs{"devices": []string{"/dev/kf-none"}, "format": "gpt"})
		if separator == nil {
			return a
		}
		return a.with(attrs{"xml": attrs{"it": attributesOf("source/device", attrs{"part_separator": separator})}})
	}
	raw, vendor, options := rawMount(), rawMount(), rawMount()
	replaced := []string{"replace", "replace"}

	updates(t, pool.Table, base, map[string]update{
		"host":    {see: info("pool-info", "State"), steps: []step{{nil, "running"}, {attrs{"host": beta().Name}, "running"}}},
		"name":    {see: info("pool-info", "State"), steps: []step{{attrs{"name": first}, "running"}, {attrs{"name": second}, "running"}}},
		"type":    {see: poolXML("@type"), steps: []step{{mount()(nil), "netfs"}, {nil, "dir"}}},
		"protect": {see: info("pool-info", "State"), steps: []step{{attrs{"protect": true}, "running"}, {attrs{"protect": false}, "running"}, {nil, "running"}}},
		"path":    {see: poolXML("target/path"), actions: []string{"update", "replace"}, steps: []step{{attrs{"path": one}, one}, {attrs{"path": two}, two}, {definedPool("logical", "", attrs{"name": "kfpath"}), "/dev/kfpath"}}},
		// A mount that does not exist can be defined, but not started.
		"source":             {see: poolXML("source/dir@path"), actions: replaced, steps: []step{{nil, ""}, {mount()(attrs{"dir": "whole"}), "whole"}, {nil, ""}}},
		"source.host":        {see: poolXML("source/host@name"), actions: []string{"update", "replace"}, steps: []step{{from(attrs{"host": "one.test"}), "one.test"}, {from(attrs{"host": "two.test"}), "two.test"}, {nil, ""}}},
		"source.port":        {see: poolXML("source/host@port"), steps: []step{{port(attrs{"port": 3261}), "3261"}, {port(attrs{"port": 3262}), "3262"}, {port(nil), ""}}},
		"source.hosts":       {see: hostsOf, actions: []string{"update", "replace"}, steps: []step{{gluster("a.test"), "a.test/"}, {gluster("b.test:24008", "[::1]:1", "::2"), "b.test/24008 ::1/1 ::2/"}, {nil, ""}}},
		"source.dir":         {see: poolXML("source/dir@path"), actions: []string{"update", "replace"}, steps: []step{{to(attrs{"dir": "one"}), "one"}, {to(attrs{"dir": "two"}), "two"}, {definedPool("gluster", "", attrs{"hosts": []string{"a.test"}, "name": "dir"}), "/"}}},
		"source.devices":     {see: devicesOf, steps: []step{{devices(attrs{"devices": []string{"/dev/a"}}), "/dev/a"}, {devices(attrs{"devices": []string{"/dev/b", "/dev/a"}}), "/dev/b /dev/a"}, {devices(nil), ""}}},
		"source.name":        {see: poolXML("source/name"), actions: []string{"update", "replace"}, steps: []step{{group()(attrs{"name": "kf1"}), "kf1"}, {group()(attrs{"name": "kf2"}), "kf2"}, {nil, ""}}},
		"source.format":      {see: poolXML("source/format@type"), steps: []step{{format(attrs{"format": "nfs", "dir": "/srv"}), "nfs"}, {format(attrs{"format": "cifs", "dir": "/srv"}), "cifs"}, {format(attrs{"format": nil, "dir": "/srv"}), "cifs"}}},
		"source.nfs_version": {see: poolXML("source/protocol@ver"), steps: []step{{version(attrs{"format": "nfs", "dir": "/v", "nfs_version": "3"}), "3"}, {version(attrs{"format": "nfs", "dir": "/v", "nfs_version": "4"}), "4"}, {version(attrs{"format": "nfs", "dir": "/v"}), ""}}},
		"source.initiator": {see: poolXML("source/initiator/iqn@name"), steps: []step{
			{initiator(attrs{"initiator": "iqn.2024-01.test.fleet:a"}), "iqn.2024-01.test.fleet:a"}, {initiator(attrs{"initiator": "iqn.2024-01.test.fleet:b"}), "iqn.2024-01.test.fleet:b"}, {initiator(nil), ""}}},
		"source.adapter":                {see: poolXML("source/adapter@name"), actions: replaced, steps: []step{{nil, ""}, {scsi(attrs{"name": "scsi_host11"}), "scsi_host11"}, {nil, ""}}},
		"source.adapter.type":           {see: poolXML("source/adapter@type"), steps: []step{{fc(1, nil), "fc_host"}, {scsi(attrs{"name": "scsi_host12"}), "scsi_host"}}},
		"source.adapter.name":           {see: poolXML("source/adapter@name"), steps: []step{{scsi(attrs{"name": "scsi_host13"}), "scsi_host13"}, {scsi(attrs{"name": "scsi_host14"}), "scsi_host14"}, {place(1, nil), ""}}},
		"source.adapter.parent_address": {see: poolXML("source/adapter/parentaddr/address@bus"), steps: []step{{place(2, nil), "0x02"}, {place(3, nil), "0x03"}, {scsi(attrs{"name": "scsi_host15"}), ""}}},
		"source.adapter.unique_id":      {see: poolXML("source/adapter/parentaddr@unique_id"), steps: []step{{place(4, nil), "1"}, {place(4, attrs{"unique_id": 2}), "2"}, {scsi(attrs{"name": "scsi_host16"}), ""}}},
		"source.adapter.parent":         {see: poolXML("source/adapter@parent"), steps: []step{{fc(2, nil), "scsi_host5"}, {fc(2, attrs{"parent": "scsi_host6"}), "scsi_host6"}, {fc(2, attrs{"parent": nil}), ""}}},
		"source.adapter.managed":        {see: poolXML("source/adapter@managed"), steps: []step{{fc(3, attrs{"managed": true}), "yes"}, {fc(3, attrs{"managed": false}), "no"}, {fc(3, nil), ""}}},
		"source.adapter.wwnn":           {see: poolXML("source/adapter@wwnn"), steps: []step{{fc(4, attrs{"wwnn": "00000000000000aa"}), "00000000000000aa"}, {fc(4, attrs{"wwnn": "00000000000000ab"}), "00000000000000ab"}, {scsi(attrs{"name": "scsi_host17"}), ""}}},
		"source.adapter.wwpn":           {see: poolXML("source/adapter@wwpn"), steps: []step{{fc(5, attrs{"wwpn": "00000000000000ac"}), "00000000000000ac"}, {fc(5, attrs{"wwpn": "00000000000000ad"}), "00000000000000ad"}, {scsi(attrs{"name": "scsi_host18"}), ""}}},
		"source.auth":                   {see: poolXML("source/auth@username"), steps: []step{{auth(login("a", chap)), "a"}, {auth(login("b", other)), "b"}, {auth(nil), ""}}},
		"source.auth.type":              {see: poolXML("source/auth@type"), actions: []string{"replace"}, steps: []step{{kind(login("a", chap)), "chap"}, {rbd, "ceph"}}},
		"source.auth.username":          {see: poolXML("source/auth@username"), steps: []step{{username(login("a", chap)), "a"}, {username(login("b", chap)), "b"}}},
		"source.auth.secret_uuid":       {see: poolXML("source/auth/secret@uuid"), steps: []step{{secret(login("a", chap)), chap}, {secret(login("a", other)), other}}},
		"autostart":                     {see: info("pool-info", "Autostart"), steps: []step{{nil, "yes"}, {attrs{"autostart": false}, "no"}, {nil, "yes"}}},
		"active":                        {see: info("pool-info", "State"), steps: []step{{nil, "running"}, {attrs{"active": false}, "inactive"}, {nil, "running"}}},
		"build":                         {see: info("pool-info", "State"), steps: []step{{group()(attrs{"devices": []string{"/dev/x"}}).with(attrs{"build": "new"}), ""}, {nil, ""}}, lacking: "device to spare in this test: TestPoolSources has one"},
		"permissions":                   {see: poolXML("target/permissions/mode"), steps: []step{{permitted(attrs{"mode": "0750"}), "0750"}, {permitted(attrs{"mode": "700"}), "0700"}, {nil, "0700"}}},
		"permissions.owner":             {see: poolXML("target/permissions/owner"), steps: []step{{permitted(attrs{"owner": 1001}), "1001"}, {permitted(attrs{"owner": 1002}), "1002"}, {nil, "1002"}}},
		"permissions.group":             {see: poolXML("target/permissions/group"), steps: []step{{permitted(attrs{"group": 1001}), "1001"}, {permitted(attrs{"group": 1002}), "1002"}, {nil, "1002"}}},
		"permissions.mode":              {see: poolXML("target/permissions/mode"), steps: []step{{permitted(attrs{"mode": "0755"}), "0755"}, {permitted(attrs{"mode": "0771"}), "0771"}, {nil, "0771"}}},
		"xml.attributes":                {see: poolXML("source/device@part_separator"), steps: []step{{parts("no"), "no"}, {parts("yes"), "yes"}, {parts(nil), ""}}},
		"xml":                           {see: poolXML(mountOption), actions: []string{"update", "update"}, steps: []step{{raw(nil), ""}, {raw(attrs{"mount_opts": mountOptions("nodev")}), "nodev"}, {raw(nil), ""}}},
		"xml.under":                     {see: poolXML("source/vendor@name"), steps: []step{{vendor(attrs{"vendor": element("source", `<vendor name="Acme"/>`)}), "Acme"}, {vendor(attrs{"mount_opts": mountOptions("nodev")}), ""}}},
		"xml.element":                   {see: poolXML(mountOption), steps: []step{{options(attrs{"it": mountOptions("nodev")}), "nodev"}, {options(attrs{"it": mountOptions("nosuid")}), "nosuid"}, {options(nil), ""}}},
		"delete_data":                   {see: info("pool-info", "State"), steps: []step{{nil, "running"}, {attrs{"delete_data": true}, "running"}, {nil, "running"}}},
	})
	alpha().lacks(t, "pool-info", first)
	alpha().lacks(t, "pool-info", second)
}
