package forecast

import (
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/domaintest"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// base runs, and has something at each cost.
var base = table.Model{"host": "alpha", "name": "web-1", "uuid": "8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d01", "type": "kvm", "state": "running", "on_change": "defer", "title": "a",
	"machine": "pc-q35-7.2", "arch": "x86_64", "firmware": "bios", "cpu": table.Model{"mode": "custom", "model": "qemu64"}, "serial": table.Model{"log_file": "/l"}}

// with is base with other values, by path.
func with(values ...any) table.Model {
	return domaintest.With(base, values...)
}

const (
	waitsNow  = "\nThe change is defined now and in effect after the guest's next start; nothing is restarted."
	asSaved   = "\nThe change is defined now and in effect after the guest's next start from its disks; a resumed guest continues as it was saved."
	asked30   = "the guest is asked to shut down, and its power is cut where it has not after 30 seconds"
	restarted = "\nThe guest is asked to shut down, and its power is cut where it has not after 30 seconds; then it starts again with the changes"
	replaced  = "; then the domain is removed, with its UEFI variables. A new one starts from the disks, with a new UUID and new MAC addresses where the configuration has none."
)

func renameRefused(state string) string {
	return "'name' must not change while the guest is " + state + ": libvirt renames only a domain that is off; set 'on_change' to \"restart\", which shuts the " +
		"guest down and starts it again with its new name, or stop it first ('state' = \"stopped\")"
}

// nowhere is a fleet whose hosts only the apply will know.
var nowhere = conn.NewFleet(map[string]*conn.URI{"alpha": nil, "beta": nil})

func TestThePlanSaysWhatBecomesOfTheGuest(t *testing.T) {
	u := table.Unknown
	paused, saved, stopped, suspended, crashed := with("state", "paused"), with("state", "saved"), with("state", "stopped"), with("state", "suspended"), with("state", "crashed")
	restarting, strict := with("on_change", "restart"), with("on_change", "live-only")
	waiting := with("pending_restart", "machine")
	for name, c := range map[string]struct {
		prior, plan table.Model
		warning     string
		refusal     string
		pending     any
	}{
		"nothing changes":                  {base, base.Clone(), "", "", nil},
		"nothing changes, something waits": {waiting, waiting.Clone(), "", "", "machine"},
		"a live change":                    {base, domaintest.With(base, "title", "b"), "", "", nil},
		"one that waits":                   {base, domaintest.With(base, "machine", "pc"), "web-1 keeps running as it is: machine" + waitsNow, "", "machine"},
		"several":                          {base, domaintest.With(base, "machine", "pc", "cpu.model", "Nehalem", "serial.log_file", "/m"), "web-1 keeps running as it is: cpu.model, machine, serial.log_file" + waitsNow, "", "cpu.model, machine, serial.log_file"},
		"a group that goes":                {base, domaintest.With(base, "cpu", nil), "web-1 keeps running as it is: cpu.mode, cpu.model" + waitsNow, "", "cpu.mode, cpu.model"},
		"another waits already":            {waiting, domaintest.With(waiting, "cpu.model", "Nehalem"), "web-1 keeps running as it is: cpu.model" + waitsNow, "", "cpu.model, machine"},
		"a live change, something waits":   {waiting, domaintest.With(waiting, "title", "b"), "", "", "machine"},
		"what waits changes again":         {waiting, domaintest.With(waiting, "machine", "pc"), "web-1 keeps running as it is: machine" + waitsNow, "", u},
		"not known yet":                    {base, domaintest.With(base, "serial.log_file", u), "web-1 keeps running as it is: serial.log_file" + waitsNow, "", u},
		"a paused one":                     {paused, domaintest.With(paused, "machine", "pc"), "web-1 keeps running as it is: machine" + waitsNow, "", "machine"},
		"a suspended one":                  {suspended, domaintest.With(suspended, "machine", "pc", "state", "running"), "web-1 keeps running as it is: machine" + waitsNow, "", "machine"},
		"it stops":                         {waiting, domaintest.With(waiting, "machine", "pc", "state", "stopped"), "", "", nil},
		"it is off":                        {stopped, domaintest.With(stopped, "machine", "pc"), "", "", nil},
		"it starts":                        {stopped, domaintest.With(stopped, "machine", "pc", "state", "running"), "", "", nil},
		"a state that is not known yet":    {base, domaintest.With(base, "state", u), "", "", u},
		"it crashed":                       {crashed, domaintest.With(crashed, "state", "running"), "web-1 crashed, and starts anew from its disks\nWhere its memory was kept for inspection it is lost; dump it before (virsh dump --memory-only).", "", nil},
		"a saved one":                      {saved, domaintest.With(saved, "machine", "pc", "title", "b"), "web-1 keeps what it is saved with: title, machine" + asSaved, "", nil},
		"a saved one, nothing in it":       {saved, domaintest.With(saved, "autostart", true), "", "", nil},
		"a saved one resumes":              {saved, domaintest.With(saved, "state", "running"), "", "", u},
		"a saved one resumes, changed":     {saved, domaintest.With(saved, "state", "running", "machine", "pc", "title", "b"), "web-1 keeps running as it is: machine" + waitsNow, "", u},
		"a running one is saved, changed":  {base, domaintest.With(base, "state", "saved", "machine", "pc", "title", "b"), "web-1 keeps what it is saved with: machine" + asSaved, "", nil},
		"a saved one stops":                {saved, domaintest.With(saved, "state", "stopped"), "web-1 is resumed and shut down\nIts save image is used up: " + asked30 + ".", "", nil},
		"a saved one stops at once":        {saved, domaintest.With(saved, "state", "stopped", "shutdown", table.Model{"timeout": int64(0)}), "web-1 loses its saved memory\nshutdown.timeout is 0: its save image is discarded, and the guest never shut down.", "", nil},
		"restart":                          {restarting, domaintest.With(restarting, "cpu.model", "Nehalem", "machine", "pc"), "web-1 restarts: cpu.model, machine" + restarted + ".", "", nil},
		"restart, a live change":           {restarting, domaintest.With(restarting, "title", "b"), "", "", nil},
		"restart, for what waits":          {waiting, domaintest.With(waiting, "on_change", "restart"), "web-1 restarts: machine" + restarted + ".", "", nil},
		"restart, for what waits and more": {waiting, domaintest.With(waiting, "on_change", "restart", "cpu.model", "Nehalem"), "web-1 restarts: cpu.model, machine" + restarted + ".", "", nil},
		"restart, paused":                  {restarting, domaintest.With(restarting, "state", "paused", "machine", "pc"), "web-1 restarts: machine" + restarted + ", paused.", "", nil},
		"restart, at once":                 {restarting, domaintest.With(restarting, "machine", "pc", "shutdown", table.Model{"timeout": int64(0)}), "web-1 restarts: machine\nIts power is cut at once; then it starts again with the changes.", "", nil},
		"restart, never by force":          {restarting, domaintest.With(restarting, "machine", "pc", "shutdown", table.Model{"timeout": int64(1), "mode": "agent", "on_timeout": "fail"}), "web-1 restarts: machine\nThe guest is asked to shut down by its guest agent; where it has not after 1 second, this fails and it keeps running; then it starts again with the changes.", "", nil},
		"restart, one that is saved":       {domaintest.With(saved, "on_change", "restart"), domaintest.With(saved, "on_change", "restart", "machine", "pc"), "web-1 keeps what it is saved with: machine" + asSaved, "", nil},
		"restart, one that is off":         {domaintest.With(stopped, "on_change", "restart"), domaintest.With(stopped, "on_change", "restart", "machine", "pc"), "", "", nil},
		"live only":                        {strict, domaintest.With(strict, "title", "b"), "", "", nil},
		"live only, more is needed":        {strict, domaintest.With(strict, "cpu.model", "Nehalem", "machine", "pc"), "", `web-1 would need a restart for: cpu.model, machine; on_change is "live-only"; set it to "defer" or "restart", or leave these as they are`, "cpu.model, machine"},
		"live only, not known yet":         {strict, domaintest.With(strict, "serial.log_file", u), "web-1 keeps running as it is: serial.log_file" + waitsNow, "", u},
		"live only, one that is off":       {domaintest.With(stopped, "on_change", "live-only"), domaintest.With(stopped, "on_change", "live-only", "machine", "pc"), "", "", nil},
		"live only, one that stops":        {strict, domaintest.With(strict, "machine", "pc", "state", "stopped"), "", "", nil},
		"live only, another is needed":     {strict, domaintest.With(strict, "arch", "i686", "machine", "pc"), "", `web-1 would be replaced for: arch; on_change is "live-only"; set it to "defer" or "restart", or leave these as they are`, nil},
		"replaced":                         {base, domaintest.With(base, "arch", "i686", "machine", "pc"), "web-1 is replaced: arch\nThe guest is asked to shut down, and its power is cut where it has not after 30 seconds" + replaced, "", nil},
		"replaced, one that is saved": {saved, domaintest.With(saved, "arch", "i686"), "web-1 is replaced: arch\nThe domain is removed, with its UEFI variables and its save image: what the guest has in memory is lost. " +
			"A new one starts from the disks, with a new UUID and new MAC addresses where the configuration has none.", "", nil},
		"replaced, one that is off": {stopped, domaintest.With(stopped, "arch", "i686"), "", "", nil},
		"replaced, UEFI": {domaintest.With(stopped, "firmware", "efi"), domaintest.With(stopped, "arch", "i686", "firmware", "bios"), "web-1 is replaced: arch\nThe domain is removed, with its UEFI variables. " +
			"A new one starts from the disks, with a new UUID and new MAC addresses where the configuration has none.", "", nil},
		"renamed":                       {base, domaintest.With(base, "name", "web-2"), "", renameRefused("running"), "name"},
		"renamed, one that is saved":    {saved, domaintest.With(saved, "name", "web-2"), "", renameRefused("saved"), nil},
		"renamed, live only":            {strict, domaintest.With(strict, "name", "web-2"), "", renameRefused("running"), "name"},
		"renamed, one that is off":      {stopped, domaintest.With(stopped, "name", "web-2"), "", "", nil},
		"renamed, one that starts":      {stopped, domaintest.With(stopped, "name", "web-2", "state", "running"), "", "", nil},
		"renamed, one that stops":       {base, domaintest.With(base, "name", "web-2", "state", "stopped"), "", "", nil},
		"renamed, restart":              {restarting, domaintest.With(restarting, "name", "web-2"), "web-1 restarts: name" + restarted + ".", "", nil},
		"renamed, UEFI":                 {domaintest.With(stopped, "firmware", "efi"), domaintest.With(stopped, "firmware", "efi", "name", "web-2"), "", "", nil},
		"migrated":                      {base, domaintest.With(base, "host", "beta"), "web-1 moves from alpha to beta\nThe uri of a host is not known yet. The apply checks what the move requires before it moves anything.", "", nil},
		"migrated, and something waits": {base, domaintest.With(base, "host", "beta", "machine", "pc"), "web-1 moves from alpha to beta; keeps running as it is: machine\nThe uri of a host is not known yet. The apply checks what the move requires before it moves anything. The change is defined now and in effect after the guest's next start; nothing is restarted.", "", "machine"},
		"moved while it is off":         {stopped, domaintest.With(stopped, "host", "beta"), "web-1 moves from alpha to beta\nThe uri of a host is not known yet. The apply checks what the move requires before it moves anything.", "", nil},
		"migrated, live only":           {strict, domaintest.With(strict, "host", "beta"), "web-1 moves from alpha to beta\nThe uri of a host is not known yet. The apply checks what the move requires before it moves anything.", "", nil},
	} {
		advice := Plan(t.Context(), nowhere, c.prior, nil, c.plan)
		warning, refusal := "", ""
		for _, w := range advice.Warnings {
			warning += w
		}
		for _, r := range advice.Problems {
			refusal += r.Text
		}
		if warning != c.warning || refusal != c.refusal || len(advice.Warnings) > 1 {
			t.Errorf("%s: got\n%s\n%s\nwant\n%s\n%s", name, warning, refusal, c.warning, c.refusal)
		}
		if got := c.plan["pending_restart"]; got != c.pending {
			t.Errorf("%s: will wait: got %v, want %v", name, got, c.pending)
		}
	}
}

func TestADeviceThatComesIsNamedOnce(t *testing.T) {
	having := func(devices table.Model) table.Model {
		return table.Model{"name": "web-1", "state": schema.Running, "on_change": "defer", "cputune": table.Model{"shares": int64(1)}, "devices": devices}
	}
	tpm := func(model string) table.Model {
		return table.Model{"tpm": table.Model{"model": model, "backend": "emulator"}}
	}
	for name, c := range map[string]struct {
		prior, plan table.Model
		want        string
	}{
		"comes":   {having(nil), having(tpm("tpm-crb")), "devices.tpm"},
		"goes":    {having(tpm("tpm-crb")), having(nil), "devices.tpm"},
		"changes": {having(tpm("tpm-crb")), having(tpm("tpm-tis")), "devices.tpm.model"},
	} {
		if warning := Summarize(c.prior, c.plan).warning(); !strings.HasPrefix(warning, "web-1 keeps running as it is: "+c.want+"\n") {
			t.Errorf("%s: got %q", name, warning)
		}
	}
}
