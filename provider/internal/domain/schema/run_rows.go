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
	{Name: "state", Type: table.String, Mode: table.Optional, Default: Running, Enum: []string{Running, Paused, Saved, Stopped},
		Doc: "What the domain is to be, whoever changes it. `saved` keeps its memory on the host's disk (managed save), and from there it goes on as `running` or `paused`; " +
			"to be `stopped` it is resumed first, so that the guest can shut down. It reads as `crashed` or `suspended` (by the guest itself) where it is that."},
	{Name: "on_change", Type: table.String, Mode: table.Optional, Default: deferred, Enum: []string{LiveOnly, deferred, Restart},
		Doc: "What becomes of a change that a running guest can't take over. `defer`: it is defined and waits for the guest's next start, shown in `pending_restart`. `restart`: the guest is " +
			"shut down, as `shutdown` says, and started again. `live-only`: the plan fails."},
	{Name: "shutdown", Type: table.Object, Mode: table.Optional, Doc: "How the guest is shut down, when the domain is stopped, restarted, replaced or destroyed. A paused one is resumed for it.", Attrs: []table.Attr{
		{Name: "timeout", Type: table.Int, Mode: table.Optional, Default: int64(DefaultShutdownSeconds), Check: table.AtLeast(0, " seconds"),
			Doc: "How many seconds the guest has. 0 cuts its power at once, and discards the memory of a saved one. The same where the group is unset."},
		{Name: "mode", Type: table.String, Mode: table.Optional, Enum: []string{"acpi", "agent"},
			Doc: "How it is asked: by the power button or by the guest agent. Unset: libvirt's choice, the agent where it is connected."},
		{Name: "on_timeout", Type: table.String, Mode: table.Optional, Default: "force", Enum: []string{"force", "fail"},
			Doc: "What happens after that. `force`: its power is cut. `fail`: it keeps running, and what was to be done to it is an error."},
	}},
	{Name: "pending_restart", Type: table.String, Mode: table.Computed,
		Doc: "The attributes that the running guest has otherwise than they are defined: they wait for its next start. Null where nothing waits, and where it does not run."},
	waitRow,
	{Name: "undeclared", Type: table.String, Mode: table.Computed,
		Doc: "The devices that the domain has and no attribute is set for: what somebody else attached. Null where there is none. What libvirt gives every domain, and what serves its " +
			"graphical console, does not count. Every plan warns of them."},
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
