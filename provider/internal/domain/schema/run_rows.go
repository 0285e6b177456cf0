package schema

import (
	"slices"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// GuestIsUp reports whether a guest in this state has a QEMU process.
func GuestIsUp(state string) bool { return state == Running || state == Paused || state == Suspended }

const listSeparator = ", "

// JoinPaths returns the value of the row. It sorts the paths, so that the planned value equals the value that is read.
func JoinPaths(paths []string) any {
	if len(paths) == 0 {
		return nil
	}
	paths = slices.Clone(paths)
	slices.Sort(paths)
	return strings.Join(slices.Compact(paths), listSeparator)
}

// SplitPaths is the inverse of JoinPaths.
func SplitPaths(v any) []string {
	if s, _ := v.(string); s != "" {
		return strings.Split(s, listSeparator)
	}
	return nil
}

// The policies for changes that a running guest cannot take over.
const (
	LiveOnly = "live-only"
	deferred = "defer"
	Restart  = "restart"
)

// runRows are the desired run state, and how the domain reaches it.
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
	effectRow,
	waitRow,
	rolloutRow,
	{
		Name: "undeclared", Type: table.String, Mode: table.Computed, ShowsDrift: true,
		Doc: "The devices and settings of the domain that no set attribute declares, because they were made outside Terraform. Null if " +
			"there are none. What libvirt gives every domain, " +
			"and devices that serve the graphical console, are not listed. Every plan warns about what is listed.",
	},
	table.AutostartRow("domain", false),
	table.ProtectRow("domain"),
}

// DefaultShutdownSeconds is the default time limit of a shutdown.
const DefaultShutdownSeconds = 30

// The run states. A configuration can ask for the first four.
const (
	Running   = "running"
	Paused    = "paused"
	Saved     = "saved"
	Stopped   = "stopped"
	Suspended = "suspended"
	Crashed   = "crashed"
)
