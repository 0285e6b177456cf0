package schema

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// topologyParts are what the processors of a guest are divided into, from the outside to the inside. A part that is not there is 1.
// https://libvirt.org/formatdomain.html#cpu-model-and-topology
var topologyParts = []string{"sockets", "dies", "clusters", "cores", "threads"}

// addTopology makes the processors of a new guest the cores of one socket. Without a topology each is a socket, and desktop Windows uses two
// sockets at most. A guest with several NUMA nodes has a topology only if the configuration says so.
func addTopology(el *etree.Element) {
	several := len(el.FindElements("cpu/numa/cell")) > 1
	if several || xmlmodel.Find(el, "cpu", "topology") != nil || xmlmodel.At("vcpu").Text(el) == "" {
		return
	}
	topology := xmlmodel.Ensure(el, "cpu", "topology")
	for _, part := range []string{"sockets", "dies", "cores", "threads"} {
		topology.CreateAttr(part, "1")
	}
	fitTopology(el)
}

// fitTopology changes a topology for another number of processors, if they are all cores of one socket, or all sockets. It leaves any other
// topology unchanged.
func fitTopology(el *etree.Element) {
	topology := xmlmodel.Find(el, "cpu", "topology")
	if topology == nil {
		return
	}
	grown := slices.DeleteFunc(slices.Clone(topologyParts), func(part string) bool { return topologyPart(topology, part) == 1 })
	switch {
	case len(grown) == 0:
		grown = []string{"cores"}
	case len(grown) > 1 || grown[0] != "cores" && grown[0] != "sockets":
		return
	}
	topology.CreateAttr(grown[0], xmlmodel.At("vcpu").Text(el))
}

// impliedTopology recognizes the topology of a new domain: all processors are cores of one socket.
func impliedTopology(host any) bool {
	for _, part := range topologyParts {
		if n := host.(table.Model).Int(part); part != "cores" && n > 1 {
			return false
		}
	}
	return true
}

// topology is the group of a topology. libvirt requires most of its numbers.
type topology struct{}

func (topology) Find(cpu *etree.Element) *etree.Element { return cpu.SelectElement("topology") }

func (topology) Make(cpu *etree.Element) *etree.Element {
	if there := cpu.SelectElement("topology"); there != nil {
		return there
	}
	el := cpu.CreateElement("topology")
	for _, part := range []string{"sockets", "dies", "cores", "threads"} {
		el.CreateAttr(part, "1")
	}
	return el
}

// Remove makes the processors the cores of one socket again.
func (t topology) Remove(cpu *etree.Element) {
	el := t.Find(cpu)
	if el == nil {
		return
	}
	for _, part := range topologyParts {
		topologyCount(part).Write(el, int64(1))
	}
	if domain := cpu.Parent(); domain != nil {
		fitTopology(domain)
	}
}

// topologyCount is one of the numbers. One that is absent is 1.
func topologyCount(part string) xmlmodel.Func {
	return xmlmodel.Func{
		R: func(el *etree.Element) any { return topologyPart(el, part) },
		W: func(el *etree.Element, v any) {
			if part == "clusters" && (v == nil || v == any(int64(1))) {
				el.RemoveAttr(part) // libvirt 9.0 does not know it
				return
			}
			if v == nil {
				v = int64(1)
			}
			el.CreateAttr(part, fmt.Sprint(v))
		},
	}
}

func topologyPart(topology *etree.Element, part string) int64 {
	n, err := strconv.ParseInt(topology.SelectAttrValue(part, "1"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// TopologyMismatch says what the maximum number of processors must be, if the topology has room for another number; "" if it fits.
func TopologyMismatch(el *etree.Element) string {
	topology := xmlmodel.Find(el, "cpu", "topology")
	if topology == nil {
		return ""
	}
	return topologyMismatch(func(part string) int64 { return topologyPart(topology, part) }, toInt(xmlmodel.At("vcpu").Text(el)))
}

func topologyMismatch(count func(part string) int64, most int64) string {
	room, formula := int64(1), ""
	for _, part := range topologyParts {
		n := count(part)
		room *= n
		if n != 1 { // libvirt (11.3) also writes the parts that are not set
			formula += fmt.Sprintf(", %s %d", part, n)
		}
	}
	if formula == "" {
		formula = ", cores 1"
	}
	if room == most {
		return ""
	}
	return fmt.Sprintf("be %d, the number of processors of its CPU topology (%s), got %d; change both together", room, formula[2:], most)
}
