package schema

import (
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// consoleRows are how people and tools talk with the guest.
var consoleRows = []table.Attr{
	{Name: "serial", Type: table.Object, Mode: table.Optional, Change: table.NextBoot, Group: serial{}, Doc: "A serial port with the console on it (`virsh console`).",
		Attrs: []table.Attr{
			{Name: "log_file", Type: table.String, Mode: table.Optional, Change: table.NextBoot, Check: table.AbsolutePath, XML: xmlmodel.At("log@file"), Doc: "A file on the host that gets all that the guest writes to it."},
			{Name: "log_append", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot, XML: logAppend, Doc: "Whether the log goes on through a restart; otherwise each start begins it anew."},
		}},
	{Name: "guest_agent", Type: table.Bool, Mode: table.Optional, Default: false, Change: table.NextBoot, XML: guestAgent, Doc: "A channel for the QEMU guest agent."},
	{Name: "graphics", Type: table.Object, Mode: table.Optional, Running: table.Running{Operation: ChangePassword, UndoStart: undoListenAddress, Compared: comparePasswords, Observed: clearPasswordVersion}, Change: table.NextBoot, Group: xmlmodel.Element{"devices", "graphics"}, Doc: "A graphical console.",
		Attrs: []table.Attr{
			{Name: "type", Type: table.String, Mode: table.Required, OnHost: table.OnHost{Capability: &table.Capability{What: "graphics", Enum: "type", Element: []string{"devices", "graphics"}}}, Enum: []string{"vnc", "spice"}, Change: table.NextBoot, XML: xmlmodel.At("@type"), Doc: "Its protocol."},
			{Name: "listen", Type: table.String, Mode: table.Optional, Default: "127.0.0.1", Change: table.NextBoot, Check: notEmpty, XML: listen, Doc: "The host's address that it listens on; `host` is what the host's qemu.conf says."},
			{Name: "port", Type: table.Int, Mode: table.Optional, Change: table.NextBoot, Check: table.Between(1, 65535), XML: port, Doc: "Its port. Unset: libvirt chooses a free one at each start."},
			{Name: "password", Type: table.String, Mode: table.Optional, Sensitive: true, WriteOnly: true, CostOf: passwordCost, Check: notEmpty, XML: xmlmodel.At("@passwd"), Doc: "Its password, with a `password_version`; with `vnc` it has at most 8 characters."},
			{Name: "password_version", Type: table.Int, Mode: table.Optional, Running: table.Running{Unpredictable: true}, CostOf: passwordCost, Check: table.AtLeast(1, ""), Doc: "To be set with `password`, and to be raised with each new one: begin with 1. Where somebody has taken the password away it reads as null.",
				CostDoc: "Another password is live; whether there is one is in effect after the guest's next start."},
		}},
}
