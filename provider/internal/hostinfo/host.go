package hostinfo

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Host is the data source libvirt_host.
type Host struct{}

var _ engine.DataSource = Host{}

// Table returns the host's table.
func (Host) Table() *table.Table { return HostTable }

// Hosts returns the name of the one host.
func (Host) Hosts(config table.Model) []string { return []string{config.Str("host")} }

// Read asks the host.
func (Host) Read(ctx context.Context, hosts []*conn.Host, _ table.Model) (table.Model, error) {
	var m table.Model
	err := hosts[0].Do(ctx, func(l *libvirt.Libvirt) (err error) {
		m, err = describe(l)
		return err
	})
	if err != nil {
		return nil, err
	}
	m["id"] = hosts[0].Name
	return m, nil
}

// describe reads the attributes of the data source.
func describe(l *libvirt.Libvirt) (table.Model, error) {
	libvirtIs, err := l.ConnectGetLibVersion()
	if err != nil {
		return nil, err
	}
	hypervisorIs, err := l.ConnectGetVersion()
	if err != nil {
		return nil, err
	}
	_, memory, cpus, _, _, _, _, _, err := l.NodeGetInfo()
	if err != nil {
		return nil, err
	}
	caps, err := readCapabilities(l)
	if err != nil {
		return nil, err
	}
	arch := caps.arch()
	m := table.Model{
		"libvirt_version":    Version(libvirtIs),
		"hypervisor_version": Version(hypervisorIs),
		"arch":               arch,
		"cpu": table.Model{"model": orNull(textAt(caps.root, "host", "cpu", "model")),
			"vendor": orNull(textAt(caps.root, "host", "cpu", "vendor"))},
		"cpus":            int64(cpus),
		"memory":          int64(memory),
		"numa_cells":      numaCells(caps.root),
		"security_models": strings.Join(securityModels(caps.root), ","),
	}
	guest := caps.guest(arch)
	if guest == nil {
		return nil, fmt.Errorf("it cannot run guests of its own architecture %s, only of %s; install QEMU for %[1]s",
			arch, strings.Join(caps.architectures(), ", "))
	}
	m["machine_types"] = machineTypes(guest)
	m["domain_types"], err = describeTypes(l, arch, domainTypes(guest))
	return m, err
}

func describeTypes(l *libvirt.Libvirt, arch string, types []string) (table.Model, error) {
	rank, err := newRanking(l, arch)
	if err != nil {
		return nil, err
	}
	all := table.Model{}
	for _, name := range types {
		domain, err := domainCapabilities(l, "", arch, "", name)
		if err != nil {
			return nil, err
		}
		models, known := cpuModels(domain), table.Model{}
		for name, m := range models {
			known[name] = table.Model{"usable": m.usable, "deprecated": m.deprecated, "vendor": orNull(m.vendor)}
		}
		baseline, err := rank.newest(name, usable(models))
		if err != nil {
			return nil, err
		}
		all[name] = table.Model{
			"emulator":     textAt(domain, "path"),
			"machine":      textAt(domain, "machine"),
			"firmwares":    strings.Join(enum(domain.SelectElement("os"), "firmware"), ","),
			"host_model":   orNull(hostModel(domain)),
			"baseline_cpu": orNull(baseline),
			"cpu_models":   known,
		}
	}
	return all, nil
}

func usable(models map[string]cpuModel) map[string]cpuModel {
	can := map[string]cpuModel{}
	for name, m := range models {
		if m.usable {
			can[name] = m
		}
	}
	return can
}

func numaCells(root *etree.Element) table.Model {
	cells := table.Model{}
	list := xmlmodel.Find(root, "host", "topology", "cells")
	if list == nil {
		return cells
	}
	for _, cell := range list.SelectElements("cell") {
		var cpus []int
		if own := cell.SelectElement("cpus"); own != nil {
			for _, c := range own.SelectElements("cpu") {
				if n, err := strconv.Atoi(c.SelectAttrValue("id", "")); err == nil {
					cpus = append(cpus, n)
				}
			}
		}
		cells[cell.SelectAttrValue("id", "")] = table.Model{"memory": number(textAt(cell, "memory")), "cpus": cpuSet(cpus)}
	}
	return cells
}

// NUMANodes returns the numbers of a host's NUMA nodes.
func NUMANodes(l *libvirt.Libvirt) ([]int, error) {
	caps, err := readCapabilities(l)
	if err != nil {
		return nil, err
	}
	var nodes []int
	for id := range numaCells(caps.root) {
		if n, err := strconv.Atoi(id); err == nil {
			nodes = append(nodes, n)
		}
	}
	return nodes, nil
}

// CPUs returns the numbers of a host's CPUs that are online.
func CPUs(l *libvirt.Libvirt) ([]int, error) {
	caps, err := readCapabilities(l)
	if err != nil {
		return nil, err
	}
	var cpus []int
	for _, cpu := range caps.root.FindElements("host/topology/cells/cell/cpus/cpu") {
		if n, err := strconv.Atoi(cpu.SelectAttrValue("id", "")); err == nil {
			cpus = append(cpus, n)
		}
	}
	return cpus, nil
}

// CPUSet formats the numbers of CPUs or nodes as libvirt does: 0-3,8.
func CPUSet(numbers []int) string { return cpuSet(numbers) }

// SecurityModels returns libvirt's security drivers of a host in the order in which it asks them: "apparmor", "dac".
func SecurityModels(l *libvirt.Libvirt) ([]string, error) {
	caps, err := readCapabilities(l)
	if err != nil {
		return nil, err
	}
	return securityModels(caps.root), nil
}

func securityModels(root *etree.Element) []string {
	var names []string
	for _, s := range root.SelectElement("host").SelectElements("secmodel") {
		names = append(names, textAt(s, "model"))
	}
	return names
}

func machineTypes(guest *etree.Element) table.Model {
	types := table.Model{}
	for _, m := range guest.SelectElements("machine") {
		types[m.Text()] = table.Model{
			"canonical":  orNull(m.SelectAttrValue("canonical", "")),
			"max_vcpus":  number(m.SelectAttrValue("maxCpus", "")),
			"deprecated": m.SelectAttrValue("deprecated", "no") == "yes",
		}
	}
	return types
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
