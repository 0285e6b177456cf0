//go:build acceptance

package acceptance

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// iscsi serves an image as a target that requires a login. It returns nil where the machine has no tgtd.
func iscsi(t *testing.T, content []byte, user, password string) attrs {
	t.Helper()
	if _, err := exec.LookPath("tgtd"); err != nil {
		t.Logf("iscsi is not tried: this machine has no tgtd")
		return nil
	}
	const iqn = "iqn.2013-07.com.example:boot"
	port := freePort(t)
	control := fmt.Sprint(port % (1 << 15))
	daemon(t, func() bool { return answers(port) }, "tgtd", "--foreground", "--control-port", control, "--iscsi", fmt.Sprintf("portal=%s:%d", theLab.Shared.Host, port))
	for _, args := range []string{
		"--mode target --op new --tid 1 --targetname " + iqn,
		"--mode logicalunit --op new --tid 1 --lun 1 --backing-store " + imageFile(t, content),
		"--mode target --op bind --tid 1 --initiator-address ALL",
		"--mode account --op new --user " + user + " --password " + password,
		"--mode account --op bind --tid 1 --user " + user,
	} {
		if out, err := exec.Command("tgtadm", append([]string{"--control-port", control, "--lld", "iscsi"}, strings.Fields(args)...)...).CombinedOutput(); err != nil {
			t.Fatalf("tgtadm %s: %v\n%s", args, err, out)
		}
	}
	return attrs{"protocol": "iscsi", "name": iqn + "/1", "hosts": atFabric(port)}
}
