package conn

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/digitalocean/go-libvirt"
)

// lastError is libvirt's newest error number that go-libvirt knows.
const lastError = libvirt.ErrAgentCommandFailed

func TestAdvice(t *testing.T) {
	t.Run("every error of libvirt has advice", func(t *testing.T) {
		for code := libvirt.ErrInternalError; code <= lastError; code++ {
			advice := Advice(fmt.Errorf("call: %w", libvirt.Error{Code: uint32(code), Message: "no"}))
			if !strings.HasSuffix(advice, ".") {
				t.Errorf("%v: got %q", code, advice)
			}
		}
	})
	t.Run("an error number of a newer libvirt has the general advice", func(t *testing.T) {
		if advice := Advice(libvirt.Error{Code: uint32(lastError) + 900}); !strings.Contains(advice, "journalctl") {
			t.Errorf("got %q", advice)
		}
	})
	t.Run("a refusal by the host's security driver has advice of its own", func(t *testing.T) {
		for message, says := range map[string]string{
			"internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: The nodes select no CPUs":            "/sys/devices/system/node/** r,",
			"vfio 0000:01:10.0: failed to open /dev/vfio/10: Permission denied":                                             "/dev/vfio/* rw,",
			"unsupported configuration: Security driver model 'apparmor' is not available":                                  "seclabel",
			"internal error: unable to execute QEMU command 'blockdev-add': Could not open '/mnt/a.img': Permission denied": "root_squash",
			"Failed to create file '/mnt/disk.img': Operation not permitted":                                                "no_root_squash",
		} {
			if advice := Advice(libvirt.Error{Code: uint32(libvirt.ErrInternalError), Message: message}); !strings.Contains(advice, says) {
				t.Errorf("%s: got %q", message, advice)
			}
		}
		if advice := Advice(libvirt.Error{Code: uint32(libvirt.ErrInternalError), Message: "Could not open '/a': No such file"}); strings.Contains(advice, "AppArmor") {
			t.Errorf("a missing file: got %q", advice)
		}
	})
	t.Run("an error that libvirt did not report has none", func(t *testing.T) {
		if advice := Advice(errors.New("no")); advice != "" {
			t.Errorf("got %q", advice)
		}
	})
}
