package power

import "syscall"

// End writes all buffered data to disk and powers the machine off. It does not return.
func End(request Request) error {
	syscall.Sync()
	if request == Reboot {
		return syscall.Reboot(syscall.LINUX_REBOOT_CMD_RESTART)
	}
	return syscall.Reboot(syscall.LINUX_REBOOT_CMD_POWER_OFF)
}

// CatchControlAltDelete makes the kernel send process 1 a signal, rather than reboot at once.
func CatchControlAltDelete() error {
	return syscall.Reboot(syscall.LINUX_REBOOT_CMD_CAD_OFF)
}
