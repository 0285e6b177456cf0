// The guest's process 1: it prepares the machine, applies its NoCloud data, and counts.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/blockdev"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/cloudinit"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/console"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/kernel"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/network"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/power"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/process"
)

const (
	serialPort      = "/dev/ttyS0"
	moduleList      = "/lib/modules/list"
	settings        = "/etc/sysctl.d"
	defaultHostname = "guest"
	// stopDeadline is how long programs have to end; what asked for the shutdown waits for the machine.
	stopDeadline = time.Second
)

func main() {
	if err := kernel.Mount(); err != nil {
		fmt.Println("guest error", err)
	}
	port, err := console.Open(serialPort)
	if err != nil {
		port, err = console.Open(os.DevNull)
	}
	if err != nil {
		fmt.Println("guest error", err)
		return
	}
	complain := func(what string, err error) {
		if err != nil {
			port.Mark("%s error %v", what, err)
		}
	}
	complain("kernel", kernel.LoadModules(moduleList))
	complain("kernel", kernel.Quiet())
	complain("power", power.CatchControlAltDelete())
	requests, err := power.Listen("/sys")
	complain("power", err)

	children, err := process.NewTable(port.File())
	if err != nil {
		port.Mark("guest error %v", err)
		return
	}
	go start(port, children)

	request := <-requests
	port.Mark("%s", request)
	port.Drain()
	children.Stop(stopDeadline)
	complain("power", power.End(request))
}

// start does all that a shutdown need not wait for.
func start(port *console.Console, children *process.Table) {
	devices, err := blockdev.Devices("/sys")
	if err != nil {
		port.Mark("disk error %v", err)
	}
	seed := applySeed(port, devices)
	hostname := seed.Hostname()
	if hostname == "" {
		hostname = defaultHostname
	}
	if err := setHostname(hostname); err != nil {
		port.Mark("hostname error %v", err)
	}
	if err := kernel.Set(settings, "/proc/sys"); err != nil {
		port.Mark("sysctl error %v", err)
	}
	// The first count says that what the NoCloud disk asked for has been applied.
	go count(port)
	go serveSSH(port, children, blockdev.FindKeep(devices))
	go serveAgent(port, children)
	manager := network.Manager{Console: port, Children: children, Config: seed.Network, Hostname: hostname}
	if err := manager.Watch(); err != nil {
		port.Mark("network error %v", err)
	}
}

func applySeed(port *console.Console, devices []string) cloudinit.Seed {
	volume := blockdev.FindLabel(devices, "cidata")
	if volume == nil {
		port.Mark("cloud-init none")
		return cloudinit.Seed{}
	}
	seed, err := readSeed(volume, port)
	if err != nil {
		port.Mark("cloud-init error %v", err)
		return cloudinit.Seed{}
	}
	seed.Apply("/", port.Mark)
	return seed
}

// count shows that the guest runs, and for how long it has.
func count(port *console.Console) {
	second := time.NewTicker(time.Second)
	for number := 1; ; number++ {
		port.Mark("count %d", number)
		<-second.C
	}
}
