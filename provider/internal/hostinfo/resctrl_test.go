package hostinfo

import (
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestResctrl(t *testing.T) {
	// As libvirt describes it: https://libvirt.org/formatcaps.html
	const allocates = `<host><cache>
		<bank id='0' level='3' type='both' size='30' unit='MiB' cpus='0-9'><control granularity='1536' min='3072' unit='KiB' type='both' maxAllocs='4'/></bank>
		<bank id='1' level='3' type='both' size='30' unit='MiB' cpus='10-19'>
			<control granularity='2' unit='MiB' type='code' maxAllocs='4'/><control granularity='2' unit='MiB' type='data' maxAllocs='4'/></bank></cache>
		<memory_bandwidth><node id='0' cpus='0-9'><control granularity='10' min='20' maxAllocs='8'/></node></memory_bandwidth></host>`
	const without = `<host><cache><bank id='0' level='3' type='both' size='30' unit='MiB' cpus='0-1'/></cache></host>`
	host := func(xml string) Resctrl {
		root, err := xmlmodel.Parse(xml)
		if err != nil {
			t.Fatal(err)
		}
		return Resctrl{root}
	}
	for _, c := range []struct {
		host, key   string
		level, size int64
		want        string
	}{
		{allocates, "0/both", 3, 3072, ""},
		{allocates, "1/data", 3, 2048, ""},
		{allocates, "0/both", 3, 1536, "allocates at least 3072 KiB of this cache, got 1536; raise it"},
		{allocates, "0/both", 3, 4000, "allocates multiples of 1536 KiB of this cache, got 4000; round it"},
		{allocates, "1/both", 3, 2048, `has no cache "1/both" of level 3 to allocate, only "0/both" of level 3, "1/code" of level 3, "1/data" of level 3; choose one of these`},
		{without, "0/both", 3, 3072, "allocates no caches: its processor cannot, or /sys/fs/resctrl was not mounted"},
	} {
		if got := host(c.host).LacksCache(c.key, c.level, c.size); c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s, %d KiB: got %q, want %q", c.key, c.size, got, c.want)
		}
	}
	for _, c := range []struct {
		host, node string
		bandwidth  int64
		want       string
	}{
		{allocates, "0", 50, ""},
		{allocates, "0", 10, "limits the bandwidth of this node to at least 20, got 10; raise it"},
		{allocates, "0", 55, "limits the bandwidth of this node to multiples of 10, got 55; round it"},
		{allocates, "1", 50, `limits the bandwidth of the memory nodes 0 only, got "1"; choose one of these`},
		{without, "0", 50, "limits no memory bandwidth: its processor cannot, or /sys/fs/resctrl was not mounted"},
	} {
		if got := host(c.host).LacksBandwidth(c.node, c.bandwidth); c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("node %s, %d: got %q, want %q", c.node, c.bandwidth, got, c.want)
		}
	}
}
