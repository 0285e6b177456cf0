data "libvirt_cpu_baseline" "fleet" {
  hosts = { alpha = {}, beta = {} }
}

# A CPU that both hosts have, so that the domain can migrate between them.
resource "libvirt_domain" "mobile" {
  host   = "alpha"
  name   = "mobile"
  vcpu   = 1
  memory = 512 * 1024 # KiB
  cpu    = { mode = "custom", model = data.libvirt_cpu_baseline.fleet.model }
}
