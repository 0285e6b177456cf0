//go:build acceptance

package acceptance

// limitCases returns the cases of the limits of disks and interfaces.
func limitCases() map[string]update {
	disk := func(a attrs) attrs {
		return attrs{"disks": attrs{"sda": attrs{"file": "/srv/one.img", "bus": "sata"}.with(a)}}
	}
	nic := func(a attrs) attrs { return attrs{"interfaces": attrs{"lan": attrs{"network": "one"}.with(a)}} }
	iotune := func(name string, others attrs) update {
		tune := func(v any) attrs { return disk(attrs{"iotune": others.with(attrs{name: v})}) }
		return update{see: defined("devices/disk/iotune/" + name), steps: []step{{tune(1000), "1000"}, {tune(2000), "2000"}, {tune(nil), ""}}}
	}
	bandwidth := func(direction, name string, others attrs) update {
		limit := func(v any) attrs { return nic(attrs{"bandwidth": others.with(attrs{direction + "_" + name: v})}) }
		return update{see: defined("devices/interface/bandwidth/" + direction + "@" + name), steps: []step{{limit(1000), "1000"}, {limit(2000), "2000"}, {limit(nil), ""}}}
	}
	iops, bytes := attrs{"total_iops_sec": 50}, attrs{"total_bytes_sec": 50 << 20}
	in, out := attrs{"inbound_average": 500}, attrs{"outbound_average": 500}
	group := []string{"update", "update"}
	return map[string]update{
		"disks.cache": {see: defined("devices/disk/driver@cache"), steps: []step{
			{disk(attrs{"cache": "none"}), "none"}, {disk(attrs{"cache": "writethrough"}), "writethrough"}, {disk(nil), ""}}},
		// libvirt does not know this attribute.
		"disks.target_pool": {see: defined("devices/disk/target@dev"), steps: []step{
			{disk(attrs{"target_pool": "one"}), "sda"}, {disk(attrs{"target_pool": "two"}), "sda"}, {disk(nil), "sda"}}},
		"disks.iotune": {see: defined("devices/disk/iotune?"), actions: group, steps: []step{
			{disk(nil), "false"}, {disk(attrs{"iotune": iops}), "true"}, {disk(nil), "false"}}},
		"disks.iotune.total_bytes_sec": iotune("total_bytes_sec", iops),
		"disks.iotune.read_bytes_sec":  iotune("read_bytes_sec", iops),
		"disks.iotune.write_bytes_sec": iotune("write_bytes_sec", iops),
		"disks.iotune.total_iops_sec":  iotune("total_iops_sec", bytes),
		"disks.iotune.read_iops_sec":   iotune("read_iops_sec", bytes),
		"disks.iotune.write_iops_sec":  iotune("write_iops_sec", bytes),
		"interfaces.link": {see: defined("devices/interface/link@state"), steps: []step{
			{nic(attrs{"link": "up"}), "up"}, {nic(attrs{"link": "down"}), "down"}, {nic(nil), ""}}},
		"interfaces.filter": {see: defined("devices/interface/filterref@filter"), steps: []step{
			{nic(attrs{"filter": "clean-traffic"}), "clean-traffic"}, {nic(attrs{"filter": "no-mac-spoofing"}), "no-mac-spoofing"}, {nic(nil), ""}}},
		"interfaces.bandwidth": {see: defined("devices/interface/bandwidth?"), actions: group, steps: []step{
			{nic(nil), "false"}, {nic(attrs{"bandwidth": in}), "true"}, {nic(nil), "false"}}},
		"interfaces.bandwidth.inbound_average":  bandwidth("inbound", "average", out),
		"interfaces.bandwidth.inbound_peak":     bandwidth("inbound", "peak", in),
		"interfaces.bandwidth.inbound_burst":    bandwidth("inbound", "burst", in),
		"interfaces.bandwidth.outbound_average": bandwidth("outbound", "average", in),
		"interfaces.bandwidth.outbound_peak":    bandwidth("outbound", "peak", out),
		"interfaces.bandwidth.outbound_burst":   bandwidth("outbound", "burst", out),
	}
}
