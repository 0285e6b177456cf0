package forecast

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/power"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// Plan determines the effect of the plan on the guest, and predicts which changes will wait for its next start.
func Plan(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model) engine.Advice {
	recomputeDependentDefaults(schema.Table.Attrs, prior, config, plan)
	o := summarizeOnHost(ctx, fleet, prior, plan)
	o.planWait()
	var arriving room.Demand
	if o.moves && len(o.replacing) == 0 {
		var findings string
		if o.route, arriving, findings = previewMigration(ctx, fleet, prior, plan); findings != "" {
			return engine.Advice{Problems: []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("host"), Text: findings}}}
		}
	}
	if len(o.replacing) == 0 {
		plan["pending_restart"] = o.predictPending()
		plan["undeclared"] = o.predictUndeclared()
	}
	advice := engine.Advice{Changes: o.Changes, AlsoOnReplace: true}
	if refusal := o.renameRefusal(); refusal != "" {
		advice.Problems = []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("name"), Text: refusal}}
	} else if refusal := o.refusal(); refusal != "" {
		advice.Problems = []table.Problem{{Path: tftypes.NewAttributePath().WithAttributeName("on_change"), Text: refusal}}
	} else if warning := o.warning(); warning != "" {
		advice.Warnings = []string{warning}
	}
	if len(advice.Problems) == 0 && !table.Equal(prior, plan) {
		refuse, warn := checkHost(ctx, fleet, prior, plan, o)
		advice.Problems, advice.Warnings = refuse, slices.Concat(advice.Warnings, warn, unconfined(plan))
	}
	if len(advice.Problems) == 0 {
		addRoom(&advice)(o.checkRoom(ctx, fleet, arriving))
	}
	if len(o.replacing) == 0 {
		if text := planDefinition(ctx, fleet, prior, plan); text != "" {
			advice.Warnings = append(advice.Warnings, text)
		}
	}
	advice.Warnings = append(advice.Warnings, copies(ctx, fleet, prior)...)
	if prior["host"] == plan["host"] {
		advice.Warnings = append(advice.Warnings, stoppedNetworks(ctx, fleet, prior)...)
	}
	if list := prior.Str("undeclared"); list != "" && len(o.replacing) == 0 {
		advice.Warnings = append(advice.Warnings, fmt.Sprintf("%s has devices or settings that are not declared: %s\nThey were made "+
			"outside Terraform, and stay as they are. Declare them, or remove them (virsh detach-device, virsh edit).", o.plan.Str("name"), list))
	}
	if !table.Equal(prior, plan) {
		Summarize(prior, plan).planEffect()
	}
	if len(o.replacing) == 0 { // the effect does not depend on it
		plan["confined_by"] = o.predictConfinement()
	}
	return advice
}

// refusal returns the reason why on_change = "live-only" forbids the plan, "" if it does not.
func (o ChangeSummary) refusal() string {
	if o.plan.Str("on_change") != schema.LiveOnly {
		return ""
	}
	const next = "; on_change is \"live-only\"; set it to \"defer\" or \"restart\", or leave these as they are"
	certain := slices.DeleteFunc(slices.Clone(o.nextBoot), func(name string) bool { return slices.Contains(o.unknown, name) })
	switch {
	case o.guestIsAlive() && len(o.replacing) > 0:
		return fmt.Sprintf("%s would be replaced for: %s%s", o.plan.Str("name"), strings.Join(o.replacing, ", "), next)
	case o.GuestContinues() && len(certain) > 0:
		return fmt.Sprintf("%s would need a restart for: %s%s", o.plan.Str("name"), o.brief(certain), next)
	default:
		return ""
	}
}

// notice is one thing that a reviewer of the plan should know: summary is the end of a sentence that begins with the domain's name, and
// detail says what follows from it.
type notice struct{ summary, detail string }

// warning returns all notices as one text, "" if there are none.
func (o ChangeSummary) warning() string {
	var whats, details []string
	for _, n := range o.notices() {
		whats, details = append(whats, n.summary), append(details, n.detail)
	}
	if len(whats) == 0 {
		return ""
	}
	return o.prior.Str("name") + " " + strings.Join(whats, "; ") + "\n" + strings.Join(details, " ")
}

