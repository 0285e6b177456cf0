package conn

import (
	"errors"

	"github.com/digitalocean/go-libvirt"
)

// Advice returns what a person can do about an error of libvirt; "" for an error that libvirt did not report.
// https://libvirt.org/html/libvirt-virterror.html#virErrorNumber
func Advice(err error) string {
	var remote libvirt.Error
	if !errors.As(err, &remote) {
		return ""
	}
	if advice := symptomAdvice(remote.Message); advice != "" {
		return advice
	}
	switch libvirt.ErrorNumber(remote.Code) {
	case libvirt.ErrInvalidArg, libvirt.ErrXMLError, libvirt.ErrXMLDetail, libvirt.ErrXMLInvalidSchema, libvirt.ErrConfigUnsupported,
		libvirt.ErrArgumentUnsupported, libvirt.ErrOperationUnsupported, libvirt.ErrInvalidMac, libvirt.ErrOsType, libvirt.ErrNoName,
		libvirt.ErrNoOs, libvirt.ErrNoSource, libvirt.ErrNoTarget, libvirt.ErrNoKernel, libvirt.ErrNoRoot, libvirt.ErrParseFailed,
		libvirt.ErrConfSyntax, libvirt.ErrOverflow, libvirt.ErrMultipleInterfaces, libvirt.ErrUnknownHost:
		return "The host's libvirt or QEMU does not accept this value or combination. Change or remove the attribute that the message " +
			"is about; 'virsh domcapabilities' on the host lists what it supports."
	case libvirt.ErrNoSupport, libvirt.ErrNoConnect, libvirt.ErrNoServer, libvirt.ErrNoClient:
		return "The host's libvirt has no driver for this. Install the package of the driver on the host (libvirt-daemon-driver-...), " +
			"or, with modular daemons, start the driver's daemon, then run the command again."
	case libvirt.ErrOperationDenied, libvirt.ErrAccessDenied, libvirt.ErrAuthFailed, libvirt.ErrAuthCancelled, libvirt.ErrAuthUnavailable:
		return "The user of the connection may not do this. Use a user who manages libvirt on the host (a member of the group " +
			"'libvirt', or allowed by polkit), and a connection that is not read-only."
	case libvirt.ErrSystemError, libvirt.ErrOpenFailed, libvirt.ErrReadFailed, libvirt.ErrWriteFailed, libvirt.ErrNoSecurityModel:
		return "The host's operating system refused it. Check on the host what the message names: that it exists, that libvirt may use" +
			" it, and that its disk has room."
	case libvirt.ErrNoMemory:
		return "The host has no memory left for libvirt. Stop or move guests, then run the command again."
	case libvirt.ErrNoDomain, libvirt.ErrNoNetwork, libvirt.ErrNoStoragePool, libvirt.ErrNoStorageVol, libvirt.ErrNoSecret, libvirt.ErrNoNwfilter,
		libvirt.ErrNoDomainSnapshot, libvirt.ErrNoDomainMetadata, libvirt.ErrNoNodeDevice, libvirt.ErrNoInterface, libvirt.ErrNoDevice,
		libvirt.ErrDeviceMissing, libvirt.ErrInvalidDomainSnapshot, libvirt.ErrInvalidDomain, libvirt.ErrInvalidNetwork,
		libvirt.ErrInvalidStoragePool, libvirt.ErrInvalidStorageVol, libvirt.ErrInvalidSecret, libvirt.ErrInvalidNwfilter:
		return "The host does not have it: another program removed it, or its name is wrong. Run the command again: the next plan " +
			"shows what is there."
	case libvirt.ErrOperationInvalid:
		return "The object is not in the state that this needs; another program may have changed it. Run the command again: the next " +
			"plan shows its state."
	case libvirt.ErrResourceBusy, libvirt.ErrOperationTimeout, libvirt.ErrBlockCopyActive:
		return "Another operation uses it. Wait until that has ended ('virsh domjobinfo' and 'virsh blockjob' show the operations of a" +
			" guest), then run the command again."
	case libvirt.ErrOperationAborted:
		return "Another program, or a person, canceled it. Run the command again."
	case libvirt.ErrAgentUnresponsive, libvirt.ErrAgentUnsynced, libvirt.ErrAgentCommandTimeout, libvirt.ErrAgentCommandFailed:
		return "Check that qemu-guest-agent runs in the guest, then run the command again."
	case libvirt.ErrHookScriptFailed:
		return "A hook script of the host refused it: see /etc/libvirt/hooks on the host."
	case libvirt.ErrBuildFirewall:
		return "The host's firewall refused the rules. Check on the host that ebtables, iptables and ip6tables work, and that the " +
			"conditions of the rules fit their protocols."
	case libvirt.ErrCPUIncompatible:
		return "The host's CPU lacks what the guest's CPU has. Choose a CPU model that the host supports; the data source " +
			"'libvirt_cpu_baseline' finds one for several hosts."
	case libvirt.ErrMigrateUnsafe:
		return "Migrating this guest may corrupt its disks. Set the cache mode of its disks to 'none', or stop the guest and move it " +
			"while it is off."
	case libvirt.ErrStoragePoolBuilt, libvirt.ErrStorageProbeFailed:
		return "The device is not empty, or cannot be read. Check on the host what is on it ('wipefs DEVICE'); 'build' = \"overwrite\"" +
			" destroys it."
	case libvirt.ErrGnutlsError, libvirt.ErrSSH, libvirt.ErrLibssh, libvirt.ErrRPC:
		return "The connection failed. Check the host's uri and the log of libvirt on the host, then run the command again."
	case libvirt.ErrDomExist, libvirt.ErrNetworkExist, libvirt.ErrStorageVolExist:
		return "Choose another name, or import the existing object."
	default:
		return "The log of libvirt on the host may say more: 'journalctl -u libvirtd' (or of virtqemud, virtnetworkd, virtstoraged), " +
			"and for a guest /var/log/libvirt/qemu/DOMAIN.log."
	}
}
