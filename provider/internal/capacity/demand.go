package capacity

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/exchange"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// DemandRequest has domains as the configuration of a stack has them: each the JSON of the attributes of a libvirt_domain.
type DemandRequest struct {
	Domains []string `json:"domains"`
}

// DemandReport is what each domain of the request needs, in the same order.
type DemandReport struct {
	Domains []Demand `json:"domains"`
}

// Demand is what a domain needs on its host when it starts. If Error is set, the configuration does not say it.
type Demand struct {
	Error  string  `json:"error"`
	Memory int64   `json:"memory"` // ordinary memory of the guest and of QEMU, in KiB
	VCPUs  int64   `json:"vcpus"`
	Pages  []Pages `json:"pages"`
}

// Pages is memory in huge pages of a size, on a NUMA node of the host. Both sizes are in KiB; Size 0 is the host's default size.
type Pages struct {
	Size   int64 `json:"size"`
	Node   int   `json:"node"` // -1 is any node
	Memory int64 `json:"memory"`
}

// RunDemand reads a DemandRequest and writes a DemandReport. It asks no host.
func RunDemand(in io.Reader, out io.Writer) error {
	var req DemandRequest
	if err := exchange.Decode(in, &req); err != nil {
		return fmt.Errorf(`demand: expected {"domains": ["{...}"]} on standard input: %w`, err)
	}
	report := DemandReport{Domains: []Demand{}}
	for _, attributes := range req.Domains {
		report.Domains = append(report.Domains, demandOf([]byte(attributes)))
	}
	return exchange.Encode(out, report)
}

// counted are the attributes that memory and virtual CPUs depend on. Others may refer to objects that do not exist yet.
var counted = map[string][]string{
	"type": nil, "vcpu": nil, "memory": nil, "maximum": nil, "memory_devices": nil, "memory_backing": nil, "cpu": nil,
	"devices": {"video", "hostdevs"},
}

var countedRows = slices.DeleteFunc(slices.Clone(schema.Table.Attrs), func(a table.Attr) bool {
	_, is := counted[a.Name]
	return !is
})

func demandOf(attributes []byte) Demand {
	text, err := onlyCounted(attributes)
	var model table.Model
	if err == nil {
		model, err = table.FromJSON(countedRows, text)
	}
	if err != nil {
		return Demand{Error: err.Error(), Pages: []Pages{}}
	}
	domain := etree.NewElement("domain")
	xmlmodel.Patch(countedRows, domain, nil, model)
	needs := room.AtStart(domain)
	d := Demand{Memory: needs.Guest + needs.QEMU, VCPUs: vcpusOf(model), Pages: []Pages{}}
	for p, memory := range needs.Huge {
		d.Pages = append(d.Pages, Pages{p.Size, p.Node, memory})
	}
	slices.SortFunc(d.Pages, func(one, other Pages) int {
		return cmp.Or(cmp.Compare(one.Size, other.Size), cmp.Compare(one.Node, other.Node))
	})
	return d
}

// vcpusOf returns how many virtual CPUs a domain can come to have.
func vcpusOf(model table.Model) int64 {
	now, _ := model["vcpu"].(int64)
	limits, _ := model["maximum"].(table.Model)
	most, _ := limits["vcpu"].(int64)
	return max(now, most)
}

func onlyCounted(attributes []byte) ([]byte, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(attributes, &all); err != nil {
		return nil, err
	}
	picked := map[string]any{}
	for name, parts := range counted {
		value, there := all[name]
		if !there {
			continue
		}
		if parts == nil {
			picked[name] = value
			continue
		}
		var group map[string]json.RawMessage
		if json.Unmarshal(value, &group) != nil {
			continue // a reference
		}
		few := map[string]json.RawMessage{}
		for _, part := range parts {
			if value, there := group[part]; there {
				few[part] = value
			}
		}
		picked[name] = few
	}
	return json.Marshal(picked)
}
