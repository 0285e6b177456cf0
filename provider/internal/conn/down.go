package conn

import (
	"os"
	"slices"
	"strings"
)

// AssumeDown is the environment variable that names, with commas, hosts on which nothing runs although they can't be asked.
const AssumeDown = "KVM_FLEET_ASSUME_DOWN"

// AssumedDown says whether the user vouches that nothing runs on the host.
func (h *Host) AssumedDown() bool {
	return slices.ContainsFunc(strings.Split(os.Getenv(AssumeDown), ","), func(name string) bool { return strings.TrimSpace(name) == h.Name })
}
