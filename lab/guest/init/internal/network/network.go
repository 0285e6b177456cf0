// Package network gives every interface its addresses, also those that are plugged in later.
package network

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/cloudinit"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/console"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/process"
)

const (
	ip          = "/sbin/ip"
	udhcpc      = "/sbin/udhcpc"
	leaseScript = "/etc/udhcpc.script"
	resolvConf  = "/etc/resolv.conf"
)

// Manager applies one network configuration.
type Manager struct {
	Console  *console.Console
	Children *process.Table
	Config   *cloudinit.Network
	Hostname string

	mutex sync.Mutex
	known map[string]bool
}

// Watch configures the interfaces that are there, then each that appears. It returns only if it can't watch.
func (m *Manager) Watch() error {
	if err := m.Children.Run(ip, "link", "set", "lo", "up"); err != nil {
		m.Console.Mark("network error %v", err)
	}
	// Listen first, then look: an interface that appears in between is seen twice rather than never.
	appeared, err := listen()
	m.addPresent()
	if err != nil {
		return err
	}
	for event := range appeared {
		if event.removed {
			m.forget(event.name)
		} else {
			m.addPresent()
		}
	}
	return nil
}

func (m *Manager) addPresent() {
	entries, err := os.ReadDir("/sys/class/net")
	if err != nil {
		m.Console.Mark("network error %v", err)
		return
	}
	for _, entry := range entries {
		device := describe(entry.Name())
		if device.Driver == "" || !m.claim(device.Name) {
			continue
		}
		go func() {
			if err := m.configure(device); err != nil {
				m.Console.Mark("network error %s: %v", device.Name, err)
			}
		}()
	}
}

// claim is true once for each interface.
func (m *Manager) claim(name string) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.known[name] {
		return false
	}
	if m.known == nil {
		m.known = map[string]bool{}
	}
	m.known[name] = true
	return true
}

func (m *Manager) forget(name string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	delete(m.known, name)
}

// describe returns the driver of an interface. An interface without a driver, such as lo, is not a device.
func describe(name string) cloudinit.Interface {
	directory := filepath.Join("/sys/class/net", name)
	mac, _ := os.ReadFile(filepath.Join(directory, "address"))
	driver, err := os.Readlink(filepath.Join(directory, "device/driver"))
	if err != nil {
		return cloudinit.Interface{Name: name}
	}
	return cloudinit.Interface{Name: name, MAC: strings.TrimSpace(string(mac)), Driver: filepath.Base(driver)}
}

// indexOf is the kernel's own number of an interface; empty when there is none of that name.
func indexOf(name string) string {
	index, _ := os.ReadFile(filepath.Join("/sys/class/net", name, "ifindex"))
	return string(index)
}

func (m *Manager) configure(device cloudinit.Interface) error {
	config, ok := m.Config.For(device)
	if !ok {
		return nil
	}
	name := device.Name
	if config.SetName != "" && config.SetName != name {
		m.claim(config.SetName)
		if err := m.Children.Run(ip, "link", "set", name, "name", config.SetName); err != nil {
			return err
		}
		name = config.SetName
	}
	if config.MTU != 0 {
		if err := m.Children.Run(ip, "link", "set", name, "mtu", strconv.Itoa(config.MTU)); err != nil {
			return err
		}
	}
	if err := m.Children.Run(ip, "link", "set", name, "up"); err != nil {
		return err
	}
	if err := m.setAddresses(name, config); err != nil {
		return err
	}
	if config.DHCP4 {
		// It asks once a second until a server answers, and renews its lease while the guest runs.
		complain := func(err error) { m.Console.Mark("network error %s: %v", name, err) }
		// An interface that is pulled out and plugged in again is another one, of whatever name.
		index := indexOf(name)
		wanted := func() bool { return indexOf(name) == index }
		m.Children.Keep(wanted, complain, udhcpc, "-f", "-i", name, "-s", leaseScript,
			"-t", "3", "-T", "1", "-A", "1", "-x", "hostname:"+m.Hostname)
	}
	return nil
}

func (m *Manager) setAddresses(name string, config cloudinit.Ethernet) error {
	for _, address := range config.Addresses {
		if err := m.Children.Run(ip, "address", "add", address, "dev", name); err != nil {
			return err
		}
		m.Console.Mark("address %s %s", name, address)
	}
	for _, route := range config.AllRoutes() {
		if err := m.Children.Run(ip, "route", "add", route.To, "via", route.Via, "dev", name); err != nil {
			return err
		}
	}
	return m.addNameservers(config)
}

func (m *Manager) addNameservers(config cloudinit.Ethernet) error {
	var lines []string
	if len(config.Nameservers.Search) > 0 {
		lines = append(lines, "search "+strings.Join(config.Nameservers.Search, " "))
	}
	for _, server := range config.Nameservers.Addresses {
		lines = append(lines, "nameserver "+server)
	}
	if len(lines) == 0 {
		return nil
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	file, err := os.OpenFile(resolvConf, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = fmt.Fprintln(file, strings.Join(lines, "\n"))
	return err
}
