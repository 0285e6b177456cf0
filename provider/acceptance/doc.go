// Package acceptance tests the provider on real hosts: the built binary, driven by terraform or tofu as a user drives it, on the
// libvirt hosts of a lab. What it did is looked up with virsh, so that the proof does not come from the code under test.
//
// It needs a lab that is up, and root:
//
//	KVM_FLEET_LAB=/path/to/.lab/NAME/fleet.json go test -tags acceptance ./acceptance/...
//
// Terraform is driven by a runner of our own and not by terraform-plugin-testing, because what that hides is part of what is promised
// here: warnings, the plan as a reviewer reads it, the provider's logs, and the plugin process itself. It also runs two commands a step
// where plugin-testing runs eight.
package acceptance
