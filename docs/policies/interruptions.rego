# Refuses a plan that interrupts a guest.
#
#     terraform show -json reviewed/shop.tfplan > plan.json
#     conftest test --policy docs/policies --namespace interruptions plan.json
package interruptions

interruptions := {"restart", "power-off", "migrate-offline"}

deny contains message if {
	some change in input.resource_changes
	change.type == "libvirt_domain"
	change.change.actions == ["update"]
	effect(change.change) in interruptions
	message := sprintf("%s: the effect on the guest is '%s' (%s)", [change.address, effect(change.change), causes(change.change)])
}

deny contains message if {
	some change in input.resource_changes
	change.type == "libvirt_domain"
	"delete" in change.change.actions
	change.change.before.state == "running"
	message := sprintf("%s: the guest is destroyed", [change.address])
}

# The plan does not know the effect if it depends on what the guest has taken over: it may be a restart.
effect(change) := "restart" if change.after_unknown.effect
else := change.after.effect.action

causes(change) := "not known before the apply" if change.after_unknown.effect
else := concat(", ", change.after.effect.causes)
