# Refuses a change that opens a path between zones.
#
#     npx kvm-fleet separation --base main --json separation.json
#     conftest test --policy docs/policies --namespace zones separation.json
package zones

deny contains message if {
	some path in input.difference.opened
	path.from != path.to
	message := sprintf("zone %s reaches zone %s with %s, which it did not before", [path.from, path.to, path.flow.flow])
}

# Without --base there is nothing to compare with.
deny contains "the report has no difference to another version; write it with --base" if not input.difference
