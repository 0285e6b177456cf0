package hostinfo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
)

// Resctrl is what a host can allocate of its caches and its memory bandwidth. https://libvirt.org/formatcaps.html
type Resctrl struct{ host *etree.Element }

// ReadResctrl reads what a host can allocate.
func ReadResctrl(l *libvirt.Libvirt) (Resctrl, error) {
	caps, err := readCapabilities(l)
	if err != nil {
		return Resctrl{}, err
	}
	return Resctrl{caps.root.SelectElement("host")}, nil
}

const noResctrl = "%s: its processor cannot, or /sys/fs/resctrl was not mounted when its libvirt started ('mount -t resctrl resctrl " +
	"/sys/fs/resctrl', then restart libvirt); remove this entry, or choose another host"

// LacksCache says why a host cannot allocate a size in KiB of a cache; "" if it can. key has its number and what it holds: "0/both".
func (r Resctrl) LacksCache(key string, level, size int64) string {
	id, holds, _ := strings.Cut(key, "/")
	if len(r.host.FindElements("cache/bank/control")) == 0 {
		return fmt.Sprintf(noResctrl, "allocates no caches")
	}
	var known []string
	for _, bank := range r.host.FindElements("cache/bank") {
		for _, control := range bank.SelectElements("control") {
			its, of := bank.SelectAttrValue("id", "")+"/"+control.SelectAttrValue("type", ""), bank.SelectAttrValue("level", "")
			known = append(known, fmt.Sprintf("%q of level %s", its, of))
			if its != id+"/"+holds || of != fmt.Sprint(level) {
				continue
			}
			unit := inKiB(control, "granularity")
			least := max(inKiB(control, "min"), unit)
			switch {
			case size < least:
				return fmt.Sprintf("allocates at least %d KiB of this cache, got %d; raise it", least, size)
			case unit > 0 && size%unit != 0:
				return fmt.Sprintf("allocates multiples of %d KiB of this cache, got %d; round it", unit, size)
			}
			return ""
		}
	}
	return fmt.Sprintf("has no cache %q of level %d to allocate, only %s; choose one of these", key, level, strings.Join(known, ", "))
}

// LacksBandwidth says why a host cannot limit the bandwidth of a memory node; "" if it can.
func (r Resctrl) LacksBandwidth(node string, bandwidth int64) string {
	controls := r.host.FindElements("memory_bandwidth/node/control")
	if len(controls) == 0 {
		return fmt.Sprintf(noResctrl, "limits no memory bandwidth")
	}
	var known []string
	for _, control := range controls {
		id := control.Parent().SelectAttrValue("id", "")
		if known = append(known, id); id != node {
			continue
		}
		least, _ := number(control.SelectAttrValue("min", "")).(int64)
		unit, _ := number(control.SelectAttrValue("granularity", "")).(int64)
		switch {
		case bandwidth < least:
			return fmt.Sprintf("limits the bandwidth of this node to at least %d, got %d; raise it", least, bandwidth)
		case unit > 0 && bandwidth%unit != 0:
			return fmt.Sprintf("limits the bandwidth of this node to multiples of %d, got %d; round it", unit, bandwidth)
		}
		return ""
	}
	slices.Sort(known)
	return fmt.Sprintf("limits the bandwidth of the memory nodes %s only, got %q; choose one of these",
		strings.Join(slices.Compact(known), ", "), node)
}

// inKiB returns a size of a control, which has one unit for all.
func inKiB(control *etree.Element, name string) int64 {
	n, _ := number(control.SelectAttrValue(name, "")).(int64)
	switch control.SelectAttrValue("unit", "B") {
	case "KiB":
		return n
	case "MiB":
		return n << 10
	default:
		return n >> 10
	}
}
