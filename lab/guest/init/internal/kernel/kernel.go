// Package kernel prepares what the kernel leaves to process 1.
package kernel

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unsafe"
)

const sysFinitModule = 313

var mounts = []struct{ kind, path, options string }{
	{"proc", "/proc", ""},
	{"sysfs", "/sys", ""},
	{"devtmpfs", "/dev", ""},
	{"devpts", "/dev/pts", "mode=0620,ptmxmode=0666"},
	{"tmpfs", "/run", "mode=0755"},
	{"tmpfs", "/tmp", "mode=1777"},
}

// Mount mounts the kernel's own file systems.
func Mount() error {
	for _, mount := range mounts {
		if err := os.MkdirAll(mount.path, 0o755); err != nil {
			return err
		}
		if err := syscall.Mount(mount.kind, mount.path, mount.kind, 0, mount.options); err != nil && !errors.Is(err, syscall.EBUSY) {
			return fmt.Errorf("mount %s: %w", mount.path, err)
		}
	}
	return nil
}

// LoadModules loads the modules that a list names, one a line, each after those that it needs.
func LoadModules(list string) error {
	content, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	var problems []error
	for _, name := range strings.Fields(string(content)) {
		if err := load(filepath.Join(filepath.Dir(list), name)); err != nil {
			problems = append(problems, fmt.Errorf("load %s: %w", name, err))
		}
	}
	return errors.Join(problems...)
}

func load(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	parameters := []byte{0}
	_, _, code := syscall.Syscall(sysFinitModule, file.Fd(), uintptr(unsafe.Pointer(&parameters[0])), 0)
	// A module whose hardware is not there says ENODEV.
	if code != 0 && code != syscall.EEXIST && code != syscall.ENODEV {
		return code
	}
	return nil
}

// Quiet keeps all but errors off the console, where kernel messages would break into the guest's own lines.
func Quiet() error {
	const consoleLevel = 8
	const errorsOnly = 4
	_, _, code := syscall.Syscall(syscall.SYS_SYSLOG, consoleLevel, 0, errorsOnly)
	if code != 0 {
		return code
	}
	return nil
}
