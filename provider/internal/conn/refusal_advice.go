package conn

import "strings"

// localRules is the file in which an administrator adds to what AppArmor allows all guests of a Debian or Ubuntu host.
const localRules = "/etc/apparmor.d/local/abstractions/libvirt-qemu"

// symptoms are parts of messages of libvirt and QEMU after a refusal by the security driver or a file system of a host, with what to do.
// The messages do not name the driver, and the host often logs nothing: Debian's rules deny silently what they deny by a rule.
var symptoms = []struct{ part, also, advice string }{
	{"The nodes select no CPUs", "",
		"On a host with AppArmor (seen with libvirt 9.0 and QEMU 7.2), its rules deny QEMU to read the NUMA nodes of the host, which it does " +
			"for huge pages on certain nodes. Add the line '/sys/devices/system/node/** r,' to " + localRules + " on the host, and start the " +
			"guest again. Without AppArmor, check that the nodes of 'numatune' have CPUs."},
	{"/dev/vfio/", "Permission denied",
		"On a host with AppArmor (seen with libvirt 9.0), its rules deny QEMU the device of a network with forward mode 'hostdev'. Add the " +
			"line '/dev/vfio/* rw,' to " + localRules + " on the host, and start the guest again."},
	{"Security driver model 'apparmor' is not available", "",
		"The domain was defined on a host with AppArmor, and names it. Remove the element 'seclabel' from its definition (virsh edit), then " +
			"run the command again."},
	{"error adding vlan filter to interface", "",
		"The Linux bridge has no VLANs. Turn them on ('ip link set BRIDGE type bridge vlan_filtering 1' on the host, or the setting of the program " +
			"that makes the bridge); if the kernel refuses that, it was built without them."},
	{"Failed to create file '", "Operation not permitted",
		"libvirt may not give the file to its owner there. On NFS, export the directory to the host with 'no_root_squash': with root_squash the " +
			"server takes libvirt for the user nobody."},
	{"Could not open '", "Permission denied",
		"QEMU runs as a user of its own on most hosts ('user' in /etc/libvirt/qemu.conf, libvirt-qemu on Debian). Check that this user may " +
			"search each directory above the file, that an NFS export lets libvirt change the owner of files (root_squash does not), and " +
			"that AppArmor or SELinux allows the file ('journalctl -k | grep -i denied'; a denied write below a disk is not logged)."},
}

// symptomAdvice returns what to do about a refusal by the security driver of a host; "" if the message shows no such refusal.
func symptomAdvice(message string) string {
	for _, s := range symptoms {
		if strings.Contains(message, s.part) && strings.Contains(message, s.also) {
			return s.advice
		}
	}
	return ""
}
