resource "libvirt_domain_snapshot" "before_upgrade" {
  host        = "alpha"
  domain      = "web"
  name        = "before-upgrade"
  description = "Before the upgrade to version 2."
  memory      = true

  # Set this, and later change it, to take the domain back to the snapshot with the next apply.
  # revert = "1"
}
