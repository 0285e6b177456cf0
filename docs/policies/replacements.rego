# Refuses a plan that destroys or replaces what holds data, unless the pull request has the label "destroys-data".
#
#     echo '{"labels": ["destroys-data"]}' > labels.json
#     conftest test --policy docs/policies --namespace replacements --data labels.json plan.json
package replacements

holds_data := {"libvirt_domain", "libvirt_pool", "libvirt_snapshot", "libvirt_volume"}

deny contains message if {
	some change in input.resource_changes
	change.type in holds_data
	"delete" in change.change.actions
	not "destroys-data" in labels
	message := sprintf("%s: it is %s; give the pull request the label 'destroys-data' if that is intended", [change.address, what(change.change.actions)])
}

labels contains label if some label in data.labels

what(actions) := "replaced" if "create" in actions
else := "destroyed"
