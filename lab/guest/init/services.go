package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/blockdev"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/cloudinit"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/console"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/process"
	"github.com/kvm-fleet/kvm-fleet/lab/guest/init/internal/sshd"
)

const (
	seedDirectory = "/run/cidata"
	hostKey       = "/etc/dropbear/dropbear_ed25519_host_key"
	agentPorts    = "/sys/class/virtio-ports"
	agentPort     = "org.qemu.guest_agent.0"
)

// readSeed reads the NoCloud disk and lets go of it: it can be ejected or replaced while the guest runs.
func readSeed(volume *blockdev.Volume, port *console.Console) (cloudinit.Seed, error) {
	if err := os.MkdirAll(seedDirectory, 0o700); err != nil {
		return cloudinit.Seed{}, err
	}
	if err := syscall.Mount(volume.Device, seedDirectory, volume.FileSystem, syscall.MS_RDONLY, ""); err != nil {
		return cloudinit.Seed{}, &os.PathError{Op: "mount", Path: volume.Device, Err: err}
	}
	seed, problems := cloudinit.Read(seedDirectory)
	for _, problem := range problems {
		port.Mark("cloud-init error %v", problem)
	}
	return seed, syscall.Unmount(seedDirectory, 0)
}

func setHostname(name string) error {
	if err := syscall.Sethostname([]byte(name)); err != nil {
		return err
	}
	if err := os.WriteFile("/etc/hostname", []byte(name+"\n"), 0o644); err != nil {
		return err
	}
	return os.WriteFile("/etc/hosts", []byte("127.0.0.1 localhost\n127.0.1.1 "+name+"\n"), 0o644)
}

// serveSSH runs dropbear with the host key of this disk, which is made at its first boot.
func serveSSH(port *console.Console, children *process.Table, keep *blockdev.Keep) {
	listener, err := sshd.Listen()
	if err == nil {
		err = restoreHostKey(children, keep)
	}
	if err != nil {
		port.Mark("ssh error %v", err)
		return
	}
	if text, err := children.Output("/bin/dropbearkey", "-y", "-f", hostKey); err != nil {
		port.Mark("ssh error %v", err)
	} else {
		for _, line := range strings.Split(text, "\n") {
			if print, err := cloudinit.Fingerprint(line); err == nil {
				port.Mark("ssh-host-key %s", print)
			}
		}
	}
	sshd.Serve(listener, func(connection *os.File) {
		// One connection a process (-i), and no passwords (-s).
		if err := children.Serve(connection, "/sbin/dropbear", "-i", "-s", "-r", hostKey); err != nil {
			port.Mark("ssh error %v", err)
		}
	})
}

func restoreHostKey(children *process.Table, keep *blockdev.Keep) error {
	if err := os.MkdirAll(filepath.Dir(hostKey), 0o700); err != nil {
		return err
	}
	if keep != nil {
		kept, err := keep.Load()
		if err != nil {
			return err
		}
		if kept != nil {
			return os.WriteFile(hostKey, kept, 0o600)
		}
	}
	if _, err := children.Output("/bin/dropbearkey", "-t", "ed25519", "-f", hostKey); err != nil {
		return err
	}
	if keep == nil {
		return nil
	}
	made, err := os.ReadFile(hostKey)
	if err != nil {
		return err
	}
	return keep.Store(made)
}

// serveAgent runs QEMU's guest agent when the machine has a port for it.
func serveAgent(port *console.Console, children *process.Table) {
	names, err := filepath.Glob(filepath.Join(agentPorts, "*", "name"))
	if err != nil {
		return
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil || strings.TrimSpace(string(content)) != agentPort {
			continue
		}
		device := filepath.Join("/dev", filepath.Base(filepath.Dir(name)))
		complain := func(err error) { port.Mark("agent error %v", err) }
		children.Keep(process.Always, complain, "/sbin/qemu-ga", "-m", "virtio-serial", "-p", device, "-t", "/run")
	}
}
