package conn

import (
	"os"
	"slices"
	"strings"
)

// AssumeDown is the environment variable that lists, separated by commas, hosts that cannot be reached and on which
// nothing runs.
const AssumeDown = "KVM_FLEET_ASSUME_DOWN"

// AssumedDown reports whether the user has confirmed that nothing runs on the host.
func (h *Host) AssumedDown() bool {
	return slices.ContainsFunc(strings.Split(os.Getenv(AssumeDown), ","), func(name string) bool { return strings.TrimSpace(name) == h.Name })
}
