// Package acceptance tests the provider on real hosts: terraform or tofu drives the built binary as a user does, on the libvirt hosts of a
// lab. The tests check the result with virsh, so that the proof does not come from the code under test.
//
// The tests need root and a running lab:
//
//	KVM_FLEET_LAB=/path/to/.lab/NAME/fleet.json go test -tags acceptance ./acceptance/...
//
// The package has its own runner for Terraform and does not use terraform-plugin-testing, because that library hides part of what these
// tests check: warnings, the plan as a reviewer reads it, the provider's logs, and the plugin process itself. The runner also needs only
// two commands per step; plugin-testing needs eight.
package acceptance
