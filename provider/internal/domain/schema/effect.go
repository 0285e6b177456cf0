package schema

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// The values of effect.action.
const (
	NoEffect       = "none"
	Live           = "live"
	NextStart      = "next-start"
	MigrateOffline = "migrate-offline"
	MigrateLive    = "migrate-live"
	PowerOn        = "power-on"
	Restarts       = "restart"
	PowerOff       = "power-off"
)

// effectRow says what an apply means for the guest. Terraform's plan files have it, and they have no warnings.
//
// Terraform plans each change again when it applies it, and refuses a known value that has become another one. So the value depends on nothing
// but the prior state and the plan.
var effectRow = table.Attr{
	Name: table.Effect, Type: table.Object, Mode: table.Computed,
	Doc: "What an apply that creates or changes the domain means for the guest, for policies and pipelines that read a plan (`terraform show " +
		"-json PLAN`), which has no warnings. In a plan, it is unknown if it depends on a value that is not known yet, or on what the guest has " +
		"taken over since the last apply. A plan that does not change the domain has the effect of the last one that did.",
	Attrs: []table.Attr{
		{
			Name: "action", Type: table.String, Mode: table.Computed,
			Enum: []string{NoEffect, Live, NextStart, MigrateOffline, MigrateLive, PowerOn, Restarts, PowerOff},
			Doc: "`none`: the guest notices nothing. `live`: the guest keeps running and sees the change. " +
				"`next-start`: the guest keeps running, and a part of the change waits for its next start. `migrate-live`: the guest keeps " +
				"running while it moves. `migrate-offline`: the domain moves while its guest is off, paused or saved. `power-on`: the guest is " +
				"started or resumed. `restart`: the guest is shut down and started. `power-off`: the guest is shut down or saved. A replacement " +
				"has the action of the new domain.",
		},
		{
			Name: "causes", Type: table.Strings, Mode: table.Computed,
			Doc: "The attributes whose change has this effect, in order, for example `cpu.mode`. Empty for a new domain.",
		},
	},
}
