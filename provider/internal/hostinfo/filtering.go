package hostinfo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// MissingFilterSupport is what a host lacks for network filters, as in "has no ...", and what to do about it; "" where it lacks nothing, or nobody
// can tell.
func MissingFilterSupport(l *libvirt.Libvirt) (string, error) {
	return once(l, "filtering", func() (string, error) {
		_, _, err := l.ConnectListAllNwfilters(0, 0)
		if conn.IsUnsupported(err) {
			return fmt.Sprintf("has no driver for network filters (%s); install libvirt's nwfilter driver there and restart libvirtd, or start virtnwfilterd", err), nil
		}
		if err != nil {
			return "", err
		}
		missing, err := missingTools(l)
		if err != nil || missing == nil {
			return "", err
		}
		return fmt.Sprintf("has no %s, by which libvirt puts network filters in place; install ebtables and iptables there, and restart libvirtd or virtnwfilterd",
			strings.Join(missing, ", no ")), nil
	})
}

// filteringTools are what libvirt runs for each rule. It starts without them, takes filters too, and fails when a guest starts that has one
// (9.0: 'Failed to apply firewall rules ... cannot execute binary').
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/nwfilter/nwfilter_ebiptables_driver.c
var filteringTools = []string{"ebtables", "iptables", "ip6tables"}

// toolsUntil is the libvirt from which on nftables may be there in their place.
const toolsUntil = 12_000_000

// Where programs are on a host that has them where most have them; usual is the part that tells such a host.
const usual = "/usr/"

var programDirs = []string{"/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"}

// missingTools are those of which the host says that they are nowhere. The emulator, which is there, tells whether its answers are understood.
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
	if !strings.HasPrefix(emulator, usual) {
		return nil, nil
	}
	if said, err := fileAt(l, emulator); err != nil || said != present {
		return nil, err
	}
	var missing []string
	for _, tool := range filteringTools {
		var failed error
		nowhere := !slices.ContainsFunc(programDirs, func(dir string) bool {
			said, err := fileAt(l, dir+"/"+tool)
			failed = err
			return err != nil || said != absent
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

// fileAt says whether a host has a file. libvirt has no question for that, but one that it answers by looking at a file: what can be done with
// an emulator. Asked for one below the file, it runs nothing, and says that the file is no directory or that there is none (observed with 9.0).
func fileAt(l *libvirt.Libvirt, path string) (presence, error) {
	_, err := l.ConnectGetDomainCapabilities(optional(path+"/none"), nil, nil, nil, 0)
	why, said := refusal(err)
	switch {
	case err != nil && !said:
		return unclear, err
	case strings.HasSuffix(why, ": Not a directory"):
		return present, nil
	case strings.HasSuffix(why, ": No such file or directory"):
		return absent, nil
	}
	return unclear, nil
}
