package schema

import (
	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// undoBallooning sets the current memory of a running guest to the defined value if the difference is only the balloon at work. libvirt
// (9.0) lets the guest boot with whole MiB.
func undoBallooning(live, defined *etree.Element) {
	whole := func(kib int64) int64 { return (kib + 1023) / 1024 }
	most, now, room := ownMemory(defined), toInt(memory.Read(defined)), ownMemory(live)
	if whole(most) == whole(room) {
		setKiB(live, "memory", most+deviceMemory(live))
	} else if now == most || now > room {
		return
	}
	setKiB(live, "currentMemory", now+currentDeviceMemory(live))
}

// undoCPUOnline copies the list of processors from the definition. libvirt (9.0) lists those of a running guest with the order in which
// they were added, and changes how many are online.
func undoCPUOnline(live, defined *etree.Element) {
	if xmlmodel.At("vcpu").Read(live) != xmlmodel.At("vcpu").Read(defined) {
		return
	}
	xmlmodel.Drop(live.SelectElement("vcpus"))
	if list := defined.SelectElement("vcpus"); list != nil {
		live.AddChild(list.Copy())
	}
	if fewer := toInt(vcpu.Read(defined)) < toInt(vcpu.Read(live)); fewer && defined.SelectAttrValue("type", "") == "qemu" {
		xmlmodel.At("vcpu@current").Write(live, vcpu.Read(live)) // as libvirt writes it while there are fewer: the maximum is the same
		return                                                   // see vcpuCost
	}
	xmlmodel.At("vcpu@current").Write(live, xmlmodel.At("vcpu@current").Read(defined))
}

// undoListenAddress restores the "host" address where libvirt recorded the address from the host's configuration.
func undoListenAddress(live, defined *etree.Element) {
	runs, is := xmlmodel.Find(live, "devices", "graphics"), xmlmodel.Find(defined, "devices", "graphics")
	if runs != nil && is != nil && listen.Read(is) == any(hostConfigListens) {
		listen.Write(runs, hostConfigListens)
	}
}
