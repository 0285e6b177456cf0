package schema

import (
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// GuestIsUp says whether a guest in this state has a QEMU in which it can go on.
func GuestIsUp(state string) bool { return state == Running || state == Paused || state == Suspended }

const listSeparator = ", "

// JoinPaths is the value of the row: in order, so that what was predicted and what is read are the same.
func JoinPaths(paths []string) any {
	if len(paths) == 0 {
		return nil
	}
	paths = slices.Clone(paths)
	slices.Sort(paths)
	return strings.Join(slices.Compact(paths), listSeparator)
}

// SplitPaths is the other way of listed.
func SplitPaths(v any) []string {
	if s, _ := v.(string); s != "" {
		return strings.Split(s, listSeparator)
	}
	return nil
}

// The policies of changes that a running guest can't take over.
const (
	LiveOnly = "live-only"
	deferred = "defer"
	Restart  = "restart"
)

// runRows say what the domain is to be doing, and how it comes to that.
var runRows = []table.Attr{
	{
		Name: "state", Type: table.String, Mode: table.Optional, Default: Running,
		Enum: []string{Running, Paused, Saved, Stopped},
		Doc: "The desired run state. `saved` stores the guest's memory on the host's disk (managed save); from there it " +
			"continues as `running` or `paused`. " +
			"A saved or paused guest that is to be `stopped` is resumed first, so that it can shut down. The state also reads " +
			"as `crashed`, or as `suspended` if the guest suspended itself.",
	},
	{
		Name: "on_change", Type: table.String, Mode: table.Optional, Default: deferred,
		Enum: []string{LiveOnly, deferred, Restart},
		Doc: "What happens to a change that a running guest cannot take over. `defer`: the change is defined and waits for " +
			"the guest's next start, listed in `pending_restart`. " +
			"`restart`: the guest is shut down, as `shutdown` says, and started again. `live-only`: the plan fails.",
	},
	{
		Name: "shutdown", Type: table.Object, Mode: table.Optional,
		Doc: "How the guest is shut down when the domain is stopped, restarted, replaced or destroyed. A paused guest is resumed first.",
		Attrs: []table.Attr{
			{
				Name: "timeout", Type: table.Int, Mode: table.Optional, Default: int64(DefaultShutdownSeconds),
				Check: table.AtLeast(0, " seconds"),
				Doc: "How long the guest may take to shut down, in seconds; this also applies if the group is unset. 0 " +
					"powers it off at once, and discards the memory of a saved guest.",
			},
			{
				Name: "mode", Type: table.String, Mode: table.Optional, Enum: []string{"acpi", "agent"},
				Doc: "How the guest is asked to shut down: by the power button or by the guest agent. Unset: libvirt's " +
					"choice, the agent if it is connected.",
			},
			{
				Name: "on_timeout", Type: table.String, Mode: table.Optional, Default: "force",
				Enum: []string{"force", "fail"},
				Doc: "What happens after the timeout. `force`: the guest is powered off. `fail`: it keeps running, and the " +
					"operation that required the shutdown fails.",
			},
		},
	},
	{
		Name: "pending_restart", Type: table.String, Mode: table.Computed,
		Doc: "The attributes whose definition differs from the running guest: they wait for its next start. Null if nothing " +
			"waits or the guest is not running.",
	},
	waitRow,
	{
		Name: "undeclared", Type: table.String, Mode: table.Computed,
		Doc: "The devices of the domain that no set attribute declares, because they were attached outside Terraform. Null if " +
			"there are none. Devices that libvirt gives every domain, " +
			"and those that serve the graphical console, are not listed. Every plan warns about these devices.",
	},
	table.AutostartRow("domain", false),
}

// DefaultShutdownSeconds is how long a guest has to shut down where nobody says.
const DefaultShutdownSeconds = 30

// What a domain is: the first four it can be told to be.
const (
	Running   = "running"
	Paused    = "paused"
	Saved     = "saved"
	Stopped   = "stopped"
	Suspended = "suspended"
	Crashed   = "crashed"
)
