package hostinfo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// MissingFilterSupport returns what a host lacks for network filters, as in "has no ...", and what to do about it; ""
// if it lacks nothing or that cannot be determined.
func MissingFilterSupport(l *libvirt.Libvirt) (string, error) {
	return once(l, "filtering", func() (string, error) {
		_, _, err := l.ConnectListAllNwfilters(0, 0)
		if conn.IsUnsupported(err) {
			return fmt.Sprintf("has no driver for network filters (%s); install libvirt's nwfilter driver there and restart libvirtd, or start "+
				"virtnwfilterd", err), nil
		}
		if err != nil {
			return "", err
		}
		missing, err := missingTools(l)
		if err != nil || missing == nil {
			return "", err
		}
		return fmt.Sprintf("has no %s, which libvirt needs for network filters; install ebtables and iptables there, and restart "+
			"libvirtd or virtnwfilterd",
			strings.Join(missing, ", no ")), nil
	})
}

// filteringTools are the programs that libvirt runs for each rule. Without them, libvirt starts and accepts filters,
// and fails when a guest with a filter starts (9.0: 'Failed to apply firewall rules ... cannot execute binary').
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/nwfilter/nwfilter_ebiptables_driver.c
var filteringTools = []string{"ebtables", "iptables", "ip6tables"}

// toolsUntil is the libvirt version that may use nftables instead of the tools.
const toolsUntil = 12_000_000

// standardPrefix begins the emulator's path on a host that keeps its programs in programDirs.
const standardPrefix = "/usr/"

var programDirs = []string{"/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"}

// missingTools returns the tools that the host says are in none of programDirs. It first asks for the emulator, which
// exists, to see whether it understands the host's answers.
func missingTools(l *libvirt.Libvirt) ([]string, error) {
	is, err := l.ConnectGetLibVersion()
	if err != nil || is >= toolsUntil {
		return nil, err
	}
	caps, err := readCapabilities(l)
	if err != nil {
		return nil, err
	}
	emulator := ""
	if guest := caps.guest(caps.arch()); guest != nil {
		emulator = textAt(guest, "emulator")
	}
	if !strings.HasPrefix(emulator, standardPrefix) {
		return nil, nil
	}
	if answer, err := fileAt(l, emulator); err != nil || answer != present {
		return nil, err
	}
	var missing []string
	for _, tool := range filteringTools {
		var failed error
		nowhere := !slices.ContainsFunc(programDirs, func(dir string) bool {
			answer, err := fileAt(l, dir+"/"+tool)
			failed = err
			return err != nil || answer != absent
		})
		if failed != nil {
			return nil, failed
		}
		if nowhere {
			missing = append(missing, tool)
		}
	}
	return missing, nil
}

type presence int

const (
	unclear presence = iota
	present
	absent
)

// fileAt reports whether a host has a file. libvirt has no call for that, but it looks at a file when it is asked for
// the capabilities of an emulator. Asked for an emulator below the file, it runs nothing, and answers that the file is
// not a directory or does not exist (observed with 9.0).
func fileAt(l *libvirt.Libvirt, path string) (presence, error) {
	_, err := l.ConnectGetDomainCapabilities(optional(path+"/none"), nil, nil, nil, 0)
	message, isLibvirt := conn.Message(err)
	switch {
	case err != nil && !isLibvirt:
		return unclear, err
	case strings.HasSuffix(message, ": Not a directory"):
		return present, nil
	case strings.HasSuffix(message, ": No such file or directory"):
		return absent, nil
	}
	return unclear, nil
}
