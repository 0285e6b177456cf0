package forecast

import (
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
)

// checkSession checks that a plan for the libvirt of a user does not need to know where that libvirt keeps UEFI variables: in the user's home
// directory, which no call of libvirt tells.
func checkSession(host *conn.Host) engine.HostStep {
	return func(c *engine.HostCheck, _ *libvirt.Libvirt) error {
		efi := c.Plan.Group("efi")
		if !host.IsSession() || schema.VariablesFileOf(c.Plan) == "" || efi["nvram"] != nil {
			return nil
		}
		const remedy = "'efi.nvram': in a session, libvirt keeps UEFI variables in the home directory, whose path is not known here; " +
			"set it to the path of a file"
		if efi.Bool("secure_boot") {
			c.Add("efi.secure_boot", "'secure_boot' requires "+remedy)
		}
		if c.Prior != nil && c.Prior["name"] != c.Plan["name"] {
			c.Add("name", "a new 'name' requires "+remedy)
		}
		return nil
	}
}