func (o ChangeSummary) notices() []notice {
	policy := power.PolicyOf(o.plan)
	if len(o.replacing) > 0 {
		if o.guestIsAlive() || schema.VariablesFileOf(o.prior) != "" {
			return []notice{o.replacementNotice()}
		}
		return nil
	}
	var out []notice
	if o.route.summary != "" {
		out = append(out, o.route)
	}
	if n, changed := o.variablesNotice(); changed {
		out = append(out, n)
	}
	if n, loose := o.cutOffNotice(); loose {
		out = append(out, n)
	}
	switch {
	case o.Restarts():
		causes := slices.Concat(o.waiting, o.nextBoot)
		slices.Sort(causes)
		end := "; then it starts again with the changes."
		if o.PlannedState() == schema.Paused {
			end = "; then it starts again with the changes, paused."
		}
		out = append(out, notice{"restarts: " + o.brief(causes), capitalized(policy) + end})
	case o.PriorState() == schema.Saved && o.PlannedState() == schema.Saved && len(o.defined) > 0:
		out = append(out, keepsSaveImage(o.defined))
	case o.guestIsAlive() && o.PlannedState() == schema.Saved && len(o.nextBoot) > 0:
		out = append(out, keepsSaveImage(o.nextBoot)) // the other changes are applied before the guest is saved
	case o.GuestContinues() && len(o.nextBoot) > 0:
		out = append(out, notice{
			"keeps running as it is: " + o.brief(o.nextBoot),
			"The change is defined now and in effect after the guest's next start; nothing is restarted.",
		})
	}
	if o.PriorState() == schema.Saved && o.PlannedState() == schema.Stopped {
		out = append(out, savedStopNotice(policy))
	}
	if o.PriorState() == schema.Crashed && o.PlannedState() != schema.Stopped {
		out = append(out, notice{
			"crashed, and starts anew from its disks",
			"Where its memory was kept for inspection it is lost; dump it before (virsh dump --memory-only).",
		})
	}
	return out
}

func (o ChangeSummary) replacementNotice() notice {
	end := capitalized(power.PolicyOf(o.prior)) + "; then the domain is removed, with its UEFI variables."
	if !o.guestIsAlive() {
		end = "The domain is removed, with its UEFI variables."
	}
	if o.PriorState() == schema.Saved {
		end = "The domain is removed, with its UEFI variables and its save image: what the guest has in memory is lost."
	}
	return notice{
		"is replaced: " + strings.Join(o.replacing, ", "),
		end + " A new one starts from the disks, with a new UUID and new MAC addresses where the configuration has none.",
	}
}

func keepsSaveImage(what []string) notice {
	return notice{"keeps what it is saved with: " + strings.Join(what, ", "),
		"The change is defined now and in effect after the guest's next start from its disks; a resumed guest continues as it was saved."}
}

func savedStopNotice(p power.Policy) notice {
	if p.Grace == 0 {
		return notice{"loses its saved memory", "shutdown.timeout is 0: its save image is discarded, and the guest never shut down."}
	}
	return notice{"is resumed and shut down", "Its save image is used up: " + p.String() + "."}
}

func capitalized(p power.Policy) string {
	s := p.String()
	return strings.ToUpper(s[:1]) + s[1:]
}

// brief lists the changes as a reviewer thinks of them: a device that is added or removed as a whole is listed by its own name, and not
// by each of its attributes.
func (o ChangeSummary) brief(names []string) string {
	var list []string
	for _, name := range names {
		if outer, rest, inside := strings.Cut(name, "."); inside {
			inner, _, deeper := strings.Cut(rest, ".")
			comes := o.prior.Group(outer).Group(inner) == nil || o.plan.Group(outer).Group(inner) == nil
			if deeper && comes && !strings.Contains(outer+inner, "[") {
				name = outer + "." + inner
			}
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return strings.Join(list, ", ")
}
