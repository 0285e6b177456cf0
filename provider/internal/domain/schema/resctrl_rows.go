package schema

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// cachetuneRow and memorytuneRow are what virtual CPUs have of the host's caches and memory bandwidth, by the kernel's resctrl.
//
// https://libvirt.org/formatdomain.html#cpu-tuning
var cachetuneRow = table.Attr{
	Name: "cachetune", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: vcpuSet, Entries: threadsCodec{"cachetune", "vcpus"},
	Doc: "Parts of the host's caches for groups of virtual CPUs alone, by their numbers: `0-1`. The host must have resctrl " +
		"(`/sys/fs/resctrl`) and a processor that can allocate caches.",
	Attrs: []table.Attr{{
		Name: "caches", Type: table.Map, Mode: table.Required, Change: table.NextBoot, Check: cacheKey, Entries: cacheCodec{},
		Doc: "The caches, by the number that the host gives the cache, and what it holds for them: `0/both`, `1/code`, `1/data`.",
		Attrs: []table.Attr{
			{
				Name: "level", Type: table.Int, Mode: table.Optional, Default: int64(3), Change: table.NextBoot, Check: table.Between(2, 3),
				XML: xmlmodel.At("@level"),
				Doc: "The level of the cache.",
			},
			{
				Name: "size", Type: table.Int, Mode: table.Required, Change: table.NextBoot, Check: table.AtLeast(1, " KiB"), XML: cacheSize,
				Doc: "The size, in KiB: a multiple of what the host allocates at once.",
			},
		},
	}},
}

var memorytuneRow = table.Attr{
	Name: "memorytune", Type: table.Map, Mode: table.Optional, Change: table.NextBoot, Check: vcpuSet, Entries: threadsCodec{"memorytune", "vcpus"},
	Doc: "Limits of the memory bandwidth for groups of virtual CPUs, by their numbers: `0-1`. The host must have resctrl (`/sys/fs/resctrl`) " +
		"and a processor that can limit it.",
	Attrs: []table.Attr{{
		Name: "nodes", Type: table.Map, Mode: table.Required, Change: table.NextBoot, Check: cellNumber, Entries: bandwidthCodec{},
		Doc: "The nodes of the host's memory, by number.",
		Attrs: []table.Attr{{
			Name: "bandwidth", Type: table.Int, Mode: table.Required, Change: table.NextBoot, Check: table.AtLeast(1, ""),
			XML: xmlmodel.At("@bandwidth"),
			Doc: "The bandwidth, in percent; in MB/s on a host that mounts resctrl with `mba_MBps`.",
		}},
	}},
}

// vcpuSet checks a set of virtual CPUs that is a key: libvirt gives it back in order, with ranges.
func vcpuSet(v any) error {
	last := -2
	for part := range strings.SplitSeq(v.(string), ",") {
		first, end, isRange := strings.Cut(part, "-")
		from, err := strconv.Atoi(first)
		to := from
		if isRange && err == nil {
			to, err = strconv.Atoi(end)
		}
		if err != nil || from <= last+1 || isRange && to <= from || to >= cpuLimit {
			return fmt.Errorf("must be numbers of virtual CPUs in order like \"0-1,4\", got %q", v)
		}
		last = to
	}
	return nil
}

var cacheForm = regexp.MustCompile(`^(0|[1-9]\d*)/(both|code|data)$`)

func cacheKey(v any) error {
	if !cacheForm.MatchString(v.(string)) {
		return fmt.Errorf("must be the number of a cache and both, code or data like \"0/both\", got %q", v)
	}
	return nil
}

// cacheCodec reads and writes the caches of a group of virtual CPUs.
type cacheCodec struct{}

func (cacheCodec) Elements(tune *etree.Element) (keys []string, elements []*etree.Element) {
	for _, cache := range tune.SelectElements("cache") {
		keys = append(keys, cache.SelectAttrValue("id", "")+"/"+cache.SelectAttrValue("type", ""))
		elements = append(elements, cache)
	}
	return keys, elements
}

func (cacheCodec) Make(tune *etree.Element, key string, _ table.Model) *etree.Element {
	id, typ, _ := strings.Cut(key, "/")
	cache := tune.CreateElement("cache")
	cache.CreateAttr("id", id)
	cache.CreateAttr("type", typ)
	return cache
}

// cacheSize is a size in KiB, which libvirt gives back in the largest unit that is exact.
var cacheSize = xmlmodel.Func{
	R: func(cache *etree.Element) any {
		n := toInt(cache.SelectAttrValue("size", ""))
		switch cache.SelectAttrValue("unit", "B") {
		case "KiB":
		case "MiB":
			n <<= 10
		case "GiB":
			n <<= 20
		default:
			n >>= 10
		}
		return n
	},
	W: func(cache *etree.Element, v any) {
		xmlmodel.At("@size").Write(cache, v)
		cache.CreateAttr("unit", "KiB")
	},
}

// bandwidthCodec reads and writes the memory nodes of a group of virtual CPUs.
type bandwidthCodec struct{}

func (bandwidthCodec) Elements(tune *etree.Element) (keys []string, elements []*etree.Element) {
	for _, node := range tune.SelectElements("node") {
		keys, elements = append(keys, node.SelectAttrValue("id", "")), append(elements, node)
	}
	return keys, elements
}

func (bandwidthCodec) Make(tune *etree.Element, key string, _ table.Model) *etree.Element {
	node := tune.CreateElement("node")
	node.CreateAttr("id", key)
	return node
}

// resctrlRules checks that the guest has the virtual CPUs: libvirt (9.0) drops the others without an error.
func resctrlRules(p table.Problems, config table.Model) {
	most, known := mostVCPUs(config)
	for _, name := range []string{"cachetune", "memorytune"} {
		for _, key := range table.Keys(config.Group("cputune").Group(name)) {
			set, err := ParseCPUs(key)
			for n := range set {
				if err == nil && known && int64(n) >= most {
					p.In("cputune").Entry(name, key).Add("", "a key of '%s' must have virtual CPUs from 0 to %d, got %q; correct it, or raise "+
						"'vcpu' or 'maximum.vcpu'", name, most-1, key)
					break
				}
			}
		}
	}
}
