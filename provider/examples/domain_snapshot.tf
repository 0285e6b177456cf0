resource "libvirt_domain_snapshot" "before_upgrade" {
  host        = libvirt_domain.web.host
  domain      = libvirt_domain.web.name
  name        = "before-upgrade"
  description = "Before the upgrade to version 2."
  memory      = true

  # Another text here, and the machine goes back to the snapshot with the next apply.
  # revert = "1"
}
