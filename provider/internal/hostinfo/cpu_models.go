package hostinfo

import (
	"fmt"
	"slices"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// cpuModel is a CPU model that libvirt knows by name.
type cpuModel struct {
	usable     bool // the host supports all features of the model
	deprecated bool
	vendor     string
}

// cpuModels returns the models that domain capabilities list, by name.
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

// hostModel returns the model that the mode host-model is based on; "" if the host has none.
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

// ranking orders CPU models by what libvirt knows of them.
type ranking struct {
	l        *libvirt.Libvirt
	arch     string
	order    []string            // libvirt's list, in which the older models of a vendor come first
	features map[string][]string // of the models asked for so far
}

func newRanking(l *libvirt.Libvirt, arch string) (*ranking, error) {
	order, _, err := l.ConnectGetCPUModelNames(arch, 1, 0)
	if err != nil {
		return nil, fmt.Errorf("unable to list the CPU models: %w", err)
	}
	return &ranking{l, arch, order, map[string][]string{}}, nil
}

// newest returns the model with the most features; of several, the one that libvirt lists last. It returns a
// deprecated model only if there is no other. It ignores models that cannot run the architecture's 64-bit code, and
// returns "" if no model remains.
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

// featuresOf returns the features of a model, which are the same with every domain type.
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
	expanded, err := r.l.ConnectBaselineHypervisorCPU(nil, optional(r.arch), nil, optional(domainType), []string{text},
		uint32(libvirt.ConnectBaselineCPUExpandFeatures))
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

// required returns the features that a CPU must have.
func required(cpu *etree.Element) []string {
	var names []string
	for _, f := range cpu.SelectElements("feature") {
		if p := f.SelectAttrValue("policy", "require"); p == "require" || p == "force" {
			names = append(names, f.SelectAttrValue("name", ""))
		}
	}
	return names
}
