package hostinfo

import (
	"fmt"
	"slices"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// cpuModel is a CPU that libvirt knows by name.
type cpuModel struct {
	usable     bool // the host can run all of it, with no feature missing
	deprecated bool
	vendor     string
}

// cpuModels are those that domain capabilities list, by name.
func cpuModels(domain *etree.Element) map[string]cpuModel {
	models := map[string]cpuModel{}
	for _, mode := range cpuModes(domain) {
		if mode.SelectAttrValue("name", "") != "custom" {
			continue
		}
		for _, m := range mode.SelectElements("model") {
			models[m.Text()] = cpuModel{
				usable:     m.SelectAttrValue("usable", "") == "yes",
				deprecated: m.SelectAttrValue("deprecated", "no") == "yes",
				vendor:     m.SelectAttrValue("vendor", ""),
			}
		}
	}
	return models
}

// hostModel is the name of the model that the mode host-model starts from; "" where the host has none.
func hostModel(domain *etree.Element) string {
	for _, mode := range cpuModes(domain) {
		if mode.SelectAttrValue("name", "") == "host-model" {
			return textAt(mode, "model")
		}
	}
	return ""
}

func cpuModes(domain *etree.Element) []*etree.Element {
	cpu := domain.SelectElement("cpu")
	if cpu == nil {
		return nil
	}
	return cpu.SelectElements("mode")
}

// ranking puts CPU models in order by what libvirt knows of them.
type ranking struct {
	l        *libvirt.Libvirt
	arch     string
	order    []string            // libvirt's own list: of the models of a vendor, the older first
	features map[string][]string // of the models that were asked for
}

func newRanking(l *libvirt.Libvirt, arch string) (*ranking, error) {
	order, _, err := l.ConnectGetCPUModelNames(arch, 1, 0)
	if err != nil {
		return nil, fmt.Errorf("unable to list the CPU models: %w", err)
	}
	return &ranking{l, arch, order, map[string][]string{}}, nil
}

// newest is the model with the most features; of those with as many, the one that libvirt lists last. Deprecated ones are for when there is
// no other. A model that can't run the architecture's 64-bit code is none at all: "" where there is nothing else.
func (r *ranking) newest(domainType string, models map[string]cpuModel) (string, error) {
	best, bestIs := "", []int(nil)
	for name, m := range models {
		features, err := r.featuresOf(domainType, name)
		if err != nil {
			return "", err
		}
		if r.arch == "x86_64" && !slices.Contains(features, "lm") {
			continue
		}
		current := 1
		if m.deprecated {
			current = 0
		}
		is := []int{current, len(features), slices.Index(r.order, name)}
		if order := slices.Compare(is, bestIs); order > 0 || order == 0 && name > best {
			best, bestIs = name, is
		}
	}
	return best, nil
}

// featuresOf are the features of a model; those are the same under every domain type.
func (r *ranking) featuresOf(domainType, model string) ([]string, error) {
	if known, asked := r.features[model]; asked {
		return known, nil
	}
	cpu := etree.NewElement("cpu")
	cpu.CreateAttr("mode", "custom")
	cpu.CreateAttr("match", "exact")
	name := cpu.CreateElement("model")
	name.CreateAttr("fallback", "forbid")
	name.SetText(model)
	text, err := xmlmodel.Text(cpu)
	if err != nil {
		return nil, err
	}
	expanded, err := r.l.ConnectBaselineHypervisorCPU(nil, optional(r.arch), nil, optional(domainType), []string{text}, uint32(libvirt.ConnectBaselineCPUExpandFeatures))
	if err != nil {
		return nil, fmt.Errorf("unable to list the features of CPU model %q: %w", model, err)
	}
	root, err := xmlmodel.Parse(expanded)
	if err != nil {
		return nil, err
	}
	features := required(root)
	r.features[model] = features
	return features, nil
}

// required are the features that a CPU must have.
func required(cpu *etree.Element) []string {
	var names []string
	for _, f := range cpu.SelectElements("feature") {
		if p := f.SelectAttrValue("policy", "require"); p == "require" || p == "force" {
			names = append(names, f.SelectAttrValue("name", ""))
		}
	}
	return names
}
