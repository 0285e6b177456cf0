package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// consoleRows are the consoles: the serial port, the graphical console and the guest agent's channel.
var consoleRows = []table.Attr{
	{
		Name: "serial", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: serial{},
		Doc: "A serial port with the console on it (`virsh console`).",
		Attrs: []table.Attr{
			{
				Name: "log_file", Type: table.String, Mode: table.Optional, Change: table.NextBoot,
				Check: table.AbsolutePath, XML: xmlmodel.At("log@file"),
				Doc: "A file on the host to which libvirt writes the output of the port.",
			},
			{
				Name: "log_append", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
				XML: logAppend,
				Doc: "Whether a start appends to the log; otherwise it overwrites the log.",
			},
		},
	},
	{
		Name: "guest_agent", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot,
		XML: guestAgent,
		Doc: "Whether the domain has a channel for the QEMU guest agent.",
	},
	{
		Name: "graphics", Type: table.Object, Mode: table.Optional,
		Running: table.Running{Operation: ChangePassword, UndoStart: undoListenAddress, Compared: comparePasswords, Observed: clearPasswordVersion},
		Change:  table.NextBoot, Group: graphics{xmlmodel.Element{"devices", "graphics"}},
		Doc: "The graphical console.",
		Attrs: []table.Attr{
			{
				Name: "type", Type: table.String, Mode: table.Required,
				OnHost: table.OnHost{Capability: &table.Capability{What: "graphics", Enum: "type", Element: []string{"devices", "graphics"}}},
				Enum:   []string{"vnc", "spice"}, Change: table.NextBoot, XML: xmlmodel.At("@type"),
				Doc: "The protocol.",
			},
			{
				Name: "listen", Type: table.String, Mode: table.Optional, Default: "127.0.0.1", Change: table.NextBoot,
				Check: listenAddress, XML: listen,
				Doc: "The address of the host on which the console listens; `host` is the address in the host's qemu.conf.",
			},
			{
				Name: "port", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.Between(1, 65535),
				XML: port,
				Doc: "The TCP port. Unset: libvirt chooses a free port at each start.",
			},
			{
				Name: "password", Type: table.String, Mode: table.Optional, Sensitive: true, WriteOnly: true,
				CostOf: passwordCost, Check: notEmpty, XML: xmlmodel.At("@passwd"),
				Doc: "The password, which requires `password_version`. With `vnc` it has at most 8 characters.",
			},
			{
				Name: "password_version", Type: table.Int, Mode: table.Optional,
				Running: table.Running{Unpredictable: true}, CostOf: passwordCost, Check: table.AtLeast(1, ""),
				Doc: "The version of `password`, which it requires: begin with 1, and raise it with each new password. It " +
					"reads as null if the password was removed outside Terraform.",
				CostDoc: "Another password is live; adding or removing the password is in effect after the guest's next start.",
			},
		},
	},
}
